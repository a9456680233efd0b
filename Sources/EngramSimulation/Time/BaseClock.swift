public import EngramUnits
import EngramStorage
import EngramScalars

/// A source of time: a count of steps, and the time that belongs to it (CLK, COR-6).
///
/// Invariants between runs: `t` is computed from `timestep`, never accumulated; `tickCount` never goes back except by a
/// restore, so that no random number is drawn twice when dt changes.
public class BaseClock: Nameable, VariableOwner, CustomStringConvertible {
  /// Relative tolerance of comparisons, in units of dt (CLK-5).
  public static let epsilonDt = 1e-4
  /// Absolute tolerance between two event clocks [s].
  static let epsilon = 1e-14

  /// `t`, `timestep` and, of a regular clock, `dt`.
  public private(set) lazy var variables = Variables(owner: self)
  /// 1: a clock has one value of each variable.
  public var elementCount: Int { 1 }

  /// t [s], timestep, and steps ever executed; each a column of one element.
  let timeColumn: Column
  let timestepColumn: Column
  let tickColumn: Column
  /// One past the last timestep of the current interval.
  package var endStep: Int64 = 0
  package var isLocked = false

  init(pattern: ObjectName, in environment: Environment) throws {
    let device = environment.device
    timeColumn = try device.makeArray(NewArray(owner: pattern.base, variable: "t", type: .float64)).column
    timestepColumn = try device.makeArray(NewArray(owner: pattern.base, variable: "timestep", type: .int64)).column
    tickColumn = try device.makeArray(NewArray(owner: pattern.base, variable: "_ticks", type: .int64)).column
    super.init(claimed: environment.claim(pattern), in: environment)
    variables.addColumn("timestep", timestepColumn, flags: [.scalar, .readOnly], rule: .steps)
    // Infinite behind the last time of an event clock; that it belongs to the timestep is checked beside.
    variables.addColumn("t", timeColumn, dimension: .time, flags: [.scalar, .readOnly], rule: .number)
    variables.addColumn("_ticks", tickColumn, flags: [.scalar, .readOnly], rule: .steps)
    variables.addInteger("N", 1)
  }

  // ------------------------------------------------------------------------------------------------------------ reading

  /// Time at the start of the current step.
  public var t: Time { Time(si: timeSeconds) }
  /// Elapsed steps.
  public final var timestep: Int64 { pointer(timestepColumn).pointee }
  /// Steps executed ever: the step part of random counters.
  package final var tickCount: Int64 { pointer(tickColumn).pointee }
  package final var timeSeconds: Double {
    timeColumn.base.assumingMemoryBound(to: Double.self).pointee
  }
  /// Step length [s]; `nil` for an event clock.
  package var stepSeconds: Double? { nil }

  private func pointer(_ column: Column) -> UnsafeMutablePointer<Int64> { column.base.assumingMemoryBound(to: Int64.self) }

  // ------------------------------------------------------------------------------------------------------------- moving

  /// The time that belongs to a timestep [s].
  func time(of timestep: Int64) -> Double { preconditionFailure("a clock computes its times") }
  /// The timestep at which an interval that begins (or ends) at `seconds` begins (or ends).
  func timestep(at seconds: Double) throws(ClockError) -> Int64 { preconditionFailure("a clock counts its steps") }
  /// Whether the clock can be positioned at `seconds` (CLK-9).
  package func checkPosition(at seconds: Double) throws(ClockError) {}
  /// Called when the clock has been positioned.
  func didPosition() {}

  /// Moves the clock to `start` and lets it end at `end` (CLK-7). Nothing changes when it throws.
  public func setInterval(from start: Time, to end: Time) throws(ClockError) {
    try setInterval(fromSeconds: start.si, toSeconds: end.si)
  }

  package func setInterval(fromSeconds start: Double, toSeconds end: Double) throws(ClockError) {
    try checkPosition(at: start)
    let first = try timestep(at: start)
    let last = try timestep(at: end)
    place(at: first)
    endStep = last
    didPosition()
    if last > 1 << 40 {
      environment.messages.emit(
        .warning, "clocks.many_timesteps",
        "clock '\(name)' will reach more than 2^40 steps; times may not be exact multiples of dt any more")
    }
  }

  /// Sets timestep and t without any check.
  package func place(at timestep: Int64) {
    pointer(timestepColumn).pointee = timestep
    timeColumn.base.assumingMemoryBound(to: Double.self).pointee = time(of: timestep)
    timestepColumn.touch()
    timeColumn.touch()
  }

  /// Goes on to the next step (CLK-13).
  public func advance() throws {
    guard timestep < endStep else { throw ClockError.advancedPastEnd(clock: name) }
    step()
  }

  /// `advance` for the step loop, which knows that the interval has not ended.
  @inline(__always) final func step() {
    let next = pointer(timestepColumn).pointee + 1
    pointer(timestepColumn).pointee = next
    timeColumn.base.assumingMemoryBound(to: Double.self).pointee = time(of: next)
    pointer(tickColumn).pointee += 1
  }

  /// Marks the columns as written, once per run instead of once per step.
  package func touchColumns() {
    timestepColumn.touch()
    timeColumn.touch()
    tickColumn.touch()
  }

  // ---------------------------------------------------------------------------------------------------------- comparing

  /// Whether two clocks are at the same time within the tolerance of CLK-11.
  public func isAtSameTime(as other: BaseClock) -> Bool {
    BaseClock.isSameTime(timeSeconds, stepSeconds, other.timeSeconds, other.stepSeconds)
  }

  /// Whether its time is before the other's, by more than rounding.
  public func isEarlier(than other: BaseClock) -> Bool { timeSeconds < other.timeSeconds && !isAtSameTime(as: other) }
  /// Whether its time is behind the other's, by more than rounding.
  public func isLater(than other: BaseClock) -> Bool { timeSeconds > other.timeSeconds && !isAtSameTime(as: other) }
  /// Whether its time is before the other's, or the same but for rounding.
  public func isNotLater(than other: BaseClock) -> Bool { timeSeconds < other.timeSeconds || isAtSameTime(as: other) }
  /// Whether its time is behind the other's, or the same but for rounding.
  public func isNotEarlier(than other: BaseClock) -> Bool { timeSeconds > other.timeSeconds || isAtSameTime(as: other) }

  static func isSameTime(_ time: Double, _ step: Double?, _ otherTime: Double, _ otherStep: Double?) -> Bool {
    if time == otherTime { return true }
    let distance = abs(time - otherTime)
    switch (step, otherStep) {
    case (let a?, let b?): return distance / min(a, b) < epsilonDt
    case (let a?, nil): return distance / a < epsilonDt
    case (nil, let b?): return distance / b < epsilonDt
    case (nil, nil): return distance < epsilon
    }
  }

  public var description: String { "\(type(of: self))('\(name)', t = \(t))" }
}

extension BaseClock {
  public static func < (a: BaseClock, b: BaseClock) -> Bool { a.isEarlier(than: b) }
  /// Whether its time is behind the other's, by more than rounding.
  public static func > (a: BaseClock, b: BaseClock) -> Bool { a.isLater(than: b) }
  public static func <= (a: BaseClock, b: BaseClock) -> Bool { a.isNotLater(than: b) }
  /// Whether its time is behind the other's, or the same but for rounding.
  public static func >= (a: BaseClock, b: BaseClock) -> Bool { a.isNotEarlier(than: b) }
}
