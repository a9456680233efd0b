internal import EngramExpressions

/// Differential equations ready for an integrator: `dx_i/dt = f_i + Σ_k g_ik · xi_k`.
///
/// Subexpressions are inserted (EQN-12) except those that are constant over the step. Calls of random functions are
/// drawn once per step, into temporaries, so that no integrator can double them (COD-10).
struct DifferentialSystem {
  var variables: [String]
  /// f_i, without refractoriness.
  var drift: [Expression]
  /// The noise variables that occur, in order of their names.
  var noise: [String]
  /// g_ik by noise name; only those that are not zero.
  var diffusion: [[String: Expression]]
  /// Which equations stand still while their neuron is refractory.
  var pausesWhenRefractory: [Bool]
  /// The draws that the right-hand sides refer to.
  var draws: [Statement]
  /// What the algebra may spend on these equations.
  let budget = AlgebraBudget()

  /// - Parameter names: the differential variables to integrate; all of them if nil.
  init(_ equations: Equations, names: Set<String>? = nil, context: IntegrationContext, method: String) throws(UnsupportedEquationsError) {
    if let error = equations.problem {
      throw UnsupportedEquationsError(method: method, .invalidEquations(error.description))
    }
    (variables, drift, noise, diffusion, pausesWhenRefractory, draws) = ([], [], [], [], [], [])
    var drawing = DrawBinder(context: context)
    for equation in equations.all where equation.kind == .differential && names?.contains(equation.name) != false {
      guard let substituted = equations.substitutedRightSide(of: equation.name) else {
        throw UnsupportedEquationsError(method: method, .tooLarge(variable: equation.name))
      }
      let rightSide = drawing.bind(substituted)
      variables.append(equation.name)
      pausesWhenRefractory.append(equation.flags.contains(.unlessRefractory) && context.hasRefractoriness)
      var rest = rightSide
      var factors: [String: Expression] = [:]
      for name in rightSide.variableNames.filter(Equations.isNoiseName).sorted() {
        guard let form = LinearForm.decompose(rest, in: name, budget: budget), !form.coefficient.variableNames.contains(where: Equations.isNoiseName) else {
          try budget.check(method: method, "the equation of '\(equation.name)'")
          throw UnsupportedEquationsError(method: method, .nonlinearNoise(variable: equation.name, noise: name))
        }
        rest = form.rest
        if !Polynomial(form.coefficient, budget: budget).isZero { factors[name] = form.coefficient }
      }
      drift.append(rest)
      diffusion.append(factors)
    }
    draws = drawing.statements
    try budget.check(method: method, "the noise of \(variables.map { "'\($0)'" }.joined(separator: ", "))")
    noise = Set(diffusion.flatMap(\.keys)).sorted()
  }

  var isStochastic: Bool { !noise.isEmpty }

  /// Each noise variable in one equation, one noise variable per equation.
  var isDiagonal: Bool { diagonalViolation == nil }

  var diagonalViolation: String? {
    for (variable, factors) in zip(variables, diffusion) where factors.count > 1 {
      return "the equation of '\(variable)' contains \(factors.keys.sorted().map { "'\($0)'" }.joined(separator: " and "))"
    }
    for name in noise {
      let users = zip(variables, diffusion).filter { $0.1[name] != nil }.map { "'\($0.0)'" }
      if users.count > 1 { return "the noise '\(name)' appears in the equations of \(users.joined(separator: " and "))" }
    }
    return nil
  }

  /// What makes the noise multiplicative (EQN-14): the first factor that depends on time or on a differential variable.
  func multiplicativeNoise(context: IntegrationContext) -> (variable: String, noise: String, because: String)? {
    for (variable, factors) in zip(variables, diffusion) {
      for name in factors.keys.sorted() {
        // Multiplied out, so that what cancels does not count.
        guard let written = factors[name] else { continue }
        let expanded = Polynomial(written, budget: budget).expression
        // Undecided, the worse is taken for true.
        let factor = budget.isExhausted ? written : expanded
        if let other = factor.variableNames.first(where: variables.contains) { return (variable, name, "'\(other)'") }
        if factor.varyingName(context: context, ignoring: []) == "t" { return (variable, name, "time") }
      }
    }
    return nil
  }

