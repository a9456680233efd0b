/// Appends little-endian numbers and counted texts.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ number: Double) { append(number.bitPattern) }

  /// Byte count (32 bits), then UTF-8.
  mutating func append(_ text: String) {
    append(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ hash: ContentHash) {
    append(hash.low)
    append(hash.high)
  }

  mutating func append(raw: [UInt8]) { bytes.append(contentsOf: raw) }

  /// Zeros up to a multiple of `alignment`.
  mutating func pad(to alignment: Int) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }
}

/// Why bytes do not mean what they should.
struct FormatProblem: Error, Equatable {
  let what: String
  let offset: Int
}

/// Takes numbers and texts from bytes that nobody vouches for: every length is compared with what is left.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var remaining: Int { bytes.endIndex - position }
  /// Place in the whole file, where the slice is one of a file.
  var offset: Int { position }

  func problem(_ what: String) -> FormatProblem { FormatProblem(what: what, offset: position) }

  mutating func take(_ count: Int) throws(FormatProblem) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw problem("\(count) bytes announced, \(remaining) left") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type = Number.self) throws(FormatProblem) -> Number {
    let slice = try take(MemoryLayout<Number>.size)
    return Number(littleEndian: slice.withUnsafeBytes { $0.loadUnaligned(as: Number.self) })
  }

  mutating func double() throws(FormatProblem) -> Double { Double(bitPattern: try number()) }

  /// A number that must fit a signed 64-bit offset or length.
  mutating func size() throws(FormatProblem) -> Int {
    let value: UInt64 = try number()
    guard let size = Int(exactly: value) else { throw problem("\(value) is not a length") }
    return size
  }

  /// A count of entries of at least `least` bytes each: never more than the rest of the bytes can hold.
  mutating func count(ofAtLeast least: Int) throws(FormatProblem) -> Int {
    let value: UInt32 = try number()
    guard Int(value) <= remaining / least else { throw problem("\(value) entries announced, too few bytes left") }
    return Int(value)
  }

  mutating func text() throws(FormatProblem) -> String {
    let count: UInt32 = try number()
    let start = problem("text is not valid UTF-8")
    guard let text = String(validating: try take(Int(count)), as: UTF8.self) else { throw start }
    return text
  }

  mutating func hash() throws(FormatProblem) -> ContentHash {
    let low: UInt64 = try number()
    return ContentHash(high: try number(), low: low)
  }

  func end() throws(FormatProblem) {
    guard remaining == 0 else { throw problem("\(remaining) bytes too many") }
  }
}
