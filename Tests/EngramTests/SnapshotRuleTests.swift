import Engram
import EngramMessageTestSupport
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// Snapshots of whole models: what comes back, what must agree, what is told.
@Suite("Snapshots of models", .expecting("synapses.different_dt")) struct SnapshotRuleTests {
  private struct Model {
    let group: NeuronGroup, synapses: Synapses, spikes: SpikeMonitor, trace: StateMonitor
    let network: Network

    init(connected: Bool = true, rate: Double = 1, unit: String = "1", type: ScalarTypes = .standard, tau: Time = 10 * ms, at url: URL? = nil) throws {
      let number = unit == "1" ? "" : "*\(unit)"
      group = try NeuronGroup(
        20, Equations("dv/dt = (1.1\(number) - v)/tau + 0.1\(number)*xi/sqrt(tau) : \(unit)\nw : 1"), threshold: ModelExpression("v > 1\(number)"),
        reset: ModelCode("v = 0\(number)"), namespace: ["tau": tau], scalarTypes: type, name: "G")
      synapses = try Synapses(group, group, "k : 1", onPre: "v_post += 0.01*k\(number)", name: "S")
      if connected {
        seed(21)
        try synapses.connect(where: "i != j", p: 0.3)
        try synapses.k <- "rand()"
        try synapses.delay <- "rand()*3*ms"
      }
      try group.w <- Double(rate)
      spikes = try SpikeMonitor(group, name: "spikes")
      trace = try StateMonitor(group, "v", record: [0, 3], name: "trace")
      let objects: [BrianObject] = [group, synapses, spikes, trace]
      network = try Network(contentsOf: objects, name: "net")
      if let url { try network.useRunDirectory(at: url) }
    }
  }

  @Test("NET-6: the time of a network is 0 before the first run, and its objects are those that were given") func time() throws {
    try withScope {
      let model = try Model()
      #expect(model.network.t.si == 0)
      #expect(model.network.objects.map(\.name) == ["G", "S", "spikes", "trace"])
      try model.network.run(2.5 * ms)
      #expect(model.network.t.si == 0.0025)
    }
  }

  @Test("NET-43, NET-44: several named snapshots bring back arrays, recordings, spikes under way, time and dt; a name again replaces")
  func names() throws {
    try withScope {
      let model = try Model()
      let network = model.network
      try network.run(20 * ms)
      try network.store("a")
      let a = try network.digest
      try network.run(7.3 * ms)
      try network.store("b")
      let b = try network.digest
      try defaultClock.setDt(0.05 * ms)
      try network.run(1 * ms)
      #expect(network.snapshotNames == ["a", "b"])
      try network.restore("a")
      #expect(try network.digest == a && network.t.si == 0.020 && defaultClock.dt.si == 1e-4)
      #expect(try model.trace.t.count == 200)
      try network.run(7.3 * ms)
      // Spikes under way at the snapshot arrive when they would have.
      #expect(try network.digest == b)
      try network.store("a")
      try network.run(1 * ms)
      try network.restore("a")
      #expect(try network.digest == b)
    }
  }

  @Test("NET-44, CKP-1: several names in one run directory, apart from those in memory") func files() throws {
    try TemporaryFolder.lend { folder in
      let url = folder.appending(path: "week.engram")
      var digests: [String: String] = [:]
      try withScope {
        let network = try Model(at: url).network
        for name in ["one", "two", "three"] {
          try network.run(4 * ms)
          try network.store(name)
          digests[name] = try network.digest
        }
        network.closeRunDirectory()
      }
      try withScope {
        let network = try Model(connected: false).network
        for name in ["two", "one", "three", "two"] {
          try network.restore(name, from: url)
          #expect(try network.digest == digests[name])
        }
        #expect(throws: CheckpointError.self) { try network.restore("four", from: url) }
        #expect(throws: CheckpointError.self) { try network.restore("one") }
      }
    }
  }

  @Test("CKP-6: values assigned before a restore give way to the stored ones; assign afterwards to branch") func assigned() throws {
    try withScope {
      let model = try Model()
      try model.network.store()
      try model.group.w <- 5
      try model.synapses.k <- 0
      try model.network.restore()
      #expect(try model.group.w.values == [Double](repeating: 1, count: 20))
      #expect(try model.synapses.k.values.contains { $0 > 0 })
      try model.group.w <- 7
      try model.network.run(0.1 * ms)
      #expect(model.group.w[0].si == 7)
    }
  }

  @Test("CKP-7: synapses need no connection before a restore, and count as connected afterwards") func unconnected() throws {
    try TemporaryFolder.lend { folder in
      let url = folder.appending(path: "run.engram")
      let (count, digest) = try withScope {
        let model = try Model(at: url)
        try model.network.run(5 * ms)
        try model.network.store("there")
        try model.network.run(5 * ms)
        defer { model.network.closeRunDirectory() }
        return (model.synapses.synapseCount, try model.network.digest)
      }
      try withScope {
        let model = try Model(connected: false)
        try model.network.restore("there", from: url)
        #expect(model.synapses.synapseCount == count)
        try model.network.run(5 * ms)
        #expect(try model.network.digest == digest)
        try model.synapses.k <- 0.5
        #expect(model.synapses.k[0].si == 0.5)
      }
    }
  }

  @Test("CKP-11, CKP-24: a restore says whether running on is exact; another constant is named and must be allowed") func exactness() throws {
    try TemporaryFolder.lend { folder in
      let url = folder.appending(path: "run.engram")
      try withScope {
        let model = try Model(at: url)
        try model.network.store("there")
        #expect(try model.network.restore("there").isExact)
        model.network.closeRunDirectory()
      }
      try withScope {
        let model = try Model(tau: 12 * ms)
        let error = #expect(throws: CheckpointError.self) { try model.network.restore("there", from: url) }
        #expect(error.map { "\($0)".contains("tau") } == true, "\(String(describing: error))")
        let report = try model.network.restore("there", from: url, allowing: [.constants])
        #expect(!report.isExact && report.acceptedDifferences.contains { $0.contains("tau") })
      }
    }
  }

  @Test("CKP-24: code that a group runs at every step or at given times is code: changed, it must be allowed as such, and no more than that")
  func regularCode() throws {
    try TemporaryFolder.lend { folder in
      let url = folder.appending(path: "run.engram")
      func make(regular: ModelCode, timed: ModelCode) throws -> Network {
        let group = try NeuronGroup(2, "v : 1", name: "G")
        try group.runRegularly(regular, every: 1 * ms)
        try group.run(timed, at: [3 * ms])
        return try Network(contentsOf: [group] as [BrianObject], name: "net")
      }
      try withScope {
        let network = try make(regular: "v += 0.1", timed: "v = 0")
        try network.useRunDirectory(at: url)
        try network.run(2 * ms)
        try network.store("there")
        network.closeRunDirectory()
      }
      for (regular, timed, key) in [("v += 0.2", "v = 0", "run_regularly"), ("v += 0.1", "v = 1", "run_at")] as [(ModelCode, ModelCode, String)] {
        try withScope {
          let network = try make(regular: regular, timed: timed)
          let error = #expect(throws: CheckpointError.self) { try network.restore("there", from: url) }
          #expect(error.map { "\($0)".contains(key) && "\($0)".contains("(code)") } == true, "\(String(describing: error))")
          #expect(throws: CheckpointError.self) { try network.restore("there", from: url, allowing: [.structure]) }
          let report = try network.restore("there", from: url, allowing: [.code])
          #expect(report.acceptedDifferences.count == 1 && report.acceptedDifferences[0].contains(key))
        }
      }
    }
  }

  @Test("CKP-33, CKP-34: another unit is refused; another type is refused unless allowed, and what loses precision must be allowed as such")
  func unitsAndTypes() throws {
    try TemporaryFolder.lend { folder in
      let url = folder.appending(path: "run.engram")
      let values = try withScope {
        let model = try Model(at: url)
        try model.group.v <- "0.1*i"
        try model.network.store("there")
        model.network.closeRunDirectory()
        return try model.group.v.values
      }
      try withScope {
        let model = try Model(unit: "volt")
        let everything = Set(Difference.allCases)
        #expect(throws: CheckpointError.self) { try model.network.restore("there", from: url) }
        #expect(throws: CheckpointError.self) { try model.network.restore("there", from: url, allowing: everything) }
        #expect(try model.group.v.values == [Double](repeating: 0, count: 20))
      }
      #expect(values[7] == 0.1 * 7)
      func group(_ type: ScalarTypes) throws -> (NeuronGroup, Network) {
        let group = try NeuronGroup(20, "dv/dt = -v/ms : 1", scalarTypes: type, name: "G")
        return (group, try Network(contentsOf: [group] as [BrianObject], name: "net"))
      }
      let other = folder.appending(path: "other.engram")
      let wide = try withScope {
        let (group, network) = try group(.float64)
        try network.useRunDirectory(at: other)
        defer { network.closeRunDirectory() }
        try group.v <- "0.1*i"
        try network.store("there")
        return try group.v.values
      }
      try withScope {
        let (group, network) = try group(.float32)
        #expect(throws: CheckpointError.self) { try network.restore("there", from: other) }
        #expect(throws: CheckpointError.self) { try network.restore("there", from: other, allowing: [.types]) }
        try network.restore("there", from: other, allowing: [.types, .lossyTypes])
        #expect(try group.v.values == wide.map { Double(Float($0)) })
      }
    }
  }

  @Test("ACC-9: one changed constant in the program is refused by name, and accepted when allowed") func changedConstant() throws {
    try withScope {
      let model = try Model()
      try model.network.store()
      var namespace: Namespace = ["tau": 11 * ms]
      namespace.merge([:])
      try model.group.setNamespace(namespace)
      let error = #expect(throws: CheckpointError.self) { try model.network.restore() }
      #expect(error.map { "\($0)".contains("tau") } == true)
      try model.network.restore(allowing: [.constants])
    }
  }

  @Test("ACC-4: with plasticity, delays, refractoriness, two clocks and a change of dt, each of 50 stored steps resumes exactly")
  func everyStep() throws {
    func build() throws -> Network {
      let input = try PoissonGroup(15, rates: 200 * Hz, name: "input")
      let fast = try NeuronGroup(
        10, "dv/dt = (1 - v)/(4*ms) + 0.3*xi/sqrt(4*ms) : 1 (unless refractory)", threshold: "v > 1", reset: "v = 0", refractory: 0.5 * ms,
        name: "fast")
      let slow = try NeuronGroup(
        6, "du/dt = -u/(5*ms) : 1", threshold: "u > 0.5", reset: "u = 0.1*rand()", clock: Clock(dt: 0.5 * ms, name: "slow_clock"), name: "slow")
      let plastic = try Synapses(
        input, fast, "w : 1\ndx/dt = -x/(3*ms) : 1 (event-driven)\ndy/dt = -y/(3*ms) : 1 (event-driven)",
        onPre: "v_post += w; x += 0.1; w = clip(w - 0.1*y, 0, 1)", onPost: "y += 0.1; w = clip(w + 0.1*x, 0, 1)", name: "plastic")
      try plastic.connect(p: 0.5)
      try plastic.w <- "0.3*rand()"
      try plastic.pre.delay <- "rand()*2*ms"
      let onward = try Synapses(fast, slow, onPre: "u_post += 0.2", delay: 1.3 * ms, name: "onward")
      try onward.connect(p: 0.5)
      let trace = try StateMonitor(plastic, "w", record: true, dt: 0.5 * ms, name: "trace")
      let spikes = try SpikeMonitor(slow, name: "spikes")
      return try Network(contentsOf: [input, fast, slow, plastic, onward, trace, spikes] as [BrianObject])
    }
    try withScope {
      seed(4)
      let network = try build()
      try network.run(10 * ms)
      try defaultClock.setDt(0.05 * ms)
      for step in 0..<50 {
        try network.run(0.05 * ms)
        try network.store("step \(step)")
      }
      try network.run(5 * ms)
      let end = try network.digest
      for step in 0..<50 {
        try network.restore("step \(step)")
        try network.run(Double(49 - step) * 0.05 * ms)
        try network.run(5 * ms)
        #expect(try network.digest == end, "resumed at step \(step)")
      }
      #expect(try network.object("spikes", as: SpikeMonitor.self).total > 0)
    }
  }

  @Test("MON-13, ACC-8: in a run directory a recording goes to disk in pieces: a checkpoint costs what was added, not what there is")
  func recordingsGrow() throws {
    try TemporaryFolder.lend { folder in
      let url = folder.appending(path: "run.engram")
      try withScope {
        let group = try NeuronGroup(1000, "dv/dt = -v/(10*ms) : 1", name: "G")
        let trace = try StateMonitor(group, "v", record: true, name: "trace")
        let network = try Network(contentsOf: [group, trace] as [BrianObject], name: "net")
        try network.useRunDirectory(at: url)
        defer { network.closeRunDirectory() }
        for part in 0..<4 {
          try network.run(25 * ms)
          try network.store("part \(part)")
        }
        let written = try #require(network.runDirectory).list().filter { $0.kind == .named }.map { Int($0.writtenByteCount) }
        #expect(written.count == 4)
        // 250 steps of 1000 values are 2 MB. Copying all recordings each time would add 2, 4, 6, 8 MB.
        for bytes in written { #expect(bytes > 1_900_000 && bytes < 2_300_000, "\(written)") }
        #expect(try trace.v.row(0).count == 1000)
      }
    }
  }
}
