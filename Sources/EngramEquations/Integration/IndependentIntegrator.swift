internal import EngramExpressions

/// Solves every equation on its own, in closed form (STU-15). Kept for old scripts; `exact` does all it does.
struct IndependentIntegrator: StateUpdateMethod {
  let name = "independent"

  func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate {
    let system = try DifferentialSystem(equations, context: context, method: name)
    if system.isStochastic { throw UnsupportedEquationsError(method: name, .stochastic) }
    for (variable, rightSide) in zip(system.variables, system.drift) {
      if let other = rightSide.variableNames.first(where: { $0 != variable && system.variables.contains($0) }) {
        throw UnsupportedEquationsError(method: name, .coupled(variable: variable, with: other))
      }
    }
    do throws(UnsupportedEquationsError) {
      var update = try ExactIntegrator().update(for: equations, context: context, options: options)
      update.methodName = name
      update.warning = "the method 'independent' is deprecated: use 'exact', which solves the same equations and coupled ones"
      return update
    } catch {
      throw UnsupportedEquationsError(method: name, error.reason)
    }
  }
}
