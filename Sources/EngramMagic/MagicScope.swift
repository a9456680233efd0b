import EngramStorage
import Synchronization

/// Collects the objects that a program creates, owns them, and hands out their names (MAG, NAM-5, TRK-3).
///
/// The current scope is task-local. A scope belongs to the task (or, outside of tasks, the thread) that opened it;
/// using it from elsewhere throws ``MagicError/crossIsolation``.
///
/// `@unchecked Sendable` because task-locals must be. What others may touch has a lock or is atomic: the owner, the wish to stop, and
/// the suppressed messages. Everything else is reached through `checkOwner` only, which admits the owner alone, or from objects of the
/// scope, which cannot leave its task.
public final class MagicScope: @unchecked Sendable {
  /// What was collected, in creation order. Owned: a local variable may be released right after its last use.
  private(set) var ownedObjects: [BrianObject] = []
  /// Messages, with what is suppressed and captured in this scope.
  let messages = MessageCenter()
  /// Seed and count of draws outside steps (RNG-1, 6): those of the device.
  package var random: RandomState { activeDevice.random }
  /// Preferences that hold in this scope only.
  var preferences: [String: any PreferenceValue] = [:]

  /// What was done to objects between steps and no network has taken over yet (CKP-18).
  private var notes: [(owner: String, command: NetworkCommand)] = []
  private var notedNumberCount = 0

  /// Keeps no more than a ``CommandLog`` would; what is dropped leaves a trace.
  func note(_ command: NetworkCommand, of owner: String) {
    if case .unrecorded = command, let last = notes.last, last.owner == owner, last.command.text == command.text { return }
    notes.append((owner, command))
    notedNumberCount += command.numberCount
    guard notes.count > CommandLog.commandLimit || notedNumberCount > CommandLog.numberLimit else { return }
    let kept = notes.suffix(notes.count / 2).filter { $0.command.numberCount <= CommandLog.numberLimit / 4 }
    let owners = Set(notes.map(\.owner)).sorted()
    notes = owners.map { ($0, .unrecorded("more was done to '\($0)' than is kept")) } + kept
    notedNumberCount = notes.reduce(0) { $0 + $1.command.numberCount }
  }

  /// What was done to the given objects, which is forgotten here.
  func takeNotes(of owners: Set<String>) -> [NetworkCommand] {
    if notes.isEmpty { return [] }
    let taken = notes.filter { owners.contains($0.owner) }.map(\.command)
    if !taken.isEmpty {
      notes.removeAll { owners.contains($0.owner) }
      notedNumberCount = notes.reduce(0) { $0 + $1.command.numberCount }
    }
    return taken
  }

  /// `stop()` of the scope: every run in progress ends after its step (MAG-12).
  var stopRequested: Bool {
    get { stopFlag.load(ordering: .relaxed) }
    set { stopFlag.store(newValue, ordering: .relaxed) }
  }
  private let stopFlag = Atomic(false)
  private var excluded: Set<ObjectIdentifier> = []
  private var takenNames: Set<String> = []
  private var nextNumber: [String: Int] = [:]
  private var tracked = WeakSet<Nameable>()
  /// What the end of the scope closes, also after ``clearInstances()``.
  private var networks = WeakSet<Network>()
  private var directories = WeakSet<RunDirectory>()
  private var devices = [Device.memory()]
  /// Of the program's implicit scope: whoever used it first.
  private let owner: Mutex<Owner?>
  private var magicNetwork: MagicNetwork?

  init(owner: Owner?) { self.owner = Mutex(owner) }

  // ------------------------------------------------------------------------------------------------------------ current

  @TaskLocal static var innermost: MagicScope?
  private static let implicit = MagicScope(owner: nil)

  /// The innermost open scope; the implicit one of the program when none was opened.
  public static var current: MagicScope { innermost ?? implicit }

  /// The current scope, if it is used by its owner.
  static func checkedCurrent() throws(MagicError) -> MagicScope {
    let scope = current
    try scope.checkOwner()
    return scope
  }

  func checkOwner() throws(MagicError) {
    let here = Owner.current
    let isOwner = owner.withLock { owner in
      if let known = owner { return known.isSame(as: here) }
      owner = here
      return true
    }
    if !isOwner { throw .crossIsolation }
  }

  /// Whether this is the owner's task, without making the caller the owner of a scope that has none.
  var isOwnedHere: Bool {
    let here = Owner.current
    return owner.withLock { $0?.isSame(as: here) ?? false }
  }

  /// For what cannot throw: does it for the owner, and tells everybody else that nothing was done.
  func ifOwned(_ what: String, _ body: (MagicScope) -> Void) {
    do throws(MagicError) {
      try checkOwner()
      body(self)
    } catch {
      Messages.emit(.error, "scope.cross_isolation", "\(what) had no effect: \(error)")
    }
  }

  // -------------------------------------------------------------------------------------------------------------- names

  /// The name that the pattern stands for here (NAM-2, 3). Names are not given back when objects disappear, so the
  /// numbering depends on the sequence of constructions alone.
  func claim(_ pattern: ObjectName) -> String {
    guard pattern.wantsUnique else {
      takenNames.insert(pattern.text)
      return pattern.text
    }
    let base = pattern.base
    let first = nextNumber[base] ?? 1
    let name = findName(pattern, firstNumber: first, isTaken: takenNames.contains)
    if name != base { nextNumber[base] = Int(name.dropFirst(base.count + 1)).map { $0 + 1 } }
    takenNames.insert(name)
    return name
  }

