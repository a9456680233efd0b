import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramSimulation
import Testing

@Suite("Pathways without code", .expecting("neurongroup.no_reset")) struct EmptyPathwayTests {
  @Test("SYN-4: an empty text makes no pathway, so that the side needs no event; an entry of a dictionary makes one") func empty() throws {
    func pathways(_ onPost: String) throws -> [String] {
      let text = """
        objects:
          - {kind: NeuronGroup, name: G, N: 1, model: "v : 1", threshold: v > 1}
          - {kind: NeuronGroup, name: H, N: 1, model: "v : 1"}
          - {kind: Synapses, name: S, source: G, target: H, on_pre: v_post += 1, on_post: \(onPost), connect: true}
        run: 1 ms
        """
      return try withExperiment(text, named: "empty") { experiment in
        try experiment.network.object("S", as: Synapses.self).pathways.map(\.pathwayName)
      }
    }
    #expect(try pathways("\"\"") == ["pre"])
    #expect(throws: ModelFileError.self) { try pathways("{late: \"\"}") }
  }
}
