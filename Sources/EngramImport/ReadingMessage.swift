package import EngramModelFiles
internal import EngramScalars
internal import EngramSystem

/// What the reading process hands over, in a file that both have open.
///
/// After the magic either `E` and a text, or `A` and the arrays: each the number of columns (0: one dimension), the unit (length and
/// bytes; all ones: none), and the numbers. Lengths take 8 bytes, little-endian.
package enum ReadingMessage {
  private static let magic = Array("ENGRAM1".utf8)
  private static let none = UInt64.max

  // -------------------------------------------------------------------------------------------------------------- writing

  package static func write(_ arrays: [FileArray], to descriptor: Int32) throws {
    var head = ByteWriter()
    head.append(raw: magic + [UInt8(ascii: "A")])
    head.append(UInt64(arrays.count))
    for array in arrays {
      head.append(UInt64(array.columns ?? 0))
      if let unit = array.unit { head.append(unit, countedBy: UInt64.self) } else { head.append(none) }
      head.append(UInt64(array.values.count))
      try head.bytes.withUnsafeBytes { try write($0, to: descriptor) }
      head = ByteWriter()
      try array.values.withUnsafeBytes { try write($0, to: descriptor) }
    }
  }

  package static func write(problem: String, to descriptor: Int32) throws {
    var message = ByteWriter()
    message.append(raw: magic + [UInt8(ascii: "E")])
    message.append(problem, countedBy: UInt64.self)
    try message.bytes.withUnsafeBytes { try write($0, to: descriptor) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = EngramSystem.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw FileReadingError.incomplete }
      rest = rest.dropFirst(written)
    }
  }

  // -------------------------------------------------------------------------------------------------------------- reading

  /// Every length is checked against what the file still holds before memory is taken.
  package static func read(from descriptor: Int32) throws -> [FileArray] {
    var source = try Source(descriptor)
    guard try source.bytes(magic.count) == magic else { throw FileReadingError.incomplete }
    switch try source.bytes(1)[0] {
    case UInt8(ascii: "E"): throw FileReadingError.refused(try source.text(try source.count(1)))
    case UInt8(ascii: "A"):
      var arrays: [FileArray] = []
      for _ in 0..<(try source.count(24)) {
        let columns = try source.number()
        let unitCount = try source.number()
        let unit = unitCount == none ? nil : try source.text(Int(clamping: unitCount))
        let values = try source.numbers(try source.count(8))
        guard FileArray.isPossible(columns: columns == 0 ? nil : Int(clamping: columns), count: values.count) else { throw FileReadingError.incomplete }
        arrays.append(FileArray(values: values, columns: columns == 0 ? nil : Int(clamping: columns), unit: unit))
      }
      return arrays
    default: throw FileReadingError.incomplete
    }
  }

  private struct Source {
    private let descriptor: Int32
    private var offset = 0
    private let end: Int

    init(_ descriptor: Int32) throws {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw FileReadingError.incomplete }
      (self.descriptor, end) = (descriptor, Int(status.st_size))
    }

    mutating func fill(_ target: UnsafeMutableRawBufferPointer) throws {
      var rest = target[...]
      while !rest.isEmpty {
        let count = pread(descriptor, UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress, rest.count, off_t(offset))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw FileReadingError.incomplete }
        offset += count
        rest = rest.dropFirst(count)
      }
    }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
      guard count <= end - offset else { throw FileReadingError.incomplete }
      var bytes = [UInt8](repeating: 0, count: count)
      try bytes.withUnsafeMutableBytes { try fill($0) }
      return bytes
    }

    mutating func number() throws -> UInt64 {
      var reader = ByteReader(try bytes(8))
      return try reader.number()
    }

    /// A number of items that take at least `size` bytes each.
    mutating func count(_ size: Int) throws -> Int {
      let count = try number()
      guard count <= UInt64((end - offset) / size) else { throw FileReadingError.incomplete }
      return Int(count)
    }

    mutating func text(_ count: Int) throws -> String { String(decoding: try bytes(count), as: UTF8.self) }

    mutating func numbers(_ count: Int) throws -> [Double] {
      var numbers = [Double](repeating: 0, count: count)
      try numbers.withUnsafeMutableBytes { try fill($0) }
      return numbers
    }
  }
}
