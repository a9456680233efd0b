internal import EngramExpressions

/// Writes the solution of a linear system as formulas.
struct LinearSolver {
  let equations: Equations
  let context: IntegrationContext
  /// The length of the step as a formula.
  let step: Expression
  var formulas: DividedDifferences
  /// What has to be computed in numbers before the first step.
  private(set) var matrices: [PreparedMatrix] = []

  /// Chains longer than this, or more numerous, have formulas that nobody would want to run.
  private static let longestChain = 6
  private static let mostChains = 60
  /// The work of a matrix exponential grows with the third power of its size.
  private static let largestMatrix = 64

  init(equations: Equations, context: IntegrationContext, step: Expression, budget: AlgebraBudget) {
    formulas = DividedDifferences(budget: budget)
    self.equations = equations
    self.context = context
    self.step = step
  }

  mutating func newValues(of system: LinearSystem) throws(UnsupportedEquationsError) -> [Expression] {
    var result = [Expression](repeating: .zero, count: system.count)
    for part in system.independentParts {
      let own = system.restricted(to: part)
      let values: [Expression]
      if own.circles.allSatisfy({ $0.count == 1 }), let chains = chains(of: own) {
        values = chained(own, chains)
      } else if own.count == 2, !prefersNumbers(own) {
        values = pair(own)
      } else {
        values = try numeric(own)
      }
      for (index, value) in zip(part, values) { result[index] = value }
    }
    return result
  }

  /// A driven pair whose resting point lies, or may lie, at infinity or so far away that the formula by way of it would
  /// cancel: where the values are known before the run, numbers serve better.
  private func prefersNumbers(_ pair: LinearSystem) -> Bool {
    if pair.constants.allSatisfy(\.isZero) || pair.determinant(of: [0, 1]).isZero || context.stepSeconds == nil { return false }
    let values = CoefficientValues(context: context)
    guard let straight = values.value(of: pair.matrix[0][0] * pair.matrix[1][1]), let crossed = values.value(of: pair.matrix[0][1] * pair.matrix[1][0]) else {
      return pair.matrix.joined().allSatisfy { $0.nameThatMayChange(context: context) == nil }
    }
    return (straight - crossed).magnitude < 1e-6 * (straight.magnitude + crossed.magnitude)
  }

  /// `rate · step`, as `step / tau` where the rate is one over something.
  private func scaled(_ rate: Expression) -> Expression {
    switch rate.node {
    case .binary(.divide, let above, let below) where above.isOne: step / below
    case .unary(.minus, let operand): -scaled(operand)
    default: rate * step
    }
  }

  // MARK: No circles

  /// Every way in which one variable influences another, as the variables on the way, influenced first.
  private func chains(of system: LinearSystem) -> [[Int]]? {
    var found: [[Int]] = []
    var open = (0..<system.count).map { [$0] }
    while let chain = open.popLast() {
      if chain.count > Self.longestChain || found.count >= Self.mostChains { return nil }
      found.append(chain)
      guard let last = chain.last else { continue }
      open += (0..<system.count).filter { $0 != last && system.couples(last, $0) }.map { chain + [$0] }
    }
    return found.sorted { left, right in
      (left[0], left.count) == (right[0], right.count) ? left.lexicographicallyPrecedes(right) : (left[0], left.count) < (right[0], right.count)
    }
  }

  private mutating func chained(_ system: LinearSystem, _ chains: [[Int]]) -> [Expression] {
    var result = [Expression](repeating: .zero, count: system.count)
    for chain in chains {
      guard let source = chain.last else { continue }
      let nodes = chain.map { scaled(system.matrix[$0][$0]) }
      let coupling = zip(chain, chain.dropFirst()).map { scaled(system.matrix[$0][$1]) }.reduce(Expression.one, *)
      result[chain[0]] = result[chain[0]] + .name(system.variables[source]) * (coupling * formulas.exponential(of: nodes))
      if !system.constants[source].isZero {
        let weight = coupling * step * formulas.exponential(of: nodes + [.zero])
        result[chain[0]] = result[chain[0]] + system.constants[source] * weight
      }
    }
    return result
  }

  // MARK: Two variables that influence each other

  /// `e^{M·dt} = α·1 + β·(M − s)·dt` with s half the trace: α and β are hyperbolic or circular functions of the square
  /// root of the discriminant. Where its sign may differ between neurons, both are computed and one is taken.
  private mutating func pair(_ system: LinearSystem) -> [Expression] {
    let (first, second) = (Expression.name(system.variables[0]), Expression.name(system.variables[1]))
    let (a, b, c, d) = (system.matrix[0][0], system.matrix[0][1], system.matrix[1][0], system.matrix[1][1])
    let (scaledB, scaledC) = (scaled(b), scaled(c))
    if system.determinant(of: [0, 1]).isZero { return singularPair(system) }
    let half = formulas.bind((scaled(a) - scaled(d)) / .whole(2), "half")
    let mean = formulas.bind((scaled(a) + scaled(d)) / .whole(2), "mean")
    let (alpha, beta) = pairFunctions(system, half: half, mean: mean, discriminant: half * half + scaledB * scaledC)
    let (k, l) = (system.constants[0], system.constants[1])
    var (x, y) = (first, second)
    var (restX, restY) = (Expression.zero, Expression.zero)
    if !k.isZero || !l.isZero {
      let determinant = formulas.bind(a * d - b * c, "det")
      restX = formulas.bind((b * l - d * k) / determinant, "rest")
      restY = formulas.bind((c * k - a * l) / determinant, "rest")
      (x, y) = (formulas.bind(first - restX, "from_rest"), formulas.bind(second - restY, "from_rest"))
    }
    return [
      restX + (x * (alpha + beta * half) + y * (beta * scaledB)),
      restY + (x * (beta * scaledC) + y * (alpha - beta * half)),
    ]
  }

