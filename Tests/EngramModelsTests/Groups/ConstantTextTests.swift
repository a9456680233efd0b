import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@testable import EngramModels

@Suite("Texts that are constants, and unusual models", .expecting("base.unused_brian_object")) struct ConstantTextTests {
  @Test("INP-1, MDL-20: rates written as a formula without anything that varies are constants: checked at once, and settable")
  func rates() throws {
    try withScope {
      #expect(throws: InputError.negativeRate(name: "N", hertz: -10)) { try PoissonGroup(2, rates: "-10*Hz", name: "N") }
      #expect(throws: InputError.self) { try PoissonGroup(2, rates: "10*mV", name: "W") }
      let P = try PoissonGroup(2, rates: "2*(5*Hz + exp(0)*5*Hz)")
      #expect(try P.variable("rates").values == [20, 20])
      try P.variable("rates") <- 30 * Hz
      #expect(try P.variable("rates").values == [30, 30])
      let varying = try PoissonGroup(2, rates: "10*Hz*(1 + i)")
      #expect(throws: ReadOnlyVariableError.self) { try varying.variable("rates") <- 30 * Hz }
      let drawn = try PoissonGroup(2, rates: "10*Hz*rand()")
      #expect(throws: ReadOnlyVariableError.self) { try drawn.variable("rates") <- 30 * Hz }
      let named = try PoissonGroup(2, rates: "r0", namespace: ["r0": 5 * Hz])
      try run(0.1 * ms)
      #expect(try named.variable("rates").values == [5, 5])
    }
  }

  @Test("REF-1: a refractory period written as a formula without anything that varies is checked like a time")
  func refractory() throws {
    try withScope {
      #expect(throws: GroupError.negativeRefractory(group: "G", seconds: -0.001)) {
        try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "v = 0", refractory: "-1*ms", name: "G")
      }
      #expect(throws: GroupError.self) { try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "v = 0", refractory: "1*mV", name: "H") }
      let K = try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "v = 0", refractory: "2*ms + 1*ms")
      #expect(K.refractory == .duration(Quantity(si: 2e-3 + 1e-3, dimension: .time)))
    }
  }

  @Test("SYN-27: a probability outside of 0 … 1, or NaN, is an error wherever it is given, and nothing is connected")
  func probabilities() throws {
    try withScope {
      let G = try NeuronGroup(4, "v : 1")
      let S = try Synapses(G, G)
      let refused: [() throws -> Void] = [
        { try S.connect(p: 20) }, { try S.connect(p: -0.5) }, { try S.connect(p: .number(.nan)) }, { try S.connect(p: "1.5*int(i < 3)") },
        { try S.connect(p: "0.0/i") }, { try S.connect(where: "i != j", p: "-0.1") }, { try S.connect(i: [0], j: [1], p: 1.5) },
        { try S.connect(j: "k for k in sample(N_post, p=1.2)") }, { try S.connect(j: "k for k in sample(N_post, p=i - 1)") },
      ]
      for (number, connect) in refused.enumerated() {
        #expect(throws: SynapseError.self, "number \(number)") { try connect() }
        #expect(S.synapseCount == 0)
      }
      let error = #expect(throws: SynapseError.self) { try S.connect(p: 20) }
      #expect(error?.description == "the probability 'p' is 20.0; a probability lies between 0 and 1 (20.0 per cent is 0.2)")
      try S.connect(p: "1.0*(i < 2)")
      #expect(S.synapseCount == 8)
    }
  }

  @Test("EQN-19, STU-1: a random number in a differential equation is warned about, with the noise that is meant")
  func drawsInEquations() throws {
    try withScope {
      let (_, messages) = try Messages.capturing { try NeuronGroup(1, "dv/dt = rand()/second : 1\nw : 1", name: "G") }
      #expect(messages.contains { $0.level == .warning && $0.text.contains("dv/dt of 'G' calls rand()") && $0.text.contains("xi") })
      let quiet = try Messages.capturing { try NeuronGroup(1, "dv/dt = x/second + xi*second**-0.5 : 1\nx = rand() : 1 (constant over dt)") }.messages
      #expect(!quiet.contains { $0.category.contains("random_in_differential") })
    }
  }

  @Test("REF-1, GRP-6: a refractory period without a threshold is warned about")
  func refractoryWithoutThreshold() throws {
    try withScope {
      let (_, messages) = try Messages.capturing { try NeuronGroup(1, "dv/dt = 1/second : 1", refractory: 2 * ms, name: "G") }
      #expect(messages.contains { $0.level == .warning && $0.text.contains("no threshold") })
      let quiet = try Messages.capturing { try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "v = 0", refractory: 2 * ms) }.messages
      #expect(!quiet.contains { $0.category.contains("without_threshold") })
    }
  }

  @Test("COD-9: what is true or false counts as 1 or 0 in all arithmetic, also behind a minus")
  func booleanArithmetic() throws {
    try withScope {
      let G = try NeuronGroup(2, "b : boolean\nx = b + 1.5 : 1\ny = -b : 1\nz = +b*2 - (-b)/2 : 1\nn = -b : integer")
      try G.b <- [true, false]
      let M = try StateMonitor(G, ["x", "y", "z", "n"], record: true)
      try run(0.1 * ms)
      #expect(try G.x.values == [2.5, 1.5] && G.y.values == [-1, 0] && G.z.values == [2.5, 0] && G.n.values == [-1, 0])
      #expect(try M["y"].values == [[-1], [0]] && M["n"].values == [[-1], [0]])
    }
  }

  @Test("INP-23: a column of a timed array that does not exist ends the run instead of giving NaN")
  func missingColumn() throws {
    try withScope {
      let table = try TimedArray(
        [QuantityArray(si: [1, 2], dimension: .dimensionless), QuantityArray(si: [3, 4], dimension: .dimensionless)], dt: 1 * ms, name: "table")
      let G = try NeuronGroup(2, "n : integer\nv : 1", namespace: ["table": table])
      try G.n <- [0, 5]
      try G.runRegularly("v = table(t, n)")
      let error = #expect(throws: BrianObjectError.self) { try run(0.1 * ms) }
      let body = error?.underlying as? FunctionBodyError
      #expect(body?.element == 1 && body?.underlying as? InputError == .columnOutOfRange(name: "table", column: 5, count: 2))
    }
  }
}
