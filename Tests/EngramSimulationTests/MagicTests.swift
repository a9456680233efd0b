import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Magic", .expecting("base.unused_brian_object")) struct MagicTests {
  @Test("MAG-1, MAG-4, MAG-5: a scope owns what is created in it, also inside functions and containers, and runs it") func owning() throws {
    try withScope {
      var calls: [String] = []
      func helper() throws { _ = try NetworkOperation(name: "helper") { calls.append("helper") } }
      try helper()
      let list = try (0..<2).map { number in try NetworkOperation(name: "listed*") { calls.append("listed \(number)") } }
      #expect(try collect().map(\.name) == ["helper", "listed", "listed_1"])
      try run(0.1 * ms)
      #expect(calls == ["helper", "listed 0", "listed 1"])
      try MagicScope.current.exclude(list[0])
      list[1].isActive = false
      try run(0.1 * ms)
      #expect(calls.count == 4)
      #expect(try schedulingSummary().entries.map(\.name) == ["helper", "listed_1"])
    }
  }

  @Test("MAG-2: scopes nest, and objects register with the innermost one only") func nesting() async throws {
    try await withScope {
      _ = try NetworkOperation(stateless: true) { _ in }
      let inner = try withScope {
        _ = try NetworkOperation(stateless: true) { _ in }
        try run(0 * ms)
        return try collect().map(\.name)
      }
      #expect(inner == ["networkoperation"])
      #expect(try collect().count == 1)
      try run(0 * ms)
      await Task.yield()
    }
  }

  @Test("MAG-3: startScope drops the objects and restarts names; they stay usable in networks") func startScopeTest() throws {
    try withScope {
      let old = try NetworkOperation(stateless: true) { _ in }
      try startScope()
      #expect(try collect().isEmpty)
      let new = try NetworkOperation(stateless: true) { _ in }
      #expect(new.name == old.name)
      try Network(old).run(0.1 * ms)
      try run(0.1 * ms)
    }
  }

  @Test("MAG-6: all known goes on, all new starts at 0, a mixture is an error that names both") func decision() throws {
    final class Watcher: BrianObject {
      override class var addToMagicNetwork: Bool { true }
      override class var invalidatesMagicNetwork: Bool { false }
    }
    try withScope {
      let first = try Probe(name: "first")
      try run(1 * ms)
      try run(1 * ms)
      let network = try MagicScope.current.network
      #expect(network.t.si == 0.002)
      _ = try Watcher(name: "watcher")
      try run(1 * ms)
      #expect(network.t.si == 0.003)
      let second = try Probe(name: "second")
      let error = #expect(throws: MagicError.self) { try run(1 * ms) }
      #expect(error == .mixOfOldAndNew(new: ["second"], known: ["first"]))
      #expect(network.t.si == 0.003)
      try MagicScope.current.exclude(first)
      try run(0.5 * ms)
      #expect(network.t.si == 0.0005)
      #expect(second.log.count { $0 == "run" } == 5)
    }
  }

  @Test("MAG-7: magic and explicit networks exclude each other") func exclusive() throws {
    try withScope {
      let a = try Probe(name: "a")
      let network = try Network(a, name: "explicit")
      try network.run(0.1 * ms)
      #expect(throws: NetworkError.simulatedElsewhere(object: "a", other: "explicit")) { try run(0.1 * ms) }
      let second = try withScope {
        let b = try Probe(name: "b")
        try run(0.1 * ms)
        return #expect(throws: NetworkError.self) { try Network(b) }
      }
      #expect(second == .alreadySimulated(object: "b", here: "network"))
    }
  }

  @Test("MAG-8: a missing dependency makes the object inactive, with a warning") func dependency() throws {
    try withScope {
      let group = try TestGroup(1)
      let code = try TestCode("w += 1", for: group)
      try MagicScope.current.exclude(group)
      let messages = try Messages.capturing { try run(0.1 * ms) }.messages
      #expect(messages.map(\.category) == ["magic.missing_dependency"])
      #expect(!code.isActive)
      #expect(try group.w.values == [0])
      group.wasAdded = true
    }
  }

  @Test("MAG-9: contents of the magic network cannot be changed by hand") func fixedContents() throws {
    try withScope {
      let a = try Probe()
      let network = try MagicScope.current.network
      #expect(throws: MagicError.self) { try network.add(a) }
      #expect(throws: MagicError.self) { try network.remove(a) }
      try run(0.1 * ms)
      #expect(network.objects.count == 1 && network.objects.first === a)
      #expect(try MagicScope.current.network === network)
    }
  }

  @Test("MAG-10: a magic run with no objects is allowed and leaves time alone") func empty() throws {
    try withScope {
      try run(1 * ms)
      #expect(try MagicScope.current.network.t.si == 0)
    }
  }

  @Test("MAG-11, CKP-8: store and restore are magic calls; after store objects count as known") func storing() throws {
    try withScope {
      let a = try TestGroup(1)
      _ = try TestCode("w += 1", for: a)
      try store()
      try run(0.2 * ms)
      #expect(try a.w.values == [2])
      _ = try Probe(name: "new")
      #expect(throws: MagicError.self) { try run(0.1 * ms) }
      #expect(throws: MagicError.self) { try restore() }
    }
  }

  @Test("MAG-6, MAG-11: with new objects the network begins anew: snapshots of the old ones are gone") func newObjects() throws {
    try withScope {
      let first = try TestGroup(1)
      try run(0.1 * ms)
      try store("before")
      _ = try TestGroup(1)
      try MagicScope.current.exclude(first)
      try run(0.1 * ms)
      #expect(defaultClock.timestep == 1)
      let error = #expect(throws: CheckpointError.self) { try restore("before") }
      #expect(error == .unknownSnapshot("before", known: [], nearest: nil))
    }
  }

  @Test("MAG-12: stop ends every run of the scope; the flag is cleared at the next run") func stopping() throws {
    try withScope {
      var limit = 2
      let probe = try Probe()
      probe.body = { if probe.log.count(where: { $0 == "run" }) == limit { stop() } }
      try run(1 * ms)
      #expect(probe.log.count { $0 == "run" } == 2)
      limit = -1
      try run(0.1 * ms)
      #expect(probe.log.count { $0 == "run" } == 3)
    }
  }

  @Test("MAG-1: a scope used from another task is an error") func isolation() async throws {
    await withScope {
      let outcome = await Task { () -> EnvironmentError? in
        do {
          _ = try NetworkOperation { _ in }
          return nil
        } catch { return error as? EnvironmentError }
      }.value
      #expect(outcome == .crossIsolation)
    }
  }

  @Test("MAG-5: states of the scope's network") func states() throws {
    try withScope {
      let group = try TestGroup(2)
      try group.v <- [1, 2] * mV
      let states = try getStates(readOnly: false)
      try group.v <- 0
      try setStates(states)
      #expect(try group.v.values == [0.001, 0.002])
    }
  }

  @Test("MAG-9, NET-5: between calls every question about a magic network is answered with the objects of its scope") func questions() throws {
    try withScope {
      let group = try TestGroup(2)
      let probe = try NetworkOperation(stateless: true, name: "probe") { _ in }
      let network = try MagicScope.current.network
      for round in 0..<2 {
        #expect(network.objects.map(\.name) == ["testgroup", "probe"], "round \(round)")
        #expect(network.count == 2 && network.contains("probe") && network["testgroup"] === group && network["nobody"] == nil)
        #expect(try network.object("probe", as: NetworkOperation.self) === probe)
        // In the order of the schedule, in which names decide here.
        #expect(Array(network).map(\.name) == ["probe", "testgroup"])
        #expect(try network.schedulingSummary.entries.map(\.name) == schedulingSummary().entries.map(\.name))
        #expect(try network.states()["testgroup"] != nil)
        try run(0.1 * ms)
      }
      var states = try network.states(readOnly: false)
      states["testgroup"]?["w"] = .plain([5, 6])
      try network.setStates(states, units: false)
      #expect(try group.w.values == [5, 6])
    }
  }
}
