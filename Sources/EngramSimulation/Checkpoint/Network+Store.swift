import EngramScalars
public import EngramStorage
import EngramUnits
public import FoundationEssentials

extension Network {
  /// Stores a snapshot: in memory, in the network's run directory if it has one, or at `file` (CKP-1, 43).
  ///
  /// Called from inside a step it takes effect at the end of that step (NET-45).
  public func store(_ name: String = "default", to file: URL? = nil, options: StoreOptions = StoreOptions()) throws {
    if currentRun != nil {
      return deferredStores.append { [unowned self] in
        try storeNow(name, to: file, options)
        announceWrites()
      }
    }
    if activity == .inconsistent { throw NetworkError.inconsistent(timeSeconds: time.seconds) }
    try rebuildContents()
    defer { callEnded() }
    try positionClocks()
    try storeNow(name, to: file, options)
  }

  /// Puts a snapshot back (CKP-4…9, 24, 25). When it throws, nothing has changed.
  ///
  /// Random numbers continue as they did after the snapshot unless `randomState` says otherwise.
  ///
  /// - Parameters:
  ///   - allowing: kinds of differences between the stored model and this one that are accepted.
  ///   - only: objects or variables; time, clocks and random state stay then.
  ///   - renaming: old name to new name.
  ///   - verifyFirst: waits until all bytes have been compared with their checksums; otherwise that goes on in the background,
  ///     and no later checkpoint or run succeeds before it has (CKP-42).
  @discardableResult
  public func restore(
    _ name: String = "default", from file: URL? = nil, allowing: Set<Difference> = [], only: CheckpointSelection = .all,
    renaming: [String: String] = [:], randomState: RandomStateRestoration = .restore, verifyFirst: Bool = false
  ) throws -> RestoreReport {
    if currentRun != nil { throw CheckpointError.restoreDuringRun }
    try rebuildContents()
    defer { callEnded() }
    let source = try stateSource(name, file)
    if verifyFirst { try wrappingStorage { try source.waitForVerification() } }
    return try restore(from: source, allowing: allowing, only: only, renaming: renaming, randomState: randomState)
  }

  package func restore(
    from source: any StateSource, allowing: Set<Difference> = [], only: CheckpointSelection = .all, renaming: [String: String] = [:],
    randomState: RandomStateRestoration = .restore
  ) throws -> RestoreReport {
    if currentRun != nil { throw CheckpointError.restoreDuringRun }
    var restoration = try Restoration(
      network: self, source: source, allowing: allowing, selection: only, renaming: renaming, randomState: randomState)
    try restoration.check()
    collectAssignments()
    let before = log
    // What stays was perhaps computed from what goes.
    if !only.isAll { try confirmSources() }
    let report = try restoration.apply()
    note(source, replacesAll: only.isAll)
    followRestore(of: source, isWhole: only.isAll, before)
    return report
  }

  /// Names of the snapshots in memory: they can be restored, also where the network has got a run directory since.
  public var snapshotNames: [String] { snapshots.keys.sorted() }

  // ------------------------------------------------------------------------------------------------------------ private

  /// CKP-2: every clock at the network's time; rejected if a dt does not fit (CLK-9).
  func positionClocks() throws {
    let clocks = distinctClocks(of: allObjects)
    for clock in clocks { try clock.checkPosition(at: time.seconds) }
    for clock in clocks { try clock.setInterval(fromSeconds: time.seconds, toSeconds: time.seconds) }
  }

  private func storeNow(_ name: String, to file: URL?, _ options: StoreOptions) throws {
    warnAboutUndeclaredState()
    let state = try gatherState()
    var commit = CommitOptions(name: name, summary: listing)
    commit.comment = options.comment
    commit.tags = options.tags
    try wrappingStorage {
      if let file, file.standardizedFileURL.path != home?.directory.path {
        try waitForVerification()
        try store(state, commit, at: file)
      } else if let home {
        try home.throwUnawaitedFailure()
        let handle = try home.directory.commitWithView(state, commit, copying: !options.waits)
        tookCheckpoint()
        if options.waits {
          log.begin(at: try handle.wait().id)
          // The newer one of a name is meant.
          snapshots[name] = nil
          status?.republish()
        } else {
          home.watch(handle)
        }
      } else {
        try CheckpointName.check(name)
        snapshots[name] = try MemorySnapshot(state)
      }
    }
  }

