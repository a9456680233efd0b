import EngramMagic
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Testing

/// Objects of every kind, with all that can be said of them.
private let everything = """
  name: everything
  seed: 1
  constants: {tau: 10 ms}
  objects:
    - {kind: Clock, name: slow, dt: 0.2 ms}
    - kind: NeuronGroup
      name: G
      N: 6
      model: |
        dv/dt = -v/tau : 1 (unless refractory)
        w : 1
      threshold: v > 1
      reset: v = 0
      refractory: 1 ms
      events: {high: v > 0.5}
      run_on_event: {high: w += 1}
      event_schedule: {high: {when: after_resets, order: 3}}
      run_regularly: {code: v += 0.1, dt: 0.5 ms}
      run_at: {code: v = 0.1, times: [0.3 ms]}
      method: [exact, euler]
      method_options: {simplify: true}
      namespace: {zz: 3}
      dtype: {w: float32}
      dt: 0.2 ms
      order: 1
      active: false
    - {kind: NeuronGroup, name: H, N: 2, model: "y : 1 (linked)", threshold: y > 9, link: {y: {to: G.w, index: [0, 1]}}, clock: slow}
    - {kind: PoissonGroup, name: P, N: 3, rates: 10 Hz, when: start}
    - {kind: SpikeGeneratorGroup, name: X, N: 2, indices: [0, 1], times: [0.2 ms, 1 ms], period: 2 ms}
    - {kind: PoissonInput, name: I, target: G, target_var: w, N: 3, rate: 10 Hz, weight: 0.1}
    - kind: Synapses
      name: S
      source: G
      target: H
      model: "u : 1"
      on_pre: {first: u += 1, second: u += 2}
      on_post: u -= 1
      delay: {first: 1 ms}
      on_event: {second: high}
      pathways: {first: {when: end}}
      multisynaptic_index: number
      connect: true
    - {kind: Subgroup, name: part, of: "G[2:4]"}
    - {kind: StateMonitor, name: trace, source: G, variables: v, record: [1]}
    - {kind: SpikeMonitor, name: spikes, source: part}
    - {kind: EventMonitor, name: high, source: G, event: high, variables: [w]}
    - {kind: PopulationRateMonitor, name: rate, source: G}
  run: 1 ms
  """

@Suite("Keys of descriptions") struct DescriptionKeyTests {
  /// What files say of how objects and their values come about. It is in no description: checkpoints have the objects and the values.
  private let making: Set<String> = ["kind", "name", "initial", "connect", "spikes", "sorted", "storage"]
  /// Kinds whose descriptions are values of constants, or clocks.
  private let others: Set<String> = ["TimedArray", "BinomialFunction", "Clock", "EventClock"]

  @Test("CKP-24: every key with which an object of any kind is described has a class of differences, and every class has its keys")
  func described() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(at: folder.path("r.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    let descriptions = try withScope {
      let file = try FileReader.read(Array(everything.utf8), fileName: "everything.yaml")
      let network = try Experiment(file, in: directory, files: NoArrayFiles(), options: .init()).network
      // A part of a group is no object of a network by itself.
      let group = try #require(network.allObjects.lazy.compactMap { $0 as? NeuronGroup }.first)
      return network.descriptions(of: network.allObjects + [try group[2..<4]])
    }
    let kinds = Set(descriptions.map(\.kind)).subtracting(["SynapticPathway"])
    #expect(kinds.isSuperset(of: Set(ModelLanguage.kinds.keys).subtracting(others)))
    var used: Set<String> = []
    for description in descriptions {
      for key in description.fields.map(\.key) {
        #expect(DescriptionKey(rawValue: key) != nil, "'\(key)' of \(description.kind) '\(description.name)' has no class")
        used.insert(key)
      }
    }
    for key in DescriptionKey.allCases { #expect(used.contains(key.rawValue), "no object is described with '\(key.rawValue)'") }
  }

  @Test("CKP-24, MDL-6: every key of the language of model files says how an object comes about, or is one of its description")
  func language() {
    for (kind, table) in ModelLanguage.kinds where !others.contains(kind) {
      for key in table.all where !making.contains(key) {
        #expect(DescriptionKey(rawValue: key) != nil, "'\(key)' of \(kind) has no class")
      }
    }
  }
}
