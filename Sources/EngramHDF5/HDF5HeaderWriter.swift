import CHDF5
import EngramScalars
package import EngramStorage

/// Makes payload files that any HDF5 tool opens, without ever handing a payload to the library.
///
/// The library writes the file's structure into a sparse file in memory: first all groups, attributes and dataset headers
/// without storage, then the storage of one dataset after the other, each at its alignment. Afterwards everything outside
/// the payloads is read back; what was claimed for payloads is a hole and costs nothing, whatever its size.
package struct HDF5HeaderWriter: PayloadHeaderWriter {
  package init() {}

  package func layout(_ datasets: [PayloadDataset], _ options: PayloadFileOptions) throws(StorageError) -> PayloadLayout {
    for dataset in datasets { try check(dataset) }
    do throws(HDF5Error) {
      let file = try UnnamedFile()
      try describe(datasets, options, in: file)
      // Storage follows the structure. The first payload begins where it was promised, the others as densely as asked.
      // (The library aligns places in the file, the user block included.)
      let fits = try file.byteCount() <= options.firstOffset
      var offsets: [Int] = []
      try allocate(datasets.prefix(1), alignment: fits ? options.firstOffset : options.alignment, in: file, into: &offsets)
      try allocate(datasets.dropFirst(), alignment: options.alignment, in: file, into: &offsets)
      return try PayloadLayout(datasets, options, offsets, file)
    } catch {
      throw StorageError.mismatch(what: "the HDF5 header of a payload file", expected: "a header", found: error.description)
    }
  }

  private func check(_ dataset: PayloadDataset) throws(StorageError) {
    var count = dataset.scalarType.byteCount
    for size in dataset.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow, product < 1 << 60 else { throw .tooLarge(what: "the array \(dataset.path.joined(separator: "/"))") }
      count = product
    }
  }

  /// Everything but storage.
  private func describe(_ datasets: [PayloadDataset], _ options: PayloadFileOptions, in file: UnnamedFile) throws(HDF5Error) {
    let target = try HDF5File.create(in: file, called: "a payload file", userBlockByteCount: options.userBlockByteCount)
    try target.root.set(options.attributes)
    var groups: [[String]: HDF5Group] = [[]: target.root]
    for dataset in datasets {
      var path: [String] = []
      var group = target.root
      for name in dataset.path.dropLast() {
        path.append(name)
        let next = if let known = groups[path] { known } else { try group.group(name) }
        groups[path] = next
        group = next
      }
      let made = try group.createUnallocated(dataset.path.last ?? "data", dataset.scalarType, shape: dataset.shape)
      try made.set(dataset.attributes)
    }
    try target.close()
  }

  /// Writing one element makes the library claim the storage of the whole dataset, behind everything that is there.
  private func allocate(
    _ datasets: ArraySlice<PayloadDataset>, alignment: Int, in file: UnnamedFile, into offsets: inout [Int]
  ) throws(HDF5Error) {
    guard !datasets.isEmpty else { return }
    let target = try HDF5File.open(file, alignment: alignment)
    for dataset in datasets {
      guard let opened = try target.root.dataset(dataset.path.joined(separator: "/")) else {
        throw HDF5Error("find '\(dataset.path.joined(separator: "/"))' again")
      }
      if dataset.byteCount > 0 { try opened.writeFirstElement(dataset.scalarType) }
      offsets.append(opened.fileOffset() ?? -1)
    }
    try target.close()
  }
}

extension PayloadLayout {
  fileprivate init(
    _ datasets: [PayloadDataset], _ options: PayloadFileOptions, _ found: [Int], _ file: UnnamedFile
  ) throws(HDF5Error) {
    let fileByteCount = try file.byteCount()
    // An array without elements lies nowhere: any place serves.
    let offsets = found.map { $0 >= 0 ? $0 : options.firstOffset }
    if datasets.count == 1, options.userBlockByteCount == 0, let offset = offsets.first, offset != options.firstOffset {
      throw HDF5Error("begin the payload at byte \(options.firstOffset)", detail: "the header needs \(offset) bytes")
    }
    let payloads = zip(offsets, datasets).map { $0..<$0 + $1.byteCount }.filter { !$0.isEmpty }
      .sorted { $0.lowerBound < $1.lowerBound }
    var metadata: [(offset: Int, bytes: [UInt8])] = []
    var position = options.userBlockByteCount
    for payload in payloads + [fileByteCount..<fileByteCount] {
      guard payload.lowerBound >= position else { throw HDF5Error("place arrays", detail: "two of them overlap") }
      if payload.lowerBound > position {
        let bytes = try file.read(position..<payload.lowerBound)
        // Alignment leaves gaps of zeros, which need no mention.
        if let last = bytes.lastIndex(where: { $0 != 0 }) { metadata.append((position, Array(bytes[...last]))) }
      }
      position = payload.upperBound
    }
    self.init(metadata: metadata, offsets: offsets, byteCount: max(fileByteCount, position, options.firstOffset))
  }
}

extension HDF5Object {
  fileprivate func set(_ attributes: [PayloadAttribute]) throws(HDF5Error) {
    for attribute in attributes {
      switch attribute.value {
      case .text(let text): try set(attribute.name, text: text)
      case .numbers(let numbers): try set(attribute.name, numbers: numbers)
      case .integer(let integer): try set(attribute.name, integer: integer)
      }
    }
  }
}
