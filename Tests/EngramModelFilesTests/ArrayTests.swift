import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@testable import EngramModelFiles

@Suite("Texts of lists", .expecting("group.Group.resolve.resolution_conflict", "modelfile.unused_constant")) struct ArrayTests {
  private func values(_ text: String, _ object: String = "G", _ variable: String = "v", seed: UInt64? = nil, constants: [String: String] = [:]) throws
    -> [Double]
  {
    try Self.run(text, seed: seed, constants: constants) { try $0.object(object, as: Group.self).variable(variable).values }
  }

  static func run<R>(_ text: String, seed: UInt64? = nil, constants: [String: String] = [:], _ body: (Network) throws -> R) throws -> R {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(at: folder.path("a.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    return try withScope {
      let file = try Experiment.read(Array(text.utf8), fileName: "lists.yaml", files: NoArrayFiles())
      let experiment = try Experiment(file, in: directory, files: NoArrayFiles(), options: .init(seed: seed, constants: constants))
      _ = try experiment.run()
      return try body(experiment.network)
    }
  }

  private func message(_ text: String) throws -> String {
    do {
      _ = try values(text)
      return ""
    } catch { return "\(error)" }
  }

  private func group(_ count: Int, _ value: String, model: String = "v : 1", head: String = "") -> String {
    "\(head)objects:\n  - {kind: NeuronGroup, name: G, N: \(count), model: '\(model)', initial: {v: \"\(value)\"}}\nrun: 0.1 ms\n"
  }

  private struct Reference: Decodable {
    let text: String
    let values: [Double]
  }

  // -------------------------------------------------------------------------------------------------------------- values

  @Test("MDL-25: texts of lists have the values that NumPy gives them")
  func reference() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../fixtures/reference/array_expressions.json")
    for reference in try JSONDecoder().decode([Reference].self, from: Data(contentsOf: file)) {
      let found = try values(group(reference.values.count, reference.text))
      #expect(
        found.count == reference.values.count && zip(found, reference.values).allSatisfy { abs($0 - $1) <= 1e-15 * max(1, abs($1)) },
        "\(reference.text): \(found), not \(reference.values)")
    }
  }

  @Test("MDL-25: lists have units, and constants and sizes of the object in them")
  func units() throws {
    let head = "constants: {low: -70 mV, n: 4}\n"
    let ramp = try values(group(4, "linspace(low, -40*mV, N)", model: "v : volt", head: head))
    #expect(zip(ramp, [-0.07, -0.06, -0.05, -0.04]).allSatisfy { abs($0 - $1) < 1e-16 })
    #expect(try values(group(4, "[0, 1, 2, n]*mV", model: "v : volt", head: head)) == [0, 0.001, 0.002, 0.004])
    #expect(try message(group(4, "linspace(low, 1, n)", head: head)).contains("'linspace': the values have different units"))
    #expect(try message(group(4, "linspace(0*mV, low, n)", head: head)).contains("should have the unit"))
  }

  @Test("MDL-25: a constant may be a list, for values, sizes, recordings and connections; a change of its length scales the network")
  func constants() throws {
    let text = """
      constants: {n: 3, weights: "linspace(1, 2, n)", rates: "arange(n)*Hz", wanted: "[0, n - 1]"}
      objects:
        - {kind: NeuronGroup, name: G, N: len(weights), model: 'v : 1', threshold: v > 100, initial: {v: weights}}
        - {kind: PoissonGroup, name: P, N: n, rates: rates}
        - {kind: StateMonitor, name: M, source: G, variables: v, record: wanted}
        - {kind: Synapses, name: S, source: G, model: 'w : 1', connect: {i: arange(n), j: "n - 1 - arange(n)"}, initial: {w: "weights[0]"}}
        - {kind: Synapses, name: T, source: G, model: 'k : 1', connect: {i: "repeat(arange(n), n)", j: "tile(arange(N_post), n)"}, initial: {k: "linspace(0, 2, N)"}}
      run: 0.1 ms
      """
    for count in [3, 5] {
      let found = try Self.run(text, constants: ["n": "\(count)"]) { network in
        (
          try network.object("G", as: NeuronGroup.self).variable("v").values, try network.object("P", as: PoissonGroup.self).variable("rates").values,
          try network.object("M", as: StateMonitor.self)["v"].values.map { $0[0] }, try network.object("S", as: Synapses.self).variable("j").values,
          try network.object("T", as: Synapses.self).synapseCount
        )
      }
      #expect(found.0.count == count && found.0.last == 2)
      #expect(found.1 == (0..<count).map(Double.init))
      #expect(found.3 == (0..<count).reversed().map(Double.init))
      #expect(found.4 == count * count)
    }
  }

  @Test("NSP-5: constants may have names that objects use; in the code of an object its own meaning counts")
  func names() throws {
    let text = """
      constants: {N: 4, dt: 0.2 ms, i: 7, w: "N*2"}
      dt: dt
      objects:
        - {kind: NeuronGroup, name: G, N: 2*N, model: 'v : 1', initial: {v: i/N + w}}
        - {kind: NeuronGroup, name: H, N: N, model: 'w : 1', initial: {w: w}}
      run: dt
      """
    #expect(try values(text) == (0..<8).map { Double($0) / 8 + 8 })
    #expect(try values(text, "H", "w") == [8, 8, 8, 8])
    #expect(try values(text, constants: ["N": "1"]) == [2, 2.5])
  }

  // ------------------------------------------------------------------------------------------------------------- samples

  @Test("RNG-3: samples depend on seed, object and variable alone: neither on other objects nor on their order")
  func reproducible() throws {
    let one = "{kind: NeuronGroup, name: G, N: 4, model: 'v : 1', initial: {v: 'normal(0, 1, N)'}}"
    let other = "{kind: NeuronGroup, name: H, N: 2, model: 'v : 1', initial: {v: 'uniform(0, 1, N)'}}"
    func text(_ objects: [String]) -> String { "objects:\n" + objects.map { "  - \($0)\n" }.joined() + "run: 0.1 ms\n" }
    let alone = try values(text([one]), seed: 1)
    #expect(try values(text([other, one]), seed: 1) == alone)
    #expect(try values(text([one, other]), seed: 1) == alone)
    #expect(try values(text([one]), seed: 2) != alone)
    #expect(try Set(values(text([one, other]), "H", seed: 1)).count == 2)
  }

  @Test(
    "MDL-25: samples have the mean and the deviation of their distribution",
    arguments: [
      ("uniform(2, 4, N)", 3.0, 0.57735), ("normal(1, 2, N)", 1, 2), ("exponential(3, N)", 3, 3), ("gamma(2, 0.5, N)", 1, 0.70711),
      ("gamma(0.5, 2, N)", 1, 1.41421), ("lognormal(0, 0.5, N)", 1.13315, 0.60390), ("poisson(4, N)", 4, 2), ("binomial(10, 0.3, N)", 3, 1.44914),
      ("integers(0, 6, N)", 2.5, 1.70783), ("rand(N)", 0.5, 0.28868), ("randn(N)", 0, 1), ("choice([0, 2], N)", 1, 1),
      ("permutation(N)", 9999.5, 5773.5),
    ])
  func distributions(text: String, mean: Double, deviation: Double) throws {
    let count = 20000
    let found = try values(group(count, text), seed: 5)
    let average = found.reduce(0, +) / Double(count)
    let spread = (found.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)).squareRoot()
    // Five standard errors; the deviation of these distributions is estimated within 3 %.
    #expect(abs(average - mean) < 5 * deviation / Double(count).squareRoot(), "\(text): mean \(average)")
    #expect(abs(spread - deviation) < 0.05 * deviation, "\(text): deviation \(spread)")
  }

  @Test("MDL-25: samples in steps differ from round to round, and are the same when the steps are taken again")
  func samplesInSteps() throws {
    let text = """
      objects:
        - {kind: NeuronGroup, name: G, N: 2, model: 'v : 1', initial: {v: 0}}
        - {kind: StateMonitor, name: M, source: G, variables: v, record: true}
      run:
        - repeat: {count: 3, steps: [{set: {G.v: "uniform(0, 1, N)"}}, {run: 0.1 ms}]}
      """
    let first = try Self.run(text, seed: 3) { try $0.object("M", as: StateMonitor.self)["v"].values.flatMap(\.self) }
    #expect(Set(first).count == 6)
    #expect(try Self.run(text, seed: 3) { try $0.object("M", as: StateMonitor.self)["v"].values.flatMap(\.self) } == first)
  }

  // -------------------------------------------------------------------------------------------------------------- errors

  @Test(
    "MDL-4: what is wrong with a text of lists is told at its place",
    arguments: [
      ("linspace(0, 1)", "'linspace' takes other arguments"), ("[1, 2, 3", "this '[' is never closed"),
      ("zeros(3) + zeros(2)", "lists of different lengths cannot be combined"), ("arange(3)[5]", "there is no value 5"),
      ("where(1, 2, 3)", "'where': 'condition' is true or false"), ("zeros(-1)", "'count' is an integer from 0 to"),
      ("linspace(0, 1, 3)*rand()", "'rand' draws a number for each element in model code"),
      ("i*linspace(0, 1, 3)", "'i' has a value for each element or step, and a list is calculated before"),
      ("1/arange(3)", "value 0 of the list is inf, which is not a finite number"), ("normal(0, -1, 3)", "'std' is not negative"),
      ("linspace(0, 1, 4)", "takes 3 values, not 4"), ("zeros(1e12)", "'count' is an integer from 0 to"),
      ("[1, 2, 3]*5", "a list times an integer could mean two things"), ("linspace(0, 1, 3, [])", "'endpoint' is one value"),
      ("linspace(0, 1, 3, [1, 0])", "'endpoint' is one value"),
    ])
  func problems(value: String, expected: String) throws {
    let found = try message("# lists\nobjects:\n  - {kind: NeuronGroup, name: G, N: 3, model: 'v : 1', initial: {v: \"\(value)\"}}\nrun: 0.1 ms\n")
    #expect(found.contains(expected), "\(found)")
  }

  @Test(
    "MDL-25: what a text makes on the way counts towards what is possible, so that no text takes all memory",
    arguments: ["sum(ones(3) + ones(3))", "sum(concatenate(ones(3), ones(3)))", "sum([1, 1, 1, 1, 1, 1])", "2*sum(ones(9)[:3])"])
  func numbersOnTheWay(text: String) throws {
    let expression = try #require(try ArrayExpression(SourceText(text), in: ArrayExpression.Scope()))
    #expect(try expression.value(after: ArrayEvaluation(numberCount: ArrayCall.limit - 100)).values == [6])
    let error = #expect(throws: (any Error).self) { try expression.value(after: ArrayEvaluation(numberCount: ArrayCall.limit - 5)) }
    #expect("\(try #require(error))".contains("more numbers than are possible"))
  }

  @Test("MDL-25: a list is no constant of model text, which is told")
  func listInModelText() throws {
    let text = "constants: {ws: '[1, 2]'}\nobjects:\n  - {kind: NeuronGroup, name: G, N: 2, model: 'v = ws : 1'}\nrun: 0.1 ms\n"
    #expect(try message(text).contains("'ws' is an array of 2 values and cannot be used in model text"))
  }
}
