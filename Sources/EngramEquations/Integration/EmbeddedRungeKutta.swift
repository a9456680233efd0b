internal import EngramExpressions

/// Runge–Kutta methods with an estimate of the error, which choose the length of their steps (STU-1).
struct EmbeddedRungeKutta: StateUpdateMethod {
  let name: String
  /// Coefficients of the stages, weights of the solution, and weights of the one that it is compared with.
  private let stages: [[Double]]
  private let weights: [Double]
  private let otherWeights: [Double]
  private let order: Int

  let optionNames = ["absolute_error", "relative_error", "max_steps"]

  /// Fehlberg (1969), NASA TR R-315, order 4 with 5.
  static let rkf45 = EmbeddedRungeKutta(
    name: "rkf45",
    stages: [
      [], [1.0 / 4], [3.0 / 32, 9.0 / 32], [1932.0 / 2197, -7200.0 / 2197, 7296.0 / 2197], [439.0 / 216, -8, 3680.0 / 513, -845.0 / 4104],
      [-8.0 / 27, 2, -3544.0 / 2565, 1859.0 / 4104, -11.0 / 40],
    ], weights: [16.0 / 135, 0, 6656.0 / 12825, 28561.0 / 56430, -9.0 / 50, 2.0 / 55],
    otherWeights: [25.0 / 216, 0, 1408.0 / 2565, 2197.0 / 4104, -1.0 / 5, 0], order: 4)
  /// Cash & Karp (1990), doi:10.1145/79505.79507, order 5 with 4.
  static let rkck = EmbeddedRungeKutta(
    name: "rkck",
    stages: [
      [], [1.0 / 5], [3.0 / 40, 9.0 / 40], [3.0 / 10, -9.0 / 10, 6.0 / 5], [-11.0 / 54, 5.0 / 2, -70.0 / 27, 35.0 / 27],
      [1631.0 / 55296, 175.0 / 512, 575.0 / 13824, 44275.0 / 110592, 253.0 / 4096],
    ], weights: [37.0 / 378, 0, 250.0 / 621, 125.0 / 594, 0, 512.0 / 1771],
    otherWeights: [2825.0 / 27648, 0, 18575.0 / 48384, 13525.0 / 55296, 277.0 / 14336, 1.0 / 4], order: 4)
  /// Bogacki & Shampine (1989), doi:10.1016/0893-9659(89)90079-7, order 3 with 2.
  static let rk23 = EmbeddedRungeKutta(
    name: "rk23", stages: [[], [1.0 / 2], [0, 3.0 / 4], [2.0 / 9, 1.0 / 3, 4.0 / 9]], weights: [2.0 / 9, 1.0 / 3, 4.0 / 9, 0],
    otherWeights: [7.0 / 24, 1.0 / 4, 1.0 / 3, 1.0 / 8], order: 2)
  /// Dormand & Prince (1980), doi:10.1016/0771-050X(80)90013-3, order 5 with 4.
  static let rkdp = EmbeddedRungeKutta(
    name: "rkdp",
    stages: [
      [], [1.0 / 5], [3.0 / 40, 9.0 / 40], [44.0 / 45, -56.0 / 15, 32.0 / 9],
      [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729], [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
      [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ], weights: [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0],
    otherWeights: [5179.0 / 57600, 0, 7571.0 / 16695, 393.0 / 640, -92097.0 / 339200, 187.0 / 2100, 1.0 / 40], order: 4)

  func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate {
    let original = try DifferentialSystem(equations, context: context, method: name)
    if original.isStochastic || !original.draws.isEmpty { throw UnsupportedEquationsError(method: name, .stochastic) }
    let system = original.pausedWhenRefractory()
    let (trial, elapsed) = (Expression.name(AdaptiveStep.trial), Expression.name(AdaptiveStep.elapsed))
    var statements: [Statement] = []
    for (stage, coefficients) in stages.enumerated() {
      // Where in the trial a stage looks.
      let place = coefficients.reduce(0, +)
      var names: [String: Expression] = ["t": Expression.name("t") + elapsed + (stage == 0 ? Expression.zero : Expression.number(place) * trial)]
      for variable in system.variables where stage > 0 {
        let sum = Expression.sum(coefficients.enumerated().map { Expression.number($1) * Expression.name("_k\($0)_\(variable)") })
        statements.append(Statement("_y\(stage)_\(variable)", .assign, Expression.name(variable) + trial * sum))
        names[variable] = .name("_y\(stage)_\(variable)")
      }
      for (variable, drift) in zip(system.variables, system.drift) {
        statements.append(Statement("_k\(stage)_\(variable)", .assign, drift.replacingNames(names)))
      }
    }
    for variable in system.variables {
      func sum(_ weights: [Double]) -> Expression { .sum(weights.enumerated().map { Expression.number($1) * Expression.name("_k\($0)_\(variable)") }) }
      statements.append(Statement(AdaptiveStep.newValue(variable), .assign, Expression.name(variable) + trial * sum(weights)))
      statements.append(Statement(AdaptiveStep.error(variable), .assign, trial * sum(zip(weights, otherWeights).map { $0 - $1 })))
    }
    guard statements.allSatisfy(\.value.isWithinLimits) else {
      throw UnsupportedEquationsError(method: name, .tooLarge(variable: system.variables.first ?? ""))
    }
    var update = StateUpdate(statements: statements, methodName: name)
    update.adaptive = AdaptiveStep(
      variables: system.variables, order: order, absoluteError: try positive("absolute_error", 1e-12, options),
      relativeError: try positive("relative_error", 1e-6, options), maximumTrials: Int(try positive("max_steps", 100_000, options)))
    return update
  }

  private func positive(_ key: String, _ standard: Double, _ options: MethodOptions) throws(UnsupportedEquationsError) -> Double {
    let number: Double
    switch options.values[key] {
    case nil: return standard
    case .real(let value)?: number = value
    case .integer(let value)?: number = Double(value)
    case .boolean(let value)?: throw UnsupportedEquationsError(method: name, .wrongOption(key, expected: "a number", found: "\(value)"))
    case .text(let value)?: throw UnsupportedEquationsError(method: name, .wrongOption(key, expected: "a number", found: "'\(value)'"))
    }
    guard number > 0, number <= 1e9 else { throw UnsupportedEquationsError(method: name, .wrongOption(key, expected: "a number above 0", found: "\(number)")) }
    return number
  }
}
