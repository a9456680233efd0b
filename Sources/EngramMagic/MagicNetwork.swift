public import EngramUnits

/// The network of a scope, made anew from the scope's objects at each call (MAG-9).
public final class MagicNetwork: Network {
  private weak var magicScope: MagicScope?
  /// The objects of earlier calls (MAG-6), by identity. Not owned: an object that is gone cannot be confused with a new one at the same address.
  private var knownObjects: [ObjectIdentifier: WeakRef<BrianObject>] = [:]
  /// Whether a call is in progress, for which the objects were collected and are kept alive.
  private var isInCall = false

  init(scope: MagicScope) throws {
    magicScope = scope
    try super.init(contentsOf: [], name: "magicnetwork*")
  }

  public override func add(contentsOf objects: some Sequence<BrianObject>) throws {
    // The initialiser adds nothing.
    if objects.contains(where: { _ in true }) { throw MagicError.fixedContents(operation: "add") }
  }
  public override func remove(contentsOf objects: some Sequence<BrianObject>) throws {
    throw MagicError.fixedContents(operation: "remove")
  }
  public override func remove(named name: String) throws { throw MagicError.fixedContents(operation: "remove") }

  /// MAG-6: all known → time goes on; all new → time starts at 0; a mixture → error.
  override func rebuildContents() throws {
    guard let scope = magicScope else { return }
    try checkIdle("start a run")
    let collected = try scope.collect()
    var new: [BrianObject] = []
    var old: [BrianObject] = []
    for object in collected where type(of: object).invalidatesMagicNetwork {
      if isKnown(object) { old.append(object) } else { new.append(object) }
    }
    if !new.isEmpty, !old.isEmpty {
      throw MagicError.mixOfOldAndNew(new: new.map(\.name), known: old.map(\.name))
    }
    for object in collected {
      if let other = object.simulatedBy, other !== self {
        throw NetworkError.simulatedElsewhere(object: object.name, other: other.name)
      }
    }
    if !new.isEmpty, old.isEmpty, !knownObjects.isEmpty { restartTime() }
    held = collected
    isInCall = true
    for object in collected { object.forEachPart { $0.wasAdded = true } }
  }

  private func isKnown(_ object: BrianObject) -> Bool { knownObjects[ObjectIdentifier(object)]?.object === object }

  /// After each call: the objects count as known, and the list is forgotten.
  override func callEnded() {
    for object in held { knownObjects[ObjectIdentifier(object)] = WeakRef(object) }
    held = []
    isInCall = false
  }

  /// Between calls there is no list: what the next call would collect is what the network has.
  override var contents: [BrianObject] { isInCall ? held : magicScope?.collected ?? [] }

  /// A new network in all but name (NAM-6).
  private func restartTime() {
    time = CompensatedTime()
    knownObjects = [:]
    profile = nil
    snapshots = [:]
    activity = .idle
  }

  /// MAG-8.
  override func missing(_ dependency: BrianObject, of object: BrianObject) throws {
    Messages.emit(
      .warning, "magic.missing_dependency",
      "'\(object.name)' needs '\(dependency.name)', which is not part of this scope's network; it is set inactive")
    object.isActive = false
  }
}

// ------------------------------------------------------------------------------------- functions that act on the scope's network

/// Simulates the objects of the current scope (MAG-5).
@discardableResult
public func run(
  _ duration: Time, report: ProgressReport = .none, reportPeriod: Duration = .seconds(10), namespace: Namespace = [:],
  profile: Bool = false
) throws -> RunSummary {
  try MagicScope.current.network.run(duration, report: report, reportPeriod: reportPeriod, namespace: namespace, profile: profile)
}

/// Ends every run in progress in the current scope after its step (MAG-12). From any task of the scope.
public func stop() { MagicScope.current.stopRequested = true }

/// The top-level objects a magic run would simulate (MAG-4).
///
/// - Throws: ``MagicError/crossIsolation`` in another task than the scope's.
public func collect() throws -> [BrianObject] { try MagicScope.current.collect() }

/// See ``Network/states(units:subexpressions:readOnly:)``.
public func getStates(units: Bool = true, subexpressions: Bool = false, readOnly: Bool = true) throws -> NetworkStates {
  try MagicScope.current.network.withContents { try $0.states(units: units, subexpressions: subexpressions, readOnly: readOnly) }
}

public func setStates(_ states: NetworkStates, units: Bool = true) throws {
  try MagicScope.current.network.withContents { try $0.setStates(states, units: units) }
}

public func schedulingSummary() throws -> SchedulingSummary {
  try MagicScope.current.network.withContents { $0.schedulingSummary }
}

public func profilingSummary(show: Int? = nil) throws -> ProfilingSummary {
  try MagicScope.current.network.profilingSummary(show: show)
}

extension Network {
  /// One call on the contents as they are now.
  package func withContents<R>(_ body: (Network) throws -> R) throws -> R {
    try rebuildContents()
    defer { callEnded() }
    return try body(self)
  }
}
