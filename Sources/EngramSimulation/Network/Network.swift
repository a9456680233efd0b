import EngramScalars
package import EngramStorage
public import EngramUnits

/// Objects that are simulated together, with their own time (NET), Brian 2's `Network`.
///
/// ```swift
/// let network = try Network { neurons; synapses; spikes }
/// let summary = try network.run(1 * second, report: .text)
/// try network.store("trained")
/// try network.run(1 * second)
/// try network.restore("trained")
/// print(network.t, summary.steps)
/// ```
///
/// Without a run directory snapshots stay in memory; `useRunDirectory(at:)` keeps them, and makes runs resumable.
open class Network: Nameable {
  /// The pattern for networks that were given no name.
  public static let usualName: ObjectName = "network*"

  /// The top-level objects, in the order in which they were added (NET-6).
  public var objects: [BrianObject] { contents }
  /// What every question about the contents is answered from.
  private var contents: [BrianObject] { isInCall ? held : collected?.present ?? held }
  /// The objects that the network keeps alive.
  private var held: [BrianObject] = []
  /// Who collects the contents anew at each call, where the network has no list of its own.
  private let collected: (any CollectedContents)?
  /// Whether a call is in progress, for which the objects were collected and are kept alive.
  private var isInCall = false
  /// Time of the last step boundary, or of the running step.
  package var time = CompensatedTime()
  package var activity = Activity.idle
  /// Set on the network; `nil`: the one of the preferences.
  package var ownSchedule: Schedule?
  /// That of the environment's device (DEV-1).
  package var random: RandomState { environment.random }
  var stopRequested = false
  /// Wall time per object of the last profiled run.
  package var profile: [ProfilingSummary.Entry]?
  /// What was asked for during a step and waits for its end (NET-45).
  package var deferred: [() throws -> Void] = []
  /// What leaves changes to be carried out later, in the run in progress.
  package var pendingChanges: [any PendingChanges] = []
  /// The run in progress.
  package internal(set) var currentRun: ActiveRun?
  /// How this process and others run the network together; nil: it runs alone. Set before the first run.
  package var distribution: Distribution? {
    didSet {
      distribution?.ask = {
        var wishes: Distribution.Wishes = Interrupt.isPending ? .stop : []
        if Interrupt.takeCheckpointRequest() { wishes.insert(.askedCheckpoint) }
        return wishes
      }
    }
  }
  /// Recorded bytes of the largest run that was announced.
  var announcedRecording = 0
  /// Constants that are in force wherever a run does not say otherwise: those of a network that was made from a description (CKP-20).
  package var inheritedNamespace = Namespace()
  /// Functions that such a network knows, by name and by content.
  package var knownFunctions: [String: Function] = [:]
  /// What keeps the states of the network; none until somebody asks for it.
  private(set) var keeper: (any RunHistory)?

  package enum Activity: Equatable {
    case idle, running
    /// A step failed half-way (NET-27).
    case inconsistent
  }

  /// A network that nobody keeps states of, until they are asked for. The room above has the initialisers for programs.
  ///
  /// - Throws: `NetworkError` for an object that another network has simulated.
  package init(of objects: some Sequence<BrianObject>, name: ObjectName = usualName, in environment: Environment = .current) throws {
    collected = nil
    try environment.checkOwner()
    super.init(claimed: environment.claim(name), in: environment)
    try add(contentsOf: objects)
  }

  /// A network of what somebody collects anew at each call.
  package init(collecting contents: any CollectedContents, name: ObjectName, in environment: Environment) throws(EnvironmentError) {
    collected = contents
    try environment.checkOwner()
    super.init(claimed: environment.claim(name), in: environment)
  }

  /// The history of the network, which is made when it is first asked for.
  package final func history<History: RunHistory>(_ type: History.Type = History.self) -> History {
    if let known = keeper as? History { return known }
    let made = History(of: self)
    keeper = made
    return made
  }

  // ----------------------------------------------------------------------------------------------------------- contents

  /// Adds objects with their parts. Adding what is there already changes nothing (NET-2).
  public func add(_ objects: BrianObject...) throws { try add(contentsOf: objects) }

