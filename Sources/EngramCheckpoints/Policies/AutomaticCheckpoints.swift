import EngramScalars
import EngramSimulation
import EngramStorage
import EngramUnits

/// Commits the state at step boundaries; at most one checkpoint is on its way to the disk.
///
/// A checkpoint that fails ends the run at the next step boundary: what is simulated without being kept is lost work, and what monitors
/// record meanwhile would pile up in memory. The run leaves one more, if it can, and says what is on disk.
final class AutomaticCheckpoints: StepObserver {
  private unowned let network: Network
  private let policy: CheckpointPolicy
  private let directory: RunDirectory
  private var underWay: CommitHandle?
  /// Simulated time [s] that the intervals are counted from, and of the next checkpoint.
  private var origin = 0.0
  private var dueSeconds = Double.infinity
  private var nextWall = ContinuousClock.now
  private var lastCommit = ContinuousClock.now
  private var lastView = ContinuousClock.now
  private var hasToldOfMemory = false
  /// Wall-clock time between views of automatic checkpoints.
  private static let viewInterval = Duration.seconds(5)

  var wallInterval: Duration? { policy.wall }

  init(_ network: Network, _ policy: CheckpointPolicy, _ directory: RunDirectory) throws(CheckpointError) {
    try policy.check()
    self.network = network
    self.policy = policy
    self.directory = directory
  }

  /// Everything is prepared. Has room for copies made in the background, so that the first checkpoint stops the run no longer than
  /// later ones.
  func runBegins() {
    let cadence = network.kept.home?.cadence ?? Cadence()
    origin = cadence.origin
    if let interval = policy.simulated?.si { dueSeconds = origin + interval * (1 - 1e-12) }
    nextWall = cadence.wall + (policy.wall ?? .zero)
    if policy.isPeriodic, !network.followsAnother { directory.prepareCopies(ofByteCount: network.changingByteCount(of: network.allObjects, in: directory)) }
  }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) throws {
    if case .failure(let error)? = underWay?.outcome {
      underWay = nil
      throw error
    }
    var isDue = false
    if seconds >= dueSeconds {
      isDue = true
      dueSeconds = nextPlace(after: seconds)
    }
    if let interval = policy.wall, wall >= nextWall, !network.followsAnother {
      if let underWay, underWay.outcome == nil {
        underWay.hurry()
      } else {
        // Of several processes one looks at the clock on the wall, and all store when all have heard of it.
        if let distribution = network.distribution { distribution.wish(.checkpoint) } else { isDue = true }
        nextWall = wall + interval
      }
    }
    let agreed = network.distribution?.agreed ?? (Interrupt.takeCheckpointRequest() ? .askedCheckpoint : [])
    if agreed.contains(.askedCheckpoint) { try commit(isAskedFor: true) } else if isDue || agreed.contains(.checkpoint) { try commit() }
  }

  /// Counted from the origin, so that the places do not drift; a boundary within rounding of a place is that place.
  private func nextPlace(after seconds: Double) -> Double {
    guard let interval = policy.simulated?.si else { return .infinity }
    let passed = ((seconds - origin) / interval * (1 + 1e-12)).rounded(.down)
    let place = origin + (passed + 1) * interval * (1 - 1e-12)
    // Shorter than numbers at this place can tell: every step.
    return place > seconds ? place : seconds.nextUp
  }

  func runEnds(completed: Bool) throws -> String? {
    guard !completed, policy.onInterrupt else {
      return try network.storing {
        try network.onFirst {
          try settle()
          return nil
        }
      }
    }
    return try network.storing(storeLast)
  }

  private func storeLast() throws -> String? {
    let earlier = settled()
    let state = try network.gatherState()
    let id = try network.onFirst {
      let info = try take(state, isLast: true).wait()
      if let earlier {
        network.environment.messages.emit(
          .warning, "checkpoint.automatic", "a checkpoint failed (\(earlier)); the one after it, \(info.id), holds everything")
      }
      return info.id
    }
    network.tookCheckpoint()
    return id
  }

  private func commit(isAskedFor: Bool = false) throws {
    // Several processes go on for a step where it fails.
    defer { network.announceWrites() }
    try network.storing {
      let earlier = settled()
      let state = try network.gatherState()
      _ = try network.onFirst {
        if let earlier { throw earlier }
        underWay = try take(state, isAskedFor: isAskedFor)
        return nil
      }
    }
    network.tookCheckpoint()
  }

  private func take(_ state: StateToStore, isLast: Bool = false, isAskedFor: Bool = false) throws -> CommitHandle {
    let now = ContinuousClock.now
    let wantsView = isLast || isAskedFor || now - lastView >= AutomaticCheckpoints.viewInterval
    if wantsView { lastView = now }
    var options = CommitOptions(name: nil, kind: .automatic, summary: network.listing)
    // Long before the next one, which would have to wait.
    options.leisureSeconds = (now - lastCommit).inSeconds / 4
    lastCommit = now
    let handle = try directory.commitWithView(state, options, copying: !isLast, wantsView: wantsView)
    handle.whenDone { _ in WallLimit.noteCheckpoint(ContinuousClock.now - now, atLeisure: !isLast) }
    if handle.lackedMemory, !hasToldOfMemory {
      hasToldOfMemory = true
      network.environment.messages.emit(
        .warning, "checkpoint.memory",
        "there is not enough free memory to copy the state for a checkpoint, so the run waits while each one is written; "
          + "give it more memory, or make checkpoints less often (--checkpoint-every)")
    }
    return handle
  }

  /// Waits for the checkpoint that is on its way, and gives back why it failed. Before the next one is gathered: what several processes have
  /// gathered for it is kept until it is written.
  private func settled() -> (any Error)? {
    do {
      try settle()
      return nil
    } catch { return error }
  }

  private func settle() throws {
    guard let handle = underWay else { return }
    underWay = nil
    try handle.wait()
  }
}

/// Ends a run whose recordings do not reach the disk: they would pile up in memory.
final class RecordingGuard: StepObserver {
  let wallInterval: Duration? = nil
  private let directory: RunDirectory

  init(_ directory: RunDirectory) { self.directory = directory }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) throws {
    if let fault = directory.takeRecordingFault() { throw fault }
  }
}
