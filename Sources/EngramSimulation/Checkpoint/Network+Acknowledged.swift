package import EngramStorage
import EngramUnits

/// A run that ended at a step boundary because its state, or what it recorded, could not be written.
public struct BrokenOffRun: Equatable, Sendable {
  /// Network time at which the run stands [s]. The network can go on from here once there is room again.
  public let timeSeconds: Double
  /// What could not be written, and why.
  public let cause: String
  /// The run directory.
  public let directory: String
  /// Id of the newest checkpoint that is on disk, and its network time [s]; nil: there is none, or see `unknown`.
  public let checkpoint: String?
  /// The time of that checkpoint [s].
  public let checkpointSeconds: Double?
  /// Why it is not known what is on disk, where the directory could not be read either.
  public let unknown: String?
}

extension BrokenOffRun: CustomStringConvertible {
  public var description: String {
    let start = "the run was stopped at t = \(timeText(timeSeconds)), because its state could not be stored: \(cause)"
    if let unknown { return "\(start); what '\(directory)' holds could not be read either: \(unknown)" }
    guard let checkpoint, let checkpointSeconds else { return "\(start); '\(directory)' holds no checkpoint yet" }
    if checkpointSeconds == timeSeconds { return "\(start); nothing is lost: \(checkpoint) holds everything up to there" }
    return "\(start); the newest checkpoint, \(checkpoint), holds t = \(timeText(checkpointSeconds))"
  }

  private func timeText(_ seconds: Double) -> String { "\(Time(si: seconds))" }
}

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
  func tookCheckpoint() { home?.cadence.tookCheckpoint(at: time.seconds) }
}
