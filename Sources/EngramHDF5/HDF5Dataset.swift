import CHDF5
package import EngramScalars

/// How a new dataset lies in its file.
package enum HDF5Layout: Hashable, Sendable {
  /// In one piece: fastest, and readable without the library.
  case contiguous
  /// In pieces, each shuffled, deflated and checksummed; no filter that readers may lack (HDF-8).
  case chunked(shape: [Int], level: Int = 1)
}

/// A dataset of an open file.
package final class HDF5Dataset: HDF5Object {
  package let path: String
  package private(set) var shape: [Int]
  package let kind: HDF5ElementKind
  let handle: Handle
  let file: Handle

  init(id: hid_t, path: String, shape: [Int], kind: HDF5ElementKind, file: Handle) {
    handle = Handle(id) { H5Dclose($0) }
    self.path = path
    self.shape = shape
    self.kind = kind
    self.file = file
  }

  package var objectID: Int64 { handle.id }
  /// Elements of one row: everything behind the first dimension.
  package var rowLength: Int { shape.dropFirst().reduce(1, *) }

  static func open(_ name: String, in group: HDF5Group) throws(HDF5Error) -> HDF5Dataset {
    let path = group.child(name)
    let found = try HDF5Library.perform("open the dataset '\(path)'") { () -> (hid_t, [Int], HDF5ElementKind)? in
      let id = H5Dopen2(group.handle.id, name, hid_t(H5P_DEFAULT))
      guard id >= 0 else { return nil }
      guard let (shape, kind) = properties(of: id) else {
        H5Dclose(id)
        return nil
      }
      return (id, shape, kind)
    }
    return HDF5Dataset(id: found.0, path: path, shape: found.1, kind: found.2, file: group.file)
  }

  /// Where the elements begin in the file, if they lie there in one piece.
  package func fileOffset() -> Int? {
    let offset = (try? HDF5Library.perform("find '\(path)' in the file") { H5Dget_offset(handle.id) }) ?? engram_h5_undefined_address()
    return offset == engram_h5_undefined_address() ? nil : Int(exactly: offset)
  }

  // MARK: Writing

  /// Writes whole rows; a scalar is its own only row. The buffer holds elements of the type the dataset was made with.
  package func write(rows: Range<Int>, _ type: ScalarType, from bytes: UnsafeRawBufferPointer) throws(HDF5Error) {
    try checkRows(rows, type, bytes.count, "write")
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    try HDF5Library.perform("write rows \(rows) of '\(path)'") {
      Scratch.with { scratch -> Void? in
        guard let spaces = spaces(rows, &scratch) else { return nil }
        return H5Dwrite(handle.id, type.memoryType, spaces.memory, spaces.file, hid_t(H5P_DEFAULT), start) < 0 ? nil : ()
      }
    }
  }

  package func write<Element: ScalarElement>(_ elements: [Element]) throws(HDF5Error) {
    let rows = 0..<(shape.first ?? 1)
    do {
      try elements.withUnsafeBytes { try write(rows: rows, Element.scalarType, from: $0) }
    } catch let error as HDF5Error {
      throw error
    } catch {}
  }

  // MARK: Reading

  /// Reads whole rows, converted to `type`, which must hold every value of the dataset.
  package func read(rows: Range<Int>, as type: ScalarType, into bytes: UnsafeMutableRawBufferPointer) throws(HDF5Error) {
    guard kind.fits(into: type) else {
      throw HDF5Error("read '\(path)'", detail: "its elements (\(kind.name)) do not fit into \(type)")
    }
    try checkRows(rows, type, bytes.count, "read")
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    try HDF5Library.perform("read rows \(rows) of '\(path)'") {
      Scratch.with { scratch -> Void? in
        guard let spaces = spaces(rows, &scratch) else { return nil }
        return H5Dread(handle.id, type.memoryType, spaces.memory, spaces.file, hid_t(H5P_DEFAULT), start) < 0 ? nil : ()
      }
    }
  }

  /// Reads everything. The limit protects from a file that claims more than the caller can want.
  package func readAll<Element: ScalarElement>(as _: Element.Type, atMost limit: Int) throws(HDF5Error) -> [Element] {
    let count = try elementCount(atMost: limit)
    let zero: Element? = [UInt8](repeating: 0, count: MemoryLayout<Element>.size).withUnsafeBytes { bytes in
      bytes.baseAddress.map { UnsafeRawPointer($0).loadUnaligned(as: Element.self) }
    }
    guard let zero else { return [] }
    var elements = [Element](repeating: zero, count: count)
    let rows = 0..<(shape.first ?? 1)
    do {
      try elements.withUnsafeMutableBytes { try read(rows: rows, as: Element.scalarType, into: $0) }
    } catch let error as HDF5Error {
      throw error
    } catch {}
    return elements
  }

  /// Reads the elements of a box, a range of positions for each dimension.
  ///
  /// - Precondition: there is a range for each dimension, inside it.
  package func read(box: [Range<Int>], atMost limit: Int) throws(HDF5Error) -> [Double] {
    precondition(box.count == shape.count && zip(box, shape).allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= $1 })
    guard kind.fits(into: .float64) else { throw HDF5Error("read '\(path)'", detail: "its elements (\(kind.name)) do not fit into float64") }
    var total = 1
    for range in box {
      let (product, overflow) = total.multipliedReportingOverflow(by: range.count)
      guard !overflow, product <= limit else { throw HDF5Error("read '\(path)'", detail: "the part has more than the \(limit) elements that are expected") }
      total = product
    }
    var elements = [Double](repeating: 0, count: total)
    if total == 0 { return elements }
    let (start, count) = (box.map { hsize_t($0.lowerBound) }, box.map { hsize_t($0.count) })
    let result: Result<Void, HDF5Error> = elements.withUnsafeMutableBytes { bytes in
      guard let target = bytes.baseAddress else { return .success(()) }
      return Result { () throws(HDF5Error) in
        try HDF5Library.perform("read a part of '\(path)'") {
          Scratch.with { scratch -> Void? in
            guard !box.isEmpty else {
              return H5Dread(handle.id, ScalarType.float64.memoryType, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), target) < 0 ? nil : ()
            }
            guard let memory = scratch.keep(H5Screate_simple(Int32(count.count), count, nil), H5Sclose),
              let file = scratch.keep(H5Dget_space(handle.id), H5Sclose), H5Sselect_hyperslab(file, H5S_SELECT_SET, start, nil, count, nil) >= 0
            else { return nil }
            return H5Dread(handle.id, ScalarType.float64.memoryType, memory, file, hid_t(H5P_DEFAULT), target) < 0 ? nil : ()
          }
        }
      }
    }
    try result.get()
    return elements
  }

  /// The number of elements, checked against a limit before anything is allocated.
  package func elementCount(atMost limit: Int) throws(HDF5Error) -> Int {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      count = overflow ? .max : product
    }
    guard count <= limit else {
      throw HDF5Error("read '\(path)'", detail: "it has \(count) elements (shape \(shape)), at most \(limit) are expected")
    }
    return count
  }

  // MARK: Helpers

  private static func properties(of id: hid_t) -> ([Int], HDF5ElementKind)? {
    Scratch.with { scratch in
      guard let space = scratch.keep(H5Dget_space(id), H5Sclose), let type = scratch.keep(H5Dget_type(id), H5Tclose),
        let kind = HDF5ElementKind.of(type)
      else { return nil }
      let rank = H5Sget_simple_extent_ndims(space)
      guard rank >= 0, rank <= 32 else { return nil }
      var sizes = [hsize_t](repeating: 0, count: Int(rank))
      guard H5Sget_simple_extent_dims(space, &sizes, nil) >= 0 else { return nil }
      let shape = sizes.compactMap { Int(exactly: $0) }
      return shape.count == sizes.count ? (shape, kind) : nil
    }
  }

  private func checkRows(_ rows: Range<Int>, _ type: ScalarType, _ byteCount: Int, _ verb: String) throws(HDF5Error) {
    guard rows.lowerBound >= 0, rows.upperBound <= shape.first ?? 1 else {
      throw HDF5Error("\(verb) '\(path)'", detail: "rows \(rows) are not all among its \(shape.first ?? 1)")
    }
    let (elements, overflow) = rows.count.multipliedReportingOverflow(by: rowLength)
    let (needed, overflow2) = elements.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow, !overflow2, needed == byteCount else {
      throw HDF5Error("\(verb) '\(path)'", detail: "\(byteCount) bytes do not match \(rows.count) rows of \(rowLength) elements of \(type)")
    }
  }

  private func spaces(_ rows: Range<Int>, _ scratch: inout Scratch) -> (memory: hid_t, file: hid_t)? {
    guard !shape.isEmpty else {
      return scratch.keep(H5Screate(H5S_SCALAR), H5Sclose).map { ($0, $0) }
    }
    var count = shape.map { hsize_t($0) }
    count[0] = hsize_t(rows.count)
    var start = [hsize_t](repeating: 0, count: shape.count)
    start[0] = hsize_t(rows.lowerBound)
    guard let memory = scratch.keep(H5Screate_simple(Int32(count.count), count, nil), H5Sclose),
      let file = scratch.keep(H5Dget_space(handle.id), H5Sclose),
      H5Sselect_hyperslab(file, H5S_SELECT_SET, start, nil, count, nil) >= 0
    else { return nil }
    return (memory, file)
  }
}

extension HDF5ElementKind {
  /// Whether every value of this kind has its equal in the type.
  func fits(into type: ScalarType) -> Bool {
    switch (self, type) {
    case (.float(let bytes), .float64): bytes <= 8
    case (.float(let bytes), .float32): bytes <= 4
    // Whole numbers beyond 2^53 are rounded; input files hold counts and indices.
    case (.integer(let bytes, _), .float64): bytes <= 8
    case (.integer(let bytes, _), .float32): bytes <= 2
    case (.integer(let bytes, let isSigned), .int64): isSigned ? bytes <= 8 : bytes <= 4
    case (.integer(let bytes, let isSigned), .int32): isSigned ? bytes <= 4 : bytes <= 2
    case (.integer(let bytes, let isSigned), .bool): bytes == 1 && !isSigned
    default: false
    }
  }

  package var name: String {
    switch self {
    case .float(let bytes): "float\(bytes * 8)"
    case .integer(let bytes, let isSigned): "\(isSigned ? "int" : "uint")\(bytes * 8)"
    case .text: "text"
    case .other(let name): name
    }
  }
}
