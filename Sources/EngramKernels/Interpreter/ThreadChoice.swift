/// Finds out in a run whether its steps are faster with several threads or with one, and uses what is faster.
///
/// Small networks lose more by waking threads than they gain, and threads whose processors are busy with others hold a step up. Neither can
/// be known beforehand. A run begins alone; after some milliseconds both ways are tried, in turn, on steps that take half a millisecond each time, and
/// the faster one is kept for a hundred times as long or longer, until it is asked again. Results do not depend on it.
package final class ThreadChoice {
  private let now: () -> ContinuousClock.Instant
  private let pool: WorkerPool

  private enum Phase: Equatable {
    /// How long steps are is not known yet.
    case measuring
    /// Which of the trials goes on: even ones with all threads, odd ones with one.
    case trying(Int)
    case keeping
  }
  private var phase = Phase.measuring
  /// Steps of this phase that are left, and that it has.
  private var stepsLeft = 1
  private var stepCount = 1
  private var began: ContinuousClock.Instant
  private var keptTrials = ThreadChoice.leastKept
  /// The shortest time of a step in the trials [s].
  private var least = (together: Double.infinity, alone: Double.infinity)
  /// What was found the last time.
  private var wasTogether: Bool?

  /// Of each way; the least counts, since others may have disturbed some.
  private static let trialsOfEach = 3
  private static let secondsOfTrial = 0.0005
  /// How long a run is alone before anything is tried, about.
  private static let secondsAlone = 0.005
  /// What was found is kept for so many trials at least, and for twice as many each time it is found again.
  private static let leastKept = 100
  private static let mostKept = 10_000
  /// Threads must gain so much, since they take processors from others.
  private static let leastGain = 1.03

  /// - Parameter now: a clock, for tests.
  init(_ pool: WorkerPool, now: @escaping () -> ContinuousClock.Instant = { .now }) {
    (self.pool, self.now) = (pool, now)
    began = now()
    pool.isResting = true
  }

  /// Whether kernels share their work at present.
  var sharesWork: Bool { !pool.isResting }

  /// To be called after each step.
  @inline(__always) package func stepEnded() {
    stepsLeft -= 1
    if stepsLeft == 0 { phaseEnded() }
  }

  private func phaseEnded() {
    let end = now()
    let seconds = (end - began) / .seconds(1)
    let secondsOfStep = seconds / Double(stepCount)
    switch phase {
    case .measuring where seconds < Self.secondsAlone && stepCount < 1 << 20: begin(.measuring, steps: 2 * stepCount)
    case .measuring, .keeping:
      least = (.infinity, .infinity)
      begin(.trying(0), steps: Int(max(1, min(1e6, Self.secondsOfTrial / max(secondsOfStep, 1e-9)))))
    case .trying(let trial):
      if trial.isMultiple(of: 2) { least.together = min(least.together, secondsOfStep) } else { least.alone = min(least.alone, secondsOfStep) }
      if trial + 1 < 2 * Self.trialsOfEach { begin(.trying(trial + 1), steps: stepCount) } else { decide() }
    }
  }

  private func begin(_ next: Phase, steps: Int) {
    phase = next
    (stepCount, stepsLeft) = (steps, steps)
    if case .trying(let trial) = next { pool.isResting = !trial.isMultiple(of: 2) }
    began = now()
  }

  private func decide() {
    let together = least.together * Self.leastGain < least.alone
    keptTrials = together == wasTogether ? min(2 * keptTrials, Self.mostKept) : Self.leastKept
    wasTogether = together
    pool.isResting = !together
    begin(.keeping, steps: stepCount * keptTrials)
  }
}
