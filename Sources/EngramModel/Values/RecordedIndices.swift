/// Which elements a state monitor records (MON-2), counted in the monitor's source.
public enum RecordedIndices: Sendable, Hashable, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  case all
  case none
  case indices([Int])

  public init(booleanLiteral value: Bool) { self = value ? .all : .none }
  public init(integerLiteral value: Int) { self = .indices([value]) }
  public init(arrayLiteral elements: Int...) { self = .indices(elements) }

  public init(_ range: Range<Int>) { self = .indices(Array(range)) }
}

/// Which variables a monitor records: names, or all that can be recorded.
public enum VariableSet: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  case all
  case names([String])

  public init(stringLiteral name: String) { self = .names([name]) }
  public init(arrayLiteral names: String...) { self = .names(names) }
}
