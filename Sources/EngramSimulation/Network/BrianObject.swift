public import EngramStorage
public import EngramUnits
import FoundationEssentials
import OrderedCollections

/// The base of everything that is simulated (BAS).
///
/// An object does its work in `run()`, once per step of its clock, at the place in the step that `when` and `order`
/// give. An object that contains others need not do anything itself.
open class BrianObject: Nameable, CustomStringConvertible {
  /// Never changes; the step length of the clock may.
  public let clock: BaseClock
  /// Read when a run starts.
  public var when: Slot {
    get { settings.when }
    set { change(.when(newValue)) }
  }
  /// Smaller runs earlier within a slot. Read when a run starts.
  public var order: Int {
    get { settings.order }
    set { change(.order(newValue)) }
  }
  /// Names with values for the model text of this object (NSP-1). May be completed and changed between runs.
  public private(set) var namespace: Namespace?
  /// The parts that join and leave networks together with it.
  public private(set) var containedObjects: [BrianObject] = []
  /// The line of the program that made it, for messages.
  public private(set) var createdAt: SourceLocation

  /// Inactive objects are neither prepared nor stepped. Sampled when a run starts (BAS-7).
  public var isActive: Bool {
    get { settings.isActive }
    set {
      change(.active(newValue))
      for object in containedObjects { object.isActive = newValue }
    }
  }
  private var settings: ObjectSettings

  /// The objects without which this one makes no sense in a network (BAS-9).
  package private(set) var dependencies: [BrianObject] = []
  /// The network that first simulated the object (BAS-11).
  package internal(set) weak var simulatedBy: Network?
  var simulatedByID: UUID?
  /// Whether a network ever took the object (BAS-12).
  package var wasAdded = false
  /// Where the object's arrays are in runs with a run directory, unless an array says otherwise; nil: where those of what it is a part of,
  /// or of the network, are. Recordings of a monitor with `.memory` stay in memory until a checkpoint. Read when a run starts; results do not
  /// depend on it.
  public var storage: ArrayStorage?
  /// True while objects are made from a description, such as a model file. No line of a program made them, and whoever reads the
  /// description tells its writer what could not be made.
  @TaskLocal package static var areDescribed = false
  private let isDescribed = BrianObject.areDescribed
  /// While a run executes steps: structure cannot change (NET-28).
  package internal(set) var isInRun = false

  /// For subclasses: an object with a clock and a place in the step.
  ///
  /// - Parameters:
  ///   - dt: step length of a clock of its own [s]; excludes `clock`.
  ///   - clock: the clock to follow; neither: the default clock of the scope's device.
  ///   - when: slot of the step.
  ///   - order: place within the slot, the smaller the earlier.
  ///   - namespace: values of names in the object's texts.
  ///   - name: what messages, files and links call it; `*` becomes a free number.
  ///   - environment: what it is made in.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: `ClockError` for two clocks or an impossible step, `NamespaceError` for a name that begins with an underscore.
  public init(
    dt: Time? = nil, clock: BaseClock? = nil, when: Slot = TimingDescription.usualSlot, order: Int = TimingDescription.usualOrder, namespace: Namespace? = nil,
    name: ObjectName = "brianobject*", in environment: Environment = .current, file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try environment.checkOwner()
    if dt != nil, clock != nil { throw ClockError.bothDtAndClock }
    try namespace?.checkUserKeys()
    settings = ObjectSettings(when: when, order: order)
    self.namespace = namespace
    createdAt = SourceLocation(file: file, line: line)
    // The object's name is claimed first, so that the clock's name can be derived from it.
    let ownName = environment.claim(name)
    if let dt {
      self.clock = try Clock(dt: dt, name: ObjectName(validating: "\(ownName)_clock*"), in: environment)
    } else if let clock {
      self.clock = clock
    } else {
      self.clock = try environment.defaultClock
    }
    super.init(claimed: ownName, in: environment)
    if type(of: self).addToMagicNetwork { environment.own(self) }
  }

  deinit { reportIfUnused() }

  /// Changes a setting, and tells the environment that it was done.
  private func change(_ setting: ObjectSettings.Change) {
    settings.apply(setting)
    noteCall(setting.verb, setting.arguments)
  }

  /// What happens inside of steps is repeated by the steps.
  package override final func note(_ command: ObjectCommand) { if !isInRun { super.note(command) } }

  // ------------------------------------------------------------------------------------------------- magic and tracking

  /// Whether objects of this type are collected by the scope (BAS-10).
  open class var addToMagicNetwork: Bool { false }
  /// Whether a new object of this type tells the magic system that a new network begins. False for monitors.
  open class var invalidatesMagicNetwork: Bool { true }
  /// Whether an object that no network ever took deserves a warning (BAS-12). Parts of groups and subgroups do not.
  open var warnsWhenUnused: Bool { true }

  // ---------------------------------------------------------------------------------------------------------- structure

  /// Makes `object` a part of this one: it joins and leaves networks together with it.
  public func addContained(_ object: BrianObject) {
    containedObjects.append(object)
    object.isPart = true
  }
  package private(set) var isPart = false

  /// For parts that a library makes: messages name the user's call, not ours.
  package func adopt(place: SourceLocation) { createdAt = place }

  /// States that this object needs `object` in the same network.
  public func addDependency(_ object: BrianObject) { dependencies.append(object.dependencyTarget) }
  /// The object that others depend on when they depend on this one: a subgroup names its parent.
  open var dependencyTarget: BrianObject { self }

