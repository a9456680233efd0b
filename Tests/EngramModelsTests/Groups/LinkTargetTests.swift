import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@Suite("Targets of links", .expecting("base.unused_brian_object", "statemonitor.scalar_variable")) struct LinkTargetTests {
  @Test("VAR-40, LNK-5: what grows cannot be linked to, nor a name that does not exist, nor a variable to itself") func linkTargets() throws {
    try withScope {
      let G = try NeuronGroup(2, "y : 1 (linked)\nx : 1", name: "G")
      let S = try Synapses(G, G, "k : 1", name: "S")
      try S.connect()
      let error = #expect(throws: GroupError.self) { try G.link("y", to: S.k) }
      #expect(error == .linkDynamic(variable: "y", target: "S.k"))
      #expect(error.map { "\($0)".contains("fixed") } == true, "\(String(describing: error))")
      #expect(throws: GroupError.linkUnknown(group: "G", variable: "yy", nearest: "y")) { try G.link("yy", to: G.x) }
      #expect(throws: VariableError.self) { try G.link("y", to: G.nothing) }
      #expect(throws: VariableError.self) { try G.link("y", to: G.y) }
      #expect(throws: VariableError.self) { try G.y <- 3 }
    }
  }

  @Test("LNK-3: a variable can be linked again, to the same source with another index too; only itself is no source")
  func linkedAgain() throws {
    try withScope {
      let A = try NeuronGroup(3, "x : 1")
      try A.x <- [1, 2, 3]
      let B = try NeuronGroup(3, "y : 1 (linked)")
      try B.link("y", to: A.x)
      try B.link("y", to: A.x, index: [2, 1, 0])
      #expect(try B.y.values == [3, 2, 1])
      try B.link("y", to: A.x, index: [0, 0, 2])
      #expect(try B.y.values == [1, 1, 3])
      #expect(throws: GroupError.linkCycle(variable: "y", target: "neurongroup_1.y")) { try B.link("y", to: B.y) }
    }
  }

  @Test("LNK-3, LNK-5: synapses have linked variables: one value for all, through an index variable, or by a list once they are connected")
  func synapses() throws {
    try withScope {
      let one = try NeuronGroup(1, "x : 1")
      try one.x <- 5
      let many = try NeuronGroup(4, "y : 1")
      try many.y <- [1, 2, 3, 4]
      let G = try NeuronGroup(3, "v : 1\nu : 1\nq : 1", threshold: "t < 0.05*ms", reset: "")
      let S = try Synapses(G, G, "x : 1 (linked)\ny : 1 (linked)\nz : 1 (linked)\nk : integer (constant)", onPre: "v_post += x; u_post += y; q_post += z")
      try S.link("x", to: one.x)
      try S.connect(where: "i == j")
      try S.k <- "3 - i"
      try S.link("y", to: many.y, index: "k")
      try S.link("z", to: many[1..<4].y, index: [2, 0, 1])
      #expect(throws: GroupError.self) { try S.link("y", to: many.y) }
      #expect(throws: GroupError.self) { try S.link("y", to: many.y, index: [1]) }
      let M = try StateMonitor(S, ["x", "y"], record: true)
      try run(0.1 * ms)
      #expect(try G.v.values == [5, 5, 5] && G.u.values == [4, 3, 2] && G.q.values == [4, 2, 3])
      #expect(try M["y"].values == [[4], [3], [2]] && S.x.values == [5, 5, 5])
      // Nobody can know which elements more synapses would mean; without the list they can be made.
      #expect(throws: SynapseError.linkedElementByElement(synapses: "synapses", variable: "z")) { try S.connect(i: 0, j: 1) }
      #expect(S.synapseCount == 3)
    }
  }

  @Test("EQN-9, LNK-3: a shared subexpression may refer to a variable that is linked to a single element, as in the reference, and to no other")
  func sharedSubexpression() throws {
    try withScope {
      let one = try NeuronGroup(1, "dx/dt = 1/ms : 1", method: .named(.euler), name: "one")
      try one.x <- 5
      let G = try NeuronGroup(3, "x : 1 (linked)\ny = 2*x : 1 (shared)\ndv/dt = y/ms : 1", method: .named(.euler), name: "G")
      try G.link("x", to: one.x)
      let trace = try StateMonitor(G, ["y", "v"], record: true)
      try run(0.3 * ms)
      // Brian 2.9: y 10, 10.2, 10.4; v 3.06; x 5.3 for each element.
      #expect(try G.v.values.allSatisfy { abs($0 - 3.06) < 1e-12 } && G.v.count == 3)
      #expect(try G.x.values.allSatisfy { abs($0 - 5.3) < 1e-12 } && G.x.count == 3)
      #expect(try trace["y"].values.map { $0.map { ($0 * 10).rounded() } } == [[100, 102, 104], [100, 102, 104], [100, 102, 104]])
    }
    try withScope {
      let three = try NeuronGroup(3, "x : 1", name: "three")
      let G = try NeuronGroup(3, "x : 1 (linked)\ny = 2*x : 1 (shared)\nv : 1", name: "G")
      try G.link("x", to: three.x)
      #expect(throws: BrianObjectError.self) { try run(0.1 * ms) }
    }
  }

  @Test("LNK-6: a pathway or code of a part cannot write where several elements mean one")
  func sharedWrites() throws {
    try withScope {
      let one = try NeuronGroup(1, "x : 1")
      let G = try NeuronGroup(3, "v : 1\ny : 1 (linked)", threshold: "t < 0.05*ms", reset: "")
      let S = try Synapses(G, G, "x : 1 (linked)", onPre: "x += 1")
      try S.link("x", to: one.x)
      try S.connect()
      #expect(throws: BrianObjectError.self) { try Network(one, G, S).run(0.1 * ms) }
    }
    try withScope {
      let one = try NeuronGroup(1, "x : 1")
      let H = try NeuronGroup(3, "y : 1 (linked)")
      try H.link("y", to: one.x)
      try H[0..<2].runRegularly("y += 1")
      #expect(throws: BrianObjectError.self) { try Network(one, H).run(0.1 * ms) }
    }
  }
}
