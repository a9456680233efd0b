import EngramScalars
public import EngramSimulation
import EngramStorage
import EngramUnits

extension RunControl {
  /// Stores a snapshot at the end of the current step (NET-45), as ``Network/store(_:options:)`` does.
  public func store(_ name: String = "default", options: StoreOptions = StoreOptions()) throws {
    try network?.store(name, options: options)
  }
}

extension Network {
  /// Stores a snapshot: in memory, or in the network's run directory if it has one (CKP-1, 43), Brian 2's `store`.
  ///
  /// ```swift
  /// try network.store("trained", options: StoreOptions(comment: "after 100 patterns", tags: ["keep"]))
  /// try network.run(1 * second)
  /// try network.restore("trained")
  /// ```
  ///
  /// Called from inside a step it takes effect at the end of that step (NET-45).
  ///
  /// - Parameters:
  ///   - name: what the snapshot is called; an older one of that name loses it.
  ///   - options: a remark, tags, and whether the call waits until the checkpoint would survive a power cut.
  /// - Throws: `StorageError` where it cannot be stored; what was stored before is untouched.
  public func store(_ name: String = "default", options: StoreOptions = StoreOptions()) throws {
    try store(name, at: nil, options: options)
  }

  /// - Parameter location: where the snapshot is stored instead.
  package func store(_ name: String, at location: CheckpointLocation?, options: StoreOptions = StoreOptions()) throws {
    if currentRun != nil {
      return deferred.append { [unowned self] in
        defer { announceWrites() }
        try storeNow(name, at: location, options)
      }
    }
    if activity == .inconsistent { throw NetworkError.inconsistent(timeSeconds: time.seconds) }
    try rebuildContents()
    defer { callEnded() }
    try positionClocks()
    try storeNow(name, at: location, options)
  }

  /// Puts a snapshot back (CKP-4…9, 24, 25), Brian 2's `restore`. When it throws, nothing has changed.
  ///
  /// ```swift
  /// try network.restore("trained")
  /// let report = try network.restore("trained", only: .objects(["neurons"]), randomState: .reseed(7))
  /// ```
  ///
  /// Random numbers continue as they did after the snapshot unless `randomState` says otherwise.
  ///
  /// - Parameters:
  ///   - name: a name, an id such as `ck-7`, `latest` or `initial`.
  ///   - allowing: kinds of differences between the stored model and this one that are accepted.
  ///   - only: objects or variables; time, clocks and random state stay then.
  ///   - renaming: old name to new name.
  ///   - randomState: whether random numbers go on as they did after the snapshot.
  ///   - verifyFirst: waits until all bytes have been compared with their checksums; otherwise that goes on in the background,
  ///     and no later checkpoint or run succeeds before it has (CKP-42).
  /// - Returns: what differed and was accepted, and whether the run that followed would be repeated bit for bit.
  /// - Throws: ``CheckpointError`` for an unknown snapshot or one of another model, during a run, and for damage.
  @discardableResult
  public func restore(
    _ name: String = "default", allowing: Set<Difference> = [], only: CheckpointSelection = .all, renaming: [String: String] = [:],
    randomState: RandomStateRestoration = .restore, verifyFirst: Bool = false
  ) throws -> RestoreReport {
    try restore(
      name, at: nil, allowing: allowing, only: only, renaming: renaming, randomState: randomState, verifyFirst: verifyFirst)
  }

  /// - Parameter location: where the snapshot was stored instead.
  @discardableResult
  package func restore(
    _ name: String, at location: CheckpointLocation?, allowing: Set<Difference> = [], only: CheckpointSelection = .all,
    renaming: [String: String] = [:], randomState: RandomStateRestoration = .restore, verifyFirst: Bool = false
  ) throws -> RestoreReport {
    if currentRun != nil { throw CheckpointError.restoreDuringRun }
    try rebuildContents()
    defer { callEnded() }
    let source = try stateSource(name, at: location)
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
    let before = kept.log
    // What stays was perhaps computed from what goes.
    if !only.isAll { try confirmSources() }
    let report = try restoration.apply()
    note(source, replacesAll: only.isAll)
    followRestore(of: source, isWhole: only.isAll, before)
    return report
  }

  /// Names of the snapshots in memory: they can be restored, also where the network has got a run directory since.
  public var snapshotNames: [String] { kept.snapshots.keys.sorted() }

