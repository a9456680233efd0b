public import EngramScalars
package import EngramStorage
import Synchronization

/// The world that objects are made in, and keep: names, messages, preferences, the device with its random state and default clock; and
/// what was made in it (NAM-5, TRK-3).
///
/// What is made gets its environment as an argument, which is the current one unless somebody says otherwise. The current one is
/// task-local. An environment belongs to the task (or, outside of tasks, the thread) that opened it; using it from elsewhere throws
/// ``EnvironmentError/crossIsolation``.
///
/// `@unchecked Sendable` because task-locals must be. What others may touch has a lock or is atomic: the owner, the wish to stop,
/// preferences, and the messages. Everything else is reached through `checkOwner` only, which admits the owner alone, or from objects
/// of the environment, which cannot leave its task.
public final class Environment: @unchecked Sendable {
  package let preferences = Preferences(sharing: .process)
  package let messages: MessageCenter
  /// Objects of which a run without a network consists, in creation order. Owned: a local variable may be released right after its
  /// last use.
  package private(set) var owned: [Nameable] = []
  /// What was done to objects and no network has taken over yet (CKP-18).
  package var commands = CommandNotes()

  private var names = TakenNames()
  private var tracked = WeakSet<Nameable>()
  /// What the end closes, also after ``forgetMade()``.
  private var endings = WeakSet<Nameable>()
  private var directories = WeakSet<RunDirectory>()
  private var devices = [Device.memory()]
  private let parts = Mutex<[ObjectIdentifier: any EnvironmentPart]>([:])
  private let stopFlag = Atomic(false)
  /// Of the program's implicit environment: whoever used it first.
  private let owner: Mutex<Owner?>

  init(owner: Owner?) {
    self.owner = Mutex(owner)
    messages = MessageCenter(preferences)
  }

  // ------------------------------------------------------------------------------------------------------------ current

  @TaskLocal private static var innermost: Environment?
  private static let implicit = Environment(owner: nil)

  /// The innermost open environment; the implicit one of the program when none was opened.
  public static var current: Environment { innermost ?? implicit }

  /// The current environment, if it is used by its owner.
  package static func checkedCurrent() throws(EnvironmentError) -> Environment {
    let environment = current
    try environment.checkOwner()
    return environment
  }

  package func checkOwner() throws(EnvironmentError) {
    let here = Owner.current
    let isOwner = owner.withLock { owner in
      if let known = owner { return known.isSame(as: here) }
      owner = here
      return true
    }
    if !isOwner { throw .crossIsolation }
  }

  /// Whether this is the owner's task, without making the caller the owner of an environment that has none.
  package var isOwnedHere: Bool {
    let here = Owner.current
    return owner.withLock { $0?.isSame(as: here) ?? false }
  }

  /// For what cannot throw: does it for the owner, and tells everybody else that nothing was done.
  package func ifOwned(_ what: String, _ body: (Environment) -> Void) {
    do throws(EnvironmentError) {
      try checkOwner()
      body(self)
    } catch {
      messages.emit(.error, "scope.cross_isolation", "\(what) had no effect: \(error)")
    }
  }

  /// Opens a fresh environment for the closure. What is made in it lives until the closure returns; then its networks are empty, and
  /// their run directories closed (MAG-2).
  @discardableResult
  package static func opening<R>(_ body: () throws -> R) rethrows -> R {
    let environment = Environment(owner: .current)
    return try $innermost.withValue(environment) {
      do {
        let result = try body()
        environment.close(quietly: false)
        return result
      } catch {
        environment.close(quietly: true)
        throw error
      }
    }
  }

