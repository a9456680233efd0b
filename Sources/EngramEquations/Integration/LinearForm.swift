internal import EngramExpressions

/// `coefficient · x + rest`, found in the tree of an expression so that the user's own grouping survives.
///
/// `((ge + gi) - (v - El)) / taum` is in `v`: coefficient `-1/taum`, rest `(ge + gi + El) / taum`.
struct LinearForm {
  var coefficient: Expression
  var rest: Expression

  /// Nil when the tree is not linear in `name` as it is written.
  ///
  /// - Parameter freezing: take the name inside of functions and denominators as if it stood still: `m(v)³·(v − E)` is
  ///   then linear in `v`, which is what exponential Euler needs ("conditionally linear").
  init?(_ expression: Expression, in name: String, freezing: Bool = false, budget: AlgebraBudget) {
    guard budget.spend(Int(expression.size)) else { return nil }
    guard expression.mentions(name) else {
      (coefficient, rest) = (.zero, expression)
      return
    }
    switch expression.node {
    case .name: (coefficient, rest) = (.one, .zero)
    case .unary(.minus, let operand):
      guard let inner = LinearForm(operand, in: name, freezing: freezing, budget: budget) else { return nil }
      (coefficient, rest) = (-inner.coefficient, -inner.rest)
    case .unary(.plus, let operand):
      guard let inner = LinearForm(operand, in: name, freezing: freezing, budget: budget) else { return nil }
      self = inner
    case .binary(.add, let left, let right):
      guard let left = LinearForm(left, in: name, freezing: freezing, budget: budget),
        let right = LinearForm(right, in: name, freezing: freezing, budget: budget)
      else { return nil }
      (coefficient, rest) = (left.coefficient + right.coefficient, left.rest + right.rest)
    case .binary(.subtract, let left, let right):
      guard let left = LinearForm(left, in: name, freezing: freezing, budget: budget),
        let right = LinearForm(right, in: name, freezing: freezing, budget: budget)
      else { return nil }
      (coefficient, rest) = (left.coefficient - right.coefficient, left.rest - right.rest)
    case .binary(.multiply, let left, let right):
      guard let a = LinearForm(left, in: name, freezing: freezing, budget: budget), let b = LinearForm(right, in: name, freezing: freezing, budget: budget)
      else { return nil }
      guard a.coefficient.isZero || b.coefficient.isZero else { return nil }
      if b.coefficient.isZero {
        (coefficient, rest) = (a.coefficient * right, a.rest * right)
      } else {
        (coefficient, rest) = (left * b.coefficient, left * b.rest)
      }
    case .binary(.divide, let left, let right):
      guard freezing || !right.mentions(name), let left = LinearForm(left, in: name, freezing: freezing, budget: budget) else { return nil }
      (coefficient, rest) = (left.coefficient / right, left.rest / right)
    case .binary(.power, let base, let exponent):
      guard let inner = LinearForm(base, in: name, freezing: freezing, budget: budget) else { return nil }
      if exponent.isOne {
        self = inner
      } else {
        guard freezing, inner.coefficient.isZero else { return nil }
        (coefficient, rest) = (.zero, expression)
      }
    case .call:
      guard freezing else { return nil }
      (coefficient, rest) = (.zero, expression)
    case .unary, .binary, .float, .integer, .boolean: return nil
    }
  }

  /// The same, with a second try on the multiplied-out form when the tree is only linear after cancellation.
  static func decompose(_ expression: Expression, in name: String, freezing: Bool = false, budget: AlgebraBudget) -> LinearForm? {
    if let direct = LinearForm(expression, in: name, freezing: freezing, budget: budget) { return direct }
    var polynomial = Polynomial(expression, budget: budget)
    polynomial.clearZeros()
    if budget.isExhausted { return nil }
    return LinearForm(polynomial.expression, in: name, freezing: freezing, budget: budget)
  }
}

/// The same for many names in one walk: `Σ coefficient · x + rest`.
struct LinearForms {
  /// Without those that are literally zero.
  private(set) var coefficients: [String: Expression] = [:]
  private(set) var rest: Expression

  /// Nil when the tree is not linear in these names together as it is written.
  init?(_ expression: Expression, in names: Set<String>) {
    rest = .zero
    switch expression.node {
    case .float, .integer, .boolean: rest = expression
    case .name(let name): if names.contains(name) { coefficients[name] = .one } else { rest = expression }
    case .unary(.minus, let operand):
      guard let inner = LinearForms(operand, in: names) else { return nil }
      self = inner.isConstant ? LinearForms(rest: expression) : inner.mapped { -$0 }
    case .unary(.plus, let operand):
      guard let inner = LinearForms(operand, in: names) else { return nil }
      self = inner.isConstant ? LinearForms(rest: expression) : inner
    case .binary(let op, let left, let right):
      guard var a = LinearForms(left, in: names), let b = LinearForms(right, in: names) else { return nil }
      if a.isConstant, b.isConstant {
        rest = expression
        return
      }
      switch op {
      case .add:
        a.combine(with: b) { $0 + $1 }
        self = a
      case .subtract:
        a.combine(with: b) { $0 - $1 }
        self = a
      case .multiply where b.isConstant: self = a.mapped { $0 * right }
      case .multiply where a.isConstant: self = b.mapped { left * $0 }
      case .divide where b.isConstant: self = a.mapped { $0 / right }
      case .power where right.isOne: self = a
      case .multiply, .divide, .power, .floorDivide, .modulo, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or:
        return nil
      }
    case .unary, .call:
      guard !expression.mentions(names) else { return nil }
      rest = expression
    }
  }

  private init(rest: Expression) { self.rest = rest }

  private var isConstant: Bool { coefficients.isEmpty }

  private func mapped(_ change: (Expression) -> Expression) -> LinearForms {
    var result = LinearForms(rest: change(rest))
    result.coefficients = coefficients.mapValues(change)
    return result
  }

  private mutating func combine(with other: LinearForms, _ operation: (Expression, Expression) -> Expression) {
    rest = operation(rest, other.rest)
    for (name, coefficient) in other.coefficients { coefficients[name] = operation(coefficients[name] ?? .zero, coefficient) }
  }
}

extension Expression {
  /// Every name used as a variable, in order of first occurrence.
  var variableNames: [String] {
    var names: [String] = []
    var seen: Set<String> = []
    forEach { if case .name(let name) = $0.node, seen.insert(name).inserted { names.append(name) } }
    return names
  }

  /// The tree with parts replaced: `body` gives the replacement of a part, or nil to look inside it.
  func replacingParts(_ body: (Expression) -> Expression?) -> Expression {
    if let replacement = body(self) { return replacement }
    switch node {
    case .unary(let op, let operand): return Expression(.unary(op, operand.replacingParts(body)), span: span)
    case .binary(let op, let left, let right):
      return Expression(.binary(op, left.replacingParts(body), right.replacingParts(body)), span: span)
    case .call(let function, let arguments): return Expression(.call(function, arguments.map { $0.replacingParts(body) }), span: span)
    case .name, .float, .integer, .boolean: return self
    }
  }

  func replacingNames(_ values: [String: Expression]) -> Expression {
    replacingParts { part in
      if case .name(let name) = part.node { values[name] ?? part } else { nil }
    }
  }
}