  /// f and g times `int(not_refractory)` where the equation is flagged (REF-6).
  func pausedWhenRefractory() -> DifferentialSystem {
    var result = self
    let factor = Expression.call("int", .name("not_refractory"))
    for index in variables.indices where pausesWhenRefractory[index] {
      result.drift[index] = factor * drift[index]
      result.diffusion[index] = diffusion[index].mapValues { factor * $0 }
    }
    return result
  }

  /// The temporary that holds √dt · randn for a noise variable: `_dW` for `xi`, `_dW_1` for `xi_1`.
  static func increment(of noise: String) -> String { "_dW" + noise.dropFirst(2) }

  var noiseStatements: [Statement] {
    noise.map { Statement(Self.increment(of: $0), .assign, Expression(.binary(.multiply, .call("sqrt", .name("dt")), .call("randn")))) }
  }

  /// Computes all new values, then writes them.
  func writing(_ newValues: [Expression]) -> [Statement] {
    let names = variables.map { "_next_\($0)" }
    return zip(names, newValues).map { Statement($0, .assign, $1) } + zip(variables, names).map { Statement($0, .assign, .name($1)) }
  }
}

/// Gives every call of a random function its own temporary.
private struct DrawBinder {
  let context: IntegrationContext
  var statements: [Statement] = []

  init(context: IntegrationContext) { self.context = context }

  mutating func bind(_ expression: Expression) -> Expression {
    var found: [Statement] = statements
    let result = expression.replacingParts { part in
      guard case .call(let function, _) = part.node, isRandom(function) else { return nil }
      let name = "_draw_\(found.count + 1)"
      found.append(Statement(name, .assign, part))
      return .name(name)
    }
    statements = found
    return result
  }

  private func isRandom(_ function: String) -> Bool {
    if let facts = context.functions(function) { return !facts.isStateless }
    return DefaultFunctions.statefulNames.contains(function)
  }
}

extension Expression {
  /// The first name whose value may change during a step; nil if the whole expression stays the same.
  ///
  /// `t` inside a locally constant function does not count (FUN-6).
  func varyingName(context: IntegrationContext, ignoring known: Set<String>) -> String? {
    switch node {
    case .float, .integer, .boolean: return nil
    case .name(let name):
      if known.contains(name) || name.hasPrefix("_") || name == "dt" { return nil }
      if name == "t" || name == "t_in_timesteps" { return "t" }
      if let facts = context.identifiers(name) { return facts.isConstantOverStep ? nil : name }
      return nil
    case .unary(_, let operand): return operand.varyingName(context: context, ignoring: known)
    case .binary(_, let left, let right):
      return left.varyingName(context: context, ignoring: known) ?? right.varyingName(context: context, ignoring: known)
    case .call(let function, let arguments):
      let isHeld = context.functions(function)?.isLocallyConstant == true
      for (index, argument) in arguments.enumerated() {
        if isHeld, index == 0, case .name("t") = argument.node { continue }
        if let name = argument.varyingName(context: context, ignoring: known) { return name }
      }
      return nil
    }
  }

  /// The first name, or call of a random function, whose value may differ between two steps of a run; nil if the value of
  /// the whole expression stays the same for each element.
  func nameThatMayChange(context: IntegrationContext) -> String? {
    switch node {
    case .float, .integer, .boolean: return nil
    case .name("dt"): return context.stepSeconds == nil ? "dt" : nil
    case .name(let name):
      if name == "t" || name == "t_in_timesteps" { return "t" }
      if name.hasPrefix("_") { return name }
      guard let facts = context.identifiers(name) else { return DefaultSymbols().symbol(name) == nil ? name : nil }
      return facts.isConstantOverRun ? nil : name
    case .call(let function, _) where context.functions(function).map { !$0.isStateless } ?? DefaultFunctions.statefulNames.contains(function):
      return function
    case .unary, .binary, .call:
      for part in children {
        if let name = part.nameThatMayChange(context: context) { return name }
      }
      return nil
    }
  }
}
