public import EngramExpressions
internal import EngramUnits

extension Equations {
  /// Compares the units of all right-hand sides with those of their variables (EQN-18). To be called before each run.
  ///
  /// - Parameter symbols: what else the equations may refer to: external constants, functions, special symbols such as
  ///   `t` and `i`. The variables that are defined here need not be in it.
  /// - Throws: all mismatches and unknown names together.
  public func checkDimensions(symbols: any SymbolTable) throws(EquationError) {
    try valid()
    let checker = ExpressionChecker(EquationSymbols(equations: self, others: symbols))
    var problems: [Problem] = []
    for equation in all {
      guard let expression = equation.expression else { continue }
      do throws(Problems) {
        let found = try checker.check(expression, in: source)
        if found.dimension != equation.rightSideDimension {
          problems.append(.wrongDimension(equation, found: found.dimension, at: expression.span))
        } else if (found.type == .boolean) != (equation.type == .boolean) || (equation.type == .integer && found.type == .float) {
          problems.append(.wrongType(equation, found: found.type, at: expression.span))
        }
      } catch { problems += error.problems }
    }
    if let error = EquationError(problems, in: source) { throw error }
  }
}

/// The variables of equations and their noise, in front of what the caller knows.
struct EquationSymbols: SymbolTable {
  let equations: Equations
  let others: any SymbolTable

  func symbol(_ name: String) -> Symbol? {
    if let equation = equations[name] {
      return .variable(VariableSymbol(equation.dimension, type: equation.type, isScalar: equation.isShared, isReadOnly: equation.kind == .subexpression))
    }
    if Equations.isNoiseName(name) { return .variable(VariableSymbol(Dimension.time.raised(to: -0.5), isReadOnly: true)) }
    return others.symbol(name)
  }

  var suggestions: [String] { equations.all.map(\.name) + others.suggestions }

  func explainUnresolved(_ name: String) -> String? { others.explainUnresolved(name) }
}