  private mutating func pairFunctions(
    _ system: LinearSystem, half: Expression, mean: Expression, discriminant: Expression
  ) -> (alpha: Expression, beta: Expression) {
    let known = CoefficientValues(context: context).value(of: system.discriminant(of: [0, 1]))
    let square = formulas.bind(discriminant, "square")
    let decides = known == nil && !Polynomial(system.discriminant(of: [0, 1]), budget: system.budget).isNegativeByStructure
    let oscillates = known.map { $0 < 0 } ?? true
    let isReal = decides ? formulas.bind(.call("int", Expression(.binary(.greaterOrEqual, square, .zero))), "decays") : (oscillates ? Expression.zero : .one)

    var (alpha, beta) = (Expression.zero, Expression.zero)
    if decides || !oscillates {
      let root = formulas.bind(.call("sqrt", .call("clip", square, .zero, .name("inf"))), "root")
      let slow = formulas.bind(.call("exp", mean + root), "slow")
      let own = formulas.bind(slow * .call("exprel", -(.whole(2) * root)), "beta")
      beta = isReal * own
      alpha = isReal * (slow - root * own)
    }
    if decides || oscillates {
      // Where it does not oscillate, any angle but 0 keeps the unused branch finite.
      let angle = formulas.bind(.call("sqrt", .call("clip", -square, .zero, .name("inf"))) + isReal, "angle")
      let damping = formulas.bind(.call("exp", decides ? mean * (.one - isReal) : mean), "damping")
      let isComplex = Expression.one - isReal
      beta = beta + (decides ? isComplex : .one) * (damping * .call("sin", angle) / angle)
      alpha = alpha + (decides ? isComplex : .one) * (damping * .call("cos", angle))
    }
    return (formulas.bind(alpha, "alpha"), formulas.bind(beta, "beta"))
  }

  /// det M = 0: M² = (a + d)·M, hence `e^{M·dt} = 1 + M·dt·exprel((a + d)·dt)` and its integral.
  private mutating func singularPair(_ system: LinearSystem) -> [Expression] {
    let trace = scaled(system.matrix[0][0]) + scaled(system.matrix[1][1])
    let isNilpotent = system.isZero(trace)
    let growth = isNilpotent ? Expression.one : formulas.bind(.call("exprel", trace), "growth")
    let values = system.variables.map { Expression.name($0) }
    let hasConstants = system.constants.contains { !$0.isZero }
    let later = hasConstants ? formulas.exponential(of: [isNilpotent ? .zero : trace, .zero, .zero]) : .zero
    return [0, 1].map { row in
      let linear = Expression.sum([0, 1].map { values[$0] * scaled(system.matrix[row][$0]) })
      let driven = Expression.sum([0, 1].map { system.constants[$0] * step * scaled(system.matrix[row][$0]) })
      return values[row] + linear * growth + system.constants[row] * step + driven * later
    }
  }

  // MARK: By numbers

  /// Numbers in the statements where they are known now, else numbers for each element that the run computes beforehand.
  private mutating func numeric(_ system: LinearSystem) throws(UnsupportedEquationsError) -> [Expression] {
    if system.count > Self.largestMatrix { throw UnsupportedEquationsError(method: "exact", .tooMany(system.variables)) }
    let values = CoefficientValues(context: context)
    let unknown = Set(system.matrix.joined().flatMap { values.unknownNames(in: $0) })
    guard let stepSeconds = context.stepSeconds else {
      throw UnsupportedEquationsError(method: "exact", .noClosedForm(variables: system.variables, changing: ["t - lastupdate"]))
    }
    if !unknown.isEmpty {
      let changing = Set(system.matrix.joined().compactMap { $0.nameThatMayChange(context: context) })
      guard changing.isEmpty else {
        throw UnsupportedEquationsError(method: "exact", .noClosedForm(variables: system.variables, changing: changing.sorted()))
      }
      let isUniform = unknown.allSatisfy { context.identifiers($0)?.isScalar == true }
      let matrix = PreparedMatrix(system, number: matrices.count + 1, equations: equations, isUniform: isUniform, stepSeconds: stepSeconds)
      matrices.append(matrix)
      return matrix.newValues(of: system)
    }
    let matrix = system.matrix.map { row in row.map { values.value(of: $0) ?? .nan } }
    guard let solution = LinearStep(matrix: matrix, step: stepSeconds) else {
      throw UnsupportedEquationsError(method: "exact", .notVerified(variables: system.variables, element: nil))
    }
    return (0..<system.count).map { row in
      var terms: [Expression] = []
      for column in 0..<system.count {
        let unit = equations.unit(of: system.variables[row], per: system.variables[column])
        terms.append(Expression.name(system.variables[column]) * (.number(solution.transition[row][column]) * unit))
        terms.append(system.constants[column] * (.number(solution.response[row][column]) * (unit * .name("second"))))
      }
      return .sum(terms)
    }
  }
}
