internal import EngramExpressions

extension Expression {
  /// The derivative with respect to a name; nil where a function has none that is known.
  ///
  /// What jumps (comparisons, `int`, `floor`, `sign`) has the derivative 0 between its jumps.
  func derivative(by name: String) -> Expression? {
    if !mentions(name) { return .zero }
    switch node {
    case .float, .integer, .boolean: return .zero
    case .name(let own): return own == name ? .one : .zero
    case .unary(.minus, let operand): return operand.derivative(by: name).map { -$0 }
    case .unary(.plus, let operand): return operand.derivative(by: name)
    case .unary(.not, _): return .zero
    case .binary(let op, let left, let right): return Self.derivative(op, left, right, by: name)
    case .call(let function, let arguments): return Self.derivative(function, arguments, by: name)
    }
  }

  private static func derivative(_ op: BinaryOperator, _ left: Expression, _ right: Expression, by name: String) -> Expression? {
    switch op {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or, .floorDivide: return .zero
    case .modulo: return left.derivative(by: name)
    case .add, .subtract, .multiply, .divide, .power: break
    }
    guard let inLeft = left.derivative(by: name), let inRight = right.derivative(by: name) else { return nil }
    switch op {
    case .add: return inLeft + inRight
    case .subtract: return inLeft - inRight
    case .multiply: return inLeft * right + left * inRight
    case .divide:
      // a/b: a'/b - a·b'/b²
      return inLeft / right - left * inRight / (right * right)
    default: return power(left, right, inLeft, inRight)
    }
  }

  private static func power(_ base: Expression, _ exponent: Expression, _ inBase: Expression, _ inExponent: Expression) -> Expression {
    let whole = Expression(.binary(.power, base, exponent))
    // d(a**n) = n·a**(n-1)·a'; the exponent may be a name with a value.
    let lower = exponent.literal.map { Expression.number($0 - 1) } ?? exponent - Expression.one
    let lowered = lower.isZero ? Expression.one : lower.isOne ? base : Expression(.binary(.power, base, lower))
    let ofBase = inBase.isZero ? Expression.zero : exponent * lowered * inBase
    return inExponent.isZero ? ofBase : ofBase + whole * Expression.call("log", base) * inExponent
  }

  private static func derivative(_ function: String, _ arguments: [Expression], by name: String) -> Expression? {
    guard let x = arguments.first else { return .zero }
    switch function {
    case "int", "floor", "ceil", "sign", "timestep", "rand", "randn", "poisson": return .zero
    case "clip":
      guard arguments.count == 3, let inner = x.derivative(by: name), let low = arguments[1].derivative(by: name),
        let high = arguments[2].derivative(by: name)
      else { return nil }
      func flag(_ op: BinaryOperator, _ bound: Expression) -> Expression { .call("int", Expression(.binary(op, x, bound))) }
      let inside = flag(.greaterOrEqual, arguments[1]) * flag(.lessOrEqual, arguments[2])
      return inside * inner + flag(.less, arguments[1]) * low + flag(.greater, arguments[2]) * high
    default: break
    }
    guard arguments.count == 1, let inner = x.derivative(by: name), let outer = outerDerivative(function, x) else { return nil }
    return outer * inner
  }

  private static func outerDerivative(_ function: String, _ x: Expression) -> Expression? {
    func square(_ value: Expression) -> Expression { value * value }
    switch function {
    case "exp": return .call("exp", x)
    case "expm1": return .call("exp", x)
    case "log": return Expression.one / x
    case "log10": return Expression.number(0.4342944819032518) / x
    case "log1p": return Expression.one / (Expression.one + x)
    case "sqrt": return Expression.number(0.5) / Expression.call("sqrt", x)
    case "sin": return .call("cos", x)
    case "cos": return -Expression.call("sin", x)
    case "tan": return Expression.one + square(Expression.call("tan", x))
    case "sinh": return .call("cosh", x)
    case "cosh": return .call("sinh", x)
    case "tanh": return Expression.one - square(Expression.call("tanh", x))
    case "arcsin": return Expression.one / Expression.call("sqrt", Expression.one - square(x))
    case "arccos": return -(Expression.one / Expression.call("sqrt", Expression.one - square(x)))
    case "arctan": return Expression.one / (Expression.one + square(x))
    case "abs": return .call("sign", x)
    // (e^x·(x - 1) + 1)/x², which loses digits near 0, is exprel(x) - exprel'(x) rewritten: ∫₀¹ s·e^(s·x) ds by Simpson's rule on 4 pieces.
    case "exprel":
      let terms: [(Double, Double)] = [(0.25, 4), (0.5, 2), (0.75, 4), (1, 1)]
      return Expression.sum(terms.map { place, weight in Expression.number(weight * place / 12) * Expression.call("exp", Expression.number(place) * x) })
    default: return nil
    }
  }
}
