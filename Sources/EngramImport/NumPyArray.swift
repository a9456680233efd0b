internal import EngramModelFiles
internal import EngramSystem

/// An array in the file format of NumPy, version 1 to 3. Its numbers stay in the file until a part of them is asked for.
///
/// - SeeAlso: numpy.lib.format, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
struct NumPyArray {
  let shape: [Int]
  private let file: OrdinaryFile
  /// Where the numbers begin.
  private let start: Int
  private let element: Element
  private let isColumnsFirst: Bool
  /// A head is as long as its text; nothing that NumPy writes comes near.
  private static let longestHead = 1 << 20
  /// As many numbers as are read to choose some of them.
  private static let mostRead = 1 << 28

  init(_ path: String) throws {
    file = try OrdinaryFile(path)
    let bytes = try file.bytes(from: 0, count: Self.longestHead)
    guard bytes.count >= 10, bytes[0] == 0x93, Array(bytes[1..<6]) == Array("NUMPY".utf8) else { throw FileReadingError.notNumPy("it does not begin as one") }
    let isLong = bytes[6] >= 2
    guard (1...3).contains(bytes[6]), bytes.count >= (isLong ? 12 : 10) else { throw FileReadingError.notNumPy("its version \(bytes[6]) is not known") }
    let length = (0..<(isLong ? 4 : 2)).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let headStart = isLong ? 12 : 10
    guard length <= bytes.count - headStart else { throw FileReadingError.notNumPy("it ends inside its head") }
    let head = String(decoding: bytes[headStart..<headStart + length], as: UTF8.self)
    guard let type = Self.text(of: "descr", in: head), let shape = Self.shape(in: head) else { throw FileReadingError.notNumPy("its head cannot be read") }
    (self.shape, start, element) = (shape, headStart + length, try Element(type))
    isColumnsFirst = head.contains("'fortran_order': True")
    let count = try Self.product(shape)
    guard file.byteCount - start >= count * element.byteCount else { throw FileReadingError.notNumPy("it ends before its \(count) numbers do") }
  }

  /// No array of the file's length has more: the product of its dimensions fits.
  private static func product(_ shape: [Int]) throws(FileReadingError) -> Int {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product < 1 << 58 else { throw .notNumPy("no array has the shape \(shape)") }
      count = product
    }
    return count
  }

  /// - Parameter limit: as many numbers as are of use; nothing is read where there would be more.
  func part(_ part: FilePart, atMost limit: Int) throws -> FileArray {
    let (chosen, left) = try part.ranges(of: shape)
    var box = chosen
    let wanted = try Self.product(box.map(\.count))
    guard wanted <= limit else { throw FileReadingError.notNumPy("it gives \(wanted) numbers, and \(limit) are expected") }
    // Rows lie one behind the other: those in between the first and the last that are wanted are enough.
    var (rows, shape) = (0..<1, shape)
    if !isColumnsFirst, let range = box.first {
      rows = range
      shape[0] = range.count
      box[0] = 0..<range.count
    }
    let rowCount = isColumnsFirst ? try Self.product(shape) : try Self.product(Array(shape.dropFirst()))
    let count = rows.count * rowCount
    guard count <= max(wanted, Self.mostRead) else {
      throw FileReadingError.notNumPy("to choose from \(count) numbers takes too much memory; an HDF5 file gives parts without reading the rest")
    }
    let data = try file.bytes(from: start + rows.lowerBound * rowCount * element.byteCount, count: count * element.byteCount)
    guard data.count == count * element.byteCount else { throw FileReadingError.notNumPy("it was made shorter while it was read") }
    let numbers = data.withUnsafeBytes { raw in (0..<count).map { element.number(raw, $0) } }
    let values = FilePart.values(of: isColumnsFirst ? Self.rowsFirst(numbers, shape) : numbers, in: box, shape: shape)
    return FileArray(values: values, columns: left.count == 2 ? left[1] : nil)
  }

  /// Numbers in the order of columns, in that of rows.
  private static func rowsFirst(_ numbers: [Double], _ shape: [Int]) -> [Double] {
    var places = [0]
    var step = 1
    var steps: [Int] = []
    for size in shape {
      steps.append(step)
      step *= size
    }
    for (size, step) in zip(shape, steps) { places = places.flatMap { place in (0..<size).map { place + $0 * step } } }
    return places.map { numbers[$0] }
  }

  private static func text(of key: String, in head: String) -> String? {
    guard let found = head.firstRange(of: "'\(key)': '") else { return nil }
    return String(head[found.upperBound...].prefix { $0 != "'" })
  }

  private static func shape(in head: String) -> [Int]? {
    guard let found = head.firstRange(of: "'shape': ("), let end = head[found.upperBound...].firstIndex(of: ")") else { return nil }
    let words = head[found.upperBound..<end].split(separator: ",").map { $0.filter { $0 != " " && $0 != "L" } }.filter { !$0.isEmpty }
    let sizes = words.compactMap { Int($0) }.filter { $0 >= 0 }
    return sizes.count == words.count && sizes.count <= 32 ? sizes : nil
  }

  /// What one number looks like.
  private struct Element {
    private let kind: Character
    let byteCount: Int
    private let isBigEndian: Bool

    init(_ type: String) throws(FileReadingError) {
      var text = Substring(type)
      let order = text.first
      if let order, "<>|=".contains(order) { text.removeFirst() }
      let kinds: [Character: [Int]] = ["f": [2, 4, 8], "i": [1, 2, 4, 8], "u": [1, 2, 4, 8], "b": [1]]
      guard let kind = text.first, let size = Int(text.dropFirst()), kinds[kind]?.contains(size) == true else {
        throw .notNumPy("its elements are of the type '\(type)'; numbers and booleans can be read")
      }
      (self.kind, byteCount, isBigEndian) = (kind, size, order == ">")
    }

    func number(_ raw: UnsafeRawBufferPointer, _ place: Int) -> Double {
      var bits: UInt64 = 0
      for byte in 0..<byteCount { bits |= UInt64(raw[place * byteCount + (isBigEndian ? byteCount - 1 - byte : byte)]) << UInt64(8 * byte) }
      switch (kind, byteCount) {
      case ("f", 8): return Double(bitPattern: bits)
      case ("f", 4): return Double(Float(bitPattern: UInt32(bits)))
      case ("f", _): return Self.half(UInt16(bits))
      case ("i", _):
        let shift = UInt64(64 - 8 * byteCount)
        return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
      case ("b", _): return bits != 0 ? 1 : 0
      default: return Double(bits)
      }
    }

    /// A number of 16 bits.
    private static func half(_ bits: UInt16) -> Double {
      let (sign, exponent, fraction) = (bits >> 15 == 0 ? 1.0 : -1.0, Int(bits >> 10) & 31, Double(bits & 1023))
      if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
      if exponent == 0 { return sign * fraction * Double(sign: .plus, exponent: -24, significand: 1) }
      return sign * (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
  }
}
