public import EngramScalars
public import EngramUnits

/// What is wrong with the definition of a variable.
public enum VariableError: ExplainedError, Hashable, Sendable {
  case dimensionalBoolean(name: String, dimension: Dimension)
  case scalarWithManyValues(name: String, count: Int)
  case conditionNotBoolean(name: String, type: ScalarType)
  case fixedRowLength(name: String)
  case duplicate(name: String, owner: String)
  case indexForScalar(name: String)
  case unknownReference(owner: String, variable: String)
  case constantWithReferenceUpdate(name: String)
  case objectNameWithoutUnderscore(name: String)
  /// Reading a variable that has no value of its own.
  case noValue(name: String)
  /// A linked variable that was not linked yet (LNK-1).
  case notLinked(name: String)
  case unknownVariable(name: String, owner: String, nearest: String?)
  /// The group of a view no longer exists (BAS-17).
  case ownerGone(variable: String, owner: String)
  case nameTaken(name: String, owner: String)

  public var description: String {
    switch self {
    case .dimensionalBoolean(let name, let dimension):
      "boolean variable '\(name)' cannot have the unit \(dimension): booleans are dimensionless"
    case .scalarWithManyValues(let name, let count): "scalar variable '\(name)' needs exactly one value, not \(count)"
    case .conditionNotBoolean(let name, let type): "'\(name)' cannot be a condition for writing: it is \(type), not boolean"
    case .fixedRowLength(let name): "'\(name)' grows along its first dimension only"
    case .duplicate(let name, let owner): "'\(owner)' already has a variable '\(name)'"
    case .indexForScalar(let name): "scalar variable '\(name)' cannot have an index"
    case .unknownReference(let owner, let variable): "'\(owner)' has no variable '\(variable)' to refer to"
    case .constantWithReferenceUpdate(let name): "'\(name)' cannot be constant and need updates of references to it"
    case .objectNameWithoutUnderscore(let name): "the name of an internal object begins with an underscore; '\(name)' does not"
    case .noValue(let name): "'\(name)' has no value of its own"
    case .notLinked(let name): "'\(name)' is a linked variable and has no values before it is linked"
    case .unknownVariable(let name, let owner, let nearest):
      "'\(owner)' has no variable '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .ownerGone(let variable, let owner):
      "expressions need the group '\(owner)' of variable '\(variable)', which no longer exists; keep a reference to it"
    case .nameTaken(let name, let owner): "'\(owner)' already uses the name '\(name)'"
    }
  }
}

/// An illegal write (VAR-28).
public struct ReadOnlyVariableError: ExplainedError, Hashable, Sendable {
  /// The variable, with its owner.
  public let variable: String
  /// An error about this variable.
  public init(variable: String) { self.variable = variable }
  public var description: String { "'\(variable)' is read-only" }
}

/// An index outside of the range, or of a wrong kind (VAR-21, 23).
public struct IndexError: ExplainedError, Hashable, Sendable {
  /// The variable, with its owner.
  public let variable: String
  /// What is wrong with the index.
  public let reason: String
  /// An error about an index of this variable.
  public init(variable: String, reason: String) {
    self.variable = variable
    self.reason = reason
  }
  public var description: String { "cannot index '\(variable)': \(reason)" }
}

/// A value that a variable cannot hold as it is: a fraction or too large a number for an integer (MDL-20).
public struct UnrepresentableValueError: ExplainedError, Hashable, Sendable {
  /// The variable, with its owner.
  public let variable: String
  /// The element, where several values were given.
  public let element: Int?
  private let misfit: Misfit

  init(variable: String, element: Int?, _ misfit: Misfit) {
    self.variable = variable
    self.element = element
    self.misfit = misfit
  }

  /// The value, as text.
  public var value: String { misfit.value }
  /// The type that cannot hold the value.
  public var scalarType: ScalarType { misfit.type }
  public var description: String { "'\(variable)' \(misfit)" + (element.map { " (for element \($0))" } ?? "") }
}

/// A wrong number of values.
public struct SizeMismatchError: ExplainedError, Hashable, Sendable {
  /// The variable, with its owner.
  public let variable: String
  /// How many values are wanted.
  public let expected: Int
  /// How many there are.
  public let found: Int
  /// An error about the number of values.
  public init(variable: String, expected: Int, found: Int) {
    self.variable = variable
    self.expected = expected
    self.found = found
  }
  public var description: String { "'\(variable)' takes \(expected) value\(expected == 1 ? "" : "s"), not \(found)" }
}
