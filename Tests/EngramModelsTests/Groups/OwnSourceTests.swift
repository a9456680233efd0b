import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramSimulation
import EngramStorage
import EngramSystem
import EngramUnits
import Testing

/// Elements whose spikes a user's program makes up, as it likes.
private final class OwnSource: Group, SpikeSource {
  let count: Int
  var lent: [Int32]

  init(_ count: Int, lending lent: [Int32], name: ObjectName = "own") throws {
    (self.count, self.lent) = (count, lent)
    try super.init(name: name)
    try variables.addArray("x", count: 2)
  }

  override var elementCount: Int { count }
  override var doesWork: Bool { false }
  var eventNames: [EventName] { [.spike] }
  func withSpikes<R>(of event: EventName, _ body: (UnsafeBufferPointer<Int32>) throws -> R) rethrows -> R {
    try lent.withUnsafeBufferPointer(body)
  }
}

@Suite("Spike sources of a user's own", .expecting("base.unused_brian_object")) struct OwnSourceTests {
  @Test(
    "SPK-1: an element that does not exist, one named twice, or more of them than there are is an error that names the source",
    arguments: [
      ([Int32(5)], "element 5 has the event 'spike', but its elements are 0 … 4"), ([.max], "but its elements are 0 … 4"),
      ([-1], "element -1 has the event"), ([.min], "but its elements are 0 … 4"), ([1, 1], "element 1 behind 1"), ([3, 2], "element 2 behind 3"),
      ([0, 1, 2, 3, 4, 5], "element 5 has the event"), ([Int32](repeating: 0, count: 30), "element 0 behind 0"),
      (Array(0..<30), "element 5 has the event"),
    ])
  func wrong(lent: [Int32], words: String) throws {
    for taker in 0..<3 {
      try withScope {
        let source = try OwnSource(5, lending: lent)
        let G = try NeuronGroup(3, "v : 1", name: "G")
        let S = try Synapses(source, G, onPre: "v_post += 1", name: "S")
        try S.connect()
        let network = try Network(source, G)
        let takers: [BrianObject] = [S, try SpikeMonitor(source, name: "M"), try PopulationRateMonitor(source, name: "R")]
        try network.add(takers[taker])
        let error = #expect(throws: BrianObjectError.self) { try network.run(0.3 * ms) }
        #expect(error.map { "\($0)" }?.contains("'own'") == true && error.map { "\($0)" }?.contains(words) == true, "\(taker): \(error.map { "\($0)" } ?? "")")
      }
    }
  }

  @Test("SPK-1: elements that are lent ascending, each once, are taken by monitors and synapses")
  func right() throws {
    try withScope {
      let source = try OwnSource(5, lending: [0, 2, 4])
      let G = try NeuronGroup(1, "v : 1", name: "G")
      let S = try Synapses(source, G, onPre: "v_post += 1", name: "S")
      try S.connect()
      let M = try SpikeMonitor(source, name: "M")
      try Network(source, G, S, M).run(0.2 * ms)
      #expect(try M.counts == [2, 0, 2, 0, 2] && M.i == [0, 2, 4, 0, 2, 4])
      #expect(try G.v.values == [6])
    }
  }

  @Test("MON-8: a variable that has no value for an element that spikes cannot be recorded with it")
  func shortVariable() throws {
    try withScope {
      let source = try OwnSource(5, lending: [0])
      let M = try SpikeMonitor(source, variables: ["x"], name: "M")
      let error = #expect(throws: BrianObjectError.self) { try Network(source, M).run(0.1 * ms) }
      #expect(error.map { "\($0)" }?.contains("'x', which has 2 values") == true)
    }
  }
}

@Suite("Parts without their whole", .expecting("base.unused_brian_object")) struct PartTests {
  @Test("BAS-9: a part that is kept longer than its group says so when a network runs it")
  func outlived() throws {
    // Pathways and sums keep their groups, so that parts of both are taken from groups of their own.
    var parts: [BrianObject] = []
    try withScope {
      let G = try NeuronGroup(2, "v : 1\ns : 1", threshold: "v > 1", reset: "v = 0", name: "H")
      let S = try Synapses(G, G, "w2 : 1\ns_post = w2 : 1 (summed)", onPre: "v_post += w2", name: "S")
      try S.connect()
      parts = S.containedObjects
    }
    try withScope {
      let G = try NeuronGroup(
        2, "dv/dt = (w - v)/(1*ms) : 1\nw = v : 1 (constant over dt)\ns : 1", threshold: "v > 1", reset: "v = 0", method: .named(.euler), name: "G")
      let runner = try G.runRegularly("v += 1")
      let generator = try SpikeGeneratorGroup(2, indices: [0], times: QuantityArray(si: [0], dimension: .time), name: "gen")
      parts += [G.stateUpdater] + [runner] + Array(G.thresholders.values) + Array(G.resetters.values)
      parts += generator.containedObjects + G.containedObjects.filter { $0 is SubexpressionUpdater }
    }
    #expect(Set(parts.map { "\(type(of: $0))" }).count >= 7)
    for part in parts {
      try withScope {
        let network = try Network(contentsOf: [part] + part.dependencies)
        let error = #expect(throws: (any Error).self, "\(part.name)") { try network.run(0.1 * ms) }
        #expect(error.map { "\($0)" }?.contains("no longer exists") == true, "\(part.name): \(error.map { "\($0)" } ?? "")")
        // Looking at it is still possible.
        _ = (part.described, "\(part)", try? network.digest)
      }
    }
  }
}

@Suite("Groups larger than memory", .expecting("base.unused_brian_object")) struct LargeGroupTests {
  @Test(
    "MDL-23: a group that memory cannot hold is refused with the bytes it would take, before they are taken",
    .enabled(if: availableMemory() < 300_000_000_000))
  func refused() {
    withScope {
      // 20 variables of 8 bytes for 2^31 - 1 elements: 343.6 GB.
      let model = (0..<20).map { "v\($0) : 1" }.joined(separator: "\n")
      let error = #expect(throws: GroupError.self) { try NeuronGroup(Int(Int32.max), Equations(stringLiteral: model), name: "G") }
      #expect(error.map { "\($0)" }?.contains("'G' with 2147483647 elements would take 343.6 GB") == true, "\(error.map { "\($0)" } ?? "")")
      #expect(throws: Never.self) { try NeuronGroup(1000, Equations(stringLiteral: model)) }
    }
  }
}
