internal import EngramModelFiles
internal import EngramSystem

/// An array in the file format of NumPy, version 1 to 3.
///
/// - SeeAlso: numpy.lib.format, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
struct NumPyArray {
  let values: [Double]
  let shape: [Int]

  /// - Parameter limit: as many numbers as are of use.
  init(_ path: String, atMost limit: Int) throws {
    let bytes = try OrdinaryFile.bytes(of: path)
    guard bytes.count >= 10, bytes[0] == 0x93, Array(bytes[1..<6]) == Array("NUMPY".utf8) else { throw FileReadingError.notNumPy("it does not begin as one") }
    let isLong = bytes[6] >= 2
    guard (1...3).contains(bytes[6]), bytes.count >= (isLong ? 12 : 10) else { throw FileReadingError.notNumPy("its version \(bytes[6]) is not known") }
    let length = (0..<(isLong ? 4 : 2)).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let start = isLong ? 12 : 10
    guard length <= bytes.count - start else { throw FileReadingError.notNumPy("it ends inside its head") }
    let head = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard let type = Self.text(of: "descr", in: head), let shape = Self.shape(in: head) else { throw FileReadingError.notNumPy("its head cannot be read") }
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= limit else { throw FileReadingError.notNumPy("its shape \(shape) has more than the \(limit) numbers that are expected") }
      count = product
    }
    let element = try Element(type)
    let data = bytes[(start + length)...]
    guard data.count >= count * element.byteCount else { throw FileReadingError.notNumPy("it ends before its \(count) numbers do") }
    let numbers = data.withUnsafeBytes { raw in (0..<count).map { element.number(raw, $0) } }
    self.shape = shape
    values = head.contains("'fortran_order': True") ? Self.rowsFirst(numbers, shape) : numbers
  }

  func part(_ part: FilePart) throws -> FileArray {
    let (values, columns) = try part.values(of: values, shape: shape)
    return FileArray(values: values, columns: columns)
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
