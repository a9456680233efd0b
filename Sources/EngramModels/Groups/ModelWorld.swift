internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// What a group's equations may refer to in a run: the answers that checks and integrators need.
struct ModelWorld {
  private let group: Group
  private let equations: Equations
  private let names: ModelNames
  private let stepSeconds: Double?

  init(of group: Group, equations: Equations, context: RunContext) {
    self.group = group
    self.equations = equations
    names = context.names(of: group)
    stepSeconds = group.clock.stepSeconds
  }

  // -------------------------------------------------------------------------------------------------------------- checks

  /// Units of all right-hand sides (EQN-18). All problems are reported together.
  func checkEquations() throws {
    let table = try SymbolsOfEquations(names, equations: equations)
    var problems: [Problem] = []
    for equation in equations.all {
      guard let expression = equation.expression else { continue }
      let purpose =
        equation.kind == .differential ? "the right-hand side of d\(equation.name)/dt" : "the right-hand side of '\(equation.name)'"
      do throws(Problems) {
        let checker = ExpressionChecker(table)
        let info =
          equation.type == .boolean
          ? try checker.checkCondition(expression, for: purpose, in: equations.source)
          : try checker.check(expression, expecting: equation.rightSideDimension, for: purpose, in: equations.source)
        if equation.kind == .subexpression, equation.isShared, !info.isScalar {
          let culprit =
            expression.identifiers.filter { name in
              if case .variable(let variable)? = table.symbol(name) { !variable.isScalar } else { false }
            }.min() ?? equation.name
          problems.append(
            Problem(
              .type, "the shared subexpression '\(equation.name)' refers to '\(culprit)', which has a value per element", at: expression.span,
              expected: ["shared variables, or variables linked to a single value"], name: equation.name))
        }
      } catch {
        let suspect = plainNumber(in: expression, table)
        for var problem in error.problems {
          if problem.kind == .dimensions, problem.hint == nil { problem.hint = suspect }
          problems.append(problem)
        }
      }
    }
    if !problems.isEmpty { throw EquationError(Problems(problems, in: equations.source)) }
  }

  /// Where units do not agree: the constant that is a plain number, if there is just one. It often lacks its unit.
  private func plainNumber(in expression: Expression, _ table: SymbolsOfEquations) -> String? {
    let usual = DefaultSymbols()
    let plain = expression.identifiers.filter { name in
      guard usual.symbol(name) == nil, case .constant(let constant)? = table.symbol(name) else { return false }
      return constant.dimension.isDimensionless && constant.type != .boolean
    }
    guard plain.count == 1, let name = plain.first else { return nil }
    return "'\(name)' is a plain number; should it have a unit?"
  }

  func type(of expression: Expression, in source: SourceText) throws -> TypedInfo {
    try ExpressionChecker(SymbolsOfEquations(names, equations: equations, also: expression)).check(expression, in: source)
  }

  // --------------------------------------------------------------------------------------------------------- integration

  /// Facts are looked up now, so that integrators see plain values.
  func integrationContext(hasRefractoriness: Bool) throws -> IntegrationContext {
    var facts: [String: IdentifierFacts] = [:]
    var functions: [String: FunctionFacts] = [:]
    let wanted = equations.identifiers.union(equations.names).union(["t", "dt", "not_refractory", "lastupdate"])
    for name in wanted.sorted() {
      if let fact = try fact(name) { facts[name] = fact }
    }
    for name in equations.calledFunctions.sorted() {
      switch try names.meaning(of: name) {
      case .function(let function)?:
        functions[name] = FunctionFacts(
          isStateless: function.isStateless,
          isLocallyConstant: stepSeconds.map { function.isLocallyConstant(stepSeconds: $0) } ?? false)
      case .defaultFunction(let signature)?: functions[name] = FunctionFacts(isStateless: signature.isStateless)
      case .variable?, .constant?, nil: break
      }
    }
    let (finalFacts, finalFunctions) = (facts, functions)
    return IntegrationContext(
      ownerName: group.name, stepSeconds: stepSeconds, hasRefractoriness: hasRefractoriness,
      identifiers: { finalFacts[$0] }, functions: { finalFunctions[$0] }, evaluate: DefaultFunctionValues.evaluate)
  }

  private func fact(_ name: String) throws -> IdentifierFacts? {
    switch try names.meaning(of: name) {
    case .constant(let value, let dimension)?:
      return IdentifierFacts(
        dimension: dimension, value: value.asDouble, isScalar: true, type: ValueType(value.scalarType))
    case .variable(let entry)?:
      let variable = entry.variable
      if case .constant(let constant) = variable.kind {
        return IdentifierFacts(
          dimension: constant.dimension, value: constant.value.asDouble, isScalar: true, type: ValueType(constant.scalarType))
      }
      var isScalar = variable.isScalar
      if case .scalar = entry.access { isScalar = true }
      return IdentifierFacts(
        dimension: variable.dimension, isConstantOverStep: name != "t" && name != "t_in_timesteps",
        isConstantOverRun: variable.isConstant && !variable.isFormula, isScalar: isScalar,
        type: ValueType(variable.scalarType))
    case .function?, .defaultFunction?, nil: return nil
    }
  }
}

/// The names of a set of equations for the checker, looked up beforehand because looking up can fail.
struct SymbolsOfEquations: SymbolTable {
  private var symbols: [String: Symbol] = [:]
  /// For suggestions: names that the equations do not have.
  private let names: ModelNames
  let suggestions: [String]

  init(_ names: ModelNames, equations: Equations, also expression: Expression? = nil) throws {
    self.names = names
    suggestions = names.knownNames
    var wanted = equations.identifiers.union(equations.names).union(equations.calledFunctions)
    if let expression { wanted.formUnion(expression.identifiers.union(expression.calledFunctions)) }
    for name in wanted.sorted() {
      if let symbol = try names.symbol(name) { symbols[name] = symbol }
    }
    for noise in equations.stochasticVariables {
      symbols[noise] = .variable(VariableSymbol(Dimension.time.raised(to: -0.5), isReadOnly: true))
    }
  }

  func symbol(_ name: String) -> Symbol? { symbols[name] ?? (try? names.symbol(name)) ?? nil }
  func explainUnresolved(_ name: String) -> String? { names.explainMissing(name) }
}
