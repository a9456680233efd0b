import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramScalars
import EngramUnits
import FoundationEssentials
import Testing

@testable import EngramSimulation

/// Calls a scope from a task that does not own it.
private func elsewhere<R: Sendable>(_ body: @Sendable @escaping () throws -> R) async -> Result<R, any Error> {
  await Task { Result { try body() } }.value
}

@Suite("Scopes and tasks", .expecting("network.store.undeclared_state")) struct IsolationTests {
  @Test("MAG-1: what changes a scope, or lends its objects, is refused in another task, and nothing has changed") func refused() async throws {
    try await withScope {
      let group = try TestGroup(1)
      group.wasAdded = true
      func check<R: Sendable>(_ what: String, _ body: @Sendable @escaping () throws -> R) async {
        guard case .failure(let error) = await elsewhere(body) else {
          Issue.record("\(what) was accepted")
          return
        }
        #expect(error as? EnvironmentError == .crossIsolation, "\(what)")
      }
      await check("startScope") { try startScope() }
      await check("collect") { _ = try collect() }
      await check("objects") { _ = try MagicScope.current.objects }
      await check("instances") { _ = try MagicScope.current.instances(of: Nameable.self) }
      await check("clearInstances") { try MagicScope.current.clearInstances() }
      await check("device") { _ = try device }
      await check("scope.device") { _ = try MagicScope.current.device }
      await check("setDevice") { try setDevice("memory") }
      await check("resetDevice") { try resetDevice() }
      await check("run") { _ = try run(1 * ms) }
      await check("store") { try store() }
      await check("restore") { _ = try restore() }
      await check("getStates") { _ = try getStates() }
      await check("schedulingSummary") { _ = try schedulingSummary() }
      await check("profilingSummary") { _ = try profilingSummary() }
      await check("objects of the parent") { _ = try Network() }
      let scope = MagicScope.current
      await check("exclude") { try withScope { try scope.exclude(TestGroup(1)) } }
      #expect(try collect().map(\.name) == [group.name])
    }
  }

  @Test("MAG-1, RNG-1: seed() in another task changes nothing and says so") func seeding() async {
    await withScope {
      seed(12)
      let (_, messages) = await Messages.capturing {
        await Task {
          seed(13)
          seed()
        }.value
      }
      #expect(messages.map(\.category) == ["scope.cross_isolation", "scope.cross_isolation"])
      #expect(messages.allSatisfy { $0.level == .error && $0.text.contains("seed(") && $0.text.contains("withScope") })
      #expect(Environment.current.random.seed == 12)
    }
  }

  @Test("MAG-12: stop() from another task of the scope ends a run in progress") func stopping() async throws {
    try await withScope {
      let probe = try Probe()
      let network = try Network(probe)
      var helper: Task<Void, Never>?
      probe.body = { if helper == nil { helper = Task { stop() } } }
      let summary = try await network.run(100 * second)
      #expect(summary.stopReason == .stopped && network.t.si < 100)
      await helper?.value
    }
  }

  @Test("LOG-2: any task of a scope may suppress messages, which counts for all of them") func suppressing() async throws {
    await withScope {
      await withTaskGroup(of: Void.self) { tasks in
        for number in 0..<8 {
          tasks.addTask { for round in 0..<200 { Messages.suppress("a\(number).b\(round)") } }
        }
      }
      let (_, messages) = Messages.capturing {
        Messages.emit(.warning, "a3.b7.c", "unheard")
        Messages.emit(.warning, "a3.b200", "heard")
        Messages.unsuppress("a3.b7")
        Messages.emit(.warning, "a3.b7.c", "heard again")
      }
      #expect(messages.map(\.text) == ["heard", "heard again"])
    }
  }

  @Test("PRF-5, MAG-1: reading a preference elsewhere neither sees those of the scope nor makes the reader its owner") func preferences() async throws {
    try await withScope {
      try Environment.checkedCurrent().preferences.setHere("core.default_float_dtype", fromText: "float32")
      #expect(prefs[.defaultFloatType] == .float32)
      let seen = await Task { prefs[.defaultFloatType] }.value
      #expect(seen == .float64)
      let outcome = await elsewhere { try Environment.checkedCurrent().preferences.setHere("core.default_float_dtype", fromText: "float64") }
      #expect(throws: EnvironmentError.crossIsolation) { try outcome.get() }
    }
    let environment = Environment(owner: nil)
    #expect(!environment.isOwnedHere && !environment.isOwnedHere)
  }

  @Test("MAG-1, CLK-14: the default clock of a scope is not lent to other tasks, and the reason is told") func defaultClocks() async {
    await withScope {
      let outcome = await elsewhere { () throws -> Double in try device.defaultClock.dt.si }
      #expect(throws: EnvironmentError.crossIsolation) { try outcome.get() }
      #expect(defaultClock.dt.si == 1e-4)
    }
  }

  // -------------------------------------------------------------------------------------------------- the end of a scope

  @Test("MAG-2, OPS-5: a network whose operation captures and stops it is gone after its scope") func captured() throws {
    let reference = try withScope {
      let group = try TestGroup(1)
      let network = try Network(group)
      let operation = try NetworkOperation { t in if t.si > 0.25e-3 { network.stop() } }
      try network.add(operation)
      let summary = try network.run(1 * ms)
      #expect(summary.stopReason == .stopped && abs(network.t.si - 0.4e-3) < 1e-9)
      return WeakRef(network)
    }
    #expect(reference.object == nil)
  }

  @Test("MAG-2: the same where the scope ends with an error, and in an asynchronous scope") func capturedOtherwise() async throws {
    struct Failure: Error {}
    var reference: WeakRef<Network>?
    #expect(throws: Failure.self) {
      try withScope {
        let network = try Network()
        try network.add(NetworkOperation { _ in network.stop() })
        reference = WeakRef(network)
        throw Failure()
      }
    }
    #expect(reference?.object == nil)
    let other = try await withScope {
      let network = try Network()
      try network.add(NetworkOperation { _ in network.stop() })
      try await network.run(1 * ms)
      return WeakRef(network)
    }
    #expect(other.object == nil)
  }

  @Test("OPS-5, NET-25, NET-45: an operation may end its run, and have it stored, without holding the network") func runControl() throws {
    let reference = try withScope {
      let group = try TestGroup(1)
      let code = try TestCode("w += 1", for: group)
      let operation = try NetworkOperation(when: .end) { t, run in
        if t.si > 0.15e-3 {
          try run.store("there")
          run.stop()
        }
      }
      let network = try Network(group, code, operation)
      let summary = try network.run(1 * ms)
      #expect(summary.stopReason == .stopped)
      #expect(try group.w.values == [3])
      try group.w <- 0
      try network.restore("there")
      #expect(try group.w.values == [3])
      return WeakRef(network)
    }
    #expect(reference.object == nil)
  }

  @Test("MAG-3: startScope leaves networks alone: their objects can be run on") func restart() throws {
    try withScope {
      let group = try TestGroup(1)
      let network = try Network(group, try TestCode("w += 1", for: group))
      try startScope()
      try network.run(0.2 * ms)
      #expect(try group.w.values == [2])
    }
  }
}
