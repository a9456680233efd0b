import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@Suite("Monitors", .expecting("base.unused_brian_object", "clocks.many_timesteps")) struct MonitorTests {
  @Test("MON-1: a monitor depends on its source, does not restart a magic network, and its recordings grow across runs")
  func acrossRuns() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1")
      try G.runRegularly("v += 1")
      try run(0.2 * ms)
      let late = try StateMonitor(G, "v", record: [0], when: .end)
      try run(0.2 * ms)
      try run(0.1 * ms)
      #expect(try late.t.si.map { ($0 * 1e4).rounded() } == [2, 3, 4] && late["v"].row(0) == [3, 4, 5])
      let lonely = try Network(StateMonitor(G, "v", record: [0], name: "lonely"))
      #expect(throws: NetworkError.missingDependency(object: "lonely", missing: "neurongroup")) { try lonely.run(0.1 * ms) }
    }
  }

  @Test("MON-2: what to record may be all, none, an index, a list, a part; wrong indices and names are refused with hints")
  func selection() throws {
    try withScope {
      let G = try NeuronGroup(5, "v : 1\nw : 1")
      #expect(try StateMonitor(G, "v", record: true).indices == [0, 1, 2, 3, 4])
      #expect(try StateMonitor(G, "v", record: false).indices == [])
      #expect(try StateMonitor(G, "v", record: 3).indices == [3])
      #expect(try StateMonitor(G, "v", record: .subgroup(G[2..<4])).indices == [2, 3])
      #expect(try StateMonitor(G, .all, record: true).recordedVariables == ["v", "w"])
      #expect(throws: MonitorError.indexOutOfRange(monitor: "statemonitor", index: 5, count: 5)) { try StateMonitor(G, "v", record: [1, 5]) }
      #expect(throws: MonitorError.unknownVariable(monitor: "statemonitor", variable: "ww", source: "neurongroup", nearest: "w")) {
        try StateMonitor(G, "ww", record: true)
      }
    }
  }

  @Test("MON-3: values are those before the state update; a crossing that is reset is never seen; the last state can be added")
  func slot() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = 1/ms : 1", threshold: "v > 0.25", reset: "v = 0", method: .named(.euler))
      let trace = try StateMonitor(G, "v", record: true)
      #expect(throws: MonitorError.beforeFirstRun(monitor: "statemonitor")) { try trace.recordSingleTimestep() }
      try run(0.5 * ms)
      try trace.recordSingleTimestep()
      let values = try trace["v"].row(0)
      #expect(zip(values, [0, 0.1, 0.2, 0, 0.1, 0.2]).allSatisfy { abs($0 - $1) < 1e-12 })
      #expect(try trace.t.si.map { ($0 * 1e4).rounded() } == [0, 1, 2, 3, 4, 5])
    }
  }

  @Test("MON-13: what a run will record is known before it, and refused where there is no room for it")
  func recordingSize() throws {
    try withScope {
      let G = try NeuronGroup(1000, "v : 1\nx : 1", scalarTypes: ["x": .float32])
      let trace = try StateMonitor(G, .names(["v", "x"]), record: [1, 2, 3], dt: 0.5 * ms, name: "trace")
      let network = try Network(G, trace)
      // A time, three doubles and three floats in each of 2000 steps.
      let size = network.recordingSize(for: 1 * second)
      #expect(size.byteCount == 2000 * (8 + 3 * 8 + 3 * 4))
      #expect("\(size)" == "88.0 kB (trace: 2000 steps of 44 B)")
      try network.run(10 * ms)
      let seconds = 1e9
      let error = #expect(throws: NetworkError.self) { try network.run(seconds * second) }
      #expect("\(error!)".hasPrefix("this run would record 88.0 TB (trace: 2000000000000 steps of 44 B), but this machine's memory holds "))
      #expect(trace.recordedSteps == 20 && network.t == 10 * ms)
      try network.run(1 * ms)
    }
  }

  @Test("MON-4: traces are found by the element's number in the source")
  func access() throws {
    try withScope {
      let G = try NeuronGroup(5, "v : volt")
      try G.v.set("i*mV")
      let trace = try StateMonitor(G, "v", record: [4, 2])
      try run(0.2 * ms)
      #expect(try trace["v"].values == [[4e-3, 4e-3], [2e-3, 2e-3]])
      #expect(try trace[2].v.si == [2e-3, 2e-3] && trace[2]["v"].dimension == .voltage)
      #expect(try trace[[2, 4]].matrix("v") == [[2e-3, 2e-3], [4e-3, 4e-3]])
      #expect(throws: MonitorError.notRecordedIndex(monitor: "statemonitor", index: 3)) { try trace[3] }
      #expect(throws: MonitorError.notRecordedVariable(monitor: "statemonitor", variable: "w", recorded: ["v"])) { try trace["w"] }
    }
  }

  @Test("MON-5: shared variables are stored for each element, with a warning; subexpressions are computed when recorded")
  func sharedAndFormulas() throws {
    try withScope {
      let G = try NeuronGroup(3, "g : 1 (shared)\nv : 1\ntwice = 2*v : 1\nbig = v > 1 : boolean\nn : integer")
      try G.v.set("i")
      try G.g.set(7)
      let (trace, messages) = try Messages.capturing { try StateMonitor(G, ["g", "twice", "big", "n"], record: [0, 2]) }
      #expect(messages.contains { $0.level == .warning && $0.text.contains("'g'") })
      try G.n.set("i*3")
      try run(0.1 * ms)
      #expect(try trace["g"].values == [[7], [7]] && trace["twice"].values == [[0], [4]])
      #expect(try trace["big"].values == [[0], [1]] && trace["n"].values == [[0], [6]])
    }
  }

  @Test("MON-6: synaptic variables are recorded by synapse number")
  func synaptic() throws {
    try withScope {
      let A = try NeuronGroup(2, "v : 1")
      let S = try Synapses(A, A, "w : 1")
      try S.connect()
      try S.w.set("10*i + j")
      let trace = try StateMonitor(S, ["w", "v_post"], record: .synapses(S[.all, 1]))
      try A.v.set("i + 5.0")
      try run(0.1 * ms)
      #expect(try trace["w"].values == [[1], [11]] && trace["v_post"].values == [[6], [6]])
    }
  }

  @Test("MON-7: spikes are ordered by time, then index; recorded values are those before the reset")
  func spikes() throws {
    try withScope {
      let G = try NeuronGroup(3, "v : 1", threshold: "v >= 2", reset: "v = 0")
      try G.runRegularly("v += 1 + (i == 2)")
      let spikes = try SpikeMonitor(G, variables: ["v"])
      #expect(spikes.when == .thresholds && spikes.order == 1)
      try run(0.4 * ms)
      #expect(try spikes.i == [2, 0, 1, 2, 2, 0, 1, 2] && steps(spikes) == [0, 1, 1, 1, 2, 3, 3, 3])
      #expect(try spikes["v"].si == [Double](repeating: 2, count: 8))
      #expect(spikes.counts == [2, 2, 4] && spikes.spikeCount == 8)
      #expect(try spikes.spikeTrains()[0]?.si == [1e-4, 3e-4].map { Double($0) } || spikes.spikeTrains()[0]?.count == 2)
      #expect(try spikes.values("v")[2]?.si == [2, 2, 2, 2])
      #expect(try spikes.allValues().keys.sorted() == ["t", "v"])
    }
  }

  @Test("MON-7: without recording there are only counts; sources without the event and unknown variables are refused")
  func countsOnly() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1", threshold: "i == 1", reset: "")
      let counts = try SpikeMonitor(G, record: false)
      try run(0.3 * ms)
      #expect(counts.counts == [0, 3])
      #expect(throws: MonitorError.noTimesRecorded(monitor: "spikemonitor", what: "i")) { try counts.i }
      #expect(throws: MonitorError.unknownEvent(monitor: "spikemonitor", source: "neurongroup_1", event: "spike", known: [])) {
        try SpikeMonitor(try NeuronGroup(1, "v : 1"))
      }
      #expect(throws: MonitorError.self) { try SpikeMonitor(G, variables: ["u"]) }
    }
  }

  @Test("MON-8: custom events are recorded after their condition was checked")
  func customEvents() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1", events: ["odd": "i == 1"])
      let monitor = try EventMonitor(G, event: "odd")
      #expect(monitor.when == .after(.thresholds) && monitor.order == 1)
      try run(0.2 * ms)
      #expect(try monitor.i == [1, 1] && monitor.total == 2 && monitor.trains()[0]?.isEmpty == true)
    }
  }

  @Test("MON-10: the population rate is spikes per element and dt, with the time at the start of the step")
  func rates() throws {
    try withScope {
      let G = try NeuronGroup(4, "v : 1", threshold: "i <= t/(0.1*ms) + 0.5", reset: "")
      let rate = try PopulationRateMonitor(G)
      try run(0.3 * ms)
      #expect(try rate.rate.si.map { $0.rounded() } == [2500, 5000, 7500] && rate.t.si.map { ($0 * 1e4).rounded() } == [0, 1, 2])
      let smooth = try rate.smoothRate(.flat(width: 0.3 * ms)).si.map { $0.rounded() }
      #expect(smooth == [2500, 5000, 4167])
    }
  }

  @Test("MON-12: bins are whole steps; an incomplete last one is dropped")
  func bins() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : 1", threshold: "i == 1", reset: "")
      let rate = try PopulationRateMonitor(G)
      let spikes = try SpikeMonitor(G)
      try run(0.5 * ms)
      #expect(try rate.binnedRate(0.2 * ms).rate.si.map { $0.rounded() } == [5000, 5000])
      let binned = try spikes.binnedRate(0.2 * ms)
      #expect(binned.rates.map { $0.map { $0.rounded() } } == [[0, 0], [10000, 10000]])
      #expect(throws: MonitorError.self) { try rate.binnedRate(0.25 * ms) }
    }
  }
}
