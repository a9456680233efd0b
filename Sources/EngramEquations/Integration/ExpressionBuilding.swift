package import EngramExpressions

/// Formulas are put together with these, so that zeros and ones vanish where they arise.
extension Expression {
  static func name(_ name: String) -> Expression { Expression(.name(name)) }
  /// Negative ones become a sign and a literal, as they are parsed.
  static func number(_ value: Double) -> Expression {
    value.sign == .minus && !value.isNaN ? Expression(.unary(.minus, Expression(.float(-value)))) : Expression(.float(value))
  }
  static func whole(_ value: Int64) -> Expression { Expression(.integer(value)) }
  static func call(_ function: String, _ arguments: Expression...) -> Expression { Expression(.call(function, arguments)) }
  static let zero = Expression(.integer(0))
  static let one = Expression(.integer(1))

  /// The value of a literal, with its sign.
  var literal: Double? {
    switch node {
    case .float(let value): value
    case .integer(let value): Double(value)
    case .unary(.minus, let operand): operand.literal.map { -$0 }
    case .unary(.plus, let operand): operand.literal
    default: nil
    }
  }
  package var isZero: Bool { literal == 0 }
  var isOne: Bool { literal == 1 }

  static func + (lhs: Expression, rhs: Expression) -> Expression {
    if lhs.isZero { return rhs }
    if rhs.isZero { return lhs }
    if case .unary(.minus, let operand) = rhs.node { return Expression(.binary(.subtract, lhs, operand)) }
    return Expression(.binary(.add, lhs, rhs))
  }

  static func - (lhs: Expression, rhs: Expression) -> Expression {
    if rhs.isZero { return lhs }
    if lhs.isZero { return -rhs }
    if case .unary(.minus, let operand) = rhs.node { return Expression(.binary(.add, lhs, operand)) }
    return Expression(.binary(.subtract, lhs, rhs))
  }

  static func * (lhs: Expression, rhs: Expression) -> Expression {
    if lhs.isZero || rhs.isZero { return .zero }
    if lhs.isOne { return rhs }
    if rhs.isOne { return lhs }
    if case .unary(.minus, let left) = lhs.node {
      if case .unary(.minus, let right) = rhs.node { return left * right }
      return -(left * rhs)
    }
    if case .unary(.minus, let right) = rhs.node { return -(lhs * right) }
    return Expression(.binary(.multiply, lhs, rhs))
  }

  static func / (lhs: Expression, rhs: Expression) -> Expression {
    if lhs.isZero { return .zero }
    if rhs.isOne { return lhs }
    if case .unary(.minus, let left) = lhs.node { return -(left / rhs) }
    return Expression(.binary(.divide, lhs, rhs))
  }

  static prefix func - (operand: Expression) -> Expression {
    if operand.isZero { return operand }
    if case .unary(.minus, let inner) = operand.node { return inner }
    return Expression(.unary(.minus, operand))
  }

  static func sum(_ terms: [Expression]) -> Expression { terms.reduce(.zero) { $0 + $1 } }
}
