import Engram
import EngramMessageTestSupport
import Foundation
import Testing

/// The rules that hold in every module, seen from outside.
@Suite("Rules for all modules", .expecting("base.unused_brian_object")) struct GeneralRuleTests {
  private func oscillators(_ name: ObjectName = "G", count: Int = 40) throws -> NeuronGroup {
    try NeuronGroup(
      count, "dv/dt = (1.1 - v)/(8*ms) + 0.3*xi/sqrt(8*ms) : 1 (unless refractory)", threshold: "v > 1", reset: "v = 0",
      refractory: 1 * ms, name: name)
  }

  // ------------------------------------------------------------------------------------------------------------- bad input

  @Test(
    "COR-1: bad model text is an error with a sentence, never a trap",
    arguments: [
      "dv/dt = ", "dv/dt = v : 1 : 1", "v", ": volt", "dv/dt = -v/(10*ms) : furlong", "dv/dt = v/0/0 : 1", "dv/dt = (((v) : 1",
      "d/dt = 1 : 1", "dt/dt = 1 : second", "v : 1 (constant over dt)", "\u{0}", "🧠 = 3 : 1", "dv/dt = v[3] : 1", "dv/dt = v if 1 else 2 : 1",
      "dv/dt = \(String(repeating: "(", count: 5000))v\(String(repeating: ")", count: 5000)) : 1",
      "dv/dt = \(String(repeating: "-", count: 100_000))v/ms : 1", "dv/dt = 1e999999999999*v/ms : 1",
      "dv/dt = v**99999999999999999999/ms : 1", "dv/dt = undefined_name/ms : 1", "dv/dt = v*volt/ms : 1", "dv/dt = sin(v, v)/ms : 1", "v : 1\nv : 1",
      "x = y : 1\ny = x : 1",
    ])
  func badText(_ text: String) {
    withScope {
      let error = #expect(throws: (any Error).self) { try simulate(text) }
      #expect(error.map { "\($0)".count > 10 && !"\($0)".contains("Optional(") } == true, "\(error.map { "\($0)" } ?? text)")
    }
  }

  /// Expects an error whose sentence says what is wrong.
  private func refused<Result>(_ words: String, sourceLocation: Testing.SourceLocation = #_sourceLocation, _ body: () throws -> Result) {
    let error = #expect(throws: (any Error).self, sourceLocation: sourceLocation) { _ = try body() }
    if let error { #expect("\(error)".contains(words), "\(error)", sourceLocation: sourceLocation) }
  }

  private func simulate(_ text: String) throws {
    let group = try NeuronGroup(1, Equations(text))
    try group.v <- 0.5
    try run(0.1 * ms)
  }

  @Test("COR-1: numbers no simulation can have are errors: sizes, steps, durations, indices, delays")
  func badNumbers() throws {
    try withScope {
      refused("0") { try NeuronGroup(0, "v : 1") }
      refused("-1") { try NeuronGroup(-1, "v : 1") }
      refused("9223372036854775807") { try NeuronGroup(.max, "v : 1") }
      refused("1125899906842624") { try NeuronGroup(1 << 50, "v : 1") }
      for seconds in [0.0, -1, .nan, .infinity] { refused("the time step must be positive and finite") { try Clock(dt: seconds * second) } }
      let group = try oscillators(count: 3)
      let network = try Network(group)
      for seconds in [-1.0, .nan, .infinity, 1e300] { refused(seconds == 1e300 ? "1e+300" : "duration") { try network.run(seconds * second) } }
      refused("0") { try group[..<0] }
      refused("7") { try group[7...] }
      refused("index 3 is out of range for 3 elements") { try group.v[[3]].values }
      refused("is out of range for 3 elements") { try group.v[[.max]] <- 1 }
      refused("2") { try group.v <- [1, 2] }
      refused("volt") { try group.v <- 3 * mV }
      refused("3") { try StateMonitor(group, "v", record: [3]) }
      refused("nothing") { try StateMonitor(group, "nothing", record: true) }
      refused("second") { try PoissonGroup(2, rates: 3 * ms) }
      refused("2") { try SpikeGeneratorGroup(2, indices: [2], times: [1] * ms) }
      refused("is negative") { try SpikeGeneratorGroup(2, indices: [1], times: [-1] * second) }
      let synapses = try Synapses(group, group, "w : 1", onPre: "v += w")
      refused("9223372036854775807") { try synapses.connect(i: [0], j: [.max]) }
      refused("-1") { try synapses.connect(i: [0], j: [-1]) }
      refused("cannot be negative") { try synapses.connect(n: "-1") }
      refused("the step of a range cannot be 0") { try synapses.connect(j: "k for k in range(0, 10, 0)") }
      try synapses.connect(i: 0, j: 1)
      try network.add(synapses)
      for seconds in [-0.001, 1e300, .nan] {
        refused("delay") {
          try synapses.delay <- seconds * second
          try network.run(0.1 * ms)
        }
      }
      try synapses.delay <- 0 * ms
      try network.run(0.1 * ms)
    }
    // Later than any run: no trap, no spike.
    try withScope {
      let group = try SpikeGeneratorGroup(2, indices: [1, 0], times: [1e300, 0] * second)
      let spikes = try SpikeMonitor(group)
      do {
        try run(0.3 * ms)
        #expect(try spikes.i == [0])
      } catch { #expect("\(error)".contains("1e+300")) }
    }
  }

  @Test("COR-2, COR-4: an assignment that fails throws and leaves every value as it was") func failedAssignments() throws {
    try withScope {
      let group = try oscillators(count: 4)
      try group.v <- [0.1, 0.2, 0.3, 0.4]
      let before = try group.v.values
      refused("3") { try group.v <- [1, 2, 3] }
      refused("volt") { try group.v <- "i*mV" }
      refused("i") { try group.v[where: "i"] <- 1 }
      refused("index 9 is out of range for 4 elements") { try group.v[[0, 9]] <- 1 }
      refused("volt") { try group.v += 1 * mV }
      refused("i") { try group.i <- 3 }
      #expect(try group.v.values == before)
    }
  }

  // ------------------------------------------------------------------------------------------------------------- isolation

  private func isSendable<T: Sendable>(_ type: T.Type) -> Bool { true }

  @Test("COR-5: quantities, equations, summaries and snapshots' reports cross tasks; scopes stay where they were made")
  func isolation() async throws {
    #expect(isSendable(Quantity.self) && isSendable(Equations.self) && isSendable(RunSummary.self))
    #expect(isSendable(RestoreReport.self) && isSendable(Namespace.self) && isSendable(NetworkStates.self))

    @Sendable func total(_ number: UInt64) throws -> Int {
      try withScope {
        seed(number)
        let group = try NeuronGroup(
          30, "dv/dt = (1.1 - v)/(8*ms) + 0.3*xi/sqrt(8*ms) : 1", threshold: "v > 1", reset: "v = 0", name: "G")
        let spikes = try SpikeMonitor(group)
        try run(20 * ms)
        return spikes.total
      }
    }
    let alone = try (0..<6).map { try total($0) }
    // Six simulations at once do not disturb each other.
    let together = try await withThrowingTaskGroup(of: (UInt64, Int).self) { tasks in
      for number in UInt64(0)..<6 { tasks.addTask { (number, try total(number)) } }
      return try await tasks.reduce(into: [UInt64: Int]()) { $0[$1.0] = $1.1 }
    }
    #expect((0..<6).map { together[$0] } == alone)
    #expect(Set(alone).count > 1)

    // A scope lent to another thread refuses.
    let thrown = await withCheckedContinuation { (continuation: CheckedContinuation<(any Error)?, Never>) in
      do {
        try withScope {
          _ = try NeuronGroup(1, "v : 1")
          let scope = MagicScope.current
          Thread {
            do {
              _ = try scope.network
              continuation.resume(returning: nil)
            } catch { continuation.resume(returning: error) }
          }.start()
        }
      } catch { continuation.resume(returning: error) }
    }
    #expect(thrown as? EnvironmentError == .crossIsolation)
  }

  // ----------------------------------------------------------------------------------------------------------- determinism

  /// The digest of a network whose objects are handed over in the given order.
  private func digest(order: [Int], threads: Int, extra: Bool) throws -> (digest: [Double], spikes: [Int32]) {
    try prefs.with(.threads, threads) {
      try withScope {
        seed(5)
        if extra { try run(0 * ms) }
        let A = try oscillators("A", count: 700)
        let B = try oscillators("B", count: 300)
        let S = try Synapses(A, B, "w : 1", onPre: "v += w", delay: 0.4 * ms, name: "S")
        try S.connect(p: 0.05)
        try S.w <- "0.1*rand()"
        let M = try SpikeMonitor(B, name: "M")
        let objects: [BrianObject] = [A, B, S, M]
        let network = try Network(contentsOf: order.map { objects[$0] })
        if extra {
          let other = try NeuronGroup(11, "dx/dt = xi/sqrt(ms) : 1", name: "another")
          try network.add(other, try StateMonitor(A, "v", record: [3], name: "look"))
        }
        try network.run(30 * ms)
        return (try A.v.values + B.v.values, try M.i)
      }
    }
  }

  @Test("COR-7, RNG-3: results do not depend on the order of objects, on threads, or on objects that do not act")
  func determinism() throws {
    let reference = try digest(order: [0, 1, 2, 3], threads: 1, extra: false)
    #expect(reference.spikes.count > 20)
    for (order, threads, extra) in [([3, 2, 1, 0], 1, false), ([1, 0, 3, 2], 2, false), ([0, 1, 2, 3], 4, true)] {
      let other = try digest(order: order, threads: threads, extra: extra)
      #expect(other.digest == reference.digest && other.spikes == reference.spikes)
    }
  }

  @Test("RNG-5: without a seed one is drawn, told in the summary, and repeats the run") func entropy() throws {
    func result(_ number: UInt64?) throws -> (seed: UInt64, values: [Double]) {
      try withScope {
        if let number { seed(number) }
        let group = try oscillators()
        let summary = try run(3 * ms)
        return (summary.seed, try group.v.values)
      }
    }
    let first = try result(nil), second = try result(nil)
    #expect(first.seed != second.seed && first.values != second.values)
    let repeated = try result(first.seed)
    #expect(repeated.seed == first.seed && repeated.values == first.values)
  }

  @Test("RNG-4, CKP-12: seed and draws outside of steps are part of a snapshot, whatever happened since") func randomState() throws {
    try withScope {
      seed(12)
      let group = try oscillators()
      let network = try Network(group)
      try group.v <- "rand()"
      try network.run(1 * ms)
      try network.store()
      func continuation() throws -> [Double] {
        try group.v <- "rand()"
        try network.run(1 * ms)
        return try group.v.values
      }
      let first = try continuation()
      seed(999)
      try group.v <- "randn()"
      try network.restore()
      #expect(try continuation() == first)
    }
  }
}
