/// Building formulas in code. Trees made here never hold negative literals, so they print as they would be parsed.
extension Expression {
  /// A name.
  public static func name(_ name: String) -> Expression { Expression(.name(name)) }
  /// A function call.
  public static func call(_ function: String, _ arguments: Expression...) -> Expression { Expression(.call(function, arguments)) }

  /// A float; negative ones become a sign and a literal.
  public static func number(_ value: Double) -> Expression {
    value.sign == .minus && !value.isNaN ? Expression(.unary(.minus, Expression(.float(-value)))) : Expression(.float(value))
  }

  /// An integer; negative ones become a sign and a literal.
  public static func integer(_ value: Int64) -> Expression {
    value < 0 && value != .min ? Expression(.unary(.minus, Expression(.integer(-value)))) : Expression(.integer(value))
  }

  /// The tree of a sum.
  public static func + (lhs: Expression, rhs: Expression) -> Expression { Expression(.binary(.add, lhs, rhs)) }
  /// The tree of a difference.
  public static func - (lhs: Expression, rhs: Expression) -> Expression { Expression(.binary(.subtract, lhs, rhs)) }
  /// The tree of a product.
  public static func * (lhs: Expression, rhs: Expression) -> Expression { Expression(.binary(.multiply, lhs, rhs)) }
  /// The tree of a quotient.
  public static func / (lhs: Expression, rhs: Expression) -> Expression { Expression(.binary(.divide, lhs, rhs)) }
  /// The tree of a value with the other sign.
  public static prefix func - (operand: Expression) -> Expression { Expression(.unary(.minus, operand)) }
  /// The tree of a power.
  public func power(_ exponent: Expression) -> Expression { Expression(.binary(.power, self, exponent)) }
}
