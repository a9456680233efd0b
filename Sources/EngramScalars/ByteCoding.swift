/// Appends little-endian numbers and counted texts.
@usableFromInline
package struct ByteWriter {
  @usableFromInline var storage: [UInt8] = []

  @inlinable package init() {}

  @inlinable package var bytes: [UInt8] { storage }

  @inlinable
  package mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { storage.append(contentsOf: $0) }
  }

  @inlinable package mutating func append(_ number: Double) { append(number.bitPattern) }

  /// Byte count, then UTF-8.
  package mutating func append<Count: FixedWidthInteger>(_ text: String, countedBy type: Count.Type = UInt32.self) {
    append(Count(text.utf8.count))
    storage.append(contentsOf: text.utf8)
  }

  /// Byte count, then the bytes.
  package mutating func append<Count: FixedWidthInteger>(block: [UInt8], countedBy type: Count.Type) {
    append(Count(block.count))
    storage.append(contentsOf: block)
  }

  package mutating func append(raw: [UInt8]) { storage.append(contentsOf: raw) }

  /// Zeros up to a multiple of `alignment`.
  package mutating func pad(to alignment: Int) {
    while storage.count % alignment != 0 { storage.append(0) }
  }
}

/// Why bytes do not mean what they should.
@usableFromInline
package struct FormatProblem: Error, Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    case damage
    /// A release that this one does not know has written them.
    case version(found: String)
    /// They belong to something else.
    case foreign
  }

  package let what: String
  package let offset: Int
  package let reason: Reason

  package init(what: String, offset: Int, reason: Reason = .damage) {
    self.what = what
    self.offset = offset
    self.reason = reason
  }
}

/// Takes numbers and texts from bytes that nobody vouches for: every length is compared with what is left.
@usableFromInline
package struct ByteReader {
  @usableFromInline let bytes: ArraySlice<UInt8>
  /// Place in the whole file, where the slice is one of a file.
  @usableFromInline var position: Int

  @inlinable
  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  @inlinable package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  @inlinable package var remaining: Int { bytes.endIndex - position }
  @inlinable package var isAtEnd: Bool { remaining == 0 }

  package func problem(_ what: String) -> FormatProblem { FormatProblem(what: what, offset: position) }

  @usableFromInline func tooShort(_ count: Int) -> FormatProblem { problem("\(count) bytes announced, \(remaining) left") }

  @inlinable
  package mutating func take(_ count: Int) throws(FormatProblem) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw tooShort(count) }
    defer { position += count }
    return bytes[position..<position + count]
  }

  @inlinable
  package mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type = Number.self) throws(FormatProblem) -> Number {
    let slice = try take(MemoryLayout<Number>.size)
    return Number(littleEndian: slice.withUnsafeBytes { $0.loadUnaligned(as: Number.self) })
  }

  @inlinable package mutating func double() throws(FormatProblem) -> Double { Double(bitPattern: try number()) }

  /// A number that must fit a signed 64-bit offset or length.
  package mutating func size() throws(FormatProblem) -> Int {
    let value: UInt64 = try number()
    guard let size = Int(exactly: value) else { throw problem("\(value) is not a length") }
    return size
  }

  /// A count of entries of at least `least` bytes each: never more than the rest of the bytes can hold.
  package mutating func count<Count: FixedWidthInteger & BitwiseCopyable>(
    ofAtLeast least: Int, countedBy type: Count.Type = UInt32.self
  ) throws(FormatProblem) -> Int {
    let value: Count = try number()
    guard value >= 0, value <= remaining / least else { throw problem("\(value) entries announced, too few bytes left") }
    return Int(value)
  }

  /// What ``ByteWriter/append(block:countedBy:)`` wrote.
  package mutating func block<Count: FixedWidthInteger & BitwiseCopyable>(countedBy type: Count.Type) throws(FormatProblem) -> [UInt8] {
    Array(try counted(by: type))
  }

  package mutating func text<Count: FixedWidthInteger & BitwiseCopyable>(countedBy type: Count.Type = UInt32.self) throws(FormatProblem) -> String {
    let bytes = try counted(by: type)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FormatProblem(what: "text is not valid UTF-8", offset: bytes.startIndex)
    }
    return text
  }

  private mutating func counted<Count: FixedWidthInteger & BitwiseCopyable>(by type: Count.Type) throws(FormatProblem) -> ArraySlice<UInt8> {
    let count: Count = try number()
    return try take(Int(clamping: count))
  }

  package func end() throws(FormatProblem) {
    guard isAtEnd else { throw problem("\(remaining) bytes too many") }
  }
}
