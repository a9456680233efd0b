internal import EngramExpressions

/// Exponential Euler: every equation `x' = A x + B` is solved as if A and B stood still for one step (STU-6). A and B may
/// contain x itself inside of functions and denominators, as in `m_inf(v)`: those stand still too.
///
/// Written as `x + dt·exprel(A·dt)·(A x + B)`, which equals `(x + B/A)·e^{A·dt} − B/A` but stays right when A is zero for
/// some neurons (a conductance that nobody has opened yet), keeps a resting value exactly, and needs no division.
///
/// - SeeAlso: MacGregor (1987), "Neural and Brain Modeling", section 14.C.
struct ExponentialEulerIntegrator: StateUpdateMethod {
  let name = "exponential_euler"

  func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate {
    let original = try DifferentialSystem(equations, context: context, method: name)
    if original.isStochastic { throw UnsupportedEquationsError(method: name, .stochastic) }
    let system = original.pausedWhenRefractory()
    let dt = Expression.name("dt")
    var newValues: [Expression] = []
    for (variable, rightSide) in zip(system.variables, system.drift) {
      let form = LinearForm.decompose(rightSide, in: variable, freezing: true, budget: system.budget)
      try system.budget.check(method: name, "the equation of '\(variable)'")
      guard let form, !(form.coefficient.isZero && form.rest.mentions(variable)) else {
        throw UnsupportedEquationsError(method: name, .nonlinear(variable: variable, in: variable, expression: LinearSystem.shown(rightSide)))
      }
      let x = Expression.name(variable)
      if Polynomial(form.coefficient, budget: system.budget).isZero {
        newValues.append(x + dt * form.rest)
      } else if Polynomial(form.rest, budget: system.budget).isZero {
        newValues.append(x * .call("exp", form.coefficient * dt))
      } else {
        newValues.append(x + dt * .call("exprel", form.coefficient * dt) * rightSide)
      }
    }
    try system.budget.check(method: name, "the system of \(UnsupportedEquationsError.list(system.variables))")
    return StateUpdate(statements: system.draws + system.writing(newValues), methodName: name)
  }
}
