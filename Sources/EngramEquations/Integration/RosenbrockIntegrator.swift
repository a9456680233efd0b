internal import EngramExpressions

/// Rosenbrock method of order 3 with 4 stages for stiff equations, stable however fast something decays (L-stable): RODAS3.
///
/// Each stage solves a linear system with the matrix `I/(γ·dt) − J`, where J are the derivatives of the equations, found by algebra. The
/// step is that of the clock.
///
/// - SeeAlso: Sandu et al. (1997), Benchmarking stiff ODE solvers for atmospheric chemistry problems II: Rosenbrock solvers,
///   doi:10.1016/S1352-2310(97)83212-8.
struct RosenbrockIntegrator: StateUpdateMethod {
  let name = "rosenbrock"

  /// Larger systems make code that is too long.
  private static let variableLimit = 24
  private static let gamma = 0.5
  /// What of earlier stages is added to the values, and to the right-hand sides, of a stage.
  private static let values: [[Double]] = [[], [0], [2, 0], [2, 0, 1]]
  private static let sides: [[Double]] = [[], [4], [1, -1], [1, -1, -8.0 / 3]]
  private static let weights: [Double] = [2, 0, 1, 1]
  /// Where in the step a stage looks, and how much of the derivative by time it takes.
  private static let places: [Double] = [0, 0, 1, 1]
  private static let timeWeights: [Double] = [0.5, 1.5, 0, 0]

  func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate {
    let original = try DifferentialSystem(equations, context: context, method: name)
    if original.isStochastic { throw UnsupportedEquationsError(method: name, .stochastic) }
    guard original.variables.count <= Self.variableLimit else { throw UnsupportedEquationsError(method: name, .tooMany(original.variables)) }
    let system = original.pausedWhenRefractory()
    let (jacobian, byTime) = try derivatives(of: system, context: context)
    let count = system.variables.count
    let dt = Expression.name("dt")
    var statements: [Statement] = system.draws
    func named(_ name: String, _ value: Expression) -> Expression {
      if value.literal != nil || value.size == 1 { return value }
      statements.append(Statement(name, .assign, value))
      return .name(name)
    }
    // The matrix, factorised once for all stages. No rows are exchanged: 1/(γ·dt) on the diagonal keeps it regular.
    var matrix: [[Expression]] = (0..<count).map { row in
      (0..<count).map { column in
        let diagonal = row == column ? Expression.number(1 / Self.gamma) / dt : Expression.zero
        return named("_m_\(row)_\(column)", diagonal - jacobian[row][column])
      }
    }
    for pivot in 0..<count {
      for row in (pivot + 1)..<max(count, pivot + 1) where !matrix[row][pivot].isZero {
        let factor = named("_l_\(row)_\(pivot)", matrix[row][pivot] / matrix[pivot][pivot])
        matrix[row][pivot] = factor
        for column in (pivot + 1)..<count where !matrix[pivot][column].isZero {
          matrix[row][column] = named("_u_\(row)_\(column)_\(pivot)", matrix[row][column] - factor * matrix[pivot][column])
        }
      }
    }
    var stages: [[Expression]] = []
    for stage in 0..<Self.weights.count {
      var names: [String: Expression] = [:]
      for (place, variable) in system.variables.enumerated() where Self.values[stage].contains(where: { $0 != 0 }) {
        let sum = Expression.sum(zip(Self.values[stage], stages).map { Expression.number($0) * $1[place] })
        names[variable] = named("_y\(stage)_\(variable)", Expression.name(variable) + sum)
      }
      if Self.places[stage] != 0 { names["t"] = Expression.name("t") + Expression.number(Self.places[stage]) * dt }
      var side: [Expression] = []
      for place in 0..<count {
        let function = system.drift[place].replacingNames(names)
        let earlier = Expression.sum(zip(Self.sides[stage], stages).map { (Expression.number($0) / dt) * $1[place] })
        side.append(function + earlier + Expression.number(Self.timeWeights[stage]) * dt * byTime[place])
      }
      stages.append(solve(matrix, side, stage, system.variables, &statements))
    }
    let newValues = system.variables.enumerated().map { place, variable in
      Expression.name(variable) + Expression.sum(zip(Self.weights, stages).map { Expression.number($0) * $1[place] })
    }
    guard statements.allSatisfy(\.value.isWithinLimits), newValues.allSatisfy(\.isWithinLimits) else {
      throw UnsupportedEquationsError(method: name, .tooLarge(variable: system.variables.first ?? ""))
    }
    return StateUpdate(statements: statements + system.writing(newValues), methodName: name)
  }

  /// Forwards with the lower triangle, backwards with the upper one.
  private func solve(
    _ matrix: [[Expression]], _ side: [Expression], _ stage: Int, _ variables: [String], _ statements: inout [Statement]
  ) -> [Expression] {
    let count = side.count
    var values: [Expression] = []
    for row in 0..<count {
      let rest = Expression.sum((0..<row).filter { !matrix[row][$0].isZero }.map { matrix[row][$0] * values[$0] })
      statements.append(Statement("_b\(stage)_\(variables[row])", .assign, side[row] - rest))
      values.append(.name("_b\(stage)_\(variables[row])"))
    }
    for row in (0..<count).reversed() {
      let rest = Expression.sum(((row + 1)..<max(count, row + 1)).filter { !matrix[row][$0].isZero }.map { matrix[row][$0] * values[$0] })
      statements.append(Statement("_k\(stage)_\(variables[row])", .assign, (values[row] - rest) / matrix[row][row]))
      values[row] = .name("_k\(stage)_\(variables[row])")
    }
    return values
  }

  private func derivatives(
    of system: DifferentialSystem, context: IntegrationContext
  ) throws(UnsupportedEquationsError) -> (jacobian: [[Expression]], byTime: [Expression]) {
    var jacobian: [[Expression]] = []
    var byTime: [Expression] = []
    for (variable, drift) in zip(system.variables, system.drift) {
      var row: [Expression] = []
      for other in system.variables {
        guard let derivative = drift.derivative(by: other) else {
          throw UnsupportedEquationsError(method: name, .noDerivative(variable: variable, by: other))
        }
        row.append(derivative)
      }
      jacobian.append(row)
      // A timed array holds within a step, and what has no derivative by time is taken to.
      byTime.append(drift.replacingHeld(context).derivative(by: "t") ?? .zero)
    }
    return (jacobian, byTime)
  }
}

extension Expression {
  /// Without what keeps its value within a step.
  fileprivate func replacingHeld(_ context: IntegrationContext) -> Expression {
    replacingParts { part in
      if case .call(let function, let arguments) = part.node, arguments.first?.node == .name("t"), DefaultFunctions.byName[function] == nil {
        // The value itself does not matter for a derivative by time of what is around it, as long as it is no function of time.
        return Expression(.call(function, [.name("_held")] + arguments.dropFirst()))
      }
      return nil
    }
  }
}
