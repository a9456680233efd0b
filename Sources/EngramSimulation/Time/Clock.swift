public import EngramUnits
import EngramScalars
import EngramStorage

/// A regular clock: `t = timestep · dt` (CLK-1…13), Brian 2's `Clock`.
///
/// ```swift
/// let slow = try Clock(dt: 1 * ms)
/// let trace = try StateMonitor(neurons, ["v"], record: true, clock: slow)
/// try defaultClock.setDt(0.05 * ms)   // for everything that names no clock
/// ```
public final class Clock: BaseClock {
  private let stepColumn: Column
  /// The dt in force when the clock was last positioned (CLK-9); `nil` before the first time.
  package var positionedStep: Double?

  /// - Throws: ``ClockError/invalidStep(seconds:)`` for what is no step, ``EnvironmentError/crossIsolation`` in another task than the
  ///   environment's, and what its device throws.
  public init(dt: Time, name: ObjectName = .usual(.clock), in environment: Environment = .current) throws {
    try environment.checkOwner()
    try Clock.check(stepSeconds: dt.si)
    stepColumn = try environment.device.makeArray(NewArray(owner: name.base, variable: "dt", type: .float64)).column
    try super.init(pattern: name, in: environment)
    stepColumn.base.assumingMemoryBound(to: Double.self).pointee = dt.si
    variables.addColumn("dt", stepColumn, dimension: .time, flags: [.scalar, .readOnly, .constant], rule: .positive)
  }

  private static func check(stepSeconds: Double) throws(ClockError) {
    guard stepSeconds > 0, stepSeconds.isFinite else { throw .invalidStep(seconds: stepSeconds) }
  }

  // ----------------------------------------------------------------------------------------------------------------- dt

  /// Length of a step.
  public var dt: Time { Time(si: stepLength) }
  package override var stepSeconds: Double? { stepLength }

  private var stepLength: Double {
    get { stepColumn.base.assumingMemoryBound(to: Double.self).pointee }
    set { stepColumn.base.assumingMemoryBound(to: Double.self).pointee = newValue }
  }

  /// Changes the step length; `t` stays. Whether the network's time has a step boundary at the new length is checked
  /// when the clock is next used (CLK-4, 9).
  public func setDt(_ dt: Time) throws(ClockError) { try setDt(seconds: dt.si) }

  /// The same with a number in seconds.
  public func setDt(seconds: Double) throws(ClockError) {
    guard !isLocked else { throw .changedDuringRun(clock: name) }
    try Clock.check(stepSeconds: seconds)
    stepLength = seconds
    stepColumn.touch()
    note(
      .assign(
        AssignmentCommand(target: "\(name).dt", object: name, variable: "dt", value: .quantity(Quantity(si: seconds, dimension: .time)))))
  }

  // ------------------------------------------------------------------------------------------------------------- moving

  override func time(of timestep: Int64) -> Double { Double(timestep) * stepLength }
  override func timestep(at seconds: Double) throws(ClockError) -> Int64 {
    try Clock.timestep(for: seconds, step: stepLength)
  }
  override func didPosition() { positionedStep = stepLength }

  package override func checkPosition(at seconds: Double) throws(ClockError) {
    if let positionedStep, positionedStep != stepLength {
      try checkStep(new: stepLength, old: positionedStep, at: seconds)
    }
  }

  /// The first timestep that is not before `seconds`, where times within 1e-4 dt of a step count as that step (CLK-6).
  static func timestep(for seconds: Double, step: Double) throws(ClockError) -> Int64 {
    let nearest = (seconds / step).rounded(.toNearestOrEven)
    let isNear = nearest * step == seconds || abs(nearest * step - seconds) / step <= epsilonDt
    guard let result = Int64(exactly: isNear ? nearest : (seconds / step).rounded(.up)), result.magnitude <= 1 << 62 else {
      throw .tooManySteps(seconds: seconds)
    }
    return result
  }
}

/// Whether a clock that stood at `target` with step `old` can go on with step `new` (CLK-8).
public func checkDt(new: Time, old: Time, at target: Time) throws(ClockError) {
  try checkStep(new: new.si, old: old.si, at: target.si)
}

func checkStep(new: Double, old: Double, at target: Double) throws(ClockError) {
  let oldGrid = (target / old).rounded(.toNearestOrEven) * old
  let newGrid = (target / new).rounded(.toNearestOrEven) * new
  if abs(newGrid - oldGrid) / new > BaseClock.epsilonDt {
    throw .incompatibleTimeStep(oldSeconds: old, newSeconds: new, timeSeconds: target)
  }
}
