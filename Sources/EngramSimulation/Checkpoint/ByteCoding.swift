/// Writes values little-endian, one after the other.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: UInt8) { bytes.append(value) }
  mutating func write(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
  mutating func write(_ value: Int64) { write(UInt64(bitPattern: value)) }
  mutating func write(_ value: Double) { write(value.bitPattern) }
  mutating func write(_ text: String) { write(Array(text.utf8)) }
  mutating func write(_ block: [UInt8]) {
    write(UInt64(block.count))
    bytes.append(contentsOf: block)
  }
}

/// Reads what a ``ByteWriter`` wrote. Every length is checked against what is left, so that damaged input cannot make
/// anything allocate or trap.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() throws(CheckpointError) -> UInt8 {
    guard let value = rest.popFirst() else { throw .damaged("a description ends too early") }
    return value
  }

  mutating func integer() throws(CheckpointError) -> UInt64 {
    guard rest.count >= 8 else { throw .damaged("a description ends too early") }
    var value: UInt64 = 0
    for (place, byte) in rest.prefix(8).enumerated() { value |= UInt64(byte) << (8 * UInt64(place)) }
    rest = rest.dropFirst(8)
    return value
  }

  /// A number of items of which each takes at least `size` bytes.
  mutating func count(ofSize size: Int) throws(CheckpointError) -> Int {
    let value = try integer()
    guard value <= UInt64(rest.count / size) else { throw .damaged("a description holds a length that exceeds its size") }
    return Int(value)
  }

  mutating func block() throws(CheckpointError) -> [UInt8] {
    let count = try count(ofSize: 1)
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func text() throws(CheckpointError) -> String {
    guard let text = String(validating: try block(), as: UTF8.self) else { throw .damaged("a description holds a text that is not UTF-8") }
    return text
  }
}
