public import EngramScalars
import EngramUnits

/// What is wrong with a time step.
public enum ClockError: ExplainedError, Hashable, Sendable {
  case bothDtAndClock
  /// Not positive and finite.
  case invalidStep(seconds: Double)
  /// A time that has no step boundary at the new step length (CLK-8).
  case incompatibleTimeStep(oldSeconds: Double, newSeconds: Double, timeSeconds: Double)
  case advancedPastEnd(clock: String)
  case duplicateEventTimes(seconds: Double)
  case invalidEventTime(seconds: Double)
  case changedDuringRun(clock: String)
  /// More steps than a 64-bit count holds, or a time that is not a number.
  case tooManySteps(seconds: Double)

  public var description: String {
    switch self {
    case .bothDtAndClock: "give either dt or clock, not both"
    case .invalidStep(let seconds): "the time step must be positive and finite, not \(seconds) s"
    case .incompatibleTimeStep(let old, let new, let time):
      "cannot set dt from \(text(old)) to \(text(new)): the time \(text(time)) is not a multiple of \(text(new))"
    case .advancedPastEnd(let clock): "clock '\(clock)' is at the end of its interval and cannot advance"
    case .duplicateEventTimes(let seconds): "the time \(text(seconds)) occurs twice among the times of an event clock"
    case .invalidEventTime(let seconds): "\(seconds) s cannot be the time of an event: times are finite and not negative"
    case .changedDuringRun(let clock): "the dt of clock '\(clock)' cannot change during a run"
    case .tooManySteps(let seconds): "\(seconds) s is not a time that can be counted in steps"
    }
  }

  private func text(_ seconds: Double) -> String { Quantity(si: seconds, dimension: .time).description }
}
