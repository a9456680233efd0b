public import EngramUnits

/// What a run did (NET-31).
public struct RunSummary: Sendable, Hashable, CustomStringConvertible {
  /// Why a run ended.
  public enum StopReason: String, Sendable, Hashable {
    /// The end was reached.
    case completed
    /// Somebody called `stop()`.
    case stopped
    /// An interrupt signal, or cancellation of the task.
    case interrupted
  }

  /// Network time at which it began.
  public let start: Time
  /// Network time at which it ended.
  public let end: Time
  /// Steps executed in this run, by clock name.
  public let steps: [String: Int64]
  /// Wall-clock time that it took.
  public let wallTime: Duration
  /// 0…1.
  public let completedFraction: Double
  /// Why it ended.
  public let stopReason: StopReason
  /// Repeats the run when given to `seed(_:)` (RNG-5).
  public let seed: UInt64
  /// Id of the checkpoint in the run directory that holds the state at the end, and survives a power cut: of a run with automatic
  /// checkpoints that stopped early. Nil: none was asked for.
  public let checkpoint: String?

  public var description: String {
    let percent = Int((completedFraction * 100).rounded(.towardZero))
    return "\(stopReason.rawValue): \(start) to \(end), \(percent)% in \(TextReport.text(wallTime)), seed \(seed)"
  }
}
