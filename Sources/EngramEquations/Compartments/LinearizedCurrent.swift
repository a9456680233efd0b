internal import EngramExpressions

/// A current through the membrane as `rest - conductance·v`, exact at the present potential (SPA-3).
///
/// What is linear in `v` as it is written is taken apart, term by term; of anything else the tangent at the present potential is taken. So a
/// current `g*(E - v)` has the rest `g*E`, without a difference of large numbers.
struct LinearizedCurrent {
  /// `-dI/dv`.
  private(set) var conductance: Expression
  /// `I - v·dI/dv`.
  private(set) var rest: Expression

  /// Nil where the derivative of a function is not known.
  init?(_ current: Expression) {
    switch current.node {
    case .binary(.add, let left, let right):
      guard let a = LinearizedCurrent(left), let b = LinearizedCurrent(right) else { return nil }
      (conductance, rest) = (a.conductance + b.conductance, a.rest + b.rest)
    case .binary(.subtract, let left, let right):
      guard let a = LinearizedCurrent(left), let b = LinearizedCurrent(right) else { return nil }
      (conductance, rest) = (a.conductance - b.conductance, a.rest - b.rest)
    case .unary(.minus, let operand):
      guard let inner = LinearizedCurrent(operand) else { return nil }
      (conductance, rest) = (-inner.conductance, -inner.rest)
    case .unary(.plus, let operand):
      guard let inner = LinearizedCurrent(operand) else { return nil }
      self = inner
    case .float, .integer, .boolean, .name, .unary, .binary, .call:
      if let form = LinearForm(current, in: "v", budget: AlgebraBudget()) {
        (conductance, rest) = (-form.coefficient, form.rest)
      } else if let slope = current.derivative(by: "v") {
        (conductance, rest) = (-slope, current - slope * .name("v"))
      } else {
        return nil
      }
    }
  }
}
