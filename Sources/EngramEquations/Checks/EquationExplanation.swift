public import EngramExpressions

/// One equation as it was understood.
public struct EquationExplanation: Sendable, Hashable {
  /// The equation as it was read.
  public let equation: SingleEquation
  /// The right-hand side as written, with what each part measures. Nil for a parameter.
  public let tree: ExplainedExpression?
  /// The right-hand side with subexpressions inserted (EQN-12): what an integrator sees. Nil where that changes nothing.
  public let substituted: ExplainedExpression?
}

extension Equations {
  /// The equations as they are understood: trees, units of all parts, and what the subexpressions become.
  ///
  /// - Parameter symbols: what else the equations may refer to, as in ``checkDimensions(symbols:)``.
  /// - Throws: all mismatches and unknown names together.
  public func explained(symbols: any SymbolTable) throws(EquationError) -> [EquationExplanation] {
    try checkDimensions(symbols: symbols)
    let checker = ExpressionChecker(EquationSymbols(equations: self, others: symbols))
    var result: [EquationExplanation] = []
    for equation in all {
      do throws(Problems) {
        var substituted: ExplainedExpression?
        if let whole = substitutedRightSide(of: equation.name), whole != equation.expression {
          substituted = try checker.explain(whole)
        }
        let tree: ExplainedExpression? = if let expression = equation.expression { try checker.explain(expression, in: source) } else { nil }
        result.append(EquationExplanation(equation: equation, tree: tree, substituted: substituted))
      } catch { throw EquationError(error) }
    }
    return result
  }
}
