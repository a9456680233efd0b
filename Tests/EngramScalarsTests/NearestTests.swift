import EngramScalars
import Testing

@Suite("The word a user probably meant") struct NearestTests {
  @Test(
    "A slip of the keyboard is met with the right word",
    arguments: [
      ("mVv", "mV"), ("mvlot", "mvolt"), ("NeuronGrup", "NeuronGroup"), ("neurongroup", "NeuronGroup"), ("bolean", "boolean"),
    ])
  func slips(word: String, meant: String) {
    #expect(nearest(word, in: ["mV", "mvolt", "NeuronGroup", "boolean", "SpikeMonitor"]) == meant)
  }

  @Test("Wrong capitals are the first guess") func capitals() {
    #expect(nearest("MV", in: ["MS", "mV", "mS"]) == "mV")
    #expect(nearest("V", in: ["v", "w"]) == "v")
  }

  @Test("A word that resembles nothing gets no suggestion", arguments: ["banana", "x", "", "tau_membrane"])
  func nothing(word: String) {
    #expect(nearest(word, in: ["mV", "y", "second", "threshold"]) == nil)
  }

  @Test("Equally close candidates are settled alphabetically, whatever their order") func ties() {
    #expect(nearest("taux", in: ["tauz", "tauy"]) == "tauy")
    #expect(nearest("taux", in: ["tauy", "tauz"]) == "tauy")
  }

  @Test("The word itself is never its own suggestion") func itself() {
    #expect(nearest("mV", in: ["mV"]) == nil)
  }
}
