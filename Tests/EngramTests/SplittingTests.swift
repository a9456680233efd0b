import Engram
import EngramMessageTestSupport
import EngramTestSupport
import Foundation
import Testing

/// Counts its steps and mixes time and the values of its neighbours into a number that any change of order would change.
private final class Walker: BrianObject {
  var value = 0.5
  var steps: [Int64] = []
  var neighbours: [Walker] = []

  override func run() throws {
    value = 0.75 * value + 1000 * clock.t.si
    for neighbour in neighbours { value -= 0.1 * neighbour.value }
    steps.append(clock.timestep)
  }
}

/// A run over several clocks and a way to split it.
private struct Plan {
  let stepMilliseconds: [Double]
  let orders: [Int]
  let totalMilliseconds: Double
  let cuts: [Double]

  init(_ dice: inout SplitMix) {
    let count = Int.random(in: 2...4, using: &dice)
    stepMilliseconds = (0..<count).map { _ in
      Bool.random(using: &dice) ? [0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1].randomElement(using: &dice)! : .random(in: 0.07..<1.3, using: &dice)
    }
    orders = (0..<count).map { _ in .random(in: -1...1, using: &dice) }
    let total = Double.random(in: 0.2..<2, using: &dice)
    totalMilliseconds = total
    let steps = stepMilliseconds
    cuts = (0..<Int.random(in: 1...5, using: &dice)).map { _ in
      var cut = Double.random(in: 0...total, using: &dice)
      while Plan.isAmbiguous(cut, steps) { cut = .random(in: 0...total, using: &dice) }
      return cut
    }.sorted()
  }

  /// Whether the tolerance of 1e-4 dt (CLK-6) takes the time as a step of a long clock but as behind the step of a short one: such a
  /// cut goes through the middle of a step that both share, and cannot leave their order alone.
  private static func isAmbiguous(_ cut: Double, _ steps: [Double]) -> Bool {
    steps.contains { step in
      let distance = abs(cut - (cut / step).rounded() * step)
      return distance > 0 && distance < 2e-4 * step
    }
  }

  /// The durations of a run in pieces; the last one reaches the end.
  var pieces: [Double] {
    let ends = cuts + [totalMilliseconds]
    return zip([0] + cuts, ends).map { $1 - $0 }
  }

  func walk(_ durations: [Double]) throws -> [(value: Double, steps: [Int64])] {
    try withScope {
      let walkers = try zip(stepMilliseconds, orders).map { try Walker(dt: $0 * ms, order: $1, name: "walker*") }
      for walker in walkers { walker.neighbours = walkers.filter { $0 !== walker } }
      let network = try Network(contentsOf: walkers)
      for duration in durations { try network.run(duration * ms) }
      return walkers.map { ($0.value, $0.steps) }
    }
  }
}

@Suite("Splitting runs", .slow, .expecting("synapses.different_dt")) struct SplittingTests {
  @Test("NET-22, NET-24: runs over several clocks take the same steps in the same order however they are split")
  func steps() throws {
    var dice = SplitMix(state: 2026)
    for number in 0..<(ProcessInfo.processInfo.environment["ENGRAM_CAMPAIGN"] == "1" ? 10_000 : 1500) {
      let plan = Plan(&dice)
      let whole = try plan.walk([plan.totalMilliseconds])
      let split = try plan.walk(plan.pieces)
      guard zip(whole, split).allSatisfy({ $0.steps == $1.steps && $0.value == $1.value }) else {
        Issue.record("run \(number) differs: \(plan)")
        return
      }
      for (walker, milliseconds) in zip(whole, plan.stepMilliseconds) {
        // No step repeated or lost: 0, 1, 2, … up to the last one that begins before the end.
        try #require(walker.steps == Array(0..<Int64(walker.steps.count)))
        try #require(abs(Double(walker.steps.count) - plan.totalMilliseconds / milliseconds) < 1.001)
      }
    }
  }

  /// Two groups on clocks of their own, with noise, delays, plasticity, refractoriness and recordings.
  private func network() throws -> Network {
    seed(99)
    let input = try PoissonGroup(20, rates: 300 * Hz, name: "input")
    let A = try NeuronGroup(
      12, "dv/dt = (1.2 - v)/(4*ms) + 0.2*xi/sqrt(4*ms) : 1 (unless refractory)", threshold: "v > 1", reset: "v = 0", refractory: 0.6 * ms,
      name: "A")
    let B = try NeuronGroup(
      7, "du/dt = -u/(3*ms) : 1\nx : 1", threshold: "u > 0.8", reset: "u = rand()*0.1", dt: 0.25 * ms, name: "B")
    let S = try Synapses(
      input, A, "w : 1\ndp/dt = -p/(5*ms) : 1 (event-driven)", onPre: "v += w; p += 0.1", onPost: "w = clip(w + 0.01*p, 0, 0.5)",
      name: "S")
    try S.connect(p: 0.3)
    try S.w <- "0.1 + 0.1*rand()"
    let T = try Synapses(A, B, onPre: "u += 0.3", name: "T")
    try T.connect(where: "(i + j) % 3 == 0")
    try T.delay <- "0.1*ms + i*0.15*ms"
    try B.runRegularly("x += rand()", every: 0.7 * ms)
    let recorded = try StateMonitor(B, ["u", "x"], record: true, dt: 0.3 * ms, name: "recorded")
    let spikes = try SpikeMonitor(A, name: "spikes")
    let others = try SpikeMonitor(B, variables: ["x"], name: "others")
    return try Network(contentsOf: [input, A, B, S, T, recorded, spikes, others] as [BrianObject])
  }

  @Test("NET-22, CKP-10: noise, delays, plasticity and recordings on four clocks have the same bits however a run is split")
  func bits() throws {
    try withScope {
      let network = try network()
      try network.store()
      var dice = SplitMix(state: 7)
      for _ in 0..<20 {
        let total = Double.random(in: 2..<12, using: &dice)
        try network.restore()
        try network.run(total * ms)
        let whole = try network.digest
        for _ in 0..<4 {
          let cuts = (0..<Int.random(in: 1...4, using: &dice)).map { _ in Double.random(in: 0...total, using: &dice) }.sorted()
          try network.restore()
          for (start, end) in zip([0] + cuts, cuts + [total]) { try network.run((end - start) * ms) }
          #expect(try network.digest == whole, "\(total) ms cut at \(cuts)")
        }
      }
      let spikes = try network.object("spikes", as: SpikeMonitor.self)
      let others = try network.object("others", as: SpikeMonitor.self)
      #expect(spikes.total > 0 && others.total > 0, "a network that does nothing proves nothing")
    }
  }
}
