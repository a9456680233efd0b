internal import EngramExpressions

/// The solution of `x' = M x + b` over one step: `x ← e^{M·dt} x + ∫₀^dt e^{M·s} ds · b` (STU-5).
///
/// No inverse of M appears, so that singular systems and coefficients that are zero for some neurons come out right. The
/// elements of both matrices are formulas wherever there are closed forms: chains of any length without circles
/// (``DividedDifferences``) and isolated pairs, oscillating or not. Other systems are solved numerically at preparation
/// (``PreparedMatrix``) if all coefficients are known then and stay the same for the run, for all elements or for each; the
/// result is used only after it has passed a check.
struct ExactIntegrator: StateUpdateMethod {
  let name = "exact"
  let optionNames = ["simplify"]
  /// Refuse singular and oscillating systems as the reference does, so that automatic choices agree (STU-4).
  var followsReferenceRules = false

  func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate {
    // Our formulas are always simplified; the option is accepted for the sake of existing scripts.
    _ = try options.boolean("simplify", default: true, method: name)
    let system = try DifferentialSystem(equations, context: context, method: name)
    return try update(system, equations: equations, context: context, step: .name("dt"))
  }

  /// Advances the event-driven equations to the present (SYN-50): the same over `t - lastupdate`.
  func eventDrivenUpdate(for equations: Equations, names: Set<String>, context: IntegrationContext) throws(UnsupportedEquationsError) -> StateUpdate {
    var context = context
    context.stepSeconds = nil
    let system = try DifferentialSystem(equations, names: names, context: context, method: name)
    let elapsed = Statement("_elapsed", .assign, Expression(.binary(.subtract, .name("t"), .name("lastupdate"))))
    var update = try update(system, equations: equations, context: context, step: .name("_elapsed"))
    if !update.statements.isEmpty { update.statements.insert(elapsed, at: 0) }
    return update
  }

  private func update(
    _ system: DifferentialSystem, equations: Equations, context: IntegrationContext, step: Expression
  ) throws(UnsupportedEquationsError) -> StateUpdate {
    if system.variables.isEmpty { return StateUpdate(statements: [], methodName: name) }
    let linear = try LinearSystem(system, context: context, method: name)
    if followsReferenceRules {
      let refusal = refusalOfReference(linear, context: context)
      try system.budget.check(method: name, "the system of \(UnsupportedEquationsError.list(system.variables))")
      if let refusal { throw UnsupportedEquationsError(method: name, refusal) }
    }
    var solver = LinearSolver(equations: equations, context: context, step: step, budget: system.budget)
    var newValues = try solver.newValues(of: linear)
    if system.pausesWhenRefractory.contains(true) {
      newValues = try pausing(system, linear, active: newValues, solver: &solver)
    }
    try system.budget.check(method: name, "the solution of \(UnsupportedEquationsError.list(system.variables))")
    var update = StateUpdate(statements: system.draws + solver.formulas.statements + system.writing(newValues), methodName: name)
    update.matrices = solver.matrices
    return update
  }

  /// Two solutions, one with and one without the paused equations, chosen per neuron. `int(not_refractory)` is 0 or 1, so
  /// that the sum is one of them to the bit, and the coefficients of both stay the same for all neurons.
  private func pausing(
    _ system: DifferentialSystem, _ linear: LinearSystem, active: [Expression], solver: inout LinearSolver
  ) throws(UnsupportedEquationsError) -> [Expression] {
    let influence = linear.influence
    func isAffected(_ row: Int) -> Bool { system.variables.indices.contains { system.pausesWhenRefractory[$0] && influence[row][$0] } }
    let others = system.variables.indices.filter { !system.pausesWhenRefractory[$0] && isAffected($0) }
    let held = others.isEmpty ? [] : try solver.newValues(of: linear.holding(system.pausesWhenRefractory))
    let isActive = Expression.call("int", .name("not_refractory"))
    return system.variables.indices.map { row in
      guard isAffected(row) else { return active[row] }
      let resting = system.pausesWhenRefractory[row] ? Expression.name(system.variables[row]) : held[row]
      return isActive * active[row] + (.one - isActive) * resting
    }
  }

  /// Why the reference would not integrate such a system exactly, if so.
  private func refusalOfReference(_ linear: LinearSystem, context: IntegrationContext) -> UnsupportedEquationsError.Reason? {
    if linear.isSingular { return .singular }
    let values = CoefficientValues(context: context)
    for circle in linear.circles where circle.count > 1 {
      let decays = circle.count == 2 ? !pairOscillates(linear, circle, values) : hasRealRatesByStructure(linear, circle, values)
      if !decays { return .oscillating }
    }
    return nil
  }

  private func pairOscillates(_ linear: LinearSystem, _ pair: [Int], _ values: CoefficientValues) -> Bool {
    let discriminant = linear.discriminant(of: pair)
    if let value = values.value(of: discriminant) { return value < 0 }
    return Polynomial(discriminant, budget: linear.budget).isNegativeByStructure
  }

  /// Circles of three or more have real rates for certain if they are symmetric up to scaling: couplings only between
  /// neighbours of a tree (such as compartments), both ways with the same sign.
  private func hasRealRatesByStructure(_ linear: LinearSystem, _ circle: [Int], _ values: CoefficientValues) -> Bool {
    var edges = 0
    for (position, row) in circle.enumerated() {
      for column in circle[(position + 1)...] where linear.couples(row, column) || linear.couples(column, row) {
        edges += 1
        let product = linear.matrix[row][column] * linear.matrix[column][row]
        guard let value = values.value(of: product) else {
          if !Polynomial(product, budget: linear.budget).scaled(by: -1).isNegativeByStructure { return false }
          continue
        }
        if value <= 0 { return false }
      }
    }
    return edges == circle.count - 1
  }
}

extension LinearSystem {
  /// ((a − d)/2)² + b·c of two variables: negative if they oscillate.
  func discriminant(of pair: [Int]) -> Expression {
    let (i, j) = (pair[0], pair[1])
    let half = (matrix[i][i] - matrix[j][j]) / .whole(2)
    return half * half + matrix[i][j] * matrix[j][i]
  }
}

extension Polynomial {
  /// Whether every term is a negative number times squares.
  var isNegativeByStructure: Bool {
    !terms.isEmpty
      && terms.allSatisfy { monomial, coefficient in
        coefficient < 0 && monomial.allSatisfy { $0.power.remainder(dividingBy: 2) == 0 }
      }
  }
}
