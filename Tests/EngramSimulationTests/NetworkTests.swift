import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Contents of networks") struct NetworkContentTests {
  @Test("NET-1: objects, sequences, and blocks of both") func construction() throws {
    try withScope {
      let a = try Probe()
      let b = try Probe()
      let c = try Probe()
      let network = try Network {
        a
        [b]
        ["key": c]
        if a.order == 1 { b }
      }
      #expect(network.objects.map(\.name) == ["probe", "probe_1", "probe_2"])
      #expect(try Network(contentsOf: [a, b]).count == 2)
    }
  }

  @Test("NET-2, NET-3: adding twice is harmless; removing what is absent is an error") func addAndRemove() throws {
    try withScope {
      let a = try Probe()
      let b = try Probe()
      let network = try Network(a)
      try network.add(a, b)
      #expect(network.objects.count == 2)
      try network.remove(b)
      #expect(network.objects.count == 1)
      let error = #expect(throws: NetworkError.self) { try network.remove(b) }
      #expect(error == .unknownObject("probe_1", nearest: "probe"))
    }
  }

  @Test("NET-4, NET-18, BAS-11: an object belongs to the network that first simulates it") func binding() throws {
    try withScope {
      let a = try Probe()
      let first = try Network(a)
      let second = try Network(a)
      try first.run(0.1 * ms)
      let error = #expect(throws: NetworkError.self) { try second.run(0.1 * ms) }
      #expect(error == .simulatedElsewhere(object: "probe", other: "network"))
      #expect(throws: NetworkError.alreadySimulated(object: "probe", here: "network_2")) { try Network(a) }
      // Δ: back into the same network.
      try first.remove(a)
      try first.add(a)
      try first.run(0.1 * ms)
      #expect(a.log.count { $0 == "run" } == 2)
    }
  }

  @Test("NET-5, BAS-6: parts come along, are found by name, counted and iterated in schedule order") func parts() throws {
    try withScope {
      let a = try Probe(when: .end, name: "a")
      let part = try Probe(when: .start, name: "part")
      a.addContained(part)
      let network = try Network(a)
      #expect(network.count == 2)
      #expect(network.contains("part"))
      #expect(network["part"] === part)
      #expect(network.map(\.name) == ["part", "a"])
      #expect(try network.object("part", as: Probe.self) === part)
      #expect(throws: NetworkError.unknownObject("pard", nearest: "part")) { try network.object("pard", as: Probe.self) }
      #expect(throws: NetworkError.self) { try network.object("part", as: Group.self) }
      try network.remove(named: "a")
      #expect(network.count == 0)
      #expect(throws: NetworkError.self) { try network.remove(named: "part") }
    }
  }

  @Test("NET-15: duplicate names are listed when the network runs or is stored") func duplicates() throws {
    try withScope {
      let network = try Network(try Probe(name: "x"), try Probe(name: "x"), try Probe(name: "y"))
      #expect(throws: NetworkError.duplicateNames(["x"])) { try network.run(0 * ms) }
      #expect(throws: NetworkError.duplicateNames(["x"])) { try network.store() }
    }
  }

  @Test("NET-17, BAS-9: a missing dependency is named with the object") func dependencies() throws {
    try withScope {
      let group = try TestGroup(1)
      let code = try TestCode("w = 1", for: group)
      let network = try Network(code)
      #expect(throws: NetworkError.missingDependency(object: "testcode", missing: "testgroup")) { try network.run(0 * ms) }
      try network.add(group)
      try network.run(0 * ms)
    }
  }

  @Test("NET-16: two objects may not overwrite overlapping parts of one variable") func exclusiveWrites() throws {
    final class Writer: BrianObject {
      let claim: ExclusiveWrite
      init(_ claim: ExclusiveWrite) throws {
        self.claim = claim
        try super.init(name: "writer*")
      }
      override var exclusiveWrites: [ExclusiveWrite] { [claim] }
    }
    try withScope {
      let group = try TestGroup(4)
      let variable = try #require(group.variables["v"] as? ArrayVariable)
      let a = try Writer(ExclusiveWrite(variable, elements: 0..<2))
      let b = try Writer(ExclusiveWrite(variable, elements: 2..<4))
      try Network(group, a, b).run(0 * ms)
      let c = try Writer(ExclusiveWrite(variable, elements: 0..<3))
      let d = try Writer(ExclusiveWrite(variable, elements: 2..<4))
      let network = try Network(c, d)
      #expect(throws: NetworkError.conflictingWrites(variable: "testgroup.v", objects: ["writer_2", "writer_3"])) { try network.run(0 * ms) }
    }
  }
}

