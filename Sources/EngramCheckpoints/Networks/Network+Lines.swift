import EngramScalars
public import EngramSimulation
public import EngramStorage
import EngramSystem
public import FoundationEssentials

/// What a network without run directory knows of its first step.
enum Beginning {
  case notYet
  case kept(MemorySnapshot)
  case notKept(CheckpointError)
}

/// The beginning of a run, and branches (CKP-27).
extension Network {
  /// Takes the checkpoint `initial` before the first step, once everything is prepared.
  func storeInitial(_ context: RunContext) throws {
    guard let home = kept.home else { return keepBeginning(context) }
    guard !home.hasInitial else { return }
    if followsAnother {
      _ = try onFirst { nil }
      home.hasInitial = true
      return
    }
    _ = try onFirst {
      try storeInitial(context, in: home)
      return nil
    }
  }

  private func storeInitial(_ context: RunContext, in home: CheckpointHome) throws {
    let known = try wrappingStorage { try home.directory.list() }
    // A run that goes on from a later place has its beginning elsewhere.
    if known.contains(where: { $0.kind == .initial }) || (!known.isEmpty && time.seconds > 0) {
      home.hasInitial = true
      return
    }
    let state = try gatherState()
    let info = try wrappingStorage {
      try home.directory.commit(state, CommitOptions(name: nil, kind: .initial, summary: listing), copying: false).wait()
    }
    home.hasInitial = true
    kept.log.begin(at: info.id)
    tookCheckpoint()
    // What steps will write was announced before; now it must count as changed again.
    for touch in context.announcements { touch() }
  }

  /// The same for a network without run directory, in memory. It is nobody's wish yet, so it never makes a run fail: why
  /// there is none is told to who asks for it.
  private func keepBeginning(_ context: RunContext) {
    guard case .notYet = kept.beginning else { return }
    do {
      let state = try gatherState()
      let byteCount = state.columns.values.reduce(0) { $0 + $1.column.byteCount }
      // Small states cost less than finding out about memory.
      if byteCount > 16 << 20, byteCount > availableMemory() / 4 {
        kept.beginning = .notKept(.beginningTooLarge(byteCount: byteCount))
      } else {
        kept.beginning = .kept(try MemorySnapshot(state))
      }
    } catch { kept.beginning = .notKept(error as? CheckpointError ?? .unsupported("the state before the first step could not be kept: \(error)")) }
    for touch in context.announcements { touch() }
  }

  /// The snapshot `initial` of a network without run directory.
  func initialSnapshot() throws -> MemorySnapshot {
    switch kept.beginning {
    case .kept(let snapshot): return snapshot
    case .notKept(let reason): throw reason
    case .notYet: throw CheckpointError.unknownSnapshot("initial", known: kept.snapshots.keys.sorted(), nearest: nil)
    }
  }

  /// Back to the state before the first step: `restore("initial")`.
  @discardableResult
  public func reset(randomState: RandomStateRestoration = .restore) throws -> RestoreReport {
    try restore("initial", randomState: randomState)
  }

  /// Begins a line of checkpoints inside the run directory, from one that is there, and goes on from its state. Costs one
  /// manifest.
  @discardableResult
  public func branch(_ name: String, from source: String = "latest", randomState: RandomStateRestoration = .restore) throws -> CheckpointInfo {
    try checkIdle("branch")
    guard let home = kept.home else { throw CheckpointError.noRunDirectory }
    try waitForVerification()
    let info = try wrappingStorage { try home.directory.branch(name, from: source) }
    try restore(name, randomState: randomState)
    note(randomState, from: source)
    return info
  }

  /// Makes a branch that is a run directory of its own, for runs at the same time in other processes. This network is not
  /// affected.
  public func branch(_ name: String, from source: String = "latest", to url: URL) throws {
    try checkIdle("branch")
    guard let home = kept.home else { throw CheckpointError.noRunDirectory }
    try waitForVerification()
    _ = try wrappingStorage { try home.directory.branch(toDirectory: url.standardizedFileURL.path, name: name, from: source) }
  }

  private func note(_ randomState: RandomStateRestoration, from source: String) {
    let seed: DescriptionValue =
      switch randomState {
      case .restore: .text("same")
      case .keepCurrent: .text("continued")
      case .reseed(let seed): .integer(Int64(bitPattern: seed))
      }
    kept.log.append(.branch(from: source, seed: seed))
  }
}
