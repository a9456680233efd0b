public import EngramUnits

/// An object that owns variables and can execute model code.
///
/// `group.v` is a view of the variable `v`; see ``VariableView``.
@dynamicMemberLookup
open class Group: BrianObject, VariableOwner {
  /// The variables by name; `group.v` is a view of one.
  public private(set) lazy var variables = Variables(owner: self)

  /// Number of elements.
  open var elementCount: Int { 0 }
  /// The number that element 0 has in the columns; 0 but for a part of a group.
  open var elementOffset: Int { 0 }
  /// dt of the group's clock; `nil` for an event clock.
  public final var ownStep: Time? { clock.stepSeconds.map { Time(si: $0) } }
  /// Whether it only shows elements of another group.
  open var isPartOfGroup: Bool { false }
  /// The elements of a part that is written behind the name of the group: `[2:5]`, and of a neuron with a shape `.axon[10 um:20 um]`.
  ///
  /// - Returns: nil where the group has no such parts.
  open func rangeOfPart(_ path: String) throws -> Range<Int>? { rangeOfNumbers(path) }
  /// Throws when the variable cannot be assigned yet.
  open func checkAssignable(_ variable: String) throws {}
  /// More about a name that the group does not have.
  open func explainMissing(_ name: String) -> String? { nil }
  /// The values of names that were given to the group.
  open var ownNamespace: Namespace? { namespace }

  /// The differential variables, whose values are checked after each run (NET-30).
  open var checkedVariables: [String] { [] }
  /// Those of them that every step advances, rather than events.
  open var advancedVariables: [String] { checkedVariables }

  /// A view of the variable with this name. Whether there is one shows when the view is used.
  public subscript(dynamicMember name: String) -> VariableView { VariableView(name, of: self) }

  /// Says how values are assigned to whoever writes `G.v = -70*mV`: an assignment can fail, and a setter cannot say so.
  @available(
    *, unavailable, message: "values are assigned with 'try G.v <- value', since an assignment can fail; they are read with 'try G.v.values'"
  )
  public subscript<Value: VariableValue>(dynamicMember name: String) -> Value {
    get { fatalError("unavailable") }
    set { fatalError("unavailable") }
  }

  /// The same for `G.v = "rand()*mV"`.
  @available(
    *, unavailable, message: "values are assigned with 'try G.v <- \"text\"', since an assignment can fail; they are read with 'try G.v.values'"
  )
  public subscript(dynamicMember name: String) -> String {
    get { fatalError("unavailable") }
    set { fatalError("unavailable") }
  }

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