  private func store(_ state: StateToStore, _ options: CommitOptions, at file: URL) throws {
    let services = try CheckpointServices.current
    if isRunDirectory(file) {
      let directory = try RunDirectory(at: file.path, creating: false, headers: services.headers)
      defer { directory.close() }
      try directory.commitWithView(state, options, copying: false).wait()
    } else if let portable = services.portable {
      _ = try portable.store(state, options, at: file.path)
    } else {
      throw CheckpointError.unsupported("'\(file.path)' is not a run directory, and portable files are not available here")
    }
  }

  /// To look at, without going on from there.
  func lookedAt(_ name: String, _ file: URL?) throws -> any StateSource {
    guard file == nil, let home else { return try stateSource(name, file) }
    return try wrappingStorage {
      do { return try home.directory.look(at: name) } catch StorageError.unknownCheckpoint {
        return try stateSource(name, nil)
      }
    }
  }

  package func stateSource(_ name: String, _ file: URL?) throws -> any StateSource {
    try wrappingStorage {
      if let file, file.standardizedFileURL.path != home?.directory.path {
        let services = try CheckpointServices.current
        if isRunDirectory(file) {
          return try RunDirectory(at: file.path, access: .read, creating: false, headers: services.headers).load(name)
        }
        guard let portable = services.portable else {
          throw CheckpointError.unsupported("'\(file.path)' is not a run directory, and portable files are not available here")
        }
        return try portable.load(name, at: file.path)
      }
      if let home {
        // Snapshots that were taken in memory before there was a directory are still there.
        do { return try home.directory.load(name) } catch StorageError.unknownCheckpoint {
          if let snapshot = snapshots[name] { return snapshot }
          if name == "initial", case .kept(let snapshot) = beginning { return snapshot }
          throw StorageError.unknownCheckpoint(name: name, path: home.directory.path, nearest: nearest(name, in: try knownNames(home)))
        }
      }
      if name == "initial" { return try initialSnapshot() }
      guard let snapshot = snapshots[name] else {
        throw CheckpointError.unknownSnapshot(name, known: snapshots.keys.sorted(), nearest: nearest(name, in: snapshots.keys))
      }
      return snapshot
    }
  }

  private func knownNames(_ home: CheckpointHome) throws -> [String] { try home.directory.list().flatMap { [$0.id] + $0.names } + snapshotNames }

  private func isRunDirectory(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.appending(path: "FORMAT").path)
  }

  /// What a listing shows without loading anything (CKP-17).
  var listing: [String: String] {
    var lines = ["network": name, "time": "\(time.seconds)", "seed": "\(random.seed)"]
    for clock in distinctClocks(of: allObjects) {
      lines["clock.\(clock.name)"] = "timestep \(clock.timestep)" + (clock.stepSeconds.map { ", dt \($0) s" } ?? "")
    }
    return lines
  }

  /// One warning per operation whose state a checkpoint cannot hold (CKP-22).
  private func warnAboutUndeclaredState() {
    for case let operation as NetworkOperation in allObjects where operation.hasUndeclaredState {
      Messages.emit(
        .warning, "network.store.undeclared_state",
        "what the network operation '\(operation.name)' keeps between calls is not part of the checkpoint; declare it as state:, or "
          + "declare the operation stateless: true", once: true)
    }
  }
}

/// The run directory of a network.
final class CheckpointHome {
  let directory: RunDirectory
  /// Whether the network has opened it, and closes it; else whoever handed it over does.
  let isOwn: Bool
  /// Whether the directory has its first checkpoint.
  var hasInitial = false
  /// Since when nothing has been stored.
  var cadence = Cadence()
  /// Stores that nobody waited for.
  private var unawaited: [CommitHandle] = []