  @discardableResult
  package static func opening<R>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R) async rethrows -> R {
    let environment = Environment(owner: .current)
    do {
      let result = try await $innermost.withValue(environment, operation: body, isolation: isolation)
      $innermost.withValue(environment) { environment.close(quietly: false) }
      return result
    } catch {
      $innermost.withValue(environment) { environment.close(quietly: true) }
      throw error
    }
  }

  /// A fresh environment of the caller's task that somebody keeps: current inside ``entered(_:)`` only, until ``end()``.
  package static func kept() -> Environment { Environment(owner: .current) }

  /// Makes this the current environment for the closure. What is made in it stays.
  package func entered<R>(_ body: () throws -> R) rethrows -> R { try Self.$innermost.withValue(self, operation: body) }

  /// Lets go of what was made here: networks are empty afterwards, and their run directories closed.
  package func end() { entered { close(quietly: true) } }

  /// Reports objects that no network ever took, in creation order, and lets go of all of them. Networks let go of theirs and of their
  /// run directories: an operation may hold its network, which holds the operation.
  ///
  /// - Parameter quietly: while an error is on its way, unused objects are no news (BAS-12).
  private func close(quietly: Bool) {
    for part in takeParts() { part.environmentEnds() }
    for object in tracked.objects where !object.endsWithEnvironment { object.environmentEnds(quietly: quietly) }
    for object in endings.objects { object.environmentEnds(quietly: true) }
    for directory in directories.objects { directory.close() }
    owned = []
  }

  private func takeParts() -> [any EnvironmentPart] {
    parts.withLock { parts in
      defer { parts = [:] }
      return Array(parts.values)
    }
  }

  // --------------------------------------------------------------------------------------------------------------- made

  /// The name that the pattern stands for here (NAM-2, 3).
  package func claim(_ pattern: ObjectName) -> String { names.claim(pattern) }

  func made(_ object: Nameable) {
    tracked.insert(object)
    if object.endsWithEnvironment { endings.insert(object) }
  }

  /// The object belongs to what a run without a network simulates.
  func own(_ object: Nameable) { owned.append(object) }

  /// The living things that were made here, in creation order (TRK-1).
  package var made: [Nameable] { tracked.objects }

  /// Forgets all that is listed in `made`; the objects themselves are not affected.
  package func forgetMade() { tracked.removeAll() }

  /// Has the end close a run directory: work in the background may keep one open that nobody has any more.
  package func closeAtEnd(_ directory: RunDirectory) { directories.insert(directory) }

  /// Drops the owned objects and restarts automatic naming (MAG-3).
  package func restart() {
    let dropped = owned
    owned = []
    names = TakenNames()
    for part in parts.withLock({ Array($0.values) }) { part.environmentRestarts() }
    for device in devices { device.startingStepSeconds = Device.standardStepSeconds }
    _ = dropped
  }

  /// What somebody above keeps for this environment; made when it is first asked for.
  package func part<Part: EnvironmentPart>(_ type: Part.Type = Part.self) -> Part {
    parts.withLock { parts in
      if let known = parts[ObjectIdentifier(type)] as? Part { return known }
      let made = Part(self)
      parts[ObjectIdentifier(type)] = made
      return made
    }
  }

  /// Asks every run in progress here to end after its step (MAG-12). From any task.
  package var stopRequested: Bool {
    get { stopFlag.load(ordering: .relaxed) }
    set { stopFlag.store(newValue, ordering: .relaxed) }
  }

  // ------------------------------------------------------------------------------------------------------------ devices

  /// The device that owns arrays and the random state (DEV-1). For objects of the environment, which cannot leave its task.
  package var device: Device { devices[devices.count - 1] }
  package var deviceBefore: Device? { devices.dropLast().last }
  /// Seed and count of draws outside steps (RNG-1, 6): those of the device.
  package var random: RandomState { device.random }

  package func push(_ device: Device) { devices.append(device) }
  package func popDevice() { devices.removeLast() }
}

/// Something that is kept for an environment by somebody above it, and that lives as long: the default clocks, the magic scope.
package protocol EnvironmentPart: AnyObject, Sendable {
  init(_ environment: Environment)
  func environmentEnds()
  func environmentRestarts()
}

/// An environment cannot do what was asked (MAG-1).
public enum EnvironmentError: ExplainedError, Hashable, Sendable {
  /// It was used from another task than the one that opened it.
  case crossIsolation

  public var description: String {
    switch self {
    case .crossIsolation:
      "objects of a scope were used from another task than the one that opened it; open a scope with withScope { … } in each task"
    }
  }
}
