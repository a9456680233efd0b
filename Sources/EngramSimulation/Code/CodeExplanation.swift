public import EngramExpressions

/// A piece of model code as it was understood: its lines, and what each part of them measures.
public struct CodeExplanation: Sendable, Hashable {
  /// One statement; a condition or a value has no target.
  public struct Line: Sendable, Hashable, CustomStringConvertible {
    /// The statement; nil for a condition.
    public let statement: Statement?
    /// Its right-hand side, with what each part measures.
    public let value: ExplainedExpression

    public var description: String { statement?.description ?? value.expression.description }
  }

  /// The group whose names the code means.
  public let owner: String
  /// The object that runs the code.
  public let object: String
  /// What it is for: `stateupdate`, `threshold`, `reset`, `pathway`, `code`, `summed`, `subexpressions`, …
  public let purpose: String
  /// The code, statement by statement.
  public let lines: [Line]

  /// - Throws: problems of the code, which its preparation has not found if it is trusted.
  init(_ request: CodeRequest, symbols: CodeCheck) throws {
    owner = request.owner.name
    object = request.objectName
    purpose = request.purpose
    let checker = ExpressionChecker(symbols)
    switch request.code {
    case .statements(let statements):
      let context: CodeContext = request.context == .allElements ? .perElement : .partial
      lines = zip(statements, try checker.explainStatements(statements, context: context, in: request.source)).map { Line(statement: $0, value: $1) }
    case .condition(let expression), .value(let expression):
      lines = [Line(statement: nil, value: try checker.explain(expression, in: request.source))]
    }
  }
}