  init(_ directory: RunDirectory, isOwn: Bool) { (self.directory, self.isOwn) = (directory, isOwn) }

  /// A store that returns before its end: its failure is told at the next opportunity.
  func watch(_ handle: CommitHandle) {
    unawaited.removeAll { if case .success? = $0.outcome { true } else { false } }
    unawaited.append(handle)
    handle.whenDone { result in
      guard case .failure(let error) = result else { return }
      Messages.emit(.error, "checkpoint.store", "a checkpoint that nobody waited for was not stored; earlier ones are intact: \(error)")
    }
  }

  /// - Throws: the failure of an earlier store that nobody waited for, once.
  func throwUnawaitedFailure() throws(StorageError) {
    for (place, handle) in unawaited.enumerated() {
      guard case .failure(let error)? = handle.outcome else { continue }
      unawaited.remove(at: place)
      throw error
    }
  }
}

extension Network {
  /// A network whose checkpoints go to a run directory, which is made if it does not exist (CKP-43).
  ///
  /// - Parameters:
  ///   - storage: where arrays are while it runs (STO-1).
  ///   - keeping: which automatic checkpoints stay when newer ones have been made (CKP-19).
  public convenience init(
    at url: URL, storage: ArrayStorage = .standard, name: ObjectName = "network*", keeping: RetentionPolicy = RetentionPolicy(),
    @NetworkBuilder _ objects: () throws -> [BrianObject] = { [] }
  ) throws {
    try self.init(contentsOf: objects(), name: name)
    try useRunDirectory(at: url, storage: storage, keeping: keeping)
  }

  /// From now on checkpoints go to that run directory, which this process alone may write, and arrays are in files there while
  /// the network runs.
  ///
  /// - Parameter storage: where arrays are instead; nil: as ``Network/storage`` says.
  public func useRunDirectory(at url: URL, storage: ArrayStorage? = nil, keeping: RetentionPolicy = RetentionPolicy()) throws {
    try checkIdle("change the run directory")
    let services = try CheckpointServices.current
    var options = RunDirectory.Options()
    options.retention = keeping
    try wrappingStorage { use(try RunDirectory(at: url.standardizedFileURL.path, headers: services.headers, options: options), isOwn: true) }
    if let storage { self.storage = storage }
  }

  /// Which automatic checkpoints stay when newer ones are made in the run directory (CKP-19).
  public var keptCheckpoints: RetentionPolicy {
    get { home?.directory.retention ?? RetentionPolicy() }
    set { home?.directory.retention = newValue }
  }

  /// - Parameter isOwn: whether the network closes it, with its scope at the latest.
  package func use(_ directory: RunDirectory, isOwn: Bool = false) {
    home?.directory.close()
    status = nil
    home = CheckpointHome(directory, isOwn: isOwn)
    if isOwn { scope?.closeAtEnd(directory) }
    for source in unverified { source.isAwaited(by: directory) }
    // Who captures the directory here keeps it, and its open files, for ever.
    directory.onWarning { [path = directory.path] in Messages.emit(.warning, "directory", "\(path): \($0)") }
    // What was done before belongs to checkpoints elsewhere.
    if directory.currentID == nil { log.begin(at: nil) }
  }

  /// Ends the use of the run directory and gives its lock back.
  public func closeRunDirectory() {
    home?.directory.close()
    (home, status) = (nil, nil)
  }

  package var runDirectory: RunDirectory? { home?.directory }
  public var runDirectoryPath: String? { home?.directory.path }
}

// -------------------------------------------------------------------------------------------------------- magic (MAG-5, 11)

/// Stores a snapshot of the current scope's network.
public func store(_ name: String = "default", to file: URL? = nil, options: StoreOptions = StoreOptions()) throws {
  try MagicScope.current.network.store(name, to: file, options: options)
}

/// Restores a snapshot into the current scope's network.
@discardableResult
public func restore(
  _ name: String = "default", from file: URL? = nil, randomState: RandomStateRestoration = .restore
) throws -> RestoreReport {
  try MagicScope.current.network.restore(name, from: file, randomState: randomState)
}
