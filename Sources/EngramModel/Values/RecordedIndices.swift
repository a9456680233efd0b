/// Which elements a state monitor records (MON-2), counted in the monitor's source: `true`, `false`, `3`, `[0, 5]`.
public enum RecordedIndices: Sendable, Hashable, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// Every element: memory and disk grow with the size of the group.
  case all
  /// No element: only the times are recorded.
  case none
  /// These elements, in this order.
  case indices([Int])

  public init(booleanLiteral value: Bool) { self = value ? .all : .none }
  public init(integerLiteral value: Int) { self = .indices([value]) }
  public init(arrayLiteral elements: Int...) { self = .indices(elements) }

  /// Consecutive elements, `RecordedIndices(0..<10)`.
  public init(_ range: Range<Int>) { self = .indices(Array(range)) }
}

/// Which variables a monitor records: names, or all that can be recorded.
public enum VariableSet: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  /// All stored variables and subexpressions; not `i`, `t` and the like.
  case all
  /// These variables, in this order.
  case names([String])

  public init(stringLiteral name: String) { self = .names([name]) }
  public init(arrayLiteral names: String...) { self = .names(names) }
}
