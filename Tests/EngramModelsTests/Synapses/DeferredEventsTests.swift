import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramScalars
import EngramUnits
import Testing

@testable import EngramModels
@testable import EngramSimulation

private var preferences: Preferences { Environment.current.preferences }

private func network(_ objects: [BrianObject]) throws -> Network {
  let network = try Network()
  try network.add(contentsOf: objects)
  return network
}

/// 40,000 plastic synapses: enough for events of targets to wait.
private struct Plastic {
  let synapses: Synapses
  let network: Network

  /// - Parameters:
  ///   - delays: of each synapse, in place of none at all.
  ///   - others: what else is in the network.
  init(
    onPre: Pathways = "g_post += w\nxpre += 0.01\nw = clip(w - xpost, 0, 1)", onPost: Pathways = "xpost += 0.02\nw = clip(w + xpre, 0, 1)",
    delays: String? = nil, others: (Synapses) throws -> [BrianObject] = { _ in [] }
  ) throws {
    seed(7)
    let source = try PoissonGroup(200, rates: "(5 + 0.2*i)*Hz")
    let target = try NeuronGroup(
      200, "dv/dt = (0.9 + 0.3*sin(i*0.1) - v)/(10*ms) : 1\ng : 1", threshold: "v > 0.8 + 0.2*rand()", reset: "v = 0", method: .euler)
    synapses = try Synapses(
      source, target, "w : 1\nrate : 1\ndxpre/dt = -xpre/(20*ms) : 1 (event-driven)\ndxpost/dt = -xpost/(30*ms) : 1 (event-driven)",
      onPre: onPre, onPost: onPost)
    try synapses.connect()
    try synapses.w.set("0.2 + 0.6*i/200.0")
    if let delays { try synapses.pre.delay.set(ModelExpression(delays)) }
    network = try EngramModelsTests.network([source, target, synapses] + others(synapses))
  }

  var isDeferring: Bool { synapses.deferredEvents != nil }

  func bits(_ name: String) throws -> [UInt64] {
    let array = try #require(synapses.variables[name]?.array ?? synapses.target.variables[name]?.array)
    return (0..<array.count).map { array.value(at: $0).bitPattern }
  }

  /// The bits of all that is plastic, and of what the targets have got.
  func bits() throws -> [[UInt64]] { try ["w", "xpre", "xpost", "lastupdate", "g"].map { try bits($0) } }
}

/// Something to be noted from within a run.
private final class Notes {
  var values: [[UInt64]] = []
  var wasDeferring: [Bool] = []
}

