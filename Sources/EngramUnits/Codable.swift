// Values are stored as text that reads back to the same bits: "-0.06 volt". Any Codable format carries it, also those
// that know neither infinities nor 64 binary digits.

extension Quantity: Codable {
  public init(from decoder: any Decoder) throws { self = try decoded(decoder) { try Quantity(exactText: $0) } }
  public func encode(to encoder: any Encoder) throws { try encoded(exactText, encoder) }

  /// Reads what `exactText` wrote, infinities and NaN included.
  public init(exactText text: String) throws(UnitParseError) {
    self = try exact(text) { parser throws(UnitParseError) in try parser.quantity() }
  }
}

extension QuantityArray: Codable {
  public init(from decoder: any Decoder) throws { self = try decoded(decoder) { try QuantityArray(exactText: $0) } }
  public func encode(to encoder: any Encoder) throws { try encoded(exactText, encoder) }

  /// Reads what `exactText` wrote, infinities and NaN included.
  public init(exactText text: String) throws(UnitParseError) {
    self = try exact(text) { parser throws(UnitParseError) in try parser.array() }
  }
}

extension Measured: Codable {
  public init(from decoder: any Decoder) throws {
    let quantity = try Quantity(from: decoder)
    guard quantity.dimension == Tag.dimension else {
      let message = DimensionMismatchError("The stored value", expected: Tag.dimension, found: quantity).description
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: message))
    }
    self.init(si: quantity.si)
  }

  public func encode(to encoder: any Encoder) throws { try quantity.encode(to: encoder) }
}

private func decoded<Value>(_ decoder: any Decoder, _ read: (String) throws -> Value) throws -> Value {
  let container = try decoder.singleValueContainer()
  let text = try container.decode(String.self)
  do { return try read(text) } catch { throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)") }
}

private func encoded(_ text: String, _ encoder: any Encoder) throws {
  var container = encoder.singleValueContainer()
  try container.encode(text)
}

private func exact<Value>(_ text: String, _ read: (inout QuantityParser) throws(UnitParseError) -> Value) throws(UnitParseError) -> Value {
  var parser = QuantityParser(text)
  parser.allowsNonFinite = true
  let value = try read(&parser)
  try parser.end()
  return value
}
