// Values are stored as text that reads back to the same bits: "-0.06 volt". Any Codable format carries it, also those
// that know neither infinities nor 64 binary digits.

extension Quantity: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      self = try Quantity(exactText: text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(exactText)
  }

  /// Reads what `exactText` wrote, infinities and NaN included.
  public init(exactText text: String) throws(UnitParseError) {
    var parser = QuantityParser(text)
    parser.allowsNonFinite = true
    self = try parser.quantity()
    try parser.end()
  }
}

extension QuantityArray: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      self = try QuantityArray(exactText: text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(exactText)
  }

  /// Reads what `exactText` wrote, infinities and NaN included.
  public init(exactText text: String) throws(UnitParseError) {
    var parser = QuantityParser(text)
    parser.allowsNonFinite = true
    self = try parser.array()
    try parser.end()
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
