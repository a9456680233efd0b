internal import EngramExpressions
internal import EngramUnits

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
    // Rows that may be exchanged have to be numbers of one kind: each variable is measured in its unit, which is 1 and changes no bit.
    let units = system.variables.map { equations[$0].flatMap { Expression(unitOf: $0.dimension) } }
    let matrix: [[Expression]] = (0..<count).map { row in
      (0..<count).map { column in
        let diagonal = row == column ? Expression.number(1 / Self.gamma) / dt : Expression.zero
        let entry = diagonal - jacobian[row][column]
        return named("_m_\(row)_\(column)", row == column || entry.isZero ? entry : entry.measured(in: units[row], times: units[column]))
      }
    }
    var triangles = PivotedTriangles(matrix)
    triangles.factorise()
    statements += triangles.statements
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
        side.append((function + earlier + Expression.number(Self.timeWeights[stage]) * dt * byTime[place]).measured(in: units[place], times: nil))
      }
      stages.append(zip(triangles.solve(side, stage, system.variables, &statements), units).map { value, unit in unit.map { value * $0 } ?? value })
    }
    let newValues = system.variables.enumerated().map { place, variable in
      Expression.name(variable) + Expression.sum(zip(Self.weights, stages).map { Expression.number($0) * $1[place] })
    }
    guard statements.allSatisfy(\.value.isWithinLimits), newValues.allSatisfy(\.isWithinLimits) else {
      throw UnsupportedEquationsError(method: name, .tooLarge(variable: system.variables.first ?? ""))
    }
    return StateUpdate(statements: statements + system.writing(newValues), methodName: name)
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
  /// One of the unit; nil: there is none.
  fileprivate init?(unitOf dimension: Dimension) {
    guard dimension != .dimensionless, let unit = try? ExpressionParser.parse(dimension.baseUnitText) else { return nil }
    self = unit.withoutPlaces
  }

  /// A value of the row of one variable, and of the column of another one, as a number.
  fileprivate func measured(in row: Expression?, times column: Expression?) -> Expression {
    let value = column.map { self * $0 } ?? self
    return row.map { value / $0 } ?? value
  }

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
