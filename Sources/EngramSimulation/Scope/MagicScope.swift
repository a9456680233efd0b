#if canImport(Glibc)
import Glibc
#endif

/// Collects the objects that a program creates, owns them, and hands out their names (MAG, NAM-5, TRK-3).
///
/// The current scope is task-local. A scope belongs to the task (or, outside of tasks, the thread) that opened it;
/// using it from elsewhere throws ``MagicError/crossIsolation``.
///
/// `@unchecked Sendable` because task-locals must be: every entry point that changes it goes through `checkedCurrent`,
/// which admits only the owner.
public final class MagicScope: @unchecked Sendable {
  /// What was collected, in creation order. Owned: a local variable may be released right after its last use.
  public private(set) var objects: [BrianObject] = []
  /// Messages, with what is suppressed and captured in this scope.
  let messages = MessageCenter()
  /// Seed and count of draws outside steps (RNG-1, 6).
  package let random = RandomState()
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
  var stopRequested = false
  private var excluded: Set<ObjectIdentifier> = []
  private var takenNames: Set<String> = []
  private var nextNumber: [String: Int] = [:]
  private var tracked = WeakSet<Nameable>()
  private var devices: [Device] = []
  private let owner: Owner?
  private var claimedOwner: Owner?
  private var magicNetwork: MagicNetwork?

  init(owner: Owner?) { self.owner = owner }

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
    if let known = owner ?? claimedOwner {
      guard known.isSame(as: here) else { throw .crossIsolation }
    } else {
      claimedOwner = here
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

  func track(_ object: Nameable) { tracked.insert(object) }

  func register(_ object: BrianObject) {
    if type(of: object).addToMagicNetwork { objects.append(object) }
  }

  /// The living instances of a class, subclasses included, in creation order (TRK-1).
  public func instances<T: Nameable>(of type: T.Type) -> [T] { tracked.objects.compactMap { $0 as? T } }

  /// Forgets all instances listed so far; the objects themselves are not affected.
  public func clearInstances() { tracked.removeAll() }

  /// Leaves an object out of magic runs; it stays usable in explicit networks.
  public func exclude(_ object: BrianObject) { excluded.insert(ObjectIdentifier(object)) }

  /// The top-level objects a magic run would simulate, in creation order (MAG-4).
  public func collect() -> [BrianObject] {
    objects.filter { !$0.isPart && !excluded.contains(ObjectIdentifier($0)) }
  }

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
    let dropped = objects
    objects = []
    excluded = []
    takenNames = []
    nextNumber = [:]
    magicNetwork = nil
    for device in devices { device.forgetDefaultClock() }
    _ = dropped
  }

  /// At the end of the scope: reports objects that no network ever took, in creation order, and lets go of all of them.
  ///
  /// - Parameter quietly: while an error is on its way, unused objects are no news (BAS-12).
  func close(quietly: Bool) {
    magicNetwork = nil
    for object in tracked.objects {
      guard let object = object as? BrianObject else { continue }
      if quietly { object.wasAdded = true } else { object.reportIfUnused() }
    }
    objects = []
  }

  // ------------------------------------------------------------------------------------------------------------ devices

  /// The device that owns arrays and the default clock (DEV-1).
  public var device: Device {
    if let device = devices.last { return device }
    let device = Device.memory()
    devices.append(device)
    return device
  }

  func push(_ device: Device) { devices.append(device) }
  func popDevice() -> Device? { devices.count > 1 ? devices.removeLast() : nil }
}

/// Who may use a scope: its task; outside of tasks its thread; anybody on the main thread if it was made there.
struct Owner {
  let task: Int?
  let thread: UInt
  let isMainThread: Bool

  static var current: Owner {
    Owner(task: withUnsafeCurrentTask { $0?.hashValue }, thread: UInt(pthread_self()), isMainThread: onMainThread)
  }

  /// The main thread has the number of the process.
  private static var onMainThread: Bool {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      let count = readlink("/proc/thread-self", text.baseAddress!, 63)
      guard count > 0, count < 64 else { return false }
      text[count] = 0
      let link = String(cString: text.baseAddress!)
      return link.hasSuffix("/\(getpid())")
    }
  }

  func isSame(as other: Owner) -> Bool {
    if let task, let theirs = other.task, task == theirs { return true }
    if isMainThread, other.isMainThread { return true }
    return task == nil && other.task == nil && thread == other.thread
  }
}

/// Opens a fresh scope for the closure; its objects live until the closure returns (MAG-2).
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
public func startScope() { MagicScope.current.restart() }