  /// Replaces the object's namespace (NSP-7).
  public func setNamespace(_ namespace: Namespace?) throws(NamespaceError) {
    try namespace?.checkUserKeys()
    self.namespace = namespace
    noteCall("namespace", namespace?.description ?? .text("none"))
  }

  /// Calls `body` with this object and all its parts, parents first.
  package func forEachPart(_ body: (BrianObject) -> Void) {
    body(self)
    for part in containedObjects { part.forEachPart(body) }
  }

  /// Throws when the object is in a running network: for operations that change structure, such as `connect` (NET-28).
  public func checkNotRunning(_ operation: String) throws {
    if isInRun { throw NetworkError.changedDuringRun(operation: operation) }
  }

  /// Variables that the object overwrites at every step, so that nobody else may (NET-16).
  open var exclusiveWrites: [ExclusiveWrite] { [] }

  // --------------------------------------------------------------------------------------------------------- life cycle

  /// Whether `run()` does anything. Objects that do nothing need no slot in the schedule (NET-13) and cost nothing in the loop.
  open var doesWork: Bool { true }

  /// Bytes that every step of the clock adds to the object's recordings, where that is known before a run.
  open var recordedBytesPerStep: Int { 0 }

  /// Called once when a run begins, in schedule order, for active objects. Everything that can fail fails here.
  open func beforeRun(_ context: RunContext) throws {}
  /// Called at every step of the clock.
  open func run() throws {}
  /// Called once when a run has ended, in schedule order.
  open func afterRun() throws {}
  /// Called instead when a run stopped before its end, since it may go on.
  open func afterPause() throws { try afterRun() }

  // -------------------------------------------------------------------------------------------------------- description

  /// What kind of object it is, and what it was made with. A class of a program may say more of its objects than its name: what it says is
  /// compared when a checkpoint is restored.
  open var describedKind: ObjectKind { .other(String(describing: type(of: self)), []) }

  /// The object as a value: what checkpoints store to make it again, and what models are compared by.
  public final var described: ObjectDescription { ObjectDescription(name: name, describedKind, namespace: namespace?.described) }

  /// The type with the name, for messages.
  open var description: String {
    "\(type(of: self))(clock: \(clock.name), when: \(when), order: \(order), name: '\(name)')"
  }

  // ------------------------------------------------------------------------------------------------------------- states

  /// Copies of the object's values for `Network.states`; `nil` for objects without any (BAS-18).
  open func objectStates(units: Bool, subexpressions: Bool, readOnly: Bool) throws -> ObjectStates? { nil }
  /// Puts back copies of values, as `setStates` of a network does for each object.
  open func setObjectStates(_ states: ObjectStates, units: Bool) throws {
    if let name = states.values.keys.first { throw VariableError.unknownVariable(name: name, owner: self.name, nearest: nil) }
  }

  // -------------------------------------------------------------------------------------------------------- checkpoints

  /// Does again what `noteCall` of this object noted, to check a stored run (CKP-28).
  open func repeatCall(_ verb: String, _ arguments: DescriptionValue, in network: Network) throws {
    switch ObjectSettings.Change(verb, arguments) {
    case .when(let slot)?: when = slot
    case .order(let number)?: order = number
    case .active(let flag)?: isActive = flag
    case nil:
      guard verb == "namespace" else { throw NetworkError.notRepeatable(object: name, verb: verb) }
      try setNamespace(arguments.asFields == nil ? nil : Namespace(NamespaceDescription(stored: arguments), functions: network.knownFunctions))
    }
  }
  // Columns of the variables an object owns are stored by themselves. These hooks are for what is not a variable.

  /// Called before the state is gathered: puts what lies in buffers into columns and recordings.
  open func prepareForStore() throws {}

  /// Recordings of the object by variable name.
  open func storedRecordings() -> [StoredRecording] { [] }

  /// State in a form of the object's own, such as pending spikes (CKP-40). `nil`: none.
  open func customState() throws -> [UInt8]? { nil }

  /// The part of `customState` that belongs to the digest (CKP-46); all of it unless overridden.
  open func digestState() throws -> [UInt8]? { try customState() }

  /// Checks bytes made by `customState` against the object and returns what applies them. Only the returned closure
  /// changes the object, and it cannot fail: a restore happens completely or not at all.
  open func prepareRestore(customState: [UInt8]?) throws -> () -> Void { {} }

  /// What else has to be restored where only these variables are (CKP-25): variables that mean something only together. Throws
  /// where that is more than anybody can have meant.
  open func companions(of variables: Set<String>) throws -> Set<String> { [] }

  /// Called when columns and custom state are those of the checkpoint: recompute everything derived (CKP-40).
  open func didRestore() {}

  package func restoreSettings(when: Slot, order: Int, isActive: Bool) {
    // Parts have records of their own.
    settings = ObjectSettings(when: when, order: order, isActive: isActive)
  }

  // ------------------------------------------------------------------------------------------------------------ private

  override func environmentEnds(quietly: Bool) { if quietly { wasAdded = true } else { reportIfUnused() } }

  private func reportIfUnused() {
    guard !wasAdded, !isPart, !isDescribed, warnsWhenUnused else { return }
    wasAdded = true
    environment.messages.unusedObject(name: name, type: String(describing: type(of: self)), createdAt: createdAt)
  }
}

/// A part of a variable that one object overwrites at every step.
public struct ExclusiveWrite {
  /// The array that is written.
  public let variable: ArrayVariable
  /// In the numbering of the column.
  public let elements: Range<Int>

  /// A claim to write these elements.
  public init(_ variable: ArrayVariable, elements: Range<Int>) {
    self.variable = variable
    self.elements = elements
  }
}
