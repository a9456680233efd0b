import EngramCheckpoints
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// Several processes, which are threads here, run one network and give the bits of one process.
@Suite("One network on several processes", .expecting("directory")) struct TogetherTests {
  /// The program on several processes: one opens the directory to write, the others to read.
  private func together(
    _ count: Int, _ text: String, in path: String, _ adjust: @escaping @Sendable (inout Experiment.Options) -> Void = { _ in }
  ) throws -> (outcome: String, digest: String) {
    let found = try Meeting(count).run { transport in
      let distribution = Distribution(transport)
      do { return try Self.run(distribution, text, in: path, adjust) } catch DistributionError.elsewhere {
        // What the first one throws counts.
        return ("", "")
      }
    }
    return (found[0].0, found[0].1)
  }

  /// One of the processes.
  private static func run(
    _ distribution: Distribution, _ text: String, in path: String, _ adjust: (inout Experiment.Options) -> Void
  ) throws -> (outcome: String, digest: String) {
    var directory: RunDirectory?
    _ = try distribution.onFirst {
      directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
      return nil
    }
    let opened = try directory ?? RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter())
    defer { opened.close() }
    return try withScope {
      var options = Experiment.Options()
      options.distribution = distribution
      adjust(&options)
      let file = try FileReader.read(Array(text.utf8), fileName: "test.yaml")
      let experiment = try Experiment(file, in: opened, files: NoArrayFiles(), options: options)
      let report = try experiment.run()
      return ("\(report.outcome)", distribution.isFirst ? try experiment.network.digest : "")
    }
  }

  /// What models have, one thing each where it needs others: every one on 2, 3 and 5 processes.
  private static let models: [(name: String, text: String)] = [
    ("noise, delays, refractoriness, plasticity, monitors, clocks", smallModel),
    (
      "gap junctions: values of sources in every step",
      """
      name: gaps
      dt: 0.1 ms
      seed: 3
      constants: {tau: 10 ms}
      objects:
        - kind: NeuronGroup
          name: G
          N: 13
          model: |
            dv/dt = (1.1 + gap - v)/tau : 1
            gap : 1
          threshold: v > 1
          reset: v = 0
          method: euler
          initial: {v: i/N}
        - kind: Synapses
          name: S
          source: G
          target: G
          model: |
            w : 1
            gap_post = w*(v_pre - v_post) : 1 (summed)
          connect: {condition: i != j, p: 0.4}
          initial: {w: 0.1*rand()}
        - {kind: SpikeMonitor, name: spikes, source: G}
        - {kind: StateMonitor, name: trace, source: S, variables: w, record: [0, 3], dt: 1 ms}
      run: 20 ms
      """
    ),
    (
      "inputs, parts of groups, links, explicit pairs, order of writes, integers",
      """
      name: inputs
      dt: 0.1 ms
      seed: 11
      constants: {tau: 5 ms}
      objects:
        - {kind: NeuronGroup, name: world, N: 3, model: "dd/dt = (1 - d)/tau : 1", method: exact}
        - kind: NeuronGroup
          name: G
          N: 17
          model: |
            dv/dt = (0.3*drive - v)/tau : 1 (unless refractory)
            drive : 1 (linked)
            n : integer
            m : 1
          threshold: v > 0.8
          reset: |
            v = 0
            m = 0.5*m + i
          refractory: 1 ms
          method: euler
          link: {drive: {to: world.d, index: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1]}}
          run_regularly: {code: "v += 0.001*rand()", dt: 0.7 ms}
        - {kind: PoissonGroup, name: P, N: 23, rates: 200 Hz}
        - {kind: SpikeGeneratorGroup, name: I, N: 2, indices: [0, 1, 0], times: [1 ms, 2 ms, 5 ms], period: 7 ms}
        - {kind: PoissonInput, name: background, target: "G[5:]", variable: v, N: 10, rate: 40 Hz, weight: 0.1}
        - kind: Synapses
          name: PG
          source: P
          target: "G[2:15]"
          model: "w : 1"
          on_pre: v_post += w
          connect: {p: 0.5, n: 2}
          initial: {w: "0.3*rand()", delay: "2*ms*rand()"}
        - kind: Synapses
          name: IG
          source: I
          target: G
          on_pre: {a: "v_post = 0.9*v_post + 0.2", b: "n_post += 1"}
          delay: {b: 1 ms}
          connect: {i: [0, 1, 1, 0, 1], j: [16, 3, 0, 8, 3]}
        - {kind: SpikeMonitor, name: spikes, source: G, variables: [m, drive]}
        - {kind: EventMonitor, name: counts, source: P, event: spike, record: false}
        - {kind: StateMonitor, name: trace, source: "G[4:12]", variables: [v, drive], record: true}
        - {kind: PopulationRateMonitor, name: rate, source: "G[3:9]"}
      run: 30 ms
      """
    ),
    (
      "fewer elements than processes, steps of chosen length, values of sources in code of synapses",
      """
      name: few
      dt: 0.2 ms
      seed: 2
      constants: {tau: 5 ms}
      objects:
        - kind: NeuronGroup
          name: G
          N: 2
          model: |
            dv/dt = (1.5 - v + 0.1*sin(v*20))/tau : 1
            x : 1
          threshold: v > 1
          reset: |
            v = 0
            x += 0.1
          method: rkf45
        - kind: Synapses
          name: S
          source: G
          target: G
          model: "w : 1"
          on_pre: w += x_pre
          on_post: w -= 0.5*x_pre
          connect: {}
      run: 40 ms
      """
    ),
  ]

  @Test("MPR-2: a network on several processes has the bits of one process", arguments: models.indices, [2, 3, 5])
  func sameBits(_ model: Int, _ count: Int) throws {
    let folder = try TemporaryFolder()
    let text = Self.models[model].text
    let alone = try execute(text, in: folder.path("alone"))
    let several = try together(count, text, in: folder.path("several"))
    #expect(several.digest == alone.digest, "\(Self.models[model].name)")
    // What is stored is what one process stores.
    #expect(try storedDigest(in: folder.path("several")) == alone.digest)
    #expect(try RunDirectory(at: folder.path("several"), headers: PlainHeaderWriter()).verify().problems == [])
  }

  @Test("MPR-3: a run goes on with any number of processes, whatever the number was", arguments: [[1, 3], [3, 1], [2, 5, 1, 4]])
  func goesOn(_ counts: [Int]) throws {
    let folder = try TemporaryFolder()
    let alone = try execute(smallModel, in: folder.path("alone"))
    let path = folder.path("several")
    for (part, count) in counts.enumerated() {
      let isLast = part == counts.count - 1
      let until = 0.03 * Double(part + 1) / Double(counts.count)
      let adjust: @Sendable (inout Experiment.Options) -> Void = { options in
        if !isLast { options.untilSeconds = until }
        options.checkpoints = .every(simulated: 3.3 * ms)
      }
      if count == 1 { try execute(smallModel, in: path, adjust) } else { _ = try together(count, smallModel, in: path, adjust) }
    }
    #expect(try storedDigest(in: path) == alone.digest)
  }

  private static let refused: [(text: String, words: [String])] = [
    // A sum over the synapses of a source, which end in many processes.
    (
      """
      name: pre
      seed: 1
      objects:
        - {kind: NeuronGroup, name: G, N: 4, model: "x : 1"}
        - {kind: Synapses, name: S, source: G, target: G, model: "x_pre = 1 : 1 (summed)", connect: {}}
      run: 1 ms
      """, ["S_summed_variable_x_pre", "G.x"]
    ),
    (
      """
      name: back
      seed: 1
      objects:
        - {kind: NeuronGroup, name: G, N: 4, model: "x : 1", threshold: "True", reset: "x += 1"}
        - {kind: Synapses, name: S, source: G, target: G, on_pre: "x_pre += 1", connect: {}}
      run: 1 ms
      """, ["S_pre", "G.x"]
    ),
  ]

  @Test("MPR-4: what cannot be divided is refused with its name before anything is stored", arguments: refused.indices)
  func refuses(_ number: Int) throws {
    let folder = try TemporaryFolder()
    let problem = try #require(throws: DistributionError.self) { try together(2, Self.refused[number].text, in: folder.path("several")) }
    for word in Self.refused[number].words { #expect("\(problem)".contains(word)) }
    #expect(try RunDirectory(at: folder.path("several"), headers: PlainHeaderWriter()).list().isEmpty)
  }

  @Test("MPR-5: what one process cannot store ends the run in all of them, with what was stored before")
  func failsTogether() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("several")
    // The name of the directory of another run is no place to write to.
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(filePath: path + "/something"))
    #expect(throws: StorageError.self) { try together(3, smallModel, in: path) }
  }

  @Test("MPR-6: a watchdog ends a run on several processes at the same step, with the same state")
  func watchdog() throws {
    let folder = try TemporaryFolder()
    let text = """
      name: grows
      dt: 1 ms
      seed: 1
      objects:
        - {kind: NeuronGroup, name: G, N: 7, model: "dv/dt = v*(1 + i)*100*Hz : 1", method: exact, initial: {v: 1}}
      watch: {bounds: {G.v: [0, 50]}}
      run: 100 ms
      """
    func found(_ body: () throws -> Void) throws -> WatchdogError { try #require(throws: WatchdogError.self, performing: body) }
    let alone = try found { try execute(text, in: folder.path("alone")) }
    let several = try found { _ = try together(3, text, in: folder.path("several")) }
    #expect(several.sentence == alone.sentence)
    #expect(several.checkpoint?.networkSeconds == alone.checkpoint?.networkSeconds)
    #expect(try storedDigest(in: folder.path("several")) == storedDigest(in: folder.path("alone")))
  }
}
