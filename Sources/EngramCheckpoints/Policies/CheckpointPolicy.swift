public import EngramUnits

/// When checkpoints are made without being asked for (CKP-29).
///
/// ```swift
/// try network.run(10 * second, checkpoints: .every(wall: .seconds(60)))
/// try network.run(10 * second, checkpoints: CheckpointPolicy(simulated: 1 * second, wall: .seconds(300)))
/// ```
///
/// Intervals are counted from the newest checkpoint on, also across runs: however short these are, no more than one interval is lost.
/// An interval shorter than a step makes a checkpoint at each step.
public struct CheckpointPolicy: Sendable, Hashable {
  /// Simulated time between two checkpoints.
  public var simulated: Time?
  /// Wall-clock time between two checkpoints.
  public var wall: Duration?
  /// Whether a run that stops before its end leaves one.
  public var onInterrupt: Bool

  /// Intervals in one time or in both; whichever ends first makes a checkpoint.
  public init(simulated: Time? = nil, wall: Duration? = nil, onInterrupt: Bool = true) {
    self.simulated = simulated
    self.wall = wall
    self.onInterrupt = onInterrupt
  }

  /// One in every such interval of simulated time.
  public static func every(simulated: Time) -> CheckpointPolicy { CheckpointPolicy(simulated: simulated) }
  /// One in every such interval of wall-clock time.
  public static func every(wall: Duration) -> CheckpointPolicy { CheckpointPolicy(wall: wall) }
  /// One only where a run stops before its end.
  public static let onInterrupt = CheckpointPolicy()

  /// Whether checkpoints are made while steps go on.
  var isPeriodic: Bool { simulated != nil || wall != nil }

  /// - Throws: ``CheckpointError/invalidInterval(_:)`` for what is no interval: nothing, less than nothing, without end, not a number.
  func check() throws(CheckpointError) {
    if let simulated, !(simulated.si > 0 && simulated.si.isFinite) { throw .invalidInterval("\(simulated.si) s of simulated time") }
    if let wall, wall <= .zero { throw .invalidInterval("\(wall) of wall-clock time") }
  }
}

/// How much was done since the newest checkpoint, in the two times that intervals are counted in.
struct Cadence {
  /// When the newest checkpoint was taken.
  private(set) var wall = ContinuousClock.now
  /// Simulated seconds of the runs that ended since.
  private var carried = 0.0
  /// Network time [s] from which the present run counts.
  private var mark = 0.0

  mutating func tookCheckpoint(at seconds: Double) {
    wall = .now
    (carried, mark) = (0, seconds)
  }

  mutating func runBegins(at seconds: Double) { mark = seconds }

  mutating func runEnds(at seconds: Double) {
    carried += max(0, seconds - mark)
    mark = seconds
  }

  /// Where on the present run's axis the newest checkpoint would lie [s].
  var origin: Double { mark - carried }
}