  /// Adds objects with their parts. Adding what is there already changes nothing (NET-2).
  ///
  /// - Throws: `NetworkError` during a run, and for an object that another network has simulated.
  public func add(contentsOf objects: some Sequence<BrianObject>) throws {
    try collected?.checkChange("add")
    try checkIdle("add objects")
    let objects = Array(objects)
    for object in objects where object.simulatedByID != nil && object.simulatedByID != id {
      throw NetworkError.alreadySimulated(object: object.name, here: name)
    }
    var present = Set(held.map(ObjectIdentifier.init))
    for object in objects where present.insert(ObjectIdentifier(object)).inserted {
      held.append(object)
      object.forEachPart { $0.wasAdded = true }
    }
    note(.unrecorded("objects were added to the network"))
  }

  /// Removes objects with their parts; they are not reset and stay bound to this network (NET-3).
  public func remove(_ objects: BrianObject...) throws { try remove(contentsOf: objects) }

  /// Removes objects with their parts; they are not reset and stay bound to this network (NET-3).
  ///
  /// - Throws: `NetworkError` during a run, and for an object that is not there.
  public func remove(contentsOf objects: some Sequence<BrianObject>) throws {
    try collected?.checkChange("remove")
    try checkIdle("remove objects")
    let objects = Array(objects)
    let present = Set(held.map(ObjectIdentifier.init))
    for object in objects where !present.contains(ObjectIdentifier(object)) { throw unknown(object.name) }
    let removed = Set(objects.map(ObjectIdentifier.init))
    held.removeAll { removed.contains(ObjectIdentifier($0)) }
    note(.unrecorded("objects were removed from the network"))
  }

  /// Removes a top-level object by its name.
  public func remove(named name: String) throws {
    try collected?.checkChange("remove")
    try checkIdle("remove objects")
    guard let place = held.firstIndex(where: { $0.name == name }) else { throw unknown(name) }
    held.remove(at: place)
    note(.unrecorded("objects were removed from the network"))
  }

  /// All objects with their parts, each once: parents before parts, in the order in which they were added.
  public var allObjects: [BrianObject] {
    var seen: Set<ObjectIdentifier> = []
    var found: [BrianObject] = []
    for object in objects {
      object.forEachPart { if seen.insert(ObjectIdentifier($0)).inserted { found.append($0) } }
    }
    return found
  }

  /// The object or part with this name; nil where there is none.
  public subscript(name: String) -> BrianObject? { allObjects.first { $0.name == name } }

  /// The object or part with this name, as the type that it has: `try network.object("neurons", as: NeuronGroup.self)`.
  ///
  /// - Throws: `NetworkError` for an unknown name, with the nearest one, and for another type.
  public func object<T: BrianObject>(_ name: String, as type: T.Type = T.self) throws -> T {
    guard let found = self[name] else { throw unknown(name) }
    guard let object = found as? T else {
      throw NetworkError.wrongType(object: name, expected: "\(T.self)", found: "\(Swift.type(of: found))")
    }
    return object
  }

  /// Whether an object or part has this name.
  public func contains(_ name: String) -> Bool { self[name] != nil }

  /// Number of objects, parts included.
  public var count: Int { allObjects.count }

  package func unknown(_ name: String) -> NetworkError { .unknownObject(name, nearest: nearest(name, in: allObjects.map(\.name))) }

  /// For what cannot happen during a run (NET-28).
  package func checkIdle(_ operation: String) throws(NetworkError) {
    if activity == .running { throw .changedDuringRun(operation: operation) }
  }

  /// Brings the list of objects up to date before a call, where it is collected.
  package func rebuildContents() throws {
    guard let collected else { return }
    try checkIdle("start a run")
    held = try collected.collect(for: self)
    isInCall = true
    for object in held { object.forEachPart { $0.wasAdded = true } }
  }

  /// After each call: collected objects are kept no longer.
  package func callEnded() {
    guard let collected else { return }
    collected.callEnded(with: held)
    held = []
    isInCall = false
  }

