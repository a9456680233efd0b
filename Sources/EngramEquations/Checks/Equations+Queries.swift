public import EngramExpressions
public import EngramUnits

/// What a set of equations says about itself (EQN-17).
extension Equations {
  /// All variables that the equations define.
  public var names: Set<String> { Set(all.map(\.name)) }
  /// The variables of one kind, in the order of the equations.
  public func names(of kind: EquationKind) -> [String] { all.filter { $0.kind == kind }.map(\.name) }
  /// The variables with a differential equation.
  public var differentialNames: [String] { names(of: .differential) }
  /// The variables that are computed whenever they are read; those that depend on others come after them.
  public var subexpressionNames: [String] { names(of: .subexpression) }
  /// The variables that change only when somebody sets them.
  public var parameterNames: [String] { names(of: .parameter) }
  /// The variables that are stored: differential ones and parameters.
  public var stateNames: [String] { all.filter { $0.kind != .subexpression }.map(\.name) }
  /// The dimension of each variable.
  public var dimensions: [String: Dimension] { Dictionary(all.map { ($0.name, $0.dimension) }) { first, _ in first } }

  /// Names used but not defined here: external constants, units, special symbols. Noise and functions are not among them.
  public var identifiers: Set<String> {
    all.reduce(into: Set<String>()) { $0.formUnion($1.expression?.identifiers ?? []) }.subtracting(names).filter { !Self.isNoiseName($0) }
  }
  /// The functions that right-hand sides call.
  public var calledFunctions: Set<String> { all.reduce(into: Set<String>()) { $0.formUnion($1.expression?.calledFunctions ?? []) } }

  /// The noise variables, in order of their names.
  public var stochasticVariables: [String] {
    Set(all.filter { $0.kind == .differential }.flatMap { $0.expression?.variableNames ?? [] }).filter(Self.isNoiseName).sorted()
  }
  /// Whether there is noise, `xi`, in a differential equation.
  public var isStochastic: Bool { !stochasticVariables.isEmpty }

  /// Whether noise is multiplied by something that changes (EQN-14): `additive` where its factor is constant, else `multiplicative`.
  public enum StochasticType: String, Sendable, Hashable, Codable { case additive, multiplicative }

  /// Nil without noise. Noise that is not linear counts as multiplicative.
  public func stochasticType(functions: @escaping @Sendable (String) -> FunctionFacts? = { _ in nil }) -> StochasticType? {
    guard isStochastic else { return nil }
    let context = IntegrationContext(ownerName: "", stepSeconds: nil, identifiers: { _ in nil }, functions: functions)
    guard let system = try? DifferentialSystem(self, context: context, method: "") else { return .multiplicative }
    return system.multiplicativeNoise(context: context) == nil ? .additive : .multiplicative
  }

  /// The names in the right-hand side of `name`, in order of first use.
  public func directDependencies(of name: String) -> [String] { self[name]?.expression?.variableNames ?? [] }

  /// A variable that another depends on, and through which subexpressions.
  public struct Dependency: Sendable, Hashable {
    /// The name that is depended on: a variable, or an external name.
    public let name: String
    /// From the variable asked about to `name`, both included.
    public let path: [String]
  }

  /// All names that `name` depends on, directly or through subexpressions, each with a shortest path.
  public func dependencies(of name: String) -> [Dependency] {
    var found: [Dependency] = []
    var seen: Set<String> = []
    var open = [[name]]
    while !open.isEmpty {
      let path = open.removeFirst()
      for next in directDependencies(of: path[path.count - 1]) where seen.insert(next).inserted {
        found.append(Dependency(name: next, path: path + [next]))
        if self[next]?.kind == .subexpression { open.append(path + [next]) }
      }
    }
    return found
  }

  /// The right-hand side with all subexpressions inserted except those that are constant over dt (EQN-12). Nil when there
  /// is none, or when it is too large.
  public func substitutedRightSide(of name: String) -> Expression? {
    guard let expression = self[name]?.expression else { return nil }
    return substitutingSubexpressions(in: expression)
  }

  /// Any expression with the subexpressions of these equations inserted. Nil when it gets too large.
  public func substitutingSubexpressions(in expression: Expression) -> Expression? {
    var inserted: [String: Expression] = [:]
    for equation in all where equation.kind == .subexpression && !equation.flags.contains(.constantOverStep) {
      if let whole = try? equation.expression?.substituting(inserted) { inserted[equation.name] = inDeclaredType(whole, of: equation) }
    }
    return try? expression.substituting(inserted)
  }

  /// A formula in place of the name of a subexpression has the value that the name has (COD-9): a float that was declared an
  /// integer drops its fraction. In the other direction the value is the same.
  private func inDeclaredType(_ whole: Expression, of equation: SingleEquation) -> Expression {
    equation.type == .integer && !isPlainlyInteger(whole) ? .call("int", whole) : whole
  }

  /// Whether the value is an integer whatever other names mean.
  private func isPlainlyInteger(_ expression: Expression) -> Bool {
    switch expression.node {
    case .float: false
    case .integer, .boolean: true
    case .name(let name): self[name].map { $0.type != .float } ?? Self.integerNames.contains(name)
    case .unary(let op, let operand): op == .not || isPlainlyInteger(operand)
    case .binary(let op, let left, let right):
      switch op {
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or: true
      case .add, .subtract, .multiply, .floorDivide, .modulo: isPlainlyInteger(left) && isPlainlyInteger(right)
      case .divide, .power: false
      }
    case .call(let function, _): function == "int" || function == "timestep"
    }
  }

  private static let integerNames: Set<String> = ["i", "j", "N", "N_pre", "N_post", "N_incoming", "N_outgoing", "t_in_timesteps", "not_refractory"]

  /// Subexpressions to be computed once per step before everything else, in an order that respects dependencies (EQN-20).
  public var constantOverStepNames: [String] {
    all.filter { $0.kind == .subexpression && $0.flags.contains(.constantOverStep) }.map(\.name)
  }

  /// `x_i / x_j` in units, as an expression for generated numbers.
  func unit(of name: String, per other: String) -> Expression {
    let dimension = (self[name]?.dimension ?? .dimensionless) / (self[other]?.dimension ?? .dimensionless)
    let names = ["metre", "kilogram", "second", "amp", "kelvin", "mole", "candle"]
    return zip(names, dimension.exponents).reduce(Expression.one) { product, factor in
      let (name, exponent) = factor
      if exponent == 0 { return product }
      if exponent == 1 { return product * .name(name) }
      let power = exponent < 0 ? Expression(.unary(.minus, .number(-exponent))) : Expression.number(exponent)
      return product * Expression(.binary(.power, .name(name), power))
    }
  }
}
