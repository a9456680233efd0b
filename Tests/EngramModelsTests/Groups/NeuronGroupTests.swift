import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

/// Steps of the spikes of a monitor at 0.1 ms.
func steps(_ monitor: EventMonitor, dt: Double = 1e-4) throws -> [Int] { try monitor.t.si.map { Int(($0 / dt).rounded()) } }

@Suite("Neuron groups", .expecting("base.unused_brian_object")) struct NeuronGroupTests {
  private func ramp(refractory: Refractoriness, flag: String = "", milliseconds: Double = 2) throws -> [Int] {
    try withScope {
      let G = try NeuronGroup(
        1, "dv/dt = 1/ms : 1 \(flag)", threshold: "v >= 0.3", reset: "v = 0", refractory: refractory, method: .named(.euler))
      let spikes = try SpikeMonitor(G)
      try run(milliseconds * ms)
      return try steps(spikes)
    }
  }

  @Test("REF-7: a ramp without refractoriness spikes at steps 2, 5, 8")
  func noRefractoriness() throws {
    #expect(try Array(ramp(refractory: .none).prefix(3)) == [2, 5, 8])
  }

  @Test("REF-7, REF-3: 0.5 ms with 'unless refractory' gives 2, 9, 16; without the flag 2, 7, 12, 17")
  func refractory() throws {
    #expect(try ramp(refractory: .duration(Quantity(0.5 * ms)), flag: "(unless refractory)") == [2, 9, 16])
    #expect(try ramp(refractory: .duration(Quantity(0.5 * ms))) == [2, 7, 12, 17])
    #expect(try ramp(refractory: .duration(Quantity(0.55 * ms))) == [2, 7, 12, 17])
  }

  @Test("REF-7, REF-1: a text in seconds is the time form; other units are refused")
  func refractoryText() throws {
    #expect(try ramp(refractory: "0.3*ms", flag: "(unless refractory)") == ramp(refractory: .duration(Quantity(0.3 * ms)), flag: "(unless refractory)"))
    #expect(throws: GroupError.self) { try ramp(refractory: "3*mV") }
    #expect(throws: GroupError.negativeRefractory(group: "neurongroup", seconds: -0.001)) {
      try NeuronGroup(1, "v : 1", threshold: "v > 1", refractory: -1 * ms)
    }
  }

  @Test("REF-7: with a threshold that is always true and 10 steps of refractoriness spikes are exactly 10 steps apart")
  func regular() throws {
    try withScope {
      let G = try NeuronGroup(1, "v : 1", threshold: "True", reset: "", refractory: 1 * ms)
      let spikes = try SpikeMonitor(G)
      try run(5 * ms)
      #expect(try steps(spikes) == [0, 10, 20, 30, 40])
    }
  }

  @Test("REF-4: a condition keeps an element refractory while it is true")
  func refractoryCondition() throws {
    try withScope {
      let G = try NeuronGroup(
        1, "dv/dt = 1/ms : 1", threshold: "v > 0.95", reset: "v = 0", refractory: "v < 0.45", method: .named(.euler))
      let free = try StateMonitor(G, "not_refractory", record: true, when: .after(.resets))
      try run(1.7 * ms)
      // The spike of step 9 resets v; from the update on in which v has reached 0.45 before, the element is free again.
      let values = try free["not_refractory"].row(0)
      #expect(Array(values[0..<9]) == [Double](repeating: 1, count: 9))
      #expect(values[9] == 0 && values[12] == 0 && values[16] == 1)
    }
  }

  @Test("REF-6: input is ignored by a flagged variable while refractory and accumulates in an unflagged one")
  func conditionalWrites() throws {
    try withScope {
      let G = try NeuronGroup(
        1,
        """
        dv/dt = 0/ms : 1 (unless refractory)
        dw/dt = 0/ms : 1
        """, threshold: "v >= 1", reset: "v = 0", refractory: 0.5 * ms, method: .named(.euler))
      let input = try SpikeGeneratorGroup(
        1, indices: [Int](repeating: 0, count: 10), times: QuantityArray(si: (0..<10).map { Double($0) * 1e-4 }, dimension: .time))
      let S = try Synapses(input, G, onPre: "v += 1; w += 1")
      try S.connect()
      let spikes = try SpikeMonitor(G)
      try run(1 * ms)
      #expect(try steps(spikes) == [1, 7])
      #expect(try G.w.values == [10])
    }
  }

  @Test("REF-2: not_refractory begins true and lastspike at -10000 s")
  func refractoryVariables() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1", threshold: "v > 1", refractory: 1 * ms)
      #expect(try G.not_refractory.values == [1, 1] && G.lastspike.values == [-1e4, -1e4])
    }
  }

  @Test("GRP-3: arrays start at 0; N and i exist; shared variables have one value")
  func variables() throws {
    try withScope {
      let G = try NeuronGroup(
        3,
        """
        dv/dt = -v/(10*ms) : volt
        g : 1 (shared)
        n : integer
        b : boolean
        doubled = 2*v : volt
        """)
      #expect(try G.v.values == [0, 0, 0] && G.i.values == [0, 1, 2] && G.g.values == [0] && G.N.values == [3])
      try G.v.set("i*mV")
      #expect(try G.doubled.values == [0, 2e-3, 4e-3])
      #expect(G.variables["n"]?.scalarType == .int32 && G.variables["b"]?.scalarType == .bool)
    }
  }

  @Test("GRP-1, GRP-4: fewer than one element and unfitting types are refused")
  func errors() throws {
    try withScope {
      #expect(throws: GroupError.notPositive(group: "neurongroup", count: 0)) { try NeuronGroup(0, "v : 1") }
      let error = #expect(throws: GroupError.self) { try NeuronGroup(1, "v : 1", scalarTypes: ["v": .int32]) }
      #expect(error?.description.contains("'v'") == true)
      #expect(throws: GroupError.self) { try NeuronGroup(1, "volt_like : 1", scalarTypes: ["volt_lik": .float32]) }
      let G = try NeuronGroup(1, "v : 1\nw : 1", scalarTypes: ["v": .float32])
      #expect(G.variables["v"]?.scalarType == .float32 && G.variables["w"]?.scalarType == .float64)
      #expect(try NeuronGroup(1, "v : 1", scalarTypes: .float32).variables["v"]?.scalarType == .float32)
    }
  }

  @Test("GRP-5, NAM-7: parts have the group's order and derived names")
  func parts() throws {
    try withScope {
      let G = try NeuronGroup(
        1, "dv/dt = -v/ms : 1\nx = rand() : 1 (constant over dt)", threshold: "v > 1", reset: "v = 0", events: ["low": "v < -1"], order: 3, name: "G")
      #expect(
        G.containedObjects.map(\.name) == [
          "G_stateupdater", "G_subexpression_update", "G_spike_thresholder", "G_low_thresholder", "G_spike_resetter",
        ])
      #expect(G.containedObjects.allSatisfy { $0.order == 3 })
    }
  }

  @Test("GRP-6: a reset without threshold is an error; a threshold alone and a useless flag are warned about")
  func combinations() throws {
    try withScope { () throws in
      #expect(throws: GroupError.resetWithoutThreshold(group: "neurongroup")) { try NeuronGroup(1, "v : 1", reset: "v = 0") }
      func warnings(_ make: () throws -> NeuronGroup) throws -> [String] {
        let (_, messages) = try Messages.capturing { _ = try make() }
        return messages.filter { $0.level == .warning }.map(\.text)
      }
      #expect(try warnings { try NeuronGroup(1, "v : 1", threshold: "v > 1") }.contains { $0.contains("neither reset nor refractoriness") })
      #expect(try warnings { try NeuronGroup(1, "v : 1", threshold: "rand() < 0.1") }.isEmpty)
      #expect(try warnings { try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "") }.isEmpty)
      #expect(
        try warnings { try NeuronGroup(1, "dv/dt = -v/ms : 1 (unless refractory)", threshold: "v > 1", reset: "v = 0") }.contains {
          $0.contains("unless refractory")
        })
    }
  }

  @Test("GRP-7: a threshold that is no condition is refused with a guess")
  func threshold() throws {
    withScope {
      let error = #expect(throws: GroupError.self) { try NeuronGroup(1, "v : volt", threshold: "-50*mV", reset: "v = 0*mV") }
      #expect(error?.description.contains("did you mean 'v > -50*mV'") == true)
    }
  }

  @Test("GRP-8, GRP-9: input of a step acts before the reset, and can make its target spike in the next step at the earliest")
  func orderOfAStep() throws {
    try withScope {
      let A = try NeuronGroup(1, "v : 1", threshold: "t < 0.05*ms", reset: "")
      let B = try NeuronGroup(1, "v : 1", threshold: "v > 0.5", reset: "v = 0")
      let S = try Synapses(A, B, onPre: "v += 1")
      try S.connect()
      let back = try Synapses(B, B, onPre: "v += 10")
      try back.connect()
      let spikes = try SpikeMonitor(B)
      try run(0.5 * ms)
      // The spike of step 0 arrives in step 0, B crosses in step 1; its own input of 10 is wiped by its reset.
      #expect(try steps(spikes) == [1])
      #expect(try B.v.values == [0])
    }
  }

  @Test("GRP-10: run_regularly at 0.3 ms runs at 0, 0.3, 0.6 ms and can be switched off; on a part it affects the part")
  func runRegularly() throws {
    try withScope {
      let G = try NeuronGroup(3, "v : 1")
      let runner = try G.runRegularly("v += 1", every: 0.3 * ms)
      try G[1..<2].runRegularly("v += 10*(i + 1)", every: 1 * ms)
      let trace = try StateMonitor(G, "v", record: true, when: .end)
      try run(1 * ms)
      #expect(try trace["v"].row(0) == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4])
      #expect(try G.v.values == [4, 14, 4])
      runner.isActive = false
      try run(1 * ms)
      #expect(try G.v.values == [4, 24, 4])
    }
  }

  @Test("GRP-11: run_at with times 0, 1 and 3 dt records 1, 2, 2, 3")
  func runAt() throws {
    try withScope {
      let G = try NeuronGroup(1, "v : 1")
      try G.run("v += 1", at: [0 * ms, 0.1 * ms, 0.3 * ms])
      let trace = try StateMonitor(G, "v", record: true, when: .end)
      try run(0.4 * ms)
      #expect(try trace["v"].row(0) == [1, 2, 2, 3])
    }
  }

  @Test("EVT-1: an event may be added between runs, and is looked for from then on")
  func laterEvent() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1\nn : 1\nk : 1", threshold: "v > 5", reset: "v = 0", name: "G")
      try G.v <- "i"
      try G.runRegularly("v += 1")
      try run(0.2 * ms)
      try G.addEvent("late", "v >= 4")
      try G.addEvent("early", "v < 2")
      try G.run("n += 1", on: "late")
      let monitor = try EventMonitor(G, event: "late")
      // v is 3, 4, 5, and 6, which spikes and is 0 at the end of its step; the second is a step ahead, and goes on with 1.
      try run(0.4 * ms)
      #expect(try G.n.values == [3, 3])
      #expect(try monitor.i.map(Int.init) == [1, 0, 1, 0, 1, 0])
      #expect(throws: GroupError.secondEvent(group: "G", event: "late")) { try G.addEvent("late", "v > 1") }
      #expect(throws: GroupError.spikeEventTwice(group: "G")) { try G.addEvent("spike", "v > 1") }
      #expect(throws: GroupError.eventName(group: "G", name: "a b")) { try G.addEvent("a b", "v > 1") }
      #expect(throws: GroupError.self) { try G.addEvent("number", "v + 1") }
      #expect(G.eventNames.map(\.rawValue) == ["spike", "late", "early"])
    }
  }

  @Test("EVT-1, EVT-2, EVT-3: custom events have conditions, a schedule and code; each is checked")
  func events() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1\nn : 1", threshold: "v > 5", reset: "v = 0", events: ["third": "v >= 3"])
      try G.runRegularly("v += 1 + i")
      try G.run("n += 1; v = 0", on: "third")
      #expect(throws: GroupError.secondCode(group: "neurongroup", event: "third")) { try G.run("n = 0", on: "third") }
      #expect(throws: GroupError.self) { try G.run("n = 0", on: "fourth") }
      #expect(throws: GroupError.self) { try G.setSchedule(of: "fourth") }
      #expect(G.thresholders["third"]?.when == .after(.thresholds))
      let monitor = try EventMonitor(G, event: "third")
      try run(0.6 * ms)
      #expect(try monitor.i == [1, 0, 1, 0, 1] && steps(monitor) == [1, 2, 3, 5, 5].sorted())
      #expect(try G.n.values == [2, 3])
      #expect(throws: GroupError.spikeEventTwice(group: "neurongroup")) {
        try NeuronGroup(1, "v : 1", threshold: "v > 1", events: ["spike": "v > 1"])
      }
      #expect(throws: GroupError.eventName(group: "neurongroup", name: "my event")) { try NeuronGroup(1, "v : 1", events: ["my event": "v > 1"]) }
    }
  }

  @Test("EVT-5, SPK-2, SPK-3: spikes ascend and are gone after the run")
  func eventLists() throws {
    try withScope {
      let G = try NeuronGroup(5, "v : 1", threshold: "i % 2 == 0", reset: "")
      var seen: [[Int]] = []
      let look = try NetworkOperation(when: .synapses) { _ in seen.append(G.spikes) }
      try run(0.2 * ms)
      #expect(seen == [[0, 2, 4], [0, 2, 4]] && G.spikes.isEmpty)
      _ = look
    }
  }

  @Test("SPK-4, SPK-2: groups, their parts, Poisson groups and generators lend the elements of the present step, ascending")
  func kindsOfSources() throws {
    try withScope {
      let G = try NeuronGroup(6, "v : 1", threshold: "i % 2 == 1", reset: "")
      let part = try G[2..<6]
      let certain = try PoissonGroup(3, rates: 1e4 * Hz)
      let generator = try SpikeGeneratorGroup(5, indices: [4, 1, 2], times: [0.1, 0.1, 0.2] * ms)
      var seen: [[[Int]]] = []
      let look = try NetworkOperation(when: .synapses) { _ in seen.append([G.spikes, part.spikes, certain.spikes, generator.spikes]) }
      try run(0.3 * ms)
      // Elements of a part count from its own beginning.
      #expect(seen == [[[1, 3, 5], [1, 3], [0, 1, 2], []], [[1, 3, 5], [1, 3], [0, 1, 2], [1, 4]], [[1, 3, 5], [1, 3], [0, 1, 2], [2]]])
      #expect(part.start == 2 && part.stop == 6 && part.count == 4)
      #expect([G.spikes, part.spikes, certain.spikes, generator.spikes] == [[], [], [], []])
      _ = look
    }
  }

  @Test("SPK-3, NET-27: also a run that ends with an error leaves no spikes behind") func spikesAfterAnError() throws {
    struct Stop: Error {}
    try withScope {
      let G = try NeuronGroup(2, "v : 1", threshold: "True", reset: "")
      let failing = try NetworkOperation(when: .end) { _ in throw Stop() }
      #expect(throws: BrianObjectError.self) { try run(1 * ms) }
      #expect(G.spikes.isEmpty)
      _ = failing
    }
  }

  @Test("EQN-20: a subexpression that is constant over dt is computed once per step")
  func constantOverStep() throws {
    try withScope {
      let G = try NeuronGroup(2, "x = rand() : 1 (constant over dt)\ny : 1\nz : 1")
      try G.runRegularly("y = x", when: .thresholds)
      try G.runRegularly("z = x", when: .end)
      try run(0.1 * ms)
      #expect(try G.y.values == G.z.values && G.y.values[0] != G.y.values[1])
    }
  }

  @Test("EQN-18: a right-hand side of the wrong unit is found before the run and named")
  func units() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = -v/(10*mV) : volt")
      let error = #expect(throws: BrianObjectError.self) { try run(1 * ms) }
      #expect(error?.description.contains("dv/dt") == true)
      _ = G
    }
  }
}