  /// One call on the contents as they are now.
  package func withContents<R>(_ body: (Network) throws -> R) throws -> R {
    try rebuildContents()
    defer { callEnded() }
    return try body(self)
  }

  /// A new network in all but name (NAM-6).
  package func beginAnew() {
    time = CompensatedTime()
    profile = nil
    keeper?.networkBeginsAnew()
    activity = .idle
  }

  func missing(_ dependency: BrianObject, of object: BrianObject) throws {
    guard let collected else { throw NetworkError.missingDependency(object: object.name, missing: dependency.name) }
    collected.missing(dependency, of: object)
  }

  override final var endsWithEnvironment: Bool { true }

  /// The environment keeps objects alive no longer (MAG-2): what an operation captured cannot keep the network and its files.
  override final func environmentEnds(quietly: Bool) {
    if activity == .running { return }
    keeper?.environmentEnds()
    held = []
    profile = nil
  }

  // --------------------------------------------------------------------------------------------------------------- time

  /// Start + duration of the last run; during a run the time of the running step (NET-23).
  public var t: Time { Time(si: time.seconds) }

  /// Ends the run after the current step, which is completed for all objects (NET-25).
  public func stop() { stopRequested = true }

  /// Declares the state after a failed step usable (NET-27).
  public func acceptPartialStep() { if activity == .inconsistent { activity = .idle } }
}

/// Where the contents of a network come from that keeps no list of its own.
package protocol CollectedContents: AnyObject {
  /// What the next call would collect.
  var present: [BrianObject] { get }
  /// What a call is about.
  func collect(for network: Network) throws -> [BrianObject]
  func callEnded(with objects: [BrianObject])
  /// - Throws: where objects cannot be added or removed by hand.
  func checkChange(_ operation: String) throws
  /// `object` needs `dependency`, which is not among what was collected.
  func missing(_ dependency: BrianObject, of object: BrianObject)
}

extension Network: Sequence {
  /// All objects with their parts, in the order of the schedule (NET-5).
  public func makeIterator() -> IndexingIterator<[BrianObject]> { sortedBySchedule(allObjects).makeIterator() }
}

/// A sum of durations that does not drift: `seconds` is within one rounding of the exact sum (NET-23).
package struct CompensatedTime: Hashable, Sendable {
  package private(set) var sum = 0.0
  package private(set) var compensation = 0.0

  package var seconds: Double { sum + compensation }

  package init() {}
  package init(seconds: Double) { sum = seconds }
  package init(sum: Double, compensation: Double) {
    self.sum = sum
    self.compensation = compensation
  }

  /// Neumaier's variant of compensated summation.
  package func adding(_ duration: Double) -> CompensatedTime {
    let total = sum + duration
    let lost = abs(sum) >= abs(duration) ? (sum - total) + duration : (duration - total) + sum
    return CompensatedTime(sum: total, compensation: compensation + lost)
  }
}

/// Lists the objects of a network, singly or in sequences.
@resultBuilder
public enum NetworkBuilder {
  /// One object.
  public static func buildExpression(_ object: BrianObject) -> [BrianObject] { [object] }
  /// Several objects.
  public static func buildExpression(_ objects: [BrianObject]) -> [BrianObject] { objects }
  /// Several objects by name, in the order of their names.
  public static func buildExpression(_ objects: [String: BrianObject]) -> [BrianObject] { objects.sorted { $0.key < $1.key }.map(\.value) }
  /// All that is listed.
  public static func buildBlock(_ parts: [BrianObject]...) -> [BrianObject] { parts.flatMap(\.self) }
  /// What `if` adds.
  public static func buildOptional(_ part: [BrianObject]?) -> [BrianObject] { part ?? [] }
  /// What the first branch adds.
  public static func buildEither(first: [BrianObject]) -> [BrianObject] { first }
  /// What the second branch adds.
  public static func buildEither(second: [BrianObject]) -> [BrianObject] { second }
  /// What `for` adds.
  public static func buildArray(_ parts: [[BrianObject]]) -> [BrianObject] { parts.flatMap(\.self) }
}
