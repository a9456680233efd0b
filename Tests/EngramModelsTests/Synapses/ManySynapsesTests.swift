import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@Suite("Many synapses", .expecting("base.unused_brian_object")) struct ManySynapsesTests {
  @Test("SYN-32: more synapses than 32 bits can number are refused before any memory is asked for") func tooMany() throws {
    try withScope {
      let G = try NeuronGroup(50_000, "v : 1")
      let S = try Synapses(G, G)
      #expect(throws: SynapseError.tooMany(count: 2_500_000_000)) { try S.connect() }
      #expect(throws: SynapseError.self) { try S.connect(i: 0, j: 0, n: 3_000_000_000) }
      #expect(S.synapseCount == 0)
      try S.connect(i: 1, j: 2)
      #expect(S.synapseCount == 1)
    }
  }
}
