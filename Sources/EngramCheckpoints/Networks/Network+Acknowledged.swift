import EngramSimulation
package import EngramStorage

/// What is told as durable comes from the run directory's answer, asked after the flush; nothing else knows.
extension Network {
  /// The checkpoint from which another process would go on now; nil without one, or without a run directory.
  package func acknowledged() throws -> CheckpointInfo? { try runDirectory?.acknowledged() }

  /// An error that kept a state from being stored, with what is on disk instead.
  package func brokenOff(by cause: any Error) -> any Error {
    guard let directory = runDirectory else { return cause }
    if case .brokenOff? = cause as? CheckpointError { return cause }
    var newest: CheckpointInfo?
    var unknown: String?
    do { newest = try directory.acknowledged() } catch { unknown = "\(error)" }
    return CheckpointError.brokenOff(
      BrokenOffRun(
        timeSeconds: time.seconds, cause: "\(cause)", directory: directory.path, checkpoint: newest?.id,
        checkpointSeconds: newest?.summary["time"].flatMap { Double($0) }, unknown: unknown))
  }

  /// Intervals are counted from here.
  func tookCheckpoint() { kept.home?.cadence.tookCheckpoint(at: time.seconds) }
}
