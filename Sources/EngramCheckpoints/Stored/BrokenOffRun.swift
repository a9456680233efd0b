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
