import EngramStorage
public import EngramUnits

/// When checkpoints are made without being asked for (CKP-29).
public struct CheckpointPolicy: Sendable, Hashable {
  /// Simulated time between two checkpoints.
  public var simulated: Time?
  /// Wall time between two checkpoints.
  public var wall: Duration?
  /// Whether an interrupted run leaves one.
  public var onInterrupt: Bool

  public init(simulated: Time? = nil, wall: Duration? = nil, onInterrupt: Bool = true) {
    self.simulated = simulated
    self.wall = wall
    self.onInterrupt = onInterrupt
  }

  public static func every(simulated: Time) -> CheckpointPolicy { CheckpointPolicy(simulated: simulated) }
  public static func every(wall: Duration) -> CheckpointPolicy { CheckpointPolicy(wall: wall) }
  public static let onInterrupt = CheckpointPolicy()
}

/// Commits the state at step boundaries; at most one checkpoint is on its way to the disk.
///
/// A checkpoint that fails does not end the run: earlier ones are intact, an error message tells, and the next interval
/// tries again.
final class AutomaticCheckpoints: StepObserver, RunEndObserver {
  private unowned let network: Network
  private let policy: CheckpointPolicy
  private let directory: RunDirectory
  private var count = 1
  private var nextWall: ContinuousClock.Instant
  private var underWay: CommitHandle?
  private var lastView = ContinuousClock.now
  /// Wall time between views of automatic checkpoints.
  private static let viewInterval = Duration.seconds(5)
  private(set) var failures = 0
  private var hasToldOfMemory = false
  private var lastCommit = ContinuousClock.now

  /// Whether checkpoints are made while steps go on.
  private var isPeriodic: Bool { policy.simulated != nil || policy.wall != nil }

  var wallInterval: Duration? { policy.wall }

  init(_ network: Network, _ policy: CheckpointPolicy, _ directory: RunDirectory) {
    self.network = network
    self.policy = policy
    self.directory = directory
    nextWall = .now + (policy.wall ?? .seconds(0))
  }

  /// Has room for copies made in the background, so that the first checkpoint stops the run no longer than later ones.
  func prepare(changingByteCount: Int) {
    if isPeriodic { directory.prepareCopies(ofByteCount: changingByteCount) }
  }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) {
    var isDue = false
    if let interval = policy.simulated?.si, interval > 0 {
      // Counted from the start, so that the places do not drift; a boundary within rounding of a step is that step.
      while seconds >= run.startSeconds + Double(count) * interval * (1 - 1e-12) {
        isDue = true
        let passed = ((seconds - run.startSeconds) / interval).rounded(.down)
        count = max(count + 1, passed < 1e15 ? Int(passed) + 1 : count + 1)
      }
    }
    if let interval = policy.wall, wall >= nextWall {
      if let underWay, underWay.outcome == nil {
        underWay.hurry()
      } else {
        isDue = true
        nextWall = wall + interval
      }
    }
    if Interrupt.takeCheckpointRequest() { commit(isAskedFor: true) } else if isDue { commit() }
  }

  func runEnded(completed: Bool) {
    if !completed, policy.onInterrupt { commit(isLast: true) }
    noteOutcome(waiting: true)
  }

  private func commit(isLast: Bool = false, isAskedFor: Bool = false) {
    noteOutcome(waiting: true)
    do {
      let state = try network.gatherState()
      let now = ContinuousClock.now
      let wantsView = isLast || isAskedFor || now - lastView >= AutomaticCheckpoints.viewInterval
      if wantsView { lastView = now }
      var options = CommitOptions(name: nil, kind: .automatic, summary: network.listing)
      // Long before the next one, which would have to wait.
      options.leisureSeconds = TextReport.seconds(now - lastCommit) / 4
      lastCommit = now
      let handle = try directory.commitWithView(state, options, copying: !isLast, wantsView: wantsView)
      underWay = handle
      if handle.lackedMemory, !hasToldOfMemory {
        hasToldOfMemory = true
        Messages.emit(
          .warning, "checkpoint.memory",
          "there is not enough free memory to copy the state for a checkpoint, so the run waits while each one is written; "
            + "give it more memory, or make checkpoints less often (--checkpoint-every)")
      }
      network.announceWrites()
    } catch { complain(error) }
  }

  private func noteOutcome(waiting: Bool) {
    guard let handle = underWay else { return }
    underWay = nil
    do { try handle.wait() } catch { complain(error) }
  }

  private func complain(_ error: any Error) {
    failures += 1
    Messages.emit(.error, "checkpoint.automatic", "an automatic checkpoint failed; earlier ones are intact: \(error)")
  }
}

/// A run that has not reached its end: after a restore, or after an interruption.
struct PendingRun {
  let record: NetworkRecord.RunRecord
}

extension Network {
  /// Simulates with automatic checkpoints in the network's run directory.
  @discardableResult
  public func run(
    _ duration: Time, checkpoints: CheckpointPolicy, report: ProgressReport = .none, reportPeriod: Duration = .seconds(10),
    namespace: Namespace = [:], profile: Bool = false
  ) throws -> RunSummary {
    guard let directory = runDirectory else { throw CheckpointError.noRunDirectory }
    var request = RunRequest(
      durationSeconds: duration.si, report: report, reportPeriod: reportPeriod, namespace: namespace, profile: profile)
    request.observers = [AutomaticCheckpoints(self, checkpoints, directory)]
    return try simulate(request)
  }

  /// Whether a run was interrupted, here or before the checkpoint that was restored.
  public var hasUnfinishedRun: Bool { pendingRun != nil }

  /// Simulates the rest of an unfinished run, to its end, with the objects that were active at its start (CKP-29, 47).
  ///
  /// - Parameter functions: the functions that the run's namespace used; checkpoints cannot hold them.
  @discardableResult
  public func resumeRun(
    functions: [String: Function] = [:], checkpoints: CheckpointPolicy? = nil, report: ProgressReport = .none,
    reportPeriod: Duration = .seconds(10)
  ) throws -> RunSummary {
    guard let pending = pendingRun?.record else { throw NetworkError.noRunToResume }
    let namespace = try Namespace(pending.namespace, functions: knownFunctions.merging(functions) { $1 })
    var request = RunRequest(
      durationSeconds: Swift.max(pending.end.seconds - time.seconds, 0), report: report, reportPeriod: reportPeriod, namespace: namespace)
    request.end = pending.end
    request.start = pending.start
    request.activeNames = Set(pending.activeNames)
    if let checkpoints {
      guard let directory = runDirectory else { throw CheckpointError.noRunDirectory }
      request.observers = [AutomaticCheckpoints(self, checkpoints, directory)]
    }
    return try simulate(request)
  }
}
