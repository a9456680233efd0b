public import EngramScalars
public import EngramUnits

/// A value as it stands in a preferences file.
public indirect enum PreferenceLiteral: Hashable, Sendable {
  case integer(Int)
  case float(Double)
  case boolean(Bool)
  case text(String)
  /// A bare word, such as `float64`.
  case word(String)
  case quantity(Quantity)
  case list([PreferenceLiteral])
}

/// A type that preferences can have (PRF-4): the value has exactly this type; an integer is no float, a boolean no integer.
public protocol PreferenceValue: Sendable, Hashable {
  /// The value that stands in a file; nil where it is of another type.
  init?(preference literal: PreferenceLiteral)
  /// Text that reads back as the same value.
  var preferenceText: String { get }
  /// For messages.
  static var preferenceKind: String { get }
  /// What may replace this default, for messages.
  var acceptedKind: String { get }
  /// Whether `other` may replace this default: same type, and for quantities the same dimension.
  func accepts(_ other: Self) -> Bool
}

extension PreferenceValue {
  public func accepts(_ other: Self) -> Bool { true }
  public var acceptedKind: String { Self.preferenceKind }
}

extension Bool: PreferenceValue {
  public init?(preference literal: PreferenceLiteral) {
    guard case .boolean(let value) = literal else { return nil }
    self = value
  }
  public var preferenceText: String { self ? "true" : "false" }
  public static var preferenceKind: String { "true or false" }
}

extension Int: PreferenceValue {
  public init?(preference literal: PreferenceLiteral) {
    guard case .integer(let value) = literal else { return nil }
    self = value
  }
  public var preferenceText: String { "\(self)" }
  public static var preferenceKind: String { "an integer" }
}

extension Double: PreferenceValue {
  public init?(preference literal: PreferenceLiteral) {
    guard case .float(let value) = literal else { return nil }
    self = value
  }
  public var preferenceText: String { "\(self)" }
  public static var preferenceKind: String { "a number with a decimal point" }
}

extension String: PreferenceValue {
  public init?(preference literal: PreferenceLiteral) {
    switch literal {
    case .text(let value), .word(let value): self = value
    case .integer, .float, .boolean, .quantity, .list: return nil
    }
  }
  public var preferenceText: String {
    var text = "'"
    for character in self {
      switch character {
      case "\\": text += "\\\\"
      case "'": text += "\\'"
      case "\n": text += "\\n"
      default: text.append(character)
      }
    }
    return text + "'"
  }
  public static var preferenceKind: String { "a text" }
}

extension ScalarType: PreferenceValue {
  public init?(preference literal: PreferenceLiteral) {
    switch literal {
    case .text(let value), .word(let value): self.init(rawValue: value)
    case .integer, .float, .boolean, .quantity, .list: return nil
    }
  }
  /// The bare type name (CPR-4).
  public var preferenceText: String { rawValue }
  public static var preferenceKind: String { "the name of a type" }

  /// Whether new float variables can have this type by default (CPR-4).
  public static func isValidFloatDefault(_ type: ScalarType) -> Bool { type.isFloat }
}

extension Quantity: PreferenceValue {
  public init?(preference literal: PreferenceLiteral) {
    switch literal {
    case .quantity(let value): self = value
    case .float(let value): self.init(si: value, dimension: .dimensionless)
    case .integer, .boolean, .text, .word, .list: return nil
    }
  }
  public var preferenceText: String {
    dimension == .dimensionless ? "\(si)" : "\(si)*\(dimension.baseUnitText)"
  }
  public static var preferenceKind: String { "a quantity" }
  public var acceptedKind: String { isDimensionless ? "a number with a decimal point" : "a quantity in \(dimension)" }
  public func accepts(_ other: Quantity) -> Bool { dimension == other.dimension }
}

extension Array: PreferenceValue where Element: PreferenceValue {
  public init?(preference literal: PreferenceLiteral) {
    guard case .list(let items) = literal else { return nil }
    var values: [Element] = []
    for item in items {
      guard let value = Element(preference: item) else { return nil }
      values.append(value)
    }
    self = values
  }
  public var preferenceText: String { "[" + map(\.preferenceText).joined(separator: ", ") + "]" }
  public static var preferenceKind: String { "a list, each item \(Element.preferenceKind)" }
}
