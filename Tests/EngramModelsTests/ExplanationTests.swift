import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
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

  @Test("STU-2: the explanation says which methods were passed over and why, in lines of their own")
  func passedOver() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = -v/ms + v*xi*ms**-0.5 : 1", name: "G")
      let lines = try "\(Network(G).explanation())".split(separator: "\n").map { $0.drop { $0 == " " } }
      let place = try #require(lines.firstIndex(of: "integrated by 'heun', the first that fits"))
      #expect(lines[place + 1].hasPrefix("not by 'exact': they contain noise (xi)") && lines[place + 2].hasPrefix("not by 'euler': in the equation of 'v'"))
    }
  }

  @Test("COD-1, EQN-1: whatever length of sum can be read can be explained and run")
  func longSums() throws {
    try withScope {
      let sum = (0..<190).map { "(x - \($0))" }.joined(separator: " + ")
      let G = try NeuronGroup(1, Equations("dv/dt = (\(sum))/ms : 1\ny = \(sum) : 1\nx : 1"), threshold: "y > 1e9", reset: "", method: .rk4, name: "G")
      let network = try Network(G)
      _ = try network.explanation()
      try network.run(0.1 * ms)
      #expect(abs(try G.v.values[0] + 0.1 * Double(189 * 190 / 2)) < 1e-9)
    }
  }

  @Test("NSP-4: an explanation warns of conflicts as a run does; preparing for a look at problems leaves that to the run")
  func warnings() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = -v/tau : 1", namespace: ["tau": 10 * ms], name: "G")
      let network = try Network(G)
      let names: Namespace = ["tau": 20 * ms]
      let (_, said) = try Messages.capturing { try network.explanation(namespace: names) }
      #expect(said.map(\.category) == ["group.Group.resolve.resolution_conflict"])
      let (rehearsal, unsaid) = Messages.capturing { network.rehearse(namespace: names) }
      #expect(unsaid.isEmpty && rehearsal.problems.isEmpty && rehearsal.messages.map(\.category) == said.map(\.category))
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
