import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramScalars
import EngramUnits
import Synchronization
import Testing

@testable import EngramSimulation

private struct Broken: Error {}

@Suite("Runs", .expecting("base.unused_brian_object")) struct RunTests {
  @Test("NET-20: durations are finite and not negative; 0 and -0 are allowed") func durations() throws {
    try withScope {
      let network = try Network(try Probe())
      for seconds in [-1e-3, .infinity, .nan] {
        let error = #expect(throws: NetworkError.self) { try network.run(Time(si: seconds)) }
        #expect(error?.description.contains("\(seconds)") == true)
      }
      try network.run(Time(si: 0))
      try network.run(Time(si: -0.0))
      #expect(network.t.si == 0)
    }
  }

  @Test("NET-21, BAS-8: hooks are called once per run in schedule order, for active objects only") func hooks() throws {
    try withScope {
      let a = try Probe()
      let b = try Probe()
      b.isActive = false
      let network = try Network(a, b)
      try network.run(0.2 * ms)
      #expect(a.log == ["before", "run", "run", "after"])
      #expect(b.log.isEmpty)
      #expect(defaultClock.timestep == 2)
    }
  }

  @Test("BAS-7: activity is inherited by parts, and sampled when a run starts") func activity() throws {
    try withScope {
      let a = try Probe()
      let part = try Probe()
      a.addContained(part)
      let switcher = try Probe(order: -1)
      let network = try Network(a, switcher)
      switcher.body = { a.isActive = false }
      try network.run(0.3 * ms)
      #expect(!part.isActive)
      #expect(a.log.count { $0 == "run" } == 3)
      #expect(part.log.count { $0 == "run" } == 3)
      try network.run(0.3 * ms)
      #expect(a.log.count { $0 == "run" } == 3)
      #expect(abs(network.t.si - 0.0006) < 1e-18)
    }
  }

  @Test("NET-21: a rejected call has no effect, and a network without objects does not move") func noEffect() throws {
    try withScope {
      let network = try Network(try Probe())
      #expect(throws: NetworkError.self) { try network.run(1 * ms, reportPeriod: .zero) }
      #expect(network.t.si == 0)
      #expect(defaultClock.endStep == 0)
      let empty = try Network()
      try empty.run(1 * ms)
      #expect(empty.t.si == 0)
    }
  }

  @Test("COR-2: when an object cannot be prepared, clocks and time are as before") func failedPreparation() throws {
    try withScope {
      let group = try TestGroup(1)
      let network = try Network(group, try TestCode("w = unknown", for: group))
      let error = #expect(throws: BrianObjectError.self) { try network.run(1 * ms) }
      #expect(error?.phase == .preparing)
      #expect(error?.underlying is UnresolvedIdentifierError)
      #expect(defaultClock.endStep == 0)
      #expect((defaultClock as Clock).positionedStep == nil)
      try network.remove(named: "testcode")
      try network.run(1 * ms)
    }
  }

  @Test("COR-3, BAS-13, BAS-14, BAS-15: errors name object, place, phase and carry the original") func wrapping() throws {
    try withScope {
      let probe = try Probe(file: "Module/File.swift", line: 12) { throw Broken() }
      let error = #expect(throws: BrianObjectError.self) { try Network(probe).run(1 * ms) }
      #expect(error?.objectName == "probe")
      #expect(error?.createdAt == SourceLocation(file: "Module/File.swift", line: 12))
      #expect(error?.phase == .running)
      #expect(error?.underlying is Broken)
      #expect("\(try #require(error))" == "error while running object 'probe' (created at Module/File.swift:12): Broken()")
      #expect(probe.description == "Probe(clock: defaultclock, when: start, order: 0, name: 'probe')")
    }
  }

  @Test("NET-27: an error inside a step leaves a network that refuses to run and store until it is restored or accepted") func failedStep() throws {
    try withScope {
      var fails = true
      let probe = try Probe { if fails, defaultClock.timestep == 3 { throw Broken() } }
      let network = try Network(probe)
      try network.store()
      #expect(throws: BrianObjectError.self) { try network.run(1 * ms) }
      #expect(network.t.si == 3 * 1e-4)
      #expect(throws: NetworkError.inconsistent(timeSeconds: 3 * 1e-4)) { try network.run(1 * ms) }
      #expect(throws: NetworkError.self) { try network.store() }
      try network.restore()
      fails = false
      try network.run(0.2 * ms)
      fails = true
      #expect(throws: BrianObjectError.self) { try network.run(1 * ms) }
      network.acceptPartialStep()
      fails = false
      try network.run(0.1 * ms)
      #expect(defaultClock.timestep == 4)
    }
  }

  @Test("NET-28: structure cannot change inside a step; values can, and later objects of the step see them") func mutation() throws {
    try withScope {
      let group = try TestGroup(1)
      let probe = try Probe(order: -1)
      let code = try TestCode("n = w", for: group)
      let network = try Network(group, probe, code)
      let other = try Probe()
      let attempts: [() throws -> Void] = [
        { try network.add(other) }, { try network.remove(code) }, { try network.setSchedule(["start"]) }, { try defaultClock.setDt(0.2 * ms) },
        { try group.checkNotRunning("connect") }, { try network.run(1 * ms) },
      ]
      for attempt in attempts {
        probe.body = attempt
        #expect(throws: BrianObjectError.self) { try network.run(0.1 * ms) }
        network.acceptPartialStep()
      }
      probe.body = { try group.w <- 42 }
      try network.run(0.1 * ms)
      #expect(try group.n.values == [42])
      try group.checkNotRunning("connect")
    }
  }

  @Test("NET-25: stop completes the step; the next run goes on from there") func stopping() throws {
    try withScope {
      var network: Network?
      let stopper = try Probe(when: .start) { if defaultClock.timestep == 5 { network?.stop() } }
      let last = try Probe(when: .end)
      network = try Network(stopper, last)
      var fractions: [Double] = []
      let summary = try network?.run(1 * ms, report: .callback { fractions.append($0.completedFraction) })
      #expect(network?.t.si == 6 * 1e-4)
      #expect(summary?.stopReason == .stopped)
      #expect(last.log == ["before"] + Array(repeating: "run", count: 6) + ["after"])
      #expect(fractions.count == 2 && abs(fractions[1] - 0.6) < 1e-12)
      try network?.run(0.4 * ms)
      #expect(defaultClock.timestep == 10)
    }
  }

  @Test("CLK vectors: stop in the 10th step leaves the clock at 1 ms") func stopTenth() throws {
    try withScope {
      var calls = 0
      var network: Network?
      network = try Network(
        try NetworkOperation { _ in
          calls += 1
          if calls == 10 { network?.stop() }
        })
      try network?.run(10 * ms)
      #expect(defaultClock.t.si == 10 * 1e-4)
    }
  }

  @Test("NET-26: cancelling the task ends the run after the current step") func cancellation() async throws {
    let steps = Mutex(0)
    let task = Task {
      try await withScope {
        let network = try Network(try NetworkOperation { _ in steps.withLock { $0 += 1 } })
        let summary = try await network.run(Time(si: 1e5))
        return (summary.stopReason, defaultClock.timestep)
      }
    }
    while steps.withLock({ $0 }) < 100 { await Task.yield() }
    task.cancel()
    let (reason, timestep) = try await task.value
    #expect(reason == .interrupted)
    #expect(Int(timestep) == steps.withLock { $0 })
  }

  @Test("NET-29: a run of 0 s prepares everything and executes nothing") func preparesOnly() throws {
    try withScope {
      let group = try TestGroup(1)
      let good = try Network(group, try TestCode("w = 1", for: group))
      try good.run(0 * ms)
      #expect(try group.w.values == [0])
      let bad = try TestGroup(1)
      let network = try Network(bad, try TestCode("v = 1", for: bad))
      #expect(throws: BrianObjectError.self) { try network.run(0 * ms) }
    }
  }

  @Test("NET-30: values that are NaN or enormous after a run give one warning", arguments: ["v = v*1e60 + 1*volt", "v = w/w*volt", "v = -1e51*volt"])
  func values(code: String) throws {
    try withScope {
      let group = try TestGroup(3)
      let network = try Network(group, try TestCode(code, for: group))
      let messages = try Messages.capturing { try network.run(0.3 * ms) }.messages
      #expect(messages.map(\.category) == ["group.invalid_values"])
      #expect(messages[0].text.contains("'v' of 'testgroup'"))
    }
  }

  @Test("NET-31: the summary tells start, end, steps, fraction, reason and seed") func summary() throws {
    try withScope {
      seed(99)
      let network = try Network(try Probe(), try Probe(dt: 0.5 * ms))
      try network.run(1 * ms)
      let summary = try network.run(1 * ms)
      #expect(summary.start.si == 0.001 && summary.end.si == 0.002)
      #expect(summary.steps == ["defaultclock": 10, "probe_1_clock": 2])
      #expect(summary.completedFraction == 1 && summary.stopReason == .completed)
      #expect(summary.seed == 99)
    }
  }
}
