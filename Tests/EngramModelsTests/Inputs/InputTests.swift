import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramSimulation
import EngramUnits
import Testing

@Suite("Inputs", .expecting("base.unused_brian_object", "poissongroup.saturated")) struct InputTests {
  @Test("INP-1, RNG-2: Poisson groups spike with probability rates·dt, per element")
  func poissonRates() throws {
    try withScope {
      seed(11)
      let P = try PoissonGroup(200, rates: QuantityArray(si: (0..<200).map { $0 < 100 ? 100 : 400 }, dimension: .frequency))
      let spikes = try SpikeMonitor(P)
      try run(100 * ms)
      let slow = Double(spikes.counts[..<100].reduce(0, +))
      let fast = Double(spikes.counts[100...].reduce(0, +))
      #expect(abs(slow - 1000) < 5 * 32 && abs(fast - 4000) < 5 * 64)
    }
  }

  @Test("INP-1: rates as an expression are evaluated in every step and must be in Hz; quantities can be changed between runs")
  func poissonExpressions() throws {
    try withScope {
      let P = try PoissonGroup(3, rates: "(1 + int(t > 0.45*ms)*1e9*i)*Hz*1e-9")
      let Q = try PoissonGroup(3, rates: 0 * Hz)
      let spikes = try SpikeMonitor(P)
      let others = try SpikeMonitor(Q)
      try run(0.5 * ms)
      #expect(spikes.total == 0 && others.total == 0)
      try Q.rates.set("i*1e9*Hz")
      #expect(throws: ReadOnlyVariableError.self) { try P.rates.set(3 * Hz) }
      try run(0.2 * ms)
      #expect(others.counts == [0, 2, 2])
      #expect(throws: InputError.rateIsNotFrequency(name: "poissongroup_2", found: "values in volt")) { try PoissonGroup(1, rates: "3*mV") }
      let bad = try PoissonGroup(1, rates: "3*mV*int(t >= 0*ms)")
      let error = #expect(throws: BrianObjectError.self) { try Network(bad).run(1 * ms) }
      #expect(error?.underlying is InputError)
      #expect(throws: InputError.rateIsNotFrequency(name: "poissongroup_4", found: "values in volt")) { try PoissonGroup(1, rates: 3 * mV) }
      #expect(throws: InputError.wrongRateCount(name: "poissongroup_5", found: 1, expected: 2)) {
        try PoissonGroup(2, rates: QuantityArray(si: [1], dimension: .frequency))
      }
    }
  }

  @Test("INP-2: rates above 1/dt saturate at a spike per step, with one warning")
  func saturation() throws {
    try withScope {
      let P = try PoissonGroup(2, rates: 1e5 * Hz)
      let spikes = try SpikeMonitor(P)
      let (_, messages) = try Messages.capturing { try run(1 * ms) }
      #expect(spikes.counts == [10, 10] && messages.filter { $0.text.contains("more than one spike per step") }.count == 1)
    }
  }

  @Test("INP-5, INP-6: a Poisson input adds weight times a binomial number to every element in each step")
  func poissonInput() throws {
    try withScope {
      seed(23)
      let G = try NeuronGroup(500, "v : volt\nw : volt")
      let sparse = try PoissonInput(G, "v", count: 100, rate: 10 * Hz, weight: 2 * mV)
      let dense = try PoissonInput(G, "w", count: 1000, rate: 100 * Hz, weight: "1*mV")
      try run(10 * ms)
      // 100 steps, 100 inputs, p = 0.001 (exact draws); 1000 inputs, p = 0.01 (normal approximation).
      func check(_ values: [Double], mean: Double, variance: Double, unit: Double) {
        let numbers: [Double] = values.map { $0 / unit }
        let m: Double = numbers.reduce(0, +) / 500
        let squares: [Double] = numbers.map { ($0 - m) * ($0 - m) }
        let s: Double = squares.reduce(0, +) / 499
        let meanTolerance: Double = 5 * (variance / 500).squareRoot()
        let varianceTolerance: Double = 5 * variance * (2.0 / 499).squareRoot()
        #expect(abs(m - mean) < meanTolerance && abs(s - variance) < varianceTolerance)
      }
      check(try G.v.values, mean: 10, variance: 9.99, unit: 2e-3)
      check(try G.w.values, mean: 1000, variance: 990, unit: 1e-3)
      #expect(try G.v.values.allSatisfy { abs($0 / 2e-3 - ($0 / 2e-3).rounded()) < 1e-9 })
      #expect(sparse.when == .synapses && dense.order == 0)
    }
  }

  @Test("INP-5: unknown variables, wrong units, no inputs and negative rates are refused")
  func poissonInputErrors() throws {
    try withScope {
      let G = try NeuronGroup(1, "v : volt")
      #expect(throws: InputError.unknownTarget(name: "poissoninput", variable: "vv", group: "neurongroup", nearest: "v")) {
        try PoissonInput(G, "vv", count: 1, rate: 1 * Hz, weight: 1 * mV)
      }
      #expect(throws: InputError.self) { try PoissonInput(G, "v", count: 1, rate: 1 * Hz, weight: 1 * nA) }
      #expect(throws: InputError.notPositive(name: "poissoninput", what: "the number of inputs", found: "0")) {
        try PoissonInput(G, "v", count: 0, rate: 1 * Hz, weight: 1 * mV)
      }
      #expect(throws: InputError.negativeRate(name: "poissoninput", hertz: -1)) { try PoissonInput(G, "v", count: 1, rate: -1 * Hz, weight: 1 * mV) }
    }
  }

  @Test("INP-6: a binomial function draws anew for each element and step")
  func binomial() throws {
    try withScope {
      seed(2)
      let G = try NeuronGroup(2000, "x : 1\ny : 1", namespace: ["few": BinomialFunction(n: 10, p: 0.3), "many": BinomialFunction(n: 100, p: 0.5)])
      try G.runRegularly("x = few(); y = many()")
      try run(0.1 * ms)
      let x = try G.x.values
      #expect(x.allSatisfy { $0 == $0.rounded() && $0 >= 0 && $0 <= 10 })
      let few: Double = x.reduce(0, +) / 2000
      #expect(abs(few - 3) < 0.162)
      let y = try G.y.values
      let distances: [Double] = y.map { abs($0 - $0.rounded()) }
      #expect(distances.filter { $0 > 1e-9 }.count > 1900)
      let mean: Double = y.reduce(0, +) / 2000
      #expect(abs(mean - 50) < 0.56)
      #expect(throws: InputError.probabilityOutOfRange(name: "_binomial", found: 1.5)) { try BinomialFunction(n: 1, p: 1.5) }
    }
  }

  @Test("INP-10, INP-12, SUB-5: generated spikes come in their steps, periodically, also through a part")
  func generator() throws {
    try withScope {
      let G = try SpikeGeneratorGroup(3, indices: [2, 0, 1], times: [0.2, 0, 0.2] * ms, period: 0.5 * ms)
      let spikes = try SpikeMonitor(G)
      let part = try SpikeMonitor(G[1...])
      try run(1.1 * ms)
      #expect(try spikes.i == [0, 1, 2, 0, 1, 2, 0] && steps(spikes) == [0, 2, 2, 5, 7, 7, 10])
      #expect(try part.i == [0, 1, 0, 1])
    }
  }

  @Test("INP-11: wrong input to a generator is refused, each with its own error")
  func generatorErrors() throws {
    try withScope { () throws in
      func make(_ indices: [Int], _ times: [Double], period: Time? = nil, count: Int = 2) throws -> SpikeGeneratorGroup {
        try SpikeGeneratorGroup(count, indices: indices, times: times * ms, period: period, name: "gen")
      }
      #expect(throws: InputError.lengthMismatch(name: "gen", indices: 1, times: 2)) { try make([0], [1, 2]) }
      #expect(throws: InputError.indexOutOfRange(name: "gen", index: 2, count: 2)) { try make([2], [1]) }
      #expect(throws: InputError.negativeTime(name: "gen", seconds: -0.001)) { try make([1], [-1]) }
      #expect(throws: InputError.negativePeriod(name: "gen", seconds: -0.001)) { try make([1], [0], period: -1 * ms) }
      #expect(throws: GroupError.notPositive(group: "gen", count: 0)) { try make([], [], count: 0) }
      #expect(throws: InputError.self) { try make([0, 1, 0], [0.1, 0.1, 0.11]) }
    }
  }

  @Test("INP-13, INP-14: new spikes count from now on, past ones are ignored with a warning; bins follow a change of dt")
  func generatorChanges() throws {
    try withScope {
      let G = try SpikeGeneratorGroup(1, indices: [0, 0], times: [0, 1] * ms)
      let spikes = try SpikeMonitor(G)
      try run(0.5 * ms)
      let (_, messages) = try Messages.capturing { try G.setSpikes(indices: [0, 0, 0], times: [0.1, 0.7, 1.5] * ms) }
      #expect(messages.contains { $0.level == .warning && $0.text.contains("1 spikes") })
      try defaultClock.setDt(0.5 * ms)
      try run(2 * ms)
      #expect(try spikes.t.si.map { ($0 * 1e4).rounded() } == [0, 5, 15])
    }
  }

  @Test("INP-20, INP-21: a timed array holds each value for its dt, in one and two dimensions")
  func timedArrays() throws {
    try withScope {
      let ta = try TimedArray([1, 2, 3] * mV, dt: 0.2 * ms, name: "ta")
      let table = try TimedArray([[1, 2] * mV, [3, 4] * mV], dt: 0.3 * ms, name: "table")
      let G = try NeuronGroup(2, "a = ta(t) : volt\nb = table(t, i) : volt\nc : volt", namespace: ["ta": ta, "table": table])
      try G.runRegularly("c = table(t, 1 - i)")
      let trace = try StateMonitor(G, ["a", "b"], record: true)
      try run(0.7 * ms)
      let expected: [Double] = [1, 1, 2, 2, 3, 3, 3]
      #expect(try trace["a"].row(1).map { ($0 * 1e3).rounded() } == expected)
      let second: [Double] = [2, 2, 2, 4, 4, 4, 4]
      #expect(try trace["b"].row(1).map { ($0 * 1e3).rounded() } == second)
      #expect(try G.c.values == [4e-3, 3e-3])
    }
  }

  @Test("INP-20: wrong units, missing calls and wrong numbers of arguments are refused; tables must be rectangular")
  func timedArrayErrors() throws {
    try withScope {
      let ta = try TimedArray([1, 2, 3] * mV, dt: 0.2 * ms, name: "ta")
      for model: Equations in ["a = ta : volt", "a = ta(t, i) : volt", "a = ta(3) : volt", "a = ta(t) : amp"] {
        let G = try NeuronGroup(1, model, namespace: ["ta": ta])
        #expect(throws: BrianObjectError.self) { try Network(G).run(0.1 * ms) }
      }
      #expect(throws: InputError.raggedTimedArray(name: "_timedarray", row: 1, found: 1, expected: 2)) { try TimedArray([[1, 2] * mV, [3] * mV], dt: 1 * ms) }
    }
  }

  @Test("INP-31: timed arrays can be called outside of simulations")
  func outside() throws {
    try withScope {
      let ta = try TimedArray([1, 2, 3] * mV, dt: 1 * ms, name: "ta")
      #expect(try ta(Time(si: 0.999e-3)).si == 2e-3 && ta(Time(si: 0.99e-3)).si == 1e-3 && ta(Time(si: 9)).si == 3e-3)
      #expect(throws: InputError.wrongTimedArrayCall(name: "ta", expected: 1, found: 2)) { try ta(0 * ms, 0) }
    }
  }

  @Test("INP-22: misaligned grids are warned about; INP-30: exact integration needs aligned ones")
  func alignment() throws {
    try withScope {
      let odd = try TimedArray([1, 2, 3], dt: 0.25 * ms, name: "odd")
      let even = try TimedArray([1, 2, 3], dt: 0.2 * ms, name: "even")
      let G = try NeuronGroup(1, "dv/dt = (odd(t) - v)/ms : 1", namespace: ["odd": odd])
      let H = try NeuronGroup(1, "dv/dt = (even(t) - v)/ms : 1", namespace: ["even": even])
      let (_, messages) = try Messages.capturing { try run(0.1 * ms) }
      #expect(messages.contains { $0.level == .warning && $0.text.contains("'odd'") })
      #expect(G.stateUpdater.update?.methodName == "euler" && H.stateUpdater.update?.methodName == "exact")
    }
  }
}
