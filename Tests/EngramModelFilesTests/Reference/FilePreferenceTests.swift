import EngramModelFiles
import EngramModels
import EngramSimulation
import Foundation
import Testing

@Suite("Preferences of model files") struct FilePreferenceTests {
  @Test("MDL-14: what a file prefers holds for its own network and for no other one of the process") func scoped() throws {
    func spikes(_ preferences: String) throws -> Int {
      let text = """
        \(preferences)
        objects:
          - {kind: NeuronGroup, name: G, N: 1, model: "v : 1", threshold: v > -1, refractory: 1 ms}
          - {kind: SpikeMonitor, name: spikes, source: G}
        run: 20 ms
        """
      return try withExperiment(text, named: "scoped") { experiment in
        _ = try experiment.run()
        return try experiment.network.object("spikes", as: SpikeMonitor.self).total
      }
    }
    let plain = try spikes("")
    // Compared as floating-point times, some periods take eleven steps (REF-7).
    #expect(plain == 20)
    #expect(try spikes("preferences: {legacy.refractory_timing: true}") == 19)
    #expect(try spikes("") == plain)
  }
}