@Suite("Subgroups and links", .expecting("base.unused_brian_object", "group.beyond_group")) struct SubgroupTests {
  @Test("SUB-1: slices are clipped and count from the end; empty, reversed and scattered ones are refused")
  func slices() throws {
    try withScope {
      let G = try NeuronGroup(10, "v : 1")
      #expect(try G[3...].stop == 10 && G[3..<20].count == 7 && G[4].start == 4 && G[..<3].count == 3)
      #expect(try G[-3 ..< -1].start == 7 && G[-3 ..< -1].stop == 9)
      #expect(try G[[3, 4, 5]].count == 3 && G[2..<8][1..<3].start == 3)
      #expect(try G[(-12)...].start == 0 && G[-12 ..< -8].stop == 2 && G[2..<8][(-9)...].start == 2)
      let told = try Messages.capturing { _ = (try G[3..<20], try G[(-12)...], try G[3..<10], try G[2..<8][1..<9]) }.messages.map(\.text)
      #expect(told.count == 3 && told.allSatisfy { $0.contains("goes beyond its") }, "\(told)")
      #expect(told.first?.contains("'\(G.name)' goes beyond its 10 elements; taken are 3 to 9") == true)
      for bad in [10..<12, 5..<5] { #expect(throws: GroupError.self) { try G[bad] } }
      #expect(throws: GroupError.self) { try G[[1, 3]] }
      #expect(throws: GroupError.self) { try G[12] }
    }
  }

  @Test("SUB-2: variables of a part are the parent's; i counts from 0 and N is its size")
  func views() throws {
    try withScope {
      let G = try NeuronGroup(6, "v : 1")
      let part = try G[2..<5]
      try part.v.set("i + 10*N")
      #expect(try G.v.values == [0, 0, 30, 31, 32, 0] && part.i.values == [0, 1, 2] && part.N.values == [3])
    }
  }

  @Test("SUB-3, MON-9: spikes of a part are those in its range, counted from its beginning")
  func spikes() throws {
    try withScope {
      let G = try NeuronGroup(6, "v : 1", threshold: "i >= 3", reset: "")
      let part = try G[2..<5]
      let monitor = try SpikeMonitor(part, variables: ["v"])
      try G.v.set("i*1.0")
      let target = try NeuronGroup(3, "n : 1")
      let S = try Synapses(part, target, onPre: "n_post += v_pre")
      try S.connect(j: "i")
      try run(0.1 * ms)
      #expect(try monitor.i == [1, 2] && monitor.counts == [0, 1, 1] && monitor["v"].si == [3, 4])
      #expect(try target.n.values == [0, 3, 4])
    }
  }

  @Test("LNK-1, LNK-2, LNK-3: links are checked")
  func linkErrors() throws {
    try withScope {
      let A = try NeuronGroup(4, "x : volt\nn : 1")
      let B = try NeuronGroup(4, "y : volt (linked)\nz : volt\nk : integer")
      #expect(throws: VariableError.self) { try B.y.values }
      #expect(throws: GroupError.linkUnflagged(group: "neurongroup_1", variable: "z")) { try B.link("z", to: A.x) }
      #expect(throws: GroupError.self) { try B.link("y", to: A.n) }
      let C = try NeuronGroup(3, "y : volt (linked)\nk : integer\nf : 1")
      #expect(throws: GroupError.linkNeedsIndex(variable: "y", expected: 3, target: "neurongroup.x", found: 4)) { try C.link("y", to: A.x) }
      #expect(throws: GroupError.linkIndexCount(variable: "y", expected: 3, found: 2)) { try C.link("y", to: A.x, index: [0, 1]) }
      #expect(throws: GroupError.linkIndexRange(variable: "y", index: 4, count: 4)) { try C.link("y", to: A.x, index: [0, 1, 4]) }
      #expect(throws: GroupError.self) { try C.link("y", to: A.x, index: "f") }
      try C.link("y", to: A.x, index: "k")
    }
  }

  @Test("LNK-3, LNK-4, LNK-5: one to one, one to all, by index, through chains and subgroups; writing an element writes the source")
  func links() throws {
    try withScope {
      let A = try NeuronGroup(4, "x : volt\nd = 2*x : volt")
      let B = try NeuronGroup(4, "y : volt (linked)\nz : volt")
      try B.link("y", to: A.x)
      try A.x.set("i*mV")
      #expect(try B.y.values == [0, 1e-3, 2e-3, 3e-3])
      try B.y[element: 1].set(7 * mV)
      #expect(try A.x.values[1] == 7e-3)
      let C = try NeuronGroup(3, "y : volt (linked)\nw : volt (linked)\nu : volt (linked)")
      try C.link("y", to: A.x, index: [3, 3, 0])
      try C.link("w", to: B.y, index: [0, 1, 2])
      try C.link("u", to: A[1...].d)
      #expect(try C.y.values == [3e-3, 3e-3, 0] && C.w.values == [0, 7e-3, 2e-3])
      #expect(try C.u.values == [14e-3, 4e-3, 6e-3])
      try B.runRegularly("z = y*2")
      try run(0.1 * ms)
      #expect(try B.z.values == [0, 14e-3, 4e-3, 6e-3])
    }
  }

  @Test("LNK-6: code that writes where several elements share a source element is refused")
  func sharedWrites() throws {
    try withScope {
      let A = try NeuronGroup(1, "x : 1")
      let B = try NeuronGroup(2, "y : 1 (linked)", threshold: "y > 1", reset: "y = 0")
      try B.link("y", to: A.x)
      let error = #expect(throws: BrianObjectError.self) { try run(0.1 * ms) }
      #expect(error?.underlying is GroupError)
    }
  }
}
