import Engram
import EngramMessageTestSupport
import Foundation
import Testing

// The snippets of Documentation/Idioms.md, line by line as they stand there, with what they need around them and a look at the result.

/// The snippets print; the tests do not.
private func print(_ items: Any...) {}

@Suite("Idioms", .expecting("base.unused_brian_object")) struct IdiomTests {
  private func neurons(_ count: Int = 100) throws -> NeuronGroup {
    try NeuronGroup(
      count, "dv/dt = (-49*mV - v)/(10*ms) : volt\ndrive : 1", threshold: "v > -50*mV", reset: "v = -60*mV",
      namespace: ["v0": -60 * mV], name: "neurons")
  }

  @Test("Idiom 1: a group of neurons with a reset and a refractory time") func group() throws {
    try withScope {
      let tau = 10 * ms
      let G = try NeuronGroup(
        100, "dv/dt = (1.1 - v)/\(tau) : 1 (unless refractory)",
        threshold: "v > 1", reset: "v = 0", refractory: 5 * ms, method: .exact)
      try run(50 * ms)
      // 1.1·(1 - e^(-t/τ)) passes 1 between steps 239 and 240; then 5 ms at rest, and 21 ms of the next climb.
      let expected = 1.1 * (1 - exp(-(50 - 23.9 - 5) / 10.0))
      #expect(abs(try G.v.values[7] - expected) < 0.01)
    }
  }

  @Test("Idiom 2: constants given to each run") func constants() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = (v0 - v)/tau : volt", namespace: ["tau": 10 * ms])
      try run(20 * ms, namespace: ["v0": -60 * mV])
      try run(20 * ms, namespace: ["v0": -50 * mV])
      let first = -0.060 * (1 - exp(-2.0))
      #expect(abs(G.v[0].si - (-0.050 + (first + 0.050) * exp(-2.0))) < 1e-12)
    }
  }

  @Test("Idiom 3: first values from formulas, for parts, and from arrays") func firstValues() throws {
    try withScope {
      let G = try neurons()
      try G.v <- "v0 + rand()*5*mV"
      try G.v[..<10] <- -70 * mV
      try G.v[where: "i > 90"] <- "-i*mV"
      try G.drive <- (0..<100).map { Double($0) / 99 }
      #expect(G.v[9].si == -0.070 && abs(G.v[95].si + 0.095) < 1e-15 && G.drive[99].si == 1)
      #expect(G.v[50].si >= -0.060 && G.v[50].si < -0.055)
    }
  }

  @Test("Idiom 4: synapses with a condition, a probability and a delay") func synapses() throws {
    try withScope {
      let G = try neurons()
      let S = try Synapses(G, G, "w : volt", onPre: "v_post += w", delay: 2 * ms)
      try S.connect(where: "i != j", p: 0.1)
      try S.w <- "rand()*mV"
      // 9900 pairs with probability 0.1; five standard deviations are 149.
      #expect(abs(S.synapseCount - 990) < 149)
      #expect(try S.w.values.allSatisfy { $0 >= 0 && $0 < 1e-3 } && Set(S.w.values).count > 900)
      try run(20 * ms)
    }
  }

  @Test("Idiom 5: Poisson input to a part of a group") func poisson() throws {
    try withScope {
      let G = try neurons()
      let P = try PoissonGroup(1000, rates: 15 * Hz)
      let exc = try G[..<80]
      let S = try Synapses(P, exc, onPre: "v += 0.1*mV")
      try S.connect(j: "k for k in sample(N_post, p=0.1)")
      #expect(abs(S.synapseCount - 8000) < 5 * 85)
      try run(5 * ms)
      #expect(G.v[0] > G.v[99])
    }
  }

  @Test("Idiom 6: plasticity that depends on spike times") func plasticity() throws {
    try withScope {
      let G = try neurons(1)
      let P = try SpikeGeneratorGroup(1, indices: [0], times: [1] * ms)
      let S = try Synapses(
        P, G,
        """
        w : 1
        dx/dt = -x/(20*ms) : 1 (event-driven)
        dy/dt = -y/(20*ms) : 1 (event-driven)
        """,
        onPre: """
          v += w*mV
          x += 0.01
          w = clip(w + y, 0, 1)
          """,
        onPost: """
          y -= 0.0105
          w = clip(w + x, 0, 1)
          """)
      try S.connect()
      try S.w <- 0.5
      let spikes = try SpikeMonitor(G)
      try G.v <- -60 * mV
      try run(30 * ms)
      let post = try #require(spikes.t.si.first)
      #expect(abs(S.w[0].si - (0.5 + 0.01 * exp(-(post - 0.001) / 0.020))) < 1e-9)
    }
  }

  @Test("Idiom 7: recording variables, spikes and rates") func recording() throws {
    try withScope {
      let G = try neurons()
      try G.v <- -50.5 * mV
      let M = try StateMonitor(G, "v", record: [0, 5])
      let spikes = try SpikeMonitor(G)
      let rate = try PopulationRateMonitor(G)
      try run(100 * ms)
      let (times, trace) = try (M.t, M[5].v)
      let smooth = try rate.smoothRate(.flat(width: 1.1 * ms))
      print(spikes.total, spikes.counts[0])
      #expect(times.count == 1000 && trace.count == 1000 && smooth.count == 1000)
      #expect(trace.si[0] == -0.0505)
      #expect(spikes.total == 100 * spikes.counts[0] && spikes.counts[0] > 0)
      // The area under the rate is the number of spikes per neuron.
      #expect(abs(smooth.si.reduce(0, +) * 1e-4 - Double(spikes.counts[0])) < 1e-6)
    }
  }

  @Test("Idiom 8: values over time as input") func stimulus() throws {
    try withScope {
      let stimulus = try TimedArray([0, 1, 0.5] * mV, dt: 10 * ms)
      let G = try NeuronGroup(1, "dv/dt = (stimulus(t) - v)/(5*ms) : volt", namespace: ["stimulus": stimulus])
      try run(20 * ms)
      #expect(abs(G.v[0].si - 1e-3 * (1 - exp(-2.0))) < 1e-12)
    }
  }

  @Test("Idiom 9: code at regular times, in the model's language and in Swift") func nowAndThen() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = 1*mV/ms : volt")
      try G.v <- -60 * mV
      try G.runRegularly("v += 0.1*mV*randn()", every: 10 * ms)

      _ = try networkOperation(every: 10 * ms) { t in
        if G.v[0] > -40 * mV { stop() }
      }
      let summary = try run(100 * ms)
      // The climb of 1 mV/ms needs 20 ms and some for the noise; the question is asked every 10 ms.
      #expect(summary.completedFraction < 0.4)
    }
  }

  @Test("Idiom 10: sums over synapses") func sums() throws {
    try withScope {
      let G = try NeuronGroup(
        10,
        """
        dv/dt = (1.1 - v + current)/(10*ms) : 1
        current : 1
        """, threshold: "v > 1", reset: "v = 0")
      let gap = try Synapses(
        G, G,
        """
        w : 1
        current_post = w*(v_pre - v_post) : 1 (summed)
        """)
      try gap.connect()
      try gap.w <- 0.1
      try G.v <- "i*0.01"
      try run(0.1 * ms)
      // For element 3: 0.1·Σ(v_k - v_3) = 0.1·(0.45 - 0.3).
      #expect(abs(G.current[3].si - 0.015) < 1e-12)
    }
  }

  @Test("Idiom 11: several conditions from one start") func conditions() throws {
    try withScope {
      let G = try neurons()
      let P = try PoissonGroup(1000, rates: 15 * Hz)
      let S = try Synapses(P, G, onPre: "v += 0.1*mV")
      try S.connect(p: 0.1)
      let input = try SpikeMonitor(P, record: false)
      try run(100 * ms)
      try store()
      for f in [5 * Hz, 15 * Hz, 30 * Hz] {
        try restore()
        try P.rates <- f
        try run(100 * ms)
      }
      let last = input.total
      try restore()
      let before = input.total
      // 1000 sources for 0.1 s, within five standard deviations: at 15 Hz before the snapshot, at 30 Hz in the last condition.
      #expect(abs(Double(before) - 1500) < 5 * 1500.0.squareRoot())
      #expect(abs(Double(last - before) - 3000) < 5 * 3000.0.squareRoot())
      #expect(P.rates[0].si == 15)
    }
  }

  @Test("Idiom 3: single elements, steps and arithmetic") func arithmetic() throws {
    try withScope {
      let G = try NeuronGroup(
        12,
        """
        v : volt
        n : integer
        """)
      try G.n <- "i"
      try G.v[0] <- -70 * mV; try G.v[every: 2] <- 0 * mV; try G.v[2..<10, every: 3] += 1 * mV
      let x = try 2 * G.v + 1 * mV, y = try exp(-G.v / (10 * mV)), k = try G.n % 2, late = try G.v .> 3 * mV
      #expect(x.si == [1, 1, 3, 1, 1, 3, 1, 1, 3, 1, 1, 1].map { $0 * 1e-3 })
      #expect(y.count == 12 && y.si[0] == 1 && k.si[3] == 1 && k.si[4] == 0)
      #expect(late.allSatisfy { !$0 })
      try Network(G).run(0.1 * ms)
    }
  }

  @Test("Idiom 12: an explicit network with a progress report") func explicitNetwork() throws {
    try withScope {
      let G = try neurons()
      let S = try Synapses(G, G, onPre: "v += 0.1*mV")
      try S.connect(p: 0.01)
      let M = try StateMonitor(G, "v", record: true)
      let net = try Network(G, S)
      try net.add(M)
      try net.run(50 * ms, report: .text)
      try print(net.t, net.object("neurons", as: NeuronGroup.self).v[0])
      #expect(try M.t.count == 500)
    }
  }

  @Test("Every Swift snippet of the page is a piece of this file") func snippets() throws {
    let page = try String(contentsOf: GeneratedPagesTests.root.appending(path: "Documentation/Idioms.md"), encoding: .utf8)
    let source = Self.withoutIndentation(try String(contentsOf: URL(filePath: #filePath), encoding: .utf8))
    let blocks = page.components(separatedBy: "```swift\n").dropFirst().compactMap { $0.components(separatedBy: "\n```").first }
    #expect(blocks.count == 13)
    for block in blocks {
      #expect(source.contains(Self.withoutIndentation(block)), "this snippet is not compiled by a test:\n\(block)")
    }
  }

  private static func withoutIndentation(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }.joined(separator: "\n")
  }
}
