public import EngramUnits

/// Something with named variables: a group, a clock.
public protocol VariableOwner: AnyObject {
  /// What messages call it.
  var name: String { get }
  /// What it was made in; its device makes the arrays.
  var environment: Environment { get }
  /// Its variables by name.
  var variables: Variables { get }
  /// Number of elements that model code runs over.
  var elementCount: Int { get }
  /// The number that element 0 has in the columns: 0, except for a subgroup, whose elements are a range of its parent's.
  /// Model code of a subgroup runs over the parent's element numbers; `i` counts from 0 nevertheless.
  var elementOffset: Int { get }
  /// dt of the clock that the owner follows, for functions that depend on it; `nil`: it follows none, or one without a fixed dt.
  var ownStep: Time? { get }
  /// Names with values that belong to the owner (NSP-1, third place).
  var ownNamespace: Namespace? { get }
  /// Whether it only shows a part of another owner's elements.
  var isPartOfGroup: Bool { get }
  /// Throws when the variable cannot be assigned yet, such as one of synapses before any were made.
  func checkAssignable(_ variable: String) throws
  /// What a name that the owner does not have would be, where its form says so: `g_post` a variable of the target of synapses.
  func explainMissing(_ name: String) -> String?
}

extension VariableOwner {
  /// 0: it is no part of another owner.
  public var elementOffset: Int { 0 }
  /// It follows no clock.
  public var ownStep: Time? { nil }
  /// None.
  public var ownNamespace: Namespace? { nil }
  /// No.
  public var isPartOfGroup: Bool { false }
  /// All can be assigned.
  public func checkAssignable(_ variable: String) throws {}
  /// Nothing more.
  public func explainMissing(_ name: String) -> String? { nil }
}
