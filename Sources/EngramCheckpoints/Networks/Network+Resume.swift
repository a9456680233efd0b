public import EngramSimulation
import EngramStorage
public import EngramUnits

extension Network {
  /// Simulates with automatic checkpoints in the network's run directory.
  ///
  /// A run that stops early returns when its checkpoint survives a power cut, and names it. One whose checkpoints or recordings cannot
  /// be written stops at the next step boundary.
  ///
  /// - Throws: ``CheckpointError/brokenOff(_:)`` where a checkpoint or a recording failed. The network is at a step boundary:
  ///   ``resumeRun(functions:checkpoints:report:reportPeriod:)`` goes on once the cause is gone, here or in another process.
  @discardableResult
  public func run(
    _ duration: Time, checkpoints: CheckpointPolicy, report: ProgressReport = .none, reportPeriod: Duration = .seconds(10),
    namespace: Namespace = [:], profile: Bool = false
  ) throws -> RunSummary {
    var request = RunRequest(
      durationSeconds: duration.si, report: report, reportPeriod: reportPeriod, namespace: namespace, profile: profile)
    request.observers = [try automatic(checkpoints)]
    return try simulate(request)
  }

  /// The same, giving other tasks a turn every 10 ms; cancelling the task stops the run after the current step, with a checkpoint.
  @discardableResult
  public func run(
    _ duration: Time, checkpoints: CheckpointPolicy, report: ProgressReport = .none, reportPeriod: Duration = .seconds(10),
    namespace: Namespace = [:], profile: Bool = false, isolation: isolated (any Actor)? = #isolation
  ) async throws -> RunSummary {
    var request = RunRequest(
      durationSeconds: duration.si, report: report, reportPeriod: reportPeriod, namespace: namespace, profile: profile)
    request.observers = [try automatic(checkpoints)]
    return try await simulate(request, isolation: isolation)
  }

  /// Whether a run was interrupted, here or before the checkpoint that was restored.
  public var hasUnfinishedRun: Bool { kept.pendingRun != nil }

  /// Simulates the rest of an unfinished run, to its end, with the objects that were active at its start (CKP-29, 47).
  ///
  /// ```swift
  /// try network.restore("latest")
  /// if network.hasUnfinishedRun { try network.resumeRun(checkpoints: .every(wall: .seconds(60))) }
  /// ```
  ///
  /// - Parameters:
  ///   - functions: the functions that the run's namespace used; checkpoints cannot hold them.
  ///   - checkpoints: when checkpoints are made; nil: none.
  ///   - report: where progress is told.
  ///   - reportPeriod: wall-clock time between two reports.
  /// - Throws: `NetworkError` where no run is unfinished, and what a run throws.
  @discardableResult
  public func resumeRun(
    functions: [String: Function] = [:], checkpoints: CheckpointPolicy? = nil, report: ProgressReport = .none,
    reportPeriod: Duration = .seconds(10)
  ) throws -> RunSummary {
    guard let pending = kept.pendingRun else { throw NetworkError.noRunToResume }
    let namespace = try Namespace(stored: pending.namespace, functions: knownFunctions.merging(functions) { $1 })
    var request = RunRequest(
      durationSeconds: Swift.max(pending.end.seconds - time.seconds, 0), report: report, reportPeriod: reportPeriod, namespace: namespace)
    request.end = pending.end
    request.start = pending.start
    request.activeNames = Set(pending.activeNames)
    if let checkpoints { request.observers = [try automatic(checkpoints)] }
    return try simulate(request)
  }

  func automatic(_ policy: CheckpointPolicy) throws(CheckpointError) -> AutomaticCheckpoints {
    guard let directory = runDirectory else { throw .noRunDirectory }
    return try AutomaticCheckpoints(self, policy, directory)
  }
}