  // ------------------------------------------------------------------------------------------------------------ objects

  func track(_ object: Nameable) {
    tracked.insert(object)
    if let network = object as? Network { networks.insert(network) }
  }

  /// Has the end of the scope close a run directory: work in the background may keep one open that nobody has any more.
  func closeAtEnd(_ directory: RunDirectory) { directories.insert(directory) }

  func register(_ object: BrianObject) {
    if type(of: object).addToMagicNetwork { ownedObjects.append(object) }
  }

  /// What was collected, in creation order.
  ///
  /// - Throws: this and the following: ``MagicError/crossIsolation`` in another task than the scope's.
  public var objects: [BrianObject] {
    get throws {
      try checkOwner()
      return ownedObjects
    }
  }

  /// The living instances of a class, subclasses included, in creation order (TRK-1).
  public func instances<T: Nameable>(of type: T.Type) throws -> [T] {
    try checkOwner()
    return tracked.objects.compactMap { $0 as? T }
  }

  /// Forgets all instances listed so far; the objects themselves are not affected.
  public func clearInstances() throws {
    try checkOwner()
    tracked.removeAll()
  }

  /// Leaves an object out of magic runs; it stays usable in explicit networks.
  public func exclude(_ object: BrianObject) throws {
    try checkOwner()
    excluded.insert(ObjectIdentifier(object))
  }

  /// The top-level objects a magic run would simulate, in creation order (MAG-4).
  public func collect() throws -> [BrianObject] {
    try checkOwner()
    return collected
  }

  var collected: [BrianObject] { ownedObjects.filter { !$0.isPart && !excluded.contains(ObjectIdentifier($0)) } }

  /// The magic network of this scope (MAG-9).
  public var network: MagicNetwork {
    get throws {
      try checkOwner()
      if let magicNetwork { return magicNetwork }
      let network = try MagicNetwork(scope: self)
      magicNetwork = network
      return network
    }
  }

  /// Drops the collected objects and restarts automatic naming (MAG-3).
  func restart() {
    let dropped = ownedObjects
    ownedObjects = []
    excluded = []
    takenNames = []
    nextNumber = [:]
    magicNetwork = nil
    for device in devices { device.forgetDefaultClock() }
    _ = dropped
  }

  /// At the end of the scope: reports objects that no network ever took, in creation order, and lets go of all of them. Networks let go
  /// of theirs and of their run directories: an operation may hold its network, which holds the operation.
  ///
  /// - Parameter quietly: while an error is on its way, unused objects are no news (BAS-12).
  func close(quietly: Bool) {
    magicNetwork = nil
    for object in tracked.objects {
      guard let object = object as? BrianObject else { continue }
      if quietly { object.wasAdded = true } else { object.reportIfUnused() }
    }
    for network in networks.objects { network.scopeEnded() }
    for directory in directories.objects { directory.close() }
    ownedObjects = []
  }

  // ------------------------------------------------------------------------------------------------------------ devices

  /// The device that owns arrays, the default clock and the random state (DEV-1).
  public var device: Device {
    get throws {
      try checkOwner()
      return activeDevice
    }
  }

  /// The same for objects of the scope, which cannot leave its task.
  package var activeDevice: Device { devices[devices.count - 1] }
  var deviceBefore: Device? { devices.dropLast().last }

  /// The device of what belongs to `owner`; of the current scope, where the owner's is gone.
  package static func device(of owner: any VariableOwner) -> Device {
    if let scope = (owner as? Nameable)?.scope { return scope.activeDevice }
    return (try? checkedCurrent())?.activeDevice ?? .memory()
  }

  func push(_ device: Device) { devices.append(device) }
  func popDevice() { devices.removeLast() }
}

/// Opens a fresh scope for the closure; its objects live until the closure returns (MAG-2). Then its networks are empty, and their run
/// directories closed: what a closure returns keeps its values, and cannot be run any more.
@discardableResult
public func withScope<R>(_ body: () throws -> R) rethrows -> R {
  let scope = MagicScope(owner: .current)
  return try MagicScope.$innermost.withValue(scope) {
    do {
      let result = try body()
      scope.close(quietly: false)
      return result
    } catch {
      scope.close(quietly: true)
      throw error
    }
  }
}

@discardableResult
public func withScope<R>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R) async rethrows -> R {
  let scope = MagicScope(owner: .current)
  do {
    let result = try await MagicScope.$innermost.withValue(scope, operation: body, isolation: isolation)
    MagicScope.$innermost.withValue(scope) { scope.close(quietly: false) }
    return result
  } catch {
    MagicScope.$innermost.withValue(scope) { scope.close(quietly: true) }
    throw error
  }
}

/// Drops all objects collected so far in the current scope and restarts automatic naming (MAG-3).
///
/// - Throws: ``MagicError/crossIsolation`` in another task than the scope's.
public func startScope() throws { try MagicScope.checkedCurrent().restart() }
