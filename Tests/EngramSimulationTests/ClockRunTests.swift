import EngramCheckpoints
import EngramMagic
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Clocks in runs") struct ClockRunTests {
  /// Steps of a clock after each of several runs, with the network's time [ms].
  private func check(dt: Double, runs: [Double], steps: [Int64], times: [Double]) throws {
    try withScope {
      let probe = try Probe(dt: Time(si: dt * 1e-3))
      let network = try Network(probe)
      for (index, duration) in runs.enumerated() {
        try network.run(Time(si: duration * 1e-3))
        #expect(probe.clock.timestep == steps[index])
        #expect(probe.log.count { $0 == "run" } == Int(steps[index]))
        #expect(abs(network.t.si * 1e3 - times[index]) < 1e-12)
      }
    }
  }

  @Test("NET-22, NET-23: durations that are no multiples of dt neither repeat nor lose a step") func fractions() throws {
    try check(
      dt: 0.1, runs: [0.25, 0.05, 0.1, 0.01, 0.01, 0.05], steps: [3, 3, 4, 5, 5, 5], times: [0.25, 0.30, 0.40, 0.41, 0.42, 0.47])
    try check(dt: 0.1, runs: [1.0 / 3, 1.0 / 3, 1.0 / 3], steps: [4, 7, 10], times: [1.0 / 3, 2.0 / 3, 1])
    try check(dt: 1, runs: [4, 1, 0.5, 0.5, 0.5], steps: [4, 5, 6, 6, 7], times: [4, 5, 5.5, 6, 6.5])
    try check(dt: 2, runs: [4, 1, 0.5, 0.5, 0.5], steps: [2, 3, 3, 3, 4], times: [4, 5, 5.5, 6, 6.5])
    try check(dt: 0.020000000000020002, runs: [250 * 0.020000000000020002], steps: [250], times: [250 * 0.020000000000020002])
  }

  @Test("CLK-16, NET-24: each iteration executes every clock that is due") func dueClocks() throws {
    try withScope {
      var log: [String] = []
      let probes = try [0.1, 0.2, 0.3].map { dt in try Probe(dt: dt * ms) { log.append("\(dt)") } }
      let mark = try Probe(dt: 0.1 * ms, order: 1) { log.append("|") }
      let network = try Network(contentsOf: probes + [mark])
      try network.run(0.6 * ms)
      #expect(
        log.joined(separator: " ") == "0.1 0.2 0.3 | 0.1 | 0.1 0.2 | 0.1 0.3 | 0.1 0.2 | 0.1 |")
    }
  }

  @Test("CLK-11: over 100 s two clocks stay together without drift") func noDrift() throws {
    try withScope {
      var fast = 0
      var between: [Int] = []
      let fastCalls = try NetworkOperation(every: 0.1 * ms) { _ in fast += 1 }
      let slowCalls = try NetworkOperation(every: 1 * ms, order: 1) { _ in
        between.append(fast)
        fast = 0
      }
      let network = try Network(fastCalls, slowCalls)
      try network.run(Time(si: 100) + 0.1 * ms)
      #expect(between.first == 1)
      #expect(between.dropFirst().allSatisfy { $0 == 10 })
      #expect(between.count == 100_001)
    }
  }

  @Test("CLK-2, NET-22: at every step of a long run the time is that of the step, dt times its number, to the last bit", arguments: [1e-4, 3e-4, 1e-3 / 3])
  func timeOfEveryStep(dt: Double) throws {
    try withScope {
      let clock = try Clock(dt: Time(si: dt))
      var step = 0
      var wrong = 0
      let probe = try Probe(clock: clock) {
        if clock.t.si != Double(step) * dt || clock.timestep != step { wrong += 1 }
        step += 1
      }
      try Network(probe).run(Time(si: 20_000 * dt))
      #expect(step == 20_000 && wrong == 0)
    }
  }

  @Test("NET-23: a thousand runs of 0.1 ms are a thousand steps, and time does not drift") func manyRuns() throws {
    try withScope {
      let probe = try Probe()
      let network = try Network(probe)
      for _ in 0..<1000 { try network.run(0.1 * ms) }
      #expect(probe.clock.timestep == 1000)
      #expect(abs(network.t.si - 0.1) < 1e-16)
    }
  }

  @Test("CLK-10: after a dt change the timestep counts in the new dt") func newTimestep() throws {
    try withScope {
      let probe = try Probe()
      let network = try Network(probe)
      try network.run(100 * ms)
      #expect(defaultClock.timestep == 1000)
      try defaultClock.setDt(0.5 * ms)
      try network.run(0 * ms)
      #expect(defaultClock.timestep == 200)
    }
  }

  @Test("CLK-10: 0.1, 0.5 and again 0.1 ms for 0.5 ms each") func changes() throws {
    try withScope {
      var times: [Double] = []
      let operation = try NetworkOperation { t in times.append((t.si * 1e4).rounded() / 10) }
      let network = try Network(operation)
      for dt in [0.1, 0.5, 0.1] {
        try defaultClock.setDt(dt * ms)
        try network.run(0.5 * ms)
      }
      #expect(times == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0, 1.1, 1.2, 1.3, 1.4])
    }
  }

  @Test("CLK-9: a rejected dt stays rejected, whatever was tried before, and nothing has changed") func stableRejection() throws {
    try withScope {
      let probe = try Probe()
      let network = try Network(probe)
      try network.run(100.6 * ms)
      // (a), (b): the second call fails like the first, also after assigning the same dt twice.
      try defaultClock.setDt(0.4 * ms)
      #expect(throws: ClockError.self) { try network.run(1 * ms) }
      #expect(throws: ClockError.self) { try network.run(1 * ms) }
      try defaultClock.setDt(0.4 * ms)
      #expect(throws: ClockError.self) { try network.run(1 * ms) }
      #expect(network.t.si == 0.1006)
      // (d): store is rejected each time too.
      #expect(throws: ClockError.self) { try network.store() }
      #expect(throws: ClockError.self) { try network.store() }
      // (c): there and back again is no change.
      try defaultClock.setDt(0.1 * ms)
      try network.run(0.1 * ms)
      #expect(probe.clock.timestep == 1007)
    }
  }

  @Test("CLK-9: also rejected for a duration of 0; at t = 0 every dt is accepted") func zeroDuration() throws {
    try withScope {
      let network = try Network(try Probe())
      for dt in [0.1, 0.37, 3] {
        try defaultClock.setDt(dt * ms)
        try network.run(0 * ms)
      }
      try defaultClock.setDt(0.5 * ms)
      try network.run(0.5 * ms)
      try defaultClock.setDt(1 * ms)
      #expect(throws: ClockError.self) { try network.run(0 * ms) }
    }
  }

  @Test("CLK-9 (e): assignments before a restore do not make the next run fail") func assignmentsBeforeRestore() throws {
    try withScope {
      let network = try Network(try Probe())
      try network.run(0.3 * ms)
      try network.store()
      try defaultClock.setDt(0.7 * ms)
      try defaultClock.setDt(0.9 * ms)
      try network.restore()
      try network.run(0.1 * ms)
      #expect(defaultClock.timestep == 4)
    }
  }

  @Test("COR-6: timesteps near 2^31 do not overflow") func manySteps() throws {
    try withScope {
      let probe = try Probe(dt: Time(si: 214748.3643))
      let network = try Network(probe)
      try network.run(Time(si: 214748.3643))
      #expect(probe.clock.timestep == 1)
      try (probe.clock as? Clock)?.setDt(0.1 * ms)
      try network.run(0.6 * ms)
      #expect(probe.clock.timestep == 2_147_483_649)
      #expect(probe.log.count { $0 == "run" } == 7)
    }
  }
}
