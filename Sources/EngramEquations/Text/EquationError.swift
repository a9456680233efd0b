public import EngramExpressions

/// Everything that is wrong with a set of equations.
public struct EquationError: Error, Hashable, Sendable, CustomStringConvertible {
  public let problems: Problems

  public init(_ problems: Problems) { self.problems = problems }

  init?(_ found: [Problem], in source: SourceText) {
    if found.isEmpty { return nil }
    problems = Problems(found, in: source)
  }

  public var description: String { problems.description }
}
