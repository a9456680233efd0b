import EngramEquations
import EngramExpressions
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@Suite("Targets of links") struct LinkTargetTests {
  @Test("VAR-40, LNK-5: what grows cannot be linked to, nor a name that does not exist, nor a variable to itself") func linkTargets() throws {
    try withScope {
      let G = try NeuronGroup(2, "y : 1 (linked)\nx : 1", name: "G")
      let S = try Synapses(G, G, "k : 1", name: "S")
      try S.connect()
      let error = #expect(throws: GroupError.self) { try G.link("y", to: S.k) }
      #expect(error == .linkDynamic(variable: "y", target: "S.k"))
      #expect(error.map { "\($0)".contains("fixed") } == true, "\(String(describing: error))")
      #expect(throws: GroupError.linkUnknown(group: "G", variable: "yy", nearest: "y")) { try G.link("yy", to: G.x) }
      #expect(throws: (any Error).self) { try G.link("y", to: G.nothing) }
      #expect(throws: (any Error).self) { try G.link("y", to: G.y) }
      #expect(throws: (any Error).self) { try G.y <- 3 }
    }
  }
}
