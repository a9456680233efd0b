import EngramEquations
import EngramExpressions
import EngramModels
import EngramSimulation
import EngramUnits
import Testing

@Suite("Explaining networks") struct ExplanationTests {
  @Test("EQN-12, EQN-18, STU-2: a network tells its equations as trees with units, the method and why, and the code of each step")
  func network() throws {
    try withScope {
      let G = try NeuronGroup(
        2, "dv/dt = (E + u)/tau : volt\nu = R*I - v : volt\nI : amp", threshold: "v > -50*mV", reset: "v = E; I += 1*pA",
        namespace: ["E": -70 * mV, "tau": 10 * ms, "R": 100 * Mohm], name: "G")
      let S = try Synapses(G, G, "w : volt\ndx/dt = -x/tau : 1 (event-driven)", onPre: "x += 1; v += w*x", name: "S")
      try S.connect()
      _ = S
      let network = try Network(G, S)
      let explanation = try network.explanation(namespace: ["tau": 10 * ms])
      let own = try #require(explanation["G"])
      let equation = try #require(own.equations.first { $0.equation.name == "v" })
      let tree = try #require(equation.tree)
      #expect(tree.label == "/" && tree.unit == "volt/second" && tree.parts.map(\.unit) == ["volt", "second"])
      #expect(tree.parts[1].value?.si == 0.01)
      #expect(equation.substituted?.expression.description == "(E + (R * I - v)) / tau")
      let sum = try #require(equation.substituted?.parts[0])
      #expect(sum.parts.map(\.unit) == ["volt", "volt"] && sum.parts[1].parts[0].parts.map(\.unit) == ["ohm", "amp"])
      let integration = try #require(own.integration)
      #expect(integration.method == "exact" && integration.reason.contains("the first choice"))
      #expect(integration.statements.last?.description == "v = _next_v")
      let reset = try #require(own.code.first { $0.purpose == "reset" })
      #expect(reset.lines.map(\.description) == ["v = E", "I += 1 * pA"] && reset.lines.map(\.value.unit) == ["volt", "amp"])
      let pathway = try #require(explanation["S"]?.code.first { $0.purpose == "pathway" })
      #expect(explanation["S"]?.eventDriven == ["x"])
      #expect(pathway.lines.map(\.value.unit) == ["second", "1", "1", "1", "volt", "second"])
      #expect("\(explanation)".contains("S (Synapses)") && network.t == 0 * second)
    }
  }

  @Test("EQN-18: asking for an explanation of a wrong network throws what a run would throw")
  func wrong() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = -v/tau : volt", namespace: ["tau": 1 * mV], name: "G")
      let network = try Network(G)
      let error = #expect(throws: (any Error).self) { try network.explanation() }
      let message = "\(try #require(error))"
      #expect(message.contains("volt/second"))
    }
  }
}
