/// A formula written as `Σ coefficient·variable + rest`, where neither coefficients nor rest hold any of the variables.
public struct LinearForm: Hashable, Sendable {
  /// Only variables that occur; never the number 0.
  public var coefficients: [String: Expression]
  public var rest: Expression

  public init(coefficients: [String: Expression] = [:], rest: Expression = .zero) {
    self.coefficients = coefficients
    self.rest = rest
  }

  /// The coefficient of a variable, 0 if it does not occur.
  public subscript(name: String) -> Expression { coefficients[name] ?? .zero }

  public var isConstant: Bool { coefficients.isEmpty }
}

extension Expression {
  /// The formula as a linear form in some variables, or nil if it is none (or grows beyond the limits of a tree).
  ///
  /// Products of sums, nested parentheses, divisions by anything free of the variables, whole powers and terms that cancel
  /// are seen through. Functions of the variables are not linear.
  ///
  /// - Complexity: O(size · variables); coefficients share their branches with this tree.
  public func linearDecomposition(in variables: Set<String>) -> LinearForm? {
    guard let form = linearForm(variables) else { return nil }
    guard form.rest.isWithinLimits, form.coefficients.values.allSatisfy(\.isWithinLimits) else { return nil }
    return form
  }

  public func linearDecomposition(in variables: [String]) -> LinearForm? { linearDecomposition(in: Set(variables)) }

  /// Linear in this one variable, whatever it is in others: what exponential Euler asks of an equation.
  public func isConditionallyLinear(in variable: String) -> Bool { linearDecomposition(in: [variable] as Set) != nil }

  private func linearForm(_ variables: Set<String>) -> LinearForm? {
    guard mentions(variables) else { return LinearForm(rest: self) }
    switch node {
    case .float, .integer, .boolean: return LinearForm(rest: self)
    case .name(let name): return LinearForm(coefficients: [name: .one])
    case .unary(.plus, let operand): return operand.linearForm(variables)
    case .unary(.minus, let operand): return operand.linearForm(variables)?.map(Expression.negated)
    case .unary(.not, _), .call: return nil
    case .binary(let op, let lhs, let rhs):
      switch op {
      case .add, .subtract:
        guard let a = lhs.linearForm(variables), let b = rhs.linearForm(variables) else { return nil }
        return a.combined(with: b, subtracting: op == .subtract)
      case .multiply:
        guard let a = lhs.linearForm(variables), let b = rhs.linearForm(variables) else { return nil }
        if a.isConstant { return b.map { .product(a.rest, $0) } }
        if b.isConstant { return a.map { .product($0, b.rest) } }
        return nil
      case .divide:
        guard let a = lhs.linearForm(variables), let b = rhs.linearForm(variables), b.isConstant else { return nil }
        return a.map { .quotient($0, b.rest) }
      case .power: return linearPower(lhs, rhs, variables)
      case .floorDivide, .modulo, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or: return nil
      }
    }
  }

  private func linearPower(_ base: Expression, _ exponent: Expression, _ variables: Set<String>) -> LinearForm? {
    guard let power = exponent.evaluate() else {
      // The variables may cancel inside.
      guard let a = base.linearForm(variables), let b = exponent.linearForm(variables), a.isConstant, b.isConstant else { return nil }
      return LinearForm(rest: a.rest.power(b.rest))
    }
    if power == 0 { return LinearForm(rest: .one) }
    guard let form = base.linearForm(variables) else { return nil }
    if power == 1 { return form }
    return form.isConstant ? LinearForm(rest: form.rest.power(exponent)) : nil
  }
}

extension LinearForm {
  func map(_ transform: (Expression) -> Expression) -> LinearForm {
    LinearForm(coefficients: coefficients.mapValues(transform).filter { !$0.value.isZero }, rest: transform(rest))
  }

  func combined(with other: LinearForm, subtracting: Bool) -> LinearForm {
    var result = self
    let join = subtracting ? Expression.difference : Expression.sum
    for (name, coefficient) in other.coefficients {
      let joined = join(result[name], coefficient)
      result.coefficients[name] = joined.isZero ? nil : joined
    }
    result.rest = join(rest, other.rest)
    return result
  }
}
