import EngramCheckpoints
import EngramMagic
import EngramScalars
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Clocks") struct ClockTests {
  @Test("CLK-1: dt is positive and finite", arguments: [0, -1e-4, .infinity, .nan]) func invalid(seconds: Double) {
    withScope { #expect(throws: ClockError.self) { try Clock(dt: Time(si: seconds)) } }
  }

  @Test("CLK-2, CLK-3: a clock has read-only t, dt and timestep and the constant N") func variables() throws {
    try withScope {
      let clock = try Clock(dt: 0.1 * ms)
      #expect(clock.t.si == 0)
      #expect(clock.timestep == 0)
      for name in ["t", "dt", "timestep"] {
        let variable = try #require(clock.variables[name] as? ArrayVariable)
        #expect(variable.isScalar && variable.isReadOnly)
        #expect(throws: ReadOnlyVariableError.self) { try VariableView(name, of: clock).set(1) }
      }
      #expect((clock.variables["N"] as? Constant)?.value == .integer(1))
      #expect(clock.variables["t"]?.scalarType == .float64)
      #expect(clock.variables["timestep"]?.scalarType == .int64)
    }
  }

  @Test("CLK-4: dt can be assigned; t stays") func setDt() throws {
    try withScope {
      let clock = try Clock(dt: 0.1 * ms)
      try clock.setInterval(from: 1 * ms, to: 2 * ms)
      try clock.setDt(0.25 * ms)
      #expect(clock.dt.si == 0.00025)
      #expect(clock.t.si == 10 * 1e-4)
      #expect(throws: ClockError.self) { try clock.setDt(Time(si: -1)) }
      #expect(clock.dt.si == 0.00025)
    }
  }

  @Test(
    "CLK-5, CLK-6: the timestep for a time is rounded where it is within 1e-4 dt, else the next",
    arguments: [
      (0.15e-3, 2), (0.100009e-3, 1), (0.1000101e-3, 2), (0.099991e-3, 1), (1e-9, 0), (0.9e-8, 0), (1.1e-8, 1), (0, 0), (0.1e-3, 1),
    ] as [(Double, Int64)])
  func timestep(seconds: Double, expected: Int64) throws {
    #expect(try Clock.timestep(for: seconds, step: 1e-4) == expected)
    #expect(Clock.epsilonDt == 1e-4)
  }

  @Test("CLK-6: times that no count of steps can hold are errors", arguments: [1e300, -.infinity, .nan] as [Double])
  func uncountable(seconds: Double) { #expect(throws: ClockError.self) { try Clock.timestep(for: seconds, step: 1e-4) } }

  @Test("CLK-7, CLK-13: an interval has exactly its steps; advancing past its end is an error") func interval() throws {
    try withScope {
      let clock = try Clock(dt: 0.1 * ms)
      try clock.setInterval(from: 0.15 * ms, to: 0.4 * ms)
      #expect(clock.timestep == 2)
      try clock.advance()
      #expect(clock.timestep == 3)
      #expect(clock.t.si == 3 * 1e-4)
      try clock.advance()
      #expect(throws: ClockError.advancedPastEnd(clock: "clock")) { try clock.advance() }
    }
  }

  @Test("CLK-7: more than 2^40 steps give a warning") func manySteps() throws {
    try withScope {
      let clock = try Clock(dt: 0.1 * ms)
      let few = try Messages.capturing { try clock.setInterval(from: 0 * ms, to: Time(si: 1e8)) }.messages
      #expect(few.isEmpty)
      let many = try Messages.capturing { try clock.setInterval(from: 0 * ms, to: Time(si: 1.2e8)) }.messages
      #expect(many.map(\.category) == ["clocks.many_timesteps"])
    }
  }

  @Test(
    "CLK-8: a new dt must have a step boundary at the time",
    arguments: [
      (17e-3, 0.1e-3, 0, true), (0.05e-3, 0.1e-3, 10e-3, true), (0.2e-3, 0.1e-3, 10.1e-3, false), (0.3e-3, 0.1e-3, 100e-3, false),
      (0.5e-3, 0.1e-3, 100e-3, true),
      // Off by 3e-5 of the longer and 6e-4 of the shorter: what counts is the new one.
      (0.0500015e-3, 1e-3, 1e-3, false), (1e-3, 0.0500015e-3, 1e-3, true),
    ] as [(Double, Double, Double, Bool)])
  func compatible(new: Double, old: Double, target: Double, isCompatible: Bool) {
    var error: ClockError?
    do { try checkDt(new: Time(si: new), old: Time(si: old), at: Time(si: target)) } catch let problem { error = problem }
    #expect(error == (isCompatible ? nil : .incompatibleTimeStep(oldSeconds: old, newSeconds: new, timeSeconds: target)))
  }

  @Test("CLK-11, CLK-12: comparison by time with a tolerance of 1e-4 of the smaller dt") func comparison() throws {
    try withScope {
      let a = try Clock(dt: 0.1 * ms)
      let b = try Clock(dt: 0.3 * ms)
      try a.setInterval(from: 0.3 * ms, to: 1 * ms)
      try b.setInterval(from: 0.3 * ms, to: 1 * ms)
      // 3 · 0.1 ms and 1 · 0.3 ms differ in the last bit.
      #expect(a.timeSeconds != b.timeSeconds)
      #expect(a.isAtSameTime(as: b))
      #expect(a <= b && a >= b && !(a < b) && !(a > b))
      try a.advance()
      #expect(a > b && b < a && b <= a && !(a <= b))
      #expect(BaseClock.isSameTime(0, 1e-3, 0.99e-7, 1e-3))
      #expect(!BaseClock.isSameTime(0, 1e-3, 1.01e-7, 1e-3))
      #expect(!BaseClock.isSameTime(0, 1e-3, 0.5e-7, 1e-4))
      #expect(BaseClock.isSameTime(1, nil, 1 + 5e-15, nil))
      #expect(!BaseClock.isSameTime(1, nil, 1 + 2e-14, nil))
      #expect(BaseClock.isSameTime(1, nil, 1 + 5e-9, 1e-4))
    }
  }

  @Test("CLK-14, DEV-1: the default clock is that of the active device, and its dt is carried over") func defaultClocks() throws {
    try withScope {
      #expect(defaultClock.name == "defaultclock")
      #expect(defaultClock.dt.si == 1e-4)
      try defaultClock.setDt(0.05 * ms)
      let first = defaultClock
      try setDevice(.memory())
      #expect(defaultClock !== first)
      #expect(defaultClock.dt.si == 0.05e-3)
      try defaultClock.setDt(0.2 * ms)
      try resetDevice()
      #expect(defaultClock === first)
      #expect(first.dt.si == 0.2e-3)
      #expect(throws: DeviceError.nothingToReset) { try resetDevice() }
      let error = #expect(throws: DeviceError.self) { try setDevice("cpp") }
      #expect(error == .unknown("cpp"))
    }
  }

  @Test("CLK-15: an event clock goes through its sorted times; intervals are half-open") func eventClock() throws {
    try withScope {
      let clock = try EventClock(times: [3 * ms, 1 * ms, 2 * ms])
      #expect(clock[0].si == 0.001 && clock[2].si == 0.003 && clock[3].si == .infinity)
      #expect(clock.variables["times"]?.isReadOnly == true)
      #expect(clock.variables["dt"] == nil)
      try clock.setInterval(from: 1 * ms, to: 3 * ms)
      #expect(clock.t.si == 0.001)
      try clock.advance()
      #expect(clock.t.si == 0.002)
      try clock.advance()
      #expect(throws: ClockError.self) { try clock.advance() }
      #expect(throws: ClockError.duplicateEventTimes(seconds: 0.001)) { try EventClock(times: [1 * ms, 2 * ms, 1 * ms]) }
      #expect(throws: ClockError.self) { try EventClock(times: [Time(si: .nan)]) }
    }
  }

  @Test("CLK-15, NET-24: objects on an event clock run at its times, together with regular ones") func eventRun() throws {
    try withScope {
      var times: [Double] = []
      let clock = try EventClock(times: [0 * ms, 0.1 * ms, 0.25 * ms, 0.5 * ms])
      let operation = try NetworkOperation(clock: clock) { t in times.append(t.si) }
      let regular = try Probe()
      let network = try Network(operation, regular)
      try network.run(0.3 * ms)
      #expect(times == [0, 0.1e-3, 0.25e-3])
      try network.run(0.3 * ms)
      #expect(times == [0, 0.1e-3, 0.25e-3, 0.5e-3])
      #expect(regular.log.count { $0 == "run" } == 6)
    }
  }
}