  // ------------------------------------------------------------------------------------------------------------ private

  /// CKP-2: every clock at the network's time; rejected if a dt does not fit (CLK-9).
  func positionClocks() throws {
    let clocks = distinctClocks(of: allObjects)
    for clock in clocks { try clock.checkPosition(at: time.seconds) }
    for clock in clocks { try clock.setInterval(fromSeconds: time.seconds, toSeconds: time.seconds) }
  }

  private func storeNow(_ name: String, at location: CheckpointLocation?, _ options: StoreOptions) throws {
    warnAboutUndeclaredState()
    let state = try gatherState()
    var commit = CommitOptions(name: name, summary: listing)
    commit.comment = options.comment
    commit.tags = options.tags
    _ = try onFirst {
      try keep(state, as: name, commit, at: location, options)
      return nil
    }
  }

  private func keep(_ state: StateToStore, as name: String, _ commit: CommitOptions, at location: CheckpointLocation?, _ options: StoreOptions) throws {
    try wrappingStorage {
      if let location = elsewhere(location) {
        try waitForVerification()
        try location.store(state, commit)
      } else if let home = kept.home {
        try home.throwUnawaitedFailure()
        let handle = try home.directory.commitWithView(state, commit, copying: !options.waits)
        tookCheckpoint()
        if options.waits {
          kept.log.begin(at: try handle.wait().id)
          // The newer one of a name is meant.
          kept.snapshots[name] = nil
          kept.status?.republish()
        } else {
          home.watch(handle)
        }
      } else {
        try CheckpointName.check(name)
        kept.snapshots[name] = try MemorySnapshot(state)
      }
    }
  }

  /// Nil for the network's own run directory, which is open already.
  private func elsewhere(_ location: CheckpointLocation?) -> CheckpointLocation? {
    location.flatMap { $0.path == kept.home?.directory.path ? nil : $0 }
  }

  /// To look at, without going on from there.
  func lookedAt(_ name: String, at location: CheckpointLocation?) throws -> any StateSource {
    guard location == nil, let home = kept.home else { return try stateSource(name, at: location) }
    return try wrappingStorage {
      do { return try home.directory.look(at: name) } catch StorageError.unknownCheckpoint {
        return try stateSource(name, at: nil)
      }
    }
  }

  package func stateSource(_ name: String, at location: CheckpointLocation?) throws -> any StateSource {
    try wrappingStorage {
      if let location = elsewhere(location) { return try location.load(name) }
      if let home = kept.home {
        // Snapshots that were taken in memory before there was a directory are still there.
        do { return try home.directory.load(name) } catch StorageError.unknownCheckpoint {
          if let snapshot = kept.snapshots[name] { return snapshot }
          if name == "initial", case .kept(let snapshot) = kept.beginning { return snapshot }
          throw StorageError.unknownCheckpoint(name: name, path: home.directory.path, nearest: nearest(name, in: try knownNames(home)))
        }
      }
      if name == "initial" { return try initialSnapshot() }
      guard let snapshot = kept.snapshots[name] else {
        throw CheckpointError.unknownSnapshot(name, known: kept.snapshots.keys.sorted(), nearest: nearest(name, in: kept.snapshots.keys))
      }
      return snapshot
    }
  }

  private func knownNames(_ home: CheckpointHome) throws -> [String] { try home.directory.list().flatMap { [$0.id] + $0.names } + snapshotNames }

  /// What a listing shows without loading anything (CKP-17).
  var listing: [String: String] {
    var lines = ["network": name, "time": "\(time.seconds)", "seed": "\(random.seed)"].merging(extraListing) { own, _ in own }
    for clock in distinctClocks(of: allObjects) {
      lines["clock.\(clock.name)"] = "timestep \(clock.timestep)" + (clock.stepSeconds.map { ", dt \($0) s" } ?? "")
    }
    return lines
  }

  /// One warning per operation whose state a checkpoint cannot hold (CKP-22).
  private func warnAboutUndeclaredState() {
    for case let operation as NetworkOperation in allObjects where operation.hasUndeclaredState {
      environment.messages.emit(
        .warning, "network.store.undeclared_state",
        "what the network operation '\(operation.name)' keeps between calls is not part of the checkpoint; declare it as state:, or "
          + "declare the operation stateless: true", once: true)
    }
  }
}
