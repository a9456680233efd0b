extension Expression {
  /// The derivative with respect to a variable; all other names are held constant.
  ///
  /// Every default function has one (FUN-28). Where a function jumps (`floor`, `sign`, comparisons) the derivative is that
  /// of the pieces.
  ///
  /// - Throws: for other functions of the variable, for random numbers, and when the result grows beyond the limits.
  public func derivative(of variable: String) throws(AlgebraError) -> Expression {
    if let drawing = calledFunctions.intersection(DefaultFunctions.statefulNames).min(), mentions(variable) {
      throw .drawsRandomNumbers(function: drawing)
    }
    let result = try derived(variable)
    guard result.isWithinLimits else { throw .tooLarge }
    return result
  }

  private func derived(_ x: String) throws(AlgebraError) -> Expression {
    guard mentions(x) else { return .zero }
    let result = try derivedOnce(x)
    guard result.isWithinLimits else { throw .tooLarge }
    return result
  }

  private func derivedOnce(_ x: String) throws(AlgebraError) -> Expression {
    switch node {
    case .float, .integer, .boolean: return .zero
    case .name(let name): return name == x ? .one : .zero
    case .unary(.minus, let operand): return .negated(try operand.derived(x))
    case .unary(.plus, let operand): return try operand.derived(x)
    case .unary(.not, _): return .zero
    case .call(let name, let arguments): return try Self.derivedCall(name, arguments, x)
    case .binary(let op, let f, let g):
      switch op {
      case .add: return .sum(try f.derived(x), try g.derived(x))
      case .subtract: return .difference(try f.derived(x), try g.derived(x))
      case .multiply: return .sum(.product(try f.derived(x), g), .product(f, try g.derived(x)))
      case .divide: return try Self.derivedQuotient(f, g, x)
      case .power: return try Self.derivedPower(f, g, x)
      // Between its jumps, `a % b` is `a - b*n` with a whole number n.
      case .modulo: return .difference(try f.derived(x), .product(try g.derived(x), .call("floor", f / g)))
      case .floorDivide, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or: return .zero
      }
    }
  }

  private static func derivedQuotient(_ f: Expression, _ g: Expression, _ x: String) throws(AlgebraError) -> Expression {
    let df = try f.derived(x)
    let dg = try g.derived(x)
    if dg.isZero { return quotient(df, g) }
    return quotient(difference(product(df, g), product(f, dg)), g.power(integer(2)))
  }

  private static func derivedPower(_ f: Expression, _ g: Expression, _ x: String) throws(AlgebraError) -> Expression {
    let df = try f.derived(x)
    guard g.mentions(x) else {
      let lowered = raised(f, difference(g, one))
      return product(product(g, lowered), df)
    }
    let dg = try g.derived(x)
    let byExponent = product(product(f.power(g), call("log", f)), dg)
    if df.isZero { return byExponent }
    return sum(byExponent, product(product(g, raised(f, difference(g, one))), df))
  }

  private static func derivedCall(_ name: String, _ arguments: [Expression], _ x: String) throws(AlgebraError) -> Expression {
    if name == "clip", arguments.count == 3 { return try derivedClip(arguments[0], arguments[1], arguments[2], x) }
    guard DefaultFunctions.byName[name] != nil else { throw .noDerivative(function: name) }
    switch name {
    case "timestep", "int", "floor", "ceil", "sign": return zero
    default: break
    }
    guard arguments.count == 1, let outer = outerDerivative(name, arguments[0]) else { throw .noDerivative(function: name) }
    return product(outer, try arguments[0].derived(x))
  }

  /// `f'(u)` for a default function of one argument.
  private static func outerDerivative(_ name: String, _ u: Expression) -> Expression? {
    let two = integer(2)
    switch name {
    case "sin": return call("cos", u)
    case "cos": return negated(call("sin", u))
    case "tan": return one + call("tan", u).power(two)
    case "sinh": return call("cosh", u)
    case "cosh": return call("sinh", u)
    case "tanh": return one - call("tanh", u).power(two)
    case "exp", "expm1": return call("exp", u)
    case "log": return one / u
    case "log10": return one / (u * call("log", integer(10)))
    case "log1p": return one / (one + u)
    case "arcsin": return one / call("sqrt", one - u.power(two))
    case "arccos": return -(one / call("sqrt", one - u.power(two)))
    case "arctan": return one / (one + u.power(two))
    case "sqrt": return one / (two * call("sqrt", u))
    case "abs": return call("sign", u)
    case "exprel": return exprelDerivative(u)
    default: return nil
    }
  }

  /// `(exp(u) - exprel(u))/u`, which is 0/0 at 0; near 0 its series `1/2 + u/3` stands in. No branch may divide by 0,
  /// since both are computed for every element.
  private static func exprelDerivative(_ u: Expression) -> Expression {
    let isSmall = call("int", Expression(.binary(.less, call("abs", u), number(1e-5))))
    let direct = (call("exp", u) - call("exprel", u)) / (u + isSmall) * (one - isSmall)
    return direct + isSmall * (number(0.5) + u / integer(3))
  }

  /// Inside the limits the value follows its first argument, outside the limit that holds it.
  private static func derivedClip(_ u: Expression, _ low: Expression, _ high: Expression, _ x: String) throws(AlgebraError) -> Expression {
    func when(_ op: BinaryOperator, _ a: Expression, _ b: Expression) -> Expression { Expression(.binary(op, a, b)) }
    let isBelow = when(.less, u, low)
    let isAbove = when(.greater, u, high)
    let isInside = Expression(.binary(.and, when(.greaterOrEqual, u, low), when(.lessOrEqual, u, high)))
    let inside = product(try u.derived(x), call("int", isInside))
    let atLow = product(try low.derived(x), call("int", isBelow))
    let atHigh = product(try high.derived(x), call("int", isAbove))
    return sum(sum(inside, atLow), atHigh)
  }
}
