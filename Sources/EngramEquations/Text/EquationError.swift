public import EngramExpressions
public import EngramScalars

/// Everything that is wrong with a set of equations.
public struct EquationError: ExplainedError, Hashable, Sendable {
  public let problems: Problems

  public init(_ problems: Problems) { self.problems = problems }

  init?(_ found: [Problem], in source: SourceText) {
    if found.isEmpty { return nil }
    problems = Problems(found, in: source)
  }

  public var description: String { problems.description }
}
