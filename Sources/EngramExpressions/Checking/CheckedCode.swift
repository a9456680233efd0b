/// For which elements a block of code runs.
public enum CodeContext: Hashable, Sendable {
  /// For all elements, as `run_regularly` does: shared variables may be written, before all others.
  case perElement
  /// For some elements, as resets and synaptic code do: shared variables may not be written.
  case partial
}

/// Statements that passed all checks, and what was learnt about them.
public struct CheckedCode: Sendable {
  /// The statements as they were written, in order.
  public var statements: [Statement]
  /// For each statement: what the written value measures and which kind of number it is, before conversion to the target.
  public var values: [TypedInfo]
  /// Names the block introduces, as they are after the last statement. Each assignment gives a temporary the type of its
  /// value anew.
  public var temporaries: [String: VariableSymbol]
  /// Variables read, also through subexpressions; targets of `+=` and the like are among them. No temporaries, no constants.
  public var reads: Set<String>
  /// Variables written.
  public var writes: Set<String>
  /// Those among the written that several elements share and that the block only adds to, or only multiplies (COD-12).
  public var accumulates: Set<String>
  /// How many statements at the beginning concern shared values only: they run once, all others once per element.
  public var scalarStatements: Int
  /// Functions called, also through subexpressions, that may give another value at each call.
  public var statefulFunctions: Set<String>
  /// Why the result depends on the order in which elements are handled; nil if it does not (COD-12).
  public var orderDependence: Problem?
  /// A warning for each temporary that nothing reads.
  public var unreadTemporaries: [Problem]

  /// Whether the result depends on the order in which elements are handled.
  public var isOrderDependent: Bool { orderDependence != nil }
}
