public import EngramScalars

/// A wrong element type.
public struct TypeMismatchError: ExplainedError, Hashable, Sendable {
  /// The variable, with its owner.
  public let variable: String
  /// The type that is wanted.
  public let expected: ScalarType
  /// The type that there is.
  public let found: ScalarType
  /// An error about the type of values.
  public init(variable: String, expected: ScalarType, found: ScalarType) {
    self.variable = variable
    self.expected = expected
    self.found = found
  }
  public var description: String { "'\(variable)' has elements of type \(expected), not \(found)" }
}
