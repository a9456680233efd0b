import CHDF5
import EngramSystem

/// A file of somebody else, believed in nothing (MDL-24).
///
/// No plug-ins are loaded, no link or storage leads out of the file, filters are the library's own, and what a dataset
/// claims to hold is compared with the size of the file before memory is taken. What damages the library itself is
/// beyond these checks: read such files in a process of their own.
package struct ForeignFile {
  private let file: HDF5File
  private let byteCount: Int

  /// How much a byte of a compressed file can become: what deflate achieves at best, and a little.
  private static let expansion = 1100
  private static let linkLimit = 64
  private static let largestChunk = 256 << 20

  package init(at path: String) throws(HDF5Error) {
    var status = stat()
    // A pipe or a device would make the library wait for ever.
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw HDF5Error("open the file '\(path)'", detail: "there is no such file, or it is no ordinary file")
    }
    byteCount = Int(status.st_size)
    try HDF5Library.perform("switch plug-ins off") { engram_h5_forbid_plugins() < 0 ? nil : () }
    file = try HDF5File.open(at: path)
  }

  /// The names in a group, sorted by bytes; nil: there is no such group.
  package func memberNames(of path: String) throws(HDF5Error) -> [String]? {
    guard let group = try group(Self.names(path)) else { return nil }
    return try group.memberNames()
  }

  package func containsDataset(_ path: String) throws(HDF5Error) -> Bool { try place(of: path) != nil }

  /// How many elements a dataset claims; nothing is read.
  package func elementCount(at path: String, atMost limit: Int) throws(HDF5Error) -> Int {
    guard let (group, name) = try place(of: path) else { return 0 }
    try requireDataset(name, in: group)
    return try HDF5Dataset.open(name, in: group).elementCount(atMost: limit)
  }

  /// Numbers, row after row, and the attribute `units`; nil: there is nothing of that name.
  package func numbers(at path: String, dimensions: ClosedRange<Int>, atMost limit: Int) throws(HDF5Error) -> ForeignNumbers? {
    guard let (group, name) = try place(of: path) else { return nil }
    try requireDataset(name, in: group)
    let dataset = try HDF5Dataset.open(name, in: group)
    guard dimensions.contains(dataset.shape.count) else {
      let (lowest, highest) = (dimensions.lowerBound, dimensions.upperBound)
      let wanted = lowest == highest ? "\(lowest)" : lowest == 0 ? "at most \(highest)" : "\(lowest) or \(highest)"
      throw HDF5Error("read '\(dataset.path)'", detail: "it has \(dataset.shape.count) dimensions, \(wanted) expected")
    }
    try checkSize(dataset, limit)
    return ForeignNumbers(values: try dataset.readAll(as: Double.self, atMost: limit), shape: dataset.shape, unit: try dataset.text("units"))
  }

  /// The numbers of a part of a dataset, row after row, and the attribute `units`; nil: there is nothing of that name.
  ///
  /// - Parameter box: for the shape of the dataset, a range of positions for each dimension, inside it.
  package func numbers<Failure: Error>(
    at path: String, atMost limit: Int, box: ([Int]) throws(Failure) -> [Range<Int>]
  ) throws -> ForeignNumbers? {
    guard let (group, name) = try place(of: path) else { return nil }
    try requireDataset(name, in: group)
    let dataset = try HDF5Dataset.open(name, in: group)
    let ranges = try box(dataset.shape)
    try checkSize(dataset, Int.max >> 4)
    return ForeignNumbers(values: try dataset.read(box: ranges, atMost: limit), shape: ranges.map(\.count), unit: try dataset.text("units"))
  }

  // ---------------------------------------------------------------------------------------------------------------- links

  private static func names(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

  /// The group and name at which a hard link of the file leads to the object; nil: there is none.
  private func place(of path: String) throws(HDF5Error) -> (HDF5Group, String)? {
    try resolve(Self.names(path))
  }

  private func group(_ names: [String]) throws(HDF5Error) -> HDF5Group? {
    guard let (group, name) = try resolve(names) else { return names.isEmpty ? file.root : nil }
    return try isGroup(name, in: group) ? group.existingGroup(name) : nil
  }

  private func resolve(_ names: [String]) throws(HDF5Error) -> (HDF5Group, String)? {
    var rest = names[...]
    var group = file.root
    var steps = 0
    while let name = rest.popFirst() {
      steps += 1
      guard steps <= Self.linkLimit else { throw HDF5Error("follow '\(names.joined(separator: "/"))'", detail: "its links lead in circles") }
      switch try link(name, in: group) {
      case .nothing: return nil
      case .hard:
        if rest.isEmpty { return (group, name) }
        guard try isGroup(name, in: group), let next = try group.existingGroup(name) else { return nil }
        group = next
      case .soft(let target):
        if target.hasPrefix("/") { group = file.root }
        rest = (Self.names(target).filter { $0 != "." } + rest)[...]
      }
    }
    return nil
  }

  private enum Link { case nothing, hard, soft(String) }

  private func link(_ name: String, in group: HDF5Group) throws(HDF5Error) -> Link {
    try group.checkName(name)
    let (kind, target) = try HDF5Library.perform("look at '\(group.child(name))'") { () -> (Int32, String)? in
      var target = [CChar](repeating: 0, count: 4096)
      let kind = engram_h5_link(group.objectID, name, &target, target.count)
      return kind < 0 ? nil : (kind, String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    if kind == Int32(ENGRAM_H5_NOTHING) { return .nothing }
    if kind == Int32(ENGRAM_H5_HARD) { return .hard }
    if kind == Int32(ENGRAM_H5_SOFT) { return .soft(target) }
    throw HDF5Error("open '\(group.child(name))'", detail: "it is a link to another file; files of others are read only by themselves")
  }

  private func isGroup(_ name: String, in group: HDF5Group) throws(HDF5Error) -> Bool { try kind(name, in: group) == H5I_GROUP }

  private func requireDataset(_ name: String, in group: HDF5Group) throws(HDF5Error) {
    guard try kind(name, in: group) == H5I_DATASET else { throw HDF5Error("read '\(group.child(name))'", detail: "it is no dataset") }
  }

  private func kind(_ name: String, in group: HDF5Group) throws(HDF5Error) -> H5I_type_t {
    try HDF5Library.perform("open '\(group.child(name))'") {
      Scratch.with { scratch in
        scratch.keep(H5Oopen(group.objectID, name, hid_t(H5P_DEFAULT)), H5Oclose).map { H5Iget_type($0) }
      }
    }
  }

  // ---------------------------------------------------------------------------------------------------------------- sizes

  /// How a dataset lies in the file.
  private struct Storage {
    var layout: H5D_layout_t
    var externalFiles: Int32
    var filters: [H5Z_filter_t]
    var hasForeignFilter: Bool
    var elementBytes: Int
    var chunk: [Int]
    /// Of a dataset in one piece.
    var offset: Int?
  }

  private func storage(of dataset: HDF5Dataset) throws(HDF5Error) -> Storage {
    try HDF5Library.perform("look at the storage of '\(dataset.path)'") {
      Scratch.with { scratch -> Storage? in
        guard let creation = scratch.keep(H5Dget_create_plist(dataset.objectID), H5Pclose),
          let type = scratch.keep(H5Dget_type(dataset.objectID), H5Tclose)
        else { return nil }
        let filterCount = H5Pget_nfilters(creation)
        guard filterCount >= 0, filterCount <= 32 else { return nil }
        var filters: [H5Z_filter_t] = []
        for number in 0..<UInt32(filterCount) {
          var (flags, valueCount) = (UInt32(0), 0)
          let filter = H5Pget_filter2(creation, number, &flags, &valueCount, nil, 0, nil, nil)
          if filter < 0 { return nil }
          filters.append(filter)
        }
        let layout = H5Pget_layout(creation)
        var chunk: [Int] = []
        if layout == H5D_CHUNKED {
          var sizes = [hsize_t](repeating: 0, count: 32)
          let rank = H5Pget_chunk(creation, 32, &sizes)
          guard rank >= 0, rank <= 32 else { return nil }
          chunk = sizes.prefix(Int(rank)).map { Int(clamping: $0) }
        }
        return Storage(
          layout: layout, externalFiles: H5Pget_external_count(creation), filters: filters,
          hasForeignFilter: filters.contains { engram_h5_is_own_filter($0) == 0 }, elementBytes: H5Tget_size(type), chunk: chunk, offset: nil)
      }
    }
  }

  private func checkSize(_ dataset: HDF5Dataset, _ limit: Int) throws(HDF5Error) {
    var storage = try storage(of: dataset)
    func refuse(_ reason: String) -> HDF5Error { HDF5Error("read '\(dataset.path)'", detail: reason) }
    if storage.externalFiles != 0 { throw refuse("its numbers lie in other files; files of others are read only by themselves") }
    if storage.layout == H5D_VIRTUAL {
      throw refuse("it is a view onto other datasets; copy it into a file of its own (for a run of Engram: engram export)")
    }
    if storage.hasForeignFilter {
      throw refuse(
        "it is packed with a filter that HDF5 does not bring along (\(storage.filters.map { "\($0)" }.joined(separator: ", "))); repack it with gzip")
    }
    let count = try dataset.elementCount(atMost: limit)
    if count == 0 { return }
    storage.offset = dataset.fileOffset()
    let bytes = Self.product([count, storage.elementBytes])
    let chunkBytes = storage.layout == H5D_CHUNKED ? Self.product(storage.chunk + [storage.elementBytes]) : 0
    let largest = storage.filters.isEmpty ? byteCount : Self.product([byteCount, Self.expansion])
    guard max(bytes, chunkBytes) <= largest, storage.offset.map({ $0 <= byteCount - bytes }) ?? true else {
      throw refuse("it claims \(max(bytes, chunkBytes)) bytes, more than the file of \(byteCount) bytes can hold")
    }
    // A piece is unpacked as a whole, however little of it is the dataset's.
    guard chunkBytes <= max(Self.largestChunk, Self.product([4, bytes])) else {
      throw refuse("its pieces have \(chunkBytes) bytes each for \(bytes) bytes of numbers; repack it with smaller ones")
    }
  }

  /// Saturating.
  private static func product(_ factors: [Int]) -> Int {
    factors.reduce(1) { product, factor in
      let (result, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : result
    }
  }
}

/// What was found in a dataset of a foreign file.
package struct ForeignNumbers: Sendable {
  package let values: [Double]
  package let shape: [Int]
  package let unit: String?
}
