/// An object that owns variables and can execute model code.
///
/// `group.v` is a view of the variable `v`; see ``VariableView``.
@dynamicMemberLookup
open class Group: BrianObject, VariableOwner {
  public private(set) lazy var variables = Variables(owner: self)

  open var elementCount: Int { 0 }
  open var elementOffset: Int { 0 }
  open var isPartOfGroup: Bool { false }
  open func checkAssignable(_ variable: String) throws {}
  open func explainMissing(_ name: String) -> String? { nil }
  open var ownNamespace: Namespace? { namespace }

  /// The differential variables, whose values are checked after each run (NET-30).
  open var checkedVariables: [String] { [] }

  public subscript(dynamicMember name: String) -> VariableView { VariableView(name, of: self) }

  open override func objectStates(units: Bool, subexpressions: Bool, readOnly: Bool) throws -> ObjectStates? {
    try states(units: units, subexpressions: subexpressions, readOnly: readOnly)
  }
  open override func setObjectStates(_ states: ObjectStates, units: Bool) throws { try setStates(states, units: units) }

  /// Fails if the name is taken (VAR-31).
  public func addAttribute(_ name: String) throws {
    if variables.contains(name) || attributes.contains(name) { throw VariableError.nameTaken(name: name, owner: self.name) }
    attributes.insert(name)
  }
  private var attributes: Set<String> = []

  /// The view of a variable; throws for an unknown name.
  public func variable(_ name: String) throws -> VariableView {
    let view = VariableView(name, of: self)
    try view.check()
    return view
  }
}
