internal import EngramCheckpoints
public import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// States of a run that were made again to be looked at.
enum RebuiltState {
  /// Tag of their checkpoints: tagged ones are kept, and a run does not go on from one unless it is named.
  static let tag = RunDirectory.lookTag
}

/// Why a run has no state at a time.
public enum StateAtError: ExplainedError, Hashable {
  /// Its first checkpoint is later.
  case beforeFirst(seconds: Double, first: Double)
  /// Its steps end earlier.
  case beyondEnd(seconds: Double, end: Double)
  /// No step begins there.
  case betweenSteps(seconds: Double, before: Double, after: Double)

  public var description: String {
    switch self {
    case .beforeFirst(let seconds, let first):
      "the first checkpoint on that way has t = \(Time(si: first)), so the state at t = \(Time(si: seconds)) cannot be rebuilt"
    case .beyondEnd(let seconds, let end): "the run ends at t = \(Time(si: end)), so it has no state at t = \(Time(si: seconds))"
    case .betweenSteps(let seconds, let before, let after): "no step begins at t = \(seconds) s; steps nearby begin at \(before) s and \(after) s"
    }
  }

  /// Times are multiples of a step or sums of them; rounding has not moved them further.
  static func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1e-3) }

  static func check(_ network: Network, isAt seconds: Double) throws(StateAtError) {
    let now = network.timeSeconds
    let shortest = network.distinctClocks(of: network.allObjects).compactMap(\.stepSeconds).min() ?? 0
    let tolerance = max(Clock.epsilonDt * shortest, 1e-12 * seconds)
    if now < seconds - tolerance { throw .beyondEnd(seconds: seconds, end: now) }
    if now > seconds + tolerance { throw .betweenSteps(seconds: seconds, before: max(0, now - shortest), after: now) }
  }
}
