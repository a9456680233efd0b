import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModel
import EngramModels
import EngramSimulation
import EngramUnits
import Testing

@Suite("Further rules of groups", .expecting("base.unused_brian_object")) struct MoreRulesTests {
  @Test("GRP-2, GRP-12: a model may be text or equations; states can be read and given back")
  func states() throws {
    try withScope {
      let equations = Equations("v : volt\nw : 1")
      let G = try NeuronGroup(2, equations, name: "G")
      try G.v.set("i*mV")
      let network = try Network(G)
      try network.run(0 * ms)
      let states = try network.states(readOnly: false)
      try G.v.set(9 * mV)
      try network.setStates(states)
      #expect(try G.v.values == [0, 1e-3])
    }
  }

  @Test("GRP-13: values that are not numbers are reported after a run")
  func valueCheck() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = v/ms : 1", method: .named(.euler))
      try G.v.set(Double.infinity)
      let (_, messages) = try Messages.capturing { try run(0.1 * ms) }
      #expect(messages.contains { $0.level == .warning && $0.text.contains("'v'") })
    }
  }

  @Test("EVT-4: refractoriness concerns spikes only")
  func refractoryEvents() throws {
    try withScope {
      let G = try NeuronGroup(1, "v : 1", threshold: "True", reset: "", refractory: 1 * ms, events: ["always": "True"])
      let spikes = try SpikeMonitor(G)
      let events = try EventMonitor(G, event: "always")
      try run(0.5 * ms)
      #expect(spikes.total == 1 && events.total == 5)
    }
  }

  @Test("REF-5: a spike makes its element refractory in the threshold step and notes the time")
  func spikeMarks() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1", threshold: "i == 1", reset: "", refractory: 1 * ms)
      try run(0.4 * ms)
      #expect(try G.not_refractory.values == [1, 0] && G.lastspike.values == [-1e4, 0])
    }
  }

  @Test("SYN-32, SYN-24: more synapses than 32-bit numbers can count are refused before memory is taken; nothing is made")
  func tooManySynapses() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1")
      let S = try Synapses(G, G)
      try S.connect(i: 0, j: 1)
      #expect(throws: SynapseError.tooMany(count: Int(Int32.max) + 1)) { try S.connect(i: 0, j: 1, n: Int(Int32.max)) }
      #expect(throws: SynapseError.self) { try S.connect(i: 0, j: 1, n: .max) }
      #expect(S.synapseCount == 1)
    }
  }

  @Test("SUB-4: a part is named after its parent and does not need to be in the network")
  func partNames() throws {
    try withScope {
      let G = try NeuronGroup(4, "v : 1", name: "G")
      let part = try G[1...]
      let another = try G[2...]
      #expect(part.name == "G_subgroup" && another.name == "G_subgroup_1")
      let trace = try StateMonitor(part, "v", record: true)
      try Network(G, trace).run(0.1 * ms)
      #expect(trace.recordedSteps == 1)
    }
  }

  @Test("LNK-7: a link keeps its source alive")
  func linkOwnership() throws {
    try withScope {
      let B = try NeuronGroup(1, "y : 1 (linked)")
      do {
        let A = try NeuronGroup(1, "x : 1")
        try A.x.set(5)
        try B.link("y", to: A.x)
        try startScope()
      }
      #expect(try B.y.values == [5])
    }
  }

  @Test("SYN-7: a pathway follows the clock of the group that spikes; different steps are warned about")
  func clocks() throws {
    try withScope {
      let A = try NeuronGroup(1, "v : 1", threshold: "True", reset: "", dt: 0.2 * ms)
      let B = try NeuronGroup(1, "n : 1\nlast : second")
      let (S, messages) = try Messages.capturing { try Synapses(A, B, onPre: "n += 1; last = t") }
      try S.connect()
      #expect(try S.pre.clock === A.clock)
      #expect(messages.contains { $0.level == .warning && $0.text.contains("different dt") })
      try run(1 * ms)
      #expect(try B.n.values == [5])
      #expect(try abs(B.last.values[0] - 0.8e-3) < 1e-12)
    }
  }

  @Test("RNG-1, RNG-3, RNG-7: with a seed results repeat, and other objects do not change them")
  func randomness() throws {
    func values(extra: Bool) throws -> [Double] {
      try withScope {
        seed(42)
        var others: [NeuronGroup] = []
        if extra { others.append(try NeuronGroup(3, "dx/dt = xi/sqrt(ms) : 1", method: .named(.euler), name: "A")) }
        let G = try NeuronGroup(5, "dv/dt = xi/sqrt(ms) : 1", method: .named(.euler), name: "G")
        try run(1 * ms)
        return try G.v.values
      }
    }
    let first = try values(extra: false)
    #expect(try values(extra: false) == first && values(extra: true) == first)
    #expect(Set(first).count == 5)
  }

  @Test("STU-2: the method that was chosen is reported with the group's name")
  func choice() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = -v**3/ms : 1", name: "cubic")
      let (_, messages) = try Messages.capturing { try run(0.1 * ms) }
      #expect(messages.contains { $0.level == .info && $0.text.contains("'cubic'") && $0.text.contains("euler") })
      #expect(G.stateUpdater.update?.methodName == "euler")
      let H = try NeuronGroup(1, "dv/dt = -v**3/ms : 1", method: .named(.exact))
      #expect(throws: BrianObjectError.self) { try Network(H).run(0.1 * ms) }
    }
  }

  @Test("CKP-20, CKP-24: every object says what it was made with")
  func descriptions() throws {
    try withScope {
      let G = try NeuronGroup(4, "dv/dt = -v/ms : 1", threshold: "v > 1", reset: "v = 0", refractory: 2 * ms, method: .named(.euler), name: "G")
      try G.runRegularly("v += 1", every: 1 * ms)
      let S = try Synapses(G[..<2], G, "w : 1", onPre: "v += w", delay: 1 * ms, name: "S")
      let M = try SpikeMonitor(G, name: "M")
      guard case .neuronGroup(let group) = G.described.kind, case .synapses(let synapses) = S.described.kind,
        case .eventMonitor(let monitor) = M.described.kind
      else {
        Issue.record("an object is described as another kind")
        return
      }
      #expect(group.count == 4 && group.threshold?.text == "v > 1" && group.reset?.text == "v = 0" && group.method == .named("euler"))
      #expect(group.group.regularCode.map(\.code.text) == ["v += 1"] && group.refractory == .duration(Quantity(2e-3, .time)))
      #expect(synapses.source == GroupReference("G", part: 0..<2) && synapses.target == GroupReference("G"))
      #expect(synapses.onPre.list.map(\.code.text) == ["v += w"] && synapses.delays.byPathway.map(\.delay.si) == [1e-3])
      #expect(monitor.source == GroupReference("G") && monitor.event == nil)
    }
  }
}
