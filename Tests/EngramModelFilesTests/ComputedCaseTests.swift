import EngramModelFiles
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Foundation
import Testing

/// Small files whose numbers used to be wrong without a word.
@Suite("Numbers of model files") struct ComputedCaseTests {
  private func message(of text: String) -> String {
    do {
      _ = try withExperiment(text, named: "x") { try $0.run() }
      return ""
    } catch { return "\(error)" }
  }

  private func group(_ initial: String, count: Int = 4) -> String {
    "objects:\n  - {kind: NeuronGroup, name: G, N: \(count), model: \"k : integer\", initial: {k: \(initial)}}\nrun: 0.1 ms\n"
  }

  @Test(
    "MDL-20: initial values that an integer cannot hold are errors with value and range, as numbers, quantities, texts, lists and formulas",
    arguments: ["3000000000", "3e10", "\"30000000000\"", "2.7", "[1, 2.5, 3, 4]", "\"1.7*i\"", "\"0.0/i\"", "1e300", "-2147483649"])
  func integers(value: String) {
    let text = message(of: group(value))
    #expect(text.contains("is an integer") && text.contains("cannot hold"), "\(text)")
  }

  @Test("MDL-20: whole numbers of every form are taken for integers")
  func wholeNumbers() throws {
    for (value, expected) in [
      ("1e3", [1000, 1000, 1000, 1000]), ("[1, 2.0, 3, 4]", [1, 2, 3, 4]), ("int(1.7*i)", [0, 1, 3, 5]),
      ("-2147483648", [Int](repeating: -2_147_483_648, count: 4)),
    ] {
      let found = try withExperiment(group(value), named: "x") { experiment in
        _ = try experiment.run()
        return try experiment.network.object("G", as: NeuronGroup.self).k.integers
      }
      #expect(found == expected, "\(value)")
    }
  }

  @Test("MDL-20: a number that an integer cannot hold is an error in a step, too, and in code that is known to assign it")
  func steps() {
    let objects = "objects:\n  - {kind: NeuronGroup, name: G, N: 1, model: \"k : integer\\nv : 1\", threshold: v > 1, reset: \"k = RESET\"}\n"
    let step = message(of: objects.replacingOccurrences(of: "RESET", with: "1") + "run:\n  - run: 0.1 ms\n  - set: {G.k: 2.5}\n")
    #expect(step.contains("cannot hold 2.5"), "\(step)")
    let code = message(of: objects.replacingOccurrences(of: "RESET", with: "3000000000") + "run: 0.1 ms\n")
    #expect(code.contains("'k' is an integer of 32 bits") && code.contains("3000000000"), "\(code)")
  }

  @Test("MDL-20, INP-1: rates as a formula of numbers and units are the constant that they are: negative ones refused, others settable")
  func rates() throws {
    #expect(message(of: "objects:\n  - {kind: PoissonGroup, name: N, N: 2, rates: -10*Hz}\nrun: 1 ms\n").contains("negative"))
    let text = "objects:\n  - {kind: PoissonGroup, name: Q, N: 2, rates: 10*Hz}\nrun:\n  - run: 1 ms\n  - set: {Q.rates: 20 Hz}\n  - run: 1 ms\n"
    #expect(
      try withExperiment(text, named: "x") { experiment in
        _ = try experiment.run()
        return try experiment.network.object("Q", as: PoissonGroup.self).variable("rates").values
      } == [20, 20])
  }

  @Test("CKP-25: the step 'restore' takes objects and single variables under 'only'")
  func partialRestore() throws {
    let text = """
      seed: 4
      objects:
        - {kind: SpikeGeneratorGroup, name: P, N: 2, indices: [0, 1, 0], times: [1 ms, 2 ms, 3 ms]}
        - {kind: NeuronGroup, name: G, N: 5, model: "dv/dt = -v/(10*ms) : 1", threshold: v > 1, reset: v = 0, method: exact}
        - kind: Synapses
          name: S
          source: P
          target: G
          model: |
            w : 1
            dx/dt = -x/(20*ms) : 1 (event-driven)
          on_pre: "v_post += w; x += 0.1; w += x"
          connect: true
          initial: {w: 0.2}
      run:
        - store: fresh
        - run: 5 ms
        - store: trained
        - restore: fresh
        - restore: {name: trained, only: [S.w]}
      """
    try withExperiment(text, named: "x") { experiment in
      _ = try experiment.run()
      let S = try experiment.network.object("S", as: Synapses.self)
      // Two spikes of source 0, one of source 1.
      let first = 0.2 + 0.1 + 0.1 + 0.1 * exp(-0.1)
      #expect(try zip(S.w.values, [Double](repeating: first, count: 5) + [Double](repeating: 0.3, count: 5)).allSatisfy { abs($0 - $1) < 1e-12 })
      #expect(try S.x.values == [Double](repeating: 0, count: 10))
      #expect(try experiment.network.object("G", as: NeuronGroup.self).v.values == [0, 0, 0, 0, 0] && experiment.network.t.si == 0)
    }
  }
}