@Suite("Events of targets that wait", .expecting("base.unused_brian_object", "synapses.delay_rounding")) struct DeferredEventsTests {
  /// What a network gives with and without waiting.
  private func expectSame(_ body: () throws -> [[UInt64]], sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    let waiting = try withScope { try body() }
    let atOnce = try withScope {
      try preferences.setHere("codegen.deferred_events", fromText: "False")
      return try body()
    }
    #expect(waiting.count == atOnce.count && zip(waiting, atOnce).allSatisfy { $0 == $1 }, sourceLocation: sourceLocation)
    // Something happened.
    #expect(Set(waiting.joined()).count > 100, sourceLocation: sourceLocation)
  }

  /// Notes whether events wait in the middle of a run.
  private func watch(_ notes: Notes, _ synapses: Synapses) throws -> [BrianObject] {
    [
      try NetworkOperation(every: 10 * ms, stateless: true) { [unowned synapses] _ in
        notes.wasDeferring.append(synapses.deferredEvents != nil)
      }
    ]
  }

  @Test("SYN-45: synapses have the same bits whether events of their targets wait or not, on one thread or two", arguments: [1, 2])
  func sameBits(threads: Int) throws {
    try expectSame {
      try preferences.setHere("engram.threads", fromText: "\(threads)")
      let notes = Notes()
      let plastic = try Plastic { try watch(notes, $0) }
      try plastic.network.run(60 * ms)
      try plastic.network.run(40 * ms)
      // Each run begins without, and decides in its first step.
      let isAsked = preferences[.deferredEvents]
      #expect(notes.wasDeferring == (0..<10).map { isAsked && $0 != 0 && $0 != 6 })
      #expect(!plastic.isDeferring)
      return try plastic.bits()
    }
  }

  @Test("SYN-45: each synapse gets the events of both ends in the order in which they happened, as a plain count shows")
  func order() throws {
    try withScope {
      // Whole numbers: what is expected is exact. w counts pairs in which the source came first, x those in which the target did.
      let notes = Notes()
      let (n, m) = (200, 200)
      let sourceSpikes = (0..<600).map { (index: ($0 * 37) % n, step: ($0 * 7) % 400) }
      let targetSpikes = (0..<900).map { (index: ($0 * 53) % m, step: ($0 * 11) % 400) }
      func group(_ count: Int, _ spikes: [(index: Int, step: Int)]) throws -> SpikeGeneratorGroup {
        let unique = Dictionary(grouping: spikes, by: { $0.step * 1000 + $0.index }).keys.sorted()
        return try SpikeGeneratorGroup(count, indices: unique.map { $0 % 1000 }, times: unique.map { Double($0 / 1000) * 0.1 } * ms)
      }
      let (source, target) = (try group(n, sourceSpikes), try group(m, targetSpikes))
      let synapses = try Synapses(
        source, target, "w : 1\nx : 1\nnpre : 1\nnpost : 1", onPre: "npre += 1\nx += npost", onPost: "npost += 1\nw += npre")
      try synapses.connect()
      let all = try network([source, target, synapses] + watch(notes, synapses))
      try all.run(40 * ms)
      #expect(notes.wasDeferring.dropFirst().allSatisfy { $0 } && notes.wasDeferring.count == 4)

      let (before, after) = (Set(sourceSpikes.map { $0.step * 1000 + $0.index }), Set(targetSpikes.map { $0.step * 1000 + $0.index }))
      var w = [Double](repeating: 0, count: n * m), x = w, npre = w, npost = w
      for step in 0..<400 {
        for i in 0..<n where before.contains(step * 1000 + i) { for j in 0..<m { npre[i * m + j] += 1; x[i * m + j] += npost[i * m + j] } }
        for j in 0..<m where after.contains(step * 1000 + j) { for i in 0..<n { npost[i * m + j] += 1; w[i * m + j] += npre[i * m + j] } }
      }
      #expect(try synapses.w.values == w && synapses.x.values == x && synapses.npre.values == npre && synapses.npost.values == npost)
    }
  }

  @Test("SYN-45: whoever looks at synapses or changes them in the middle of a run finds them as if no event had waited")
  func looking() throws {
    try expectSame {
      let notes = Notes()
      let plastic = try Plastic { synapses in
        let monitor = try StateMonitor(synapses, ["w"], record: [0, 777, 39_999], dt: 5 * ms)
        try synapses.runRegularly("w = w*0.999 + xpost*0.001", every: 15 * ms)
        let reading = try NetworkOperation(every: 7 * ms, stateless: true) { [unowned synapses] _ in
          notes.values.append(try synapses.xpre.values.map(\.bitPattern))
          notes.wasDeferring.append(synapses.deferredEvents != nil)
        }
        let writing = try NetworkOperation(every: 11 * ms, when: .end, stateless: true) { [unowned synapses] _ in
          try synapses.w[3..<50].set("0.5*w + 0.1*xpost")
          try synapses.xpost[17..<19].set("0.3")
        }
        return [monitor, reading, writing]
      }
      try plastic.network.run(80 * ms)
      #expect(notes.wasDeferring.last == preferences[.deferredEvents])
      return try plastic.bits() + notes.values
    }
  }

  @Test("SYN-45, CKP-1: a state that is stored and restored in the middle has all events in it")
  func restoring() throws {
    try expectSame {
      let plastic = try Plastic(delays: nil)
      try plastic.network.run(30 * ms)
      try plastic.network.store("middle")
      try plastic.network.run(30 * ms)
      let first = try plastic.bits()
      try plastic.network.restore("middle")
      try plastic.network.run(30 * ms)
      #expect(try plastic.bits() == first)
      return first
    }
  }

  @Test("SYN-45: delays of the source's spikes, one for each synapse, leave the order of events as it is")
  func delays() throws {
    try expectSame {
      let notes = Notes()
      let plastic = try Plastic(delays: "(0.1 + 0.1*(j % 7))*ms") { try watch(notes, $0) }
      try plastic.network.run(60 * ms)
      #expect(notes.wasDeferring.last == preferences[.deferredEvents])
      return try plastic.bits()
    }
  }

  @Test("SYN-45: synapses in any order, several for a pair, and two pathways of the source have the same bits")
  func unsorted() throws {
    try expectSame {
      seed(3)
      let notes = Notes()
      let source = try PoissonGroup(150, rates: 40 * Hz)
      let target = try PoissonGroup(150, rates: 60 * Hz)
      let synapses = try Synapses(
        source, target, "w : 1\ndx/dt = -x/(20*ms) : 1 (event-driven)", onPre: ["first": "x += 0.1", "second": "w = clip(w - x*0.1, 0, 1)"],
        onPost: "w = clip(w + x, 0, 1)\nx *= 0.9")
      try synapses.connect(n: 2)
      try synapses.connect(where: "(i + j) % 2 == 0")
      try synapses.pathway("second").delay.set("(i % 3)*ms")
      let all = try network([source, target, synapses] + watch(notes, synapses))
      try all.run(60 * ms)
      #expect(notes.wasDeferring.last == preferences[.deferredEvents])
      return try ["w", "x", "lastupdate"].map { name in
        let array = try #require(synapses.variables[name]?.array)
        return (0..<array.count).map { array.value(at: $0).bitPattern }
      }
    }
  }

  @Test(
    "SYN-45: events happen at once where their code reads more than synapses and the time",
    arguments: [
      "w = clip(w + 0.1*v_post, 0, 1)", "w += rand()*0.01", "g_post += 0.001", "xpost += 0.02*int(t_in_timesteps % 2 == 0)",
    ])
  func atOnce(code: String) throws {
    try withScope {
      let notes = Notes()
      let plastic = try Plastic(onPost: Pathways(stringLiteral: code)) { try watch(notes, $0) }
      try plastic.network.run(20 * ms)
      #expect(!notes.wasDeferring.contains(true) && notes.wasDeferring.count == 2)
    }
  }

  @Test("SYN-45: waiting ends where it does not pay: somebody looks at every step, or sources spike far more often than targets")
  func paying() throws {
    try withScope {
      let notes = Notes()
      let plastic = try Plastic { synapses in
        [
          try NetworkOperation(stateless: true) { [unowned synapses] _ in
            _ = try #require(synapses.variables["w"]?.array).value(at: 0)
            notes.wasDeferring.append(synapses.deferredEvents != nil)
          }
        ]
      }
      try plastic.network.run(80 * ms)
      #expect(notes.wasDeferring[1] && notes.wasDeferring.last == false)
    }
    try withScope {
      let notes = Notes()
      let source = try PoissonGroup(400, rates: 1000 * Hz)
      let target = try SpikeGeneratorGroup(400, indices: Array(repeating: 3, count: 400), times: (0..<400).map { Double($0) * 0.1 } * ms)
      let synapses = try Synapses(source, target, "w : 1", onPre: "w += 0.1", onPost: "w *= 0.5")
      try synapses.connect()
      try network([source, target, synapses] + watch(notes, synapses)).run(40 * ms)
      #expect(notes.wasDeferring[1] && notes.wasDeferring.last == false)
    }
  }

  @Test("SYN-45: synapses that were made while the source's pathway rests get the events of their targets")
  func restingSource() throws {
    try withScope {
      let notes = Notes()
      let source = try SpikeGeneratorGroup(200, indices: [0], times: [0.1] * ms)
      let target = try SpikeGeneratorGroup(200, indices: (0..<200).flatMap { [$0, $0] }, times: (0..<200).flatMap { _ in [1.2, 3.4] } * ms)
      let synapses = try Synapses(source, target, "npre : 1\nnpost : 1", onPre: "npre += 1", onPost: "npost += 1")
      try synapses.connect(where: "i < 100")
      let all = try network([source, target, synapses] + watch(notes, synapses))
      try all.run(1 * ms)
      try synapses.connect(where: "i >= 100")
      try synapses.pre.isActive = false
      try all.run(20 * ms)
      #expect(try synapses.npost.values == [Double](repeating: 2, count: 40_000))
    }
  }

  @Test("SYN-45: events that wait get the parameters that were in force when they happened, constant ones as well")
  func parameters() throws {
    try expectSame {
      seed(5)
      let (source, target) = (try PoissonGroup(200, rates: 30 * Hz), try PoissonGroup(200, rates: 50 * Hz))
      let synapses = try Synapses(source, target, "w : 1\neta : 1 (constant)", onPre: "w *= 0.9", onPost: "w += eta")
      try synapses.connect()
      let change = try NetworkOperation(every: 6 * ms, stateless: true) { [unowned synapses] t in
        try synapses.eta.set(ModelExpression("\(t.si) + 0.001*i"))
      }
      try network([source, target, synapses, change]).run(40 * ms)
      let array = try #require(synapses.variables["w"]?.array)
      return [(0..<array.count).map { array.value(at: $0).bitPattern }]
    }
  }
}
