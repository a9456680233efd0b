extension Expression {
  /// The same formula without what needs no computing: numbers that can be combined exactly, factors 1, terms 0.
  ///
  /// For formulas that were derived, whose variables are floats. It keeps the order of operations, so that a formula which
  /// needs no change is not changed. A term that is 0 disappears with its unit: check units before.
  public func simplified() -> Expression {
    switch node {
    case .float, .integer, .boolean, .name: return self
    case .unary(.minus, let operand): return .negated(operand.simplified())
    case .unary(.plus, let operand): return operand.simplified()
    case .unary(.not, let operand): return Expression(.unary(.not, operand.simplified()), span: span)
    case .call(let name, let arguments): return Expression(.call(name, arguments.map { $0.simplified() }), span: span)
    case .binary(let op, let lhs, let rhs):
      let a = lhs.simplified()
      let b = rhs.simplified()
      switch op {
      case .add: return .sum(a, b)
      case .subtract: return .difference(a, b)
      case .multiply: return .product(a, b)
      case .divide: return .quotient(a, b)
      case .power: return .raised(a, b)
      case .floorDivide, .modulo, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or:
        return Expression(.binary(op, a, b), span: span)
      }
    }
  }

  public static let zero = Expression(.integer(0))
  public static let one = Expression(.integer(1))

  /// A number without anything to compute, perhaps with a sign.
  var literalValue: Double? {
    switch node {
    case .float(let value): value
    case .integer(let value): Double(value)
    case .unary(.minus, let operand): operand.literalValue.map { -$0 }
    case .boolean, .name, .unary, .binary, .call: nil
    }
  }

  /// Small whole numbers, which combine exactly.
  private var smallInteger: Int64? {
    switch node {
    case .integer(let value): value.magnitude < 1 << 31 ? value : nil
    case .unary(.minus, let operand): operand.smallInteger.map { -$0 }
    case .float, .boolean, .name, .unary, .binary, .call: nil
    }
  }

  public var isZero: Bool { literalValue == 0 }
  public var isOne: Bool { literalValue == 1 }
  private var isMinusOne: Bool { literalValue == -1 }

  /// `-x`, without double signs.
  static func negated(_ x: Expression) -> Expression {
    switch x.node {
    case .unary(.minus, let inner): inner
    case .binary(.subtract, let a, let b): difference(b, a)
    case _ where x.isZero: zero
    default: -x
    }
  }

  static func sum(_ a: Expression, _ b: Expression) -> Expression {
    if a.isZero { return b }
    if b.isZero { return a }
    if let m = a.smallInteger, let n = b.smallInteger { return integer(m + n) }
    if case .unary(.minus, let inner) = b.node { return difference(a, inner) }
    if case .unary(.minus, let inner) = a.node { return difference(b, inner) }
    return a + b
  }

  static func difference(_ a: Expression, _ b: Expression) -> Expression {
    if b.isZero { return a }
    if a.isZero { return negated(b) }
    if let m = a.smallInteger, let n = b.smallInteger { return integer(m - n) }
    if case .unary(.minus, let inner) = b.node { return sum(a, inner) }
    // Equal terms cancel: their difference is 0 for all finite values.
    if a == b { return zero }
    return a - b
  }

  static func product(_ a: Expression, _ b: Expression) -> Expression {
    if a.isZero || b.isZero { return zero }
    if a.isOne { return b }
    if b.isOne { return a }
    if a.isMinusOne { return negated(b) }
    if b.isMinusOne { return negated(a) }
    if let m = a.smallInteger, let n = b.smallInteger, m.magnitude < 1 << 20, n.magnitude < 1 << 20 { return integer(m * n) }
    if case .unary(.minus, let inner) = a.node { return negated(product(inner, b)) }
    if case .unary(.minus, let inner) = b.node { return negated(product(a, inner)) }
    return a * b
  }

  static func quotient(_ a: Expression, _ b: Expression) -> Expression {
    if a.isZero { return zero }
    if b.isOne { return a }
    if b.isMinusOne { return negated(a) }
    if a == b, a.literalValue == nil { return one }
    if case .unary(.minus, let inner) = a.node { return negated(quotient(inner, b)) }
    if case .unary(.minus, let inner) = b.node { return negated(quotient(a, inner)) }
    return a / b
  }

  static func raised(_ base: Expression, _ exponent: Expression) -> Expression {
    if exponent.isOne { return base }
    if exponent.isZero { return one }
    return base.power(exponent)
  }
}
