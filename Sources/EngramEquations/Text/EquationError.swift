public import EngramExpressions
public import EngramScalars

/// Everything that is wrong with a set of equations.
public struct EquationError: ExplainedError, Hashable, Sendable {
  /// Each problem with its place in the text.
  public let problems: Problems

  /// An error with these problems, of which there is at least one.
  public init(_ problems: Problems) { self.problems = problems }

  init?(_ found: [Problem], in source: SourceText) {
    if found.isEmpty { return nil }
    problems = Problems(found, in: source)
  }

  public var description: String { problems.description }
}
