public import EngramUnits

/// What is known about an expression before it runs.
public struct TypedInfo: Hashable, Sendable {
  /// What the value measures.
  public var dimension: Dimension
  /// Number, integer or truth value.
  public var type: ValueType
  /// Reads no variable that has a value per element. It may still draw random numbers.
  public var isScalar: Bool

  /// What is known; by default that of a plain number.
  public init(_ dimension: Dimension = .dimensionless, _ type: ValueType = .float, isScalar: Bool = true) {
    self.dimension = dimension
    self.type = type
    self.isScalar = isScalar
  }
}

extension Dimension {
  /// With the words around it: `the unit 'volt'`, `no unit`.
  var readable: String { isDimensionless ? "no unit" : "the unit '\(readableUnit)'" }
  var inUnit: String { isDimensionless ? "without unit" : "in \(readableUnit)" }
}

extension Expression {
  /// Quoted, and shortened in the middle if long.
  var quoted: String {
    let text = size > 200 ? "…" : description
    guard text.count > 60 else { return "'\(text)'" }
    return "'\(text.prefix(28)) … \(text.suffix(28))'"
  }

  /// A bare number, perhaps with a sign.
  package var isLiteralNumber: Bool {
    switch node {
    case .float, .integer: true
    case .unary(.minus, let operand), .unary(.plus, let operand): operand.isLiteralNumber
    case .boolean, .name, .unary, .binary, .call: false
    }
  }
}
