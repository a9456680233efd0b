import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramScalars
import EngramUnits
import Foundation
import Testing

@testable import EngramModels
@testable import EngramSimulation

/// Restores of parts of a checkpoint into a network at another time (CKP-25).
@Suite("Restores of parts") struct PartialRestoreTests {
  @Test("CKP-25, REF-3: a group restored alone goes on as it did then: times of spikes keep their distance from now")
  func refractoriness() throws {
    func train(_ restoring: (Network) throws -> Void) throws -> [Double] {
      try withScope {
        let G = try NeuronGroup(
          1, "dv/dt = 2*(1 - v/2)/(10*ms) : 1 (unless refractory)", threshold: "v > 1", reset: "v = 0", refractory: 3 * ms,
          method: .named(.exact), name: "G")
        let spikes = try SpikeMonitor(G, name: "spikes")
        let network = try Network(G, spikes)
        try network.store("fresh")
        try network.run(20 * ms)
        try network.store("trained")
        try restoring(network)
        let start = network.t.si
        try network.run(100 * ms)
        return try spikes.t.si.filter { $0 >= start - 1e-9 }.map { $0 - start }
      }
    }
    let whole = try train { try $0.restore("trained") }
    let alone = try train {
      try $0.restore("fresh")
      try $0.restore("trained", only: .objects(["G"]))
    }
    // 10 ms · ln 2 to the threshold, then 3 ms of refractoriness: a spike every 10 ms.
    #expect(whole.count == 10)
    #expect(alone.count == whole.count && zip(alone, whole).allSatisfy { abs($0 - $1) < 1e-9 })
    let later = try train {
      try $0.run(7 * ms)
      try $0.restore("trained", only: .objects(["G"]))
    }
    #expect(later.count == whole.count && zip(later, whole).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test("CKP-25, SYN-50, SYN-44: synapses restored alone keep the distance of their last updates and of the spikes on their way")
  func synapses() throws {
    func values(_ restoring: (Network) throws -> Void) throws -> [[Double]] {
      try withScope {
        let A = try SpikeGeneratorGroup(1, indices: [0, 0], times: [1, 4] * ms, name: "A")
        let late = try SpikeGeneratorGroup(1, indices: [0], times: [20] * ms, name: "late")
        let B = try NeuronGroup(1, "v : 1", name: "B")
        let S = try Synapses(
          A, B, "dx/dt = -x/(3*ms) : 1 (event-driven)", onPre: "x += 1; v_post += x", delay: 2 * ms, name: "S")
        try S.connect()
        let network = try Network(A, late, B, S)
        try network.store("fresh")
        try network.run(5 * ms)
        try network.store("trained")
        try restoring(network)
        try network.run(1.5 * ms)
        return [try S.x.values, try S.lastupdate.values.map { $0 - network.t.si }, try B.v.values]
      }
    }
    let whole = try values { try $0.restore("trained") }
    let moved = try values {
      try $0.restore("fresh")
      try $0.restore("trained", only: .objects(["S", "B"]))
    }
    // Spikes at 1 and 4 ms arrive at 3 and 6 ms: x = 1, then 1 + exp(-1).
    #expect(abs(whole[0][0] - (1 + exp(-1.0))) < 1e-12)
    for (a, b) in zip(whole, moved) { #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 }) }
  }

  @Test("CKP-25: one variable of synapses takes the stored values, all others stay as they are")
  func oneVariable() throws {
    try withScope {
      let A = try SpikeGeneratorGroup(2, indices: [0, 1, 0], times: [1, 2, 3] * ms, name: "A")
      let B = try NeuronGroup(2, "v : 1", name: "B")
      let S = try Synapses(A, B, "w : 1\ndx/dt = -x/(20*ms) : 1 (event-driven)", onPre: "v_post += w; x += 0.1; w += x", name: "S")
      try S.connect()
      try S.w <- 0.2
      let network = try Network(A, B, S)
      try network.store("fresh")
      try network.run(5 * ms)
      try network.store("trained")
      let trained = try S.w.values
      try network.restore("fresh")
      try network.restore("trained", only: .items(["S.w"]))
      #expect(try S.w.values == trained && trained != [0.2, 0.2, 0.2, 0.2])
      #expect(try S.x.values == [0, 0, 0, 0] && S.lastupdate.values == [0, 0, 0, 0] && B.v.values == [0, 0] && network.t.si == 0)
      // Event-driven values hold for the time of their last update, which comes along.
      try network.restore("trained", only: .items(["S.x"]))
      #expect(try zip(S.lastupdate.values, [-2e-3, -2e-3, -3e-3, -3e-3]).allSatisfy { abs($0 - $1) < 1e-12 })
      #expect(throws: SynapseError.self) { try network.restore("trained", only: .items(["S.lastupdate"])) }
      #expect(throws: SynapseError.partOfConnectivity(synapses: "S", variable: "j")) { try network.restore("trained", only: .items(["S.j"])) }
      try S.pre.delay <- 7 * ms
      try network.restore("trained", only: .items(["S.delay"]))
      #expect(try S.pre.delay.values == [0, 0, 0, 0])
    }
  }

  @Test("CKP-25: values of other synapses than there are now are refused, of the whole object they are taken with their ends")
  func otherConnectivity() throws {
    try withScope {
      let A = try NeuronGroup(2, "v : 1", threshold: "v > 1", reset: "v = 0", name: "A")
      let S = try Synapses(A, A, "w : 1", onPre: "v_post += w", name: "S")
      try S.connect(i: [0], j: [1])
      try S.w <- 5
      let network = try Network(A, S)
      try network.store("one")
      try S.connect(i: [1], j: [0])
      #expect(throws: CheckpointError.mismatch(object: "S", variable: "w", what: "the size", stored: "1", actual: "2")) {
        try network.restore("one", only: .items(["S.w"]))
      }
      #expect(try S.w.values == [5, 0])
      try network.restore("one", only: .objects(["S"]))
      #expect(S.synapseCount == 1)
      #expect(try S.pre.delay.values.count == 1)
      try network.run(1 * ms)
    }
  }

  @Test("SYN-44, CKP-25: restored delays leave the spikes on their way to the synapses that they were sent to")
  func delaysOfWaitingSpikes() throws {
    try withScope {
      let A = try SpikeGeneratorGroup(1, indices: [0], times: [0] * ms, name: "A")
      let B = try NeuronGroup(2, "v : 1", name: "B")
      let S = try Synapses(A, B, onPre: "v_post += 1 + j", name: "S")
      try S.connect()
      try S.delay <- [1, 2] * ms
      let network = try Network(A, B, S)
      try network.store("one way")
      try S.delay <- [2, 1] * ms
      try network.run(0.5 * ms)
      try network.restore("one way", only: .items(["S.delay"]))
      try network.run(1 * ms)
      // Sent with 2 ms to the first and 1 ms to the second.
      #expect(try B.v.values == [0, 2])
      try network.run(1 * ms)
      #expect(try B.v.values == [1, 2])
    }
  }

  @Test("CKP-25: recordings that reach beyond the network's time are refused")
  func recordings() throws {
    try withScope {
      let G = try NeuronGroup(1, "v : 1", name: "G")
      let M = try StateMonitor(G, "v", record: true, name: "M")
      let network = try Network(G, M)
      try network.store("fresh")
      try network.run(1 * ms)
      try network.store("later")
      try network.restore("fresh")
      #expect(throws: CheckpointError.self) { try network.restore("later", only: .objects(["M"])) }
      #expect(M.recordedSteps == 0)
    }
  }
}