@Suite("Schedules") struct ScheduleTests {
  @Test("NET-10, NET-11, CPR-2: default slots, their neighbours, and what cannot be a schedule") func slots() throws {
    try withScope {
      let network = try Network()
      #expect(network.schedule.map(\.rawValue) == ["start", "groups", "thresholds", "synapses", "resets", "end"])
      try network.setSchedule(["a", "b"])
      #expect(network.schedule == ["a", "b"])
      let schedule = try Schedule(["a", "b"])
      #expect(schedule.position(of: "before_a") == 0)
      #expect(schedule.position(of: "a") == 1)
      #expect(schedule.position(of: "after_a") == 2)
      #expect(schedule.position(of: "b") == 4)
      #expect(throws: ScheduleError.derivedSlot("before_x")) { try network.setSchedule(["before_x"]) }
      #expect(throws: ScheduleError.derivedSlot("after_x")) { try network.setSchedule(["a", "after_x"]) }
      #expect(throws: ScheduleError.duplicateSlot("a")) { try network.setSchedule(["a", "b", "a"]) }
      try network.setSchedule(nil)
      #expect(network.schedule.count == 6)
      try prefs.with(.defaultSchedule, ["p", "q"]) { #expect(network.schedule == ["p", "q"]) }
    }
  }

  @Test("NET-12, BAS-4: objects run by slot, order and name, names by code point") func sorting() throws {
    try withScope {
      var log: [String] = []
      func make(_ name: String, _ when: Slot = .start, _ order: Int = 0) throws -> Probe {
        try Probe(when: when, order: order, name: ObjectName(validating: name)) { log.append(name) }
      }
      let network = try Network(
        try make("n_2"), try make("n_10"), try make("n_1"), try make("n"), try make("N"), try make("late", .start, 5),
        try make("early", .start, -5), try make("end", .end), try make("b", .before(.start)), try make("a", .after(.end)))
      try network.run(0.1 * ms)
      #expect(log == ["b", "early", "N", "n", "n_1", "n_10", "n_2", "late", "end", "a"])
    }
  }

  @Test("NET-13: a slot that the schedule lacks is an error with object, slot and valid ones; idle containers need none") func unknownSlot() throws {
    try withScope {
      let probe = try Probe(when: "strange")
      let network = try Network(probe)
      let error = #expect(throws: NetworkError.self) { try network.run(0 * ms) }
      #expect(error == .unknownSlot("strange", object: "probe", valid: Schedule.standard))
      try network.setSchedule(["strange"])
      try network.run(0.1 * ms)
      #expect(probe.log == ["before", "run", "after"])
      let container = try Network(try TestGroup(1))
      try container.setSchedule(["other"])
      try container.run(0.1 * ms)
      #expect(container.t.si == 1e-4)
    }
  }

  @Test("NET-14: a schedule imposed by the device wins, with one warning that shows both") func deviceSchedule() throws {
    try withScope {
      try device.fixedSchedule = ["end", "start"]
      var log: [String] = []
      let network = try Network(try Probe(when: .start) { log.append("start") }, try Probe(when: .end) { log.append("end") })
      let messages = try Messages.capturing { try network.run(0.1 * ms) }.messages
      #expect(log == ["end", "start"])
      #expect(messages.map(\.category) == ["network.schedule_conflict"])
      #expect(messages[0].text.contains("groups") && messages[0].text.contains("[\"end\", \"start\"]"))
    }
  }

  @Test("NET-19: spikes propagate without delay only if thresholds come before synapses") func propagation() throws {
    try withScope {
      let network = try Network()
      #expect(network.schedulePropagationOffset.si == 0)
      try network.setSchedule(["synapses", "thresholds"])
      #expect(schedulePropagationOffset(network).si == 1e-4)
    }
  }
}
