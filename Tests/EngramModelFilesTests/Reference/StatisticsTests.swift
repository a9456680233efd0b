import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// Random models over many seeds, against theory or against the reference. The seeds are fixed, so that a test that passes
/// keeps passing; `ENGRAM_CAMPAIGN=1` takes ten times as many.
@Suite("Statistics of random models", .slow, .expecting("neurongroup.no_reset")) struct StatisticsTests {
  static let seeds = ProcessInfo.processInfo.environment["ENGRAM_CAMPAIGN"] == "1" ? 240 : 24

  struct Case: Sendable, CustomTestStringConvertible {
    let covers, model: String
    /// Name of the number → its expected mean.
    let theory: [String: Double]
    let measure: @Sendable (Network) throws -> [String: Double]
    var testDescription: String { covers }
  }

  @Test(
    "RNG-2, STU-7, STU-10, STU-11, STU-12, INP-1, INP-5, INP-6, SYN-27, SYN-29, REF-3: means, variances and counts lie within four standard errors of theory",
    arguments: cases)
  func theory(_ model: Case) throws {
    let runs = try Self.runs(model.model, model.measure)
    for (name, expected) in model.theory.sorted(by: { $0.key < $1.key }) {
      let values = try runs.map { try #require($0[name]) }
      let (mean, deviation) = moments(values)
      let z = (mean - expected) / (deviation / Double(values.count).squareRoot())
      #expect(z.magnitude < 4 || mean == expected, "\(name): mean \(mean), theory \(expected), z \(z)")
    }
  }

  @Test(
    "RNG-2, SYN-27, SYN-51, STU-7, INP-1: rates, their variance, connections and weights agree with the reference",
    arguments: ["lif_noise", "balanced", "plasticity"])
  func reference(_ name: String) throws {
    struct File: Decodable {
      struct Number: Decodable { let mean, sd: Double }
      let seeds: Int
      let models: [String: [String: Number]]
    }
    let folder = fixtures.appending(path: "reference/statistics")
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: folder.appending(path: "reference.json")))
    let text = try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
    let runs = try Self.runs(text) { network in
      let counts = try network.object("spikes", as: SpikeMonitor.self).counts.map(Double.init)
      var found = ["mean count": moments(counts).mean, "variance of counts": squared(moments(counts).deviation)]
      if let synapses = network["S"] as? Synapses {
        let weights = try moments(synapses.w.values)
        found["mean weight"] = weights.mean
        found["variance of weights"] = squared(weights.deviation)
      }
      if let exc = network["exc"] as? Synapses, let inh = network["inh"] as? Synapses {
        found["synapses"] = Double(exc.elementCount + inh.elementCount)
      }
      return found
    }
    for (number, expected) in try #require(file.models[name]) {
      let (mean, deviation) = moments(try runs.map { try #require($0[number]) })
      let error = (squared(deviation) / Double(runs.count) + squared(expected.sd) / Double(file.seeds)).squareRoot()
      #expect(((mean - expected.mean) / error).magnitude < 4, "\(number): \(mean) ± \(deviation), reference \(expected.mean) ± \(expected.sd)")
    }
  }

  static func runs(_ text: String, _ measure: (Network) throws -> [String: Double]) throws -> [[String: Double]] {
    try (1...seeds).map { seed in
      try withExperiment(text, named: "statistics", seed: UInt64(seed)) { experiment in
        _ = try experiment.run()
        return try measure(experiment.network)
      }
    }
  }

  static let cases: [Case] = [
    // v ← v(1 − dt/τ) + σ√(2dt/τ)·randn is stationary with variance σ²/(1 − dt/(2τ)).
    Case(
      covers: "STU-7, STU-12: variance of the Ornstein–Uhlenbeck process under Euler",
      model: """
        objects:
          - {kind: NeuronGroup, name: G, N: 400, model: "dv/dt = -v/ms + sqrt(2/ms)*xi : 1", method: euler, initial: {v: randn()}}
        run: 6 ms
        """,
      theory: ["mean": 0, "variance": 1 / 0.95]
    ) { network in
      let v = try network.object("G", as: NeuronGroup.self).v.values
      return ["mean": moments(v).mean, "variance": squared(moments(v).deviation)]
    },
    // One step multiplies x by 1 + s·dW + s²dW²/2 in both methods, with mean 1 + s²dt/2.
    Case(
      covers: "STU-10, STU-11: growth under multiplicative noise with heun and milstein",
      model: """
        objects:
          - {kind: NeuronGroup, name: H, N: 500, model: "dx/dt = x*0.3*ms**-0.5*xi : 1", method: heun, initial: {x: 1}}
          - {kind: NeuronGroup, name: M, N: 500, model: "dx/dt = x*0.3*ms**-0.5*xi : 1", method: milstein, initial: {x: 1}}
        run: 2 ms
        """,
      theory: ["heun": pow(1 + 0.09 * 0.1 / 2, 20), "milstein": pow(1 + 0.09 * 0.1 / 2, 20)]
    ) { network in
      [
        "heun": moments(try network.object("H", as: NeuronGroup.self).x.values).mean,
        "milstein": moments(try network.object("M", as: NeuronGroup.self).x.values).mean,
      ]
    },
    // Independent steps with p = rate·dt: counts are binomial, intervals geometric.
    Case(
      covers: "INP-1: counts and intervals of Poisson groups",
      model: """
        objects:
          - {kind: PoissonGroup, name: P, N: 200, rates: 500 Hz}
          - {kind: SpikeMonitor, name: spikes, source: P}
        run: 40 ms
        """,
      theory: ["mean": 400 * 0.05, "variance": 400 * 0.05 * 0.95, "first interval": 20, "its variance": 0.95 / 0.0025]
    ) { network in
      let spikes = try network.object("spikes", as: SpikeMonitor.self)
      let counts = spikes.counts.map(Double.init)
      // The fourth interval: nearly every cell has one in 400 steps.
      let intervals = try spikes.trains().values.compactMap { $0.si.count > 4 ? ($0.si[4] - $0.si[3]) / 1e-4 : nil }
      return [
        "mean": moments(counts).mean, "variance": squared(moments(counts).deviation), "first interval": moments(intervals).mean,
        "its variance": squared(moments(intervals).deviation),
      ]
    },
    // After a spike ten steps pass before the threshold is tested again: 9 + geometric.
    Case(
      covers: "REF-3: intervals of random spikes with refractoriness",
      model: """
        objects:
          - {kind: NeuronGroup, name: G, N: 200, model: "v : 1", threshold: rand() < 0.2, refractory: 1 ms}
          - {kind: SpikeMonitor, name: spikes, source: G}
        run: 40 ms
        """,
      theory: ["interval": 9 + 5, "variance": 0.8 / 0.04]
    ) { network in
      let trains = try network.object("spikes", as: SpikeMonitor.self).trains().values
      let intervals = trains.flatMap { t in (1..<11).map { (t.si[$0] - t.si[$0 - 1]) / 1e-4 } }
      return ["interval": moments(intervals).mean, "variance": squared(moments(intervals).deviation)]
    },
    Case(
      covers: "INP-5: sums of Poisson inputs",
      model: """
        objects:
          - {kind: NeuronGroup, name: G, N: 300, model: "v : 1"}
          - {kind: PoissonInput, target: G, target_var: v, N: 40, rate: 200 Hz, weight: 0.5}
        run: 5 ms
        """,
      theory: ["mean": 0.5 * 50 * 40 * 0.02, "variance": 0.25 * 50 * 40 * 0.02 * 0.98]
    ) { network in
      let v = try network.object("G", as: NeuronGroup.self).v.values
      return ["mean": moments(v).mean, "variance": squared(moments(v).deviation)]
    },
    Case(
      covers: "INP-6, RNG-2: rand, randn, poisson and binomial numbers",
      model: """
        objects:
          - {kind: BinomialFunction, name: few, n: 10, p: 0.3, approximate: false}
          - {kind: BinomialFunction, name: many, n: 400, p: 0.5}
          - kind: NeuronGroup
            name: G
            N: 500
            model: |
              u : 1
              g : 1
              p : 1
              big : 1
              b : 1
              m : 1
            run_regularly: {code: "u = rand(); g = randn(); p = poisson(2.5); big = poisson(40); b = few(); m = many()", dt: 1 ms}
        run: 1 ms
        """,
      theory: [
        "u": 0.5, "u²": 1.0 / 12, "g": 0, "g²": 1, "p": 2.5, "p²": 2.5, "big": 40, "big²": 40, "b": 3, "b²": 2.1, "m": 200, "m²": 100,
      ]
    ) { network in
      let group = try network.object("G", as: NeuronGroup.self)
      var found: [String: Double] = [:]
      for name in ["u", "g", "p", "big", "b", "m"] {
        let (mean, deviation) = moments(try group[dynamicMember: name].values)
        found[name] = mean
        found[name + "²"] = squared(deviation)
      }
      return found
    },
    Case(
      covers: "SYN-27: connections with a probability",
      model: """
        objects:
          - {kind: NeuronGroup, name: G, N: 100, model: "v : 1", threshold: v > 1}
          - {kind: Synapses, name: A, source: G, on_pre: v_post += 0, connect: {p: 0.1}}
          - {kind: Synapses, name: B, source: G, on_pre: v_post += 0, connect: {p: "exp(-abs(i - j)/10.0)"}}
          - {kind: Synapses, name: C, source: G, on_pre: v_post += 0, connect: {condition: i != j, p: 0.5, n: 2}}
        run: 0.1 ms
        """,
      theory: [
        "A": 1000, "in-degree variance": 100 * 0.1 * 0.9, "C": 9900,
        "B": (0..<100).reduce(0) { sum, i in sum + (0..<100).reduce(0) { $0 + exp(-Double(abs(i - $1)) / 10) } },
      ]
    ) { network in
      let a = try network.object("A", as: Synapses.self)
      return [
        "A": Double(a.elementCount), "in-degree variance": squared(moments(a.incomingCounts.map(Double.init)).deviation),
        "B": Double(try network.object("B", as: Synapses.self).elementCount), "C": Double(try network.object("C", as: Synapses.self).elementCount),
      ]
    },
    Case(
      covers: "SYN-29: samples of fixed size and of fixed probability",
      model: """
        objects:
          - {kind: NeuronGroup, name: G, N: 60, model: "v : 1", threshold: v > 1}
          - {kind: Synapses, name: A, source: G, on_pre: v_post += 0, connect: {j: "k for k in sample(N_post, size=12)"}}
          - {kind: Synapses, name: B, source: G, on_pre: v_post += 0, connect: {j: "k for k in sample(10, 50, 2, p=0.25)"}}
        run: 0.1 ms
        """,
      theory: ["A": 720, "least": 12, "mean target": 29.5, "B": 60 * 20 * 0.25, "its mean target": 29]
    ) { network in
      let a = try network.object("A", as: Synapses.self)
      let b = try network.object("B", as: Synapses.self)
      return [
        "A": Double(a.elementCount), "least": Double(a.outgoingCounts.min() ?? 0), "mean target": moments(try a.j.values).mean,
        "B": Double(b.elementCount), "its mean target": moments(try b.j.values).mean,
      ]
    },
  ]
}

private func squared(_ x: Double) -> Double { x * x }

/// Mean and standard deviation (n − 1).
private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
  let n = Double(values.count)
  let mean = values.reduce(0, +) / n
  return (mean, (values.reduce(0) { $0 + squared($1 - mean) } / max(n - 1, 1)).squareRoot())
}
