import EngramCheckpoints
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Synchronization
import Testing

/// Several processes, which are threads here, run one network and give the bits of one process.
@Suite("One network on several processes", .expecting("directory")) struct TogetherTests {
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
    (
      "delays that are the same for all synapses of a process, and others in another one, and processes without synapses",
      """
      name: delays
      dt: 0.1 ms
      seed: 2
      constants: {tau: 5 ms}
      objects:
        - {kind: NeuronGroup, name: G, N: 3, model: "dv/dt = (1.2 + 0.1*i - v)/tau : 1\\ng : 1", threshold: v > 1, reset: v = 0, method: exact}
        - {kind: Synapses, name: S, source: G, target: G, on_pre: g_post += 1, connect: {condition: j < 2}, initial: {delay: (0.3 + 0.4*j)*ms}}
        - {kind: Synapses, name: T, source: G, target: G, on_pre: g_post += 0.5, connect: {condition: j == 1}, initial: {delay: 0.7*ms}}
        - {kind: StateMonitor, name: trace, source: G, variables: [v, g], record: true}
      run:
        - run: 10.5 ms
        # New synapses in one process, while spikes of all are under way.
        - connect: {S: {condition: j == 0 and i > 0}}
        - run: 10 ms
      """
    ),
    (
      "synapses made in many ways, drawn values, values for each of all, delays, code that draws, a second connect, conditions with random numbers",
      """
      name: ways
      dt: 0.1 ms
      seed: 5
      constants: {tau: 5 ms, each: [0.1, 0.2, 0.3, 0.15, 0.25]}
      objects:
        - {kind: PoissonGroup, name: P, N: 31, rates: 150 Hz}
        - kind: NeuronGroup
          name: G
          N: 29
          model: |
            dv/dt = -v/tau : 1
            x = i/29 : 1
            n : integer
          threshold: v > 0.7
          reset: v = 0
          method: exact
        - kind: Synapses
          name: drawn
          source: P
          target: "G[3:27]"
          model: |
            w : 1
            dtrace/dt = -trace/tau : 1 (event-driven)
          on_pre: "v_post += w*int(rand() < 0.8) + 0.01*randn()"
          on_post: "trace += 0.1; w = clip(w + 0.01*trace*rand(), 0, 1)"
          connect: [{p: 0.2}, {condition: i < 20 and j > 3, p: 0.3, n: 2}, {condition: rand() < 0.1, n: "1 + int(rand() < 0.3)"}]
          initial: {w: "0.2*rand()*x_post + 0.001*i", delay: "2*ms*rand()", "w['i > 25']": "0.05 + 0.1*rand()"}
        - {kind: Synapses, name: text, source: G, target: G, on_pre: n_post += 1, connect: {p: "0.5*exp(-abs(i - j)/4.0)"}}
        - {kind: Synapses, name: near, source: G, target: G, on_pre: v_post += 0.01, delay: 0.7 ms, connect: {j: "k for k in range(i - 2, i + 3) if k != i", skip_if_invalid: true}}
        - {kind: Synapses, name: some, source: P, target: G, on_pre: v_post += 0.02, connect: {j: "k for k in sample(N_post, size=4)"}}
        - {kind: Synapses, name: back, source: P, target: G, on_pre: v_post += 0.03, connect: {i: "k for k in sample(N_pre, p=0.1)"}}
        - kind: Synapses
          name: pairs
          source: P
          target: G
          model: "w : 1"
          on_pre: v_post += w
          multisynaptic_index: number
          connect: {i: [0, 9, 9, 30, 2], j: [28, 0, 0, 14, 7]}
          initial: {w: each}
        - {kind: SpikeMonitor, name: spikes, source: G, variables: v}
      run:
        - run: 8 ms
        - set: {text.delay: "1*ms*rand()", drawn.w: "w*(0.5 + rand())"}
        - connect: {near: {p: 0.1}}
        - dt: 0.2 ms
        - run: 8 ms
        - store: kept
        - run: 5 ms
        - restore: kept
        - run: 4 ms
      """
    ),
    (
      "many targets: stretches of candidates in the parts of two processes, generators that give their variable",
      """
      name: many
      seed: 8
      objects:
        - {kind: PoissonGroup, name: P, N: 40, rates: 200 Hz}
        - {kind: NeuronGroup, name: G, N: 4100, model: "v : 1", threshold: v > 1, reset: v = 0}
        - {kind: Synapses, name: dense, source: P, target: G, model: "w : 1", on_pre: v_post += w, connect: [{p: 0.1}, {p: 0.7}], initial: {w: rand()}}
        - {kind: Synapses, name: sparse, source: P, target: "G[9:4011]", model: "w : 1", on_pre: v_post += w, connect: {p: 0.02}, initial: {w: rand()}}
        - {kind: Synapses, name: rows, source: P, target: G, model: "w : 1", on_pre: v_post += w, connect: [{j: "k for k in sample(N_post, p=0.1)"}, {j: "k for k in range(i, 3000, 7)"}, {j: "k for k in sample(10, N_post, 3, size=20 + i)"}], initial: {w: rand()}}
        - {kind: Synapses, name: columns, source: P, target: G, model: "w : 1", on_pre: v_post += w, connect: [{i: "k for k in sample(N_pre, p=0.2)"}, {i: "k for k in range(j % 40)"}, {i: "k for k in sample(N_pre, size=j % 5)"}], initial: {w: rand()}}
        - {kind: Synapses, name: beyond, source: P, target: G, model: "w : 1", on_pre: v_post += w, connect: [{j: "k for k in range(i*110 - 50, i*110 + 50)", skip_if_invalid: true}, {j: "k for k in range(4000, 100*i, -9)"}], initial: {w: rand()}}
      run: 3 ms
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

  @Test("MPR-2: events of targets wait in each process for its own synapses, and checkpoints meanwhile have all of them")
  func waits() throws {
    let folder = try TemporaryFolder()
    // Enough synapses in each process that events wait.
    let text = """
      name: plastic
      dt: 0.1 ms
      seed: 8
      constants: {tau: 20 ms}
      objects:
        - {kind: PoissonGroup, name: P, N: 260, rates: 40 Hz}
        - {kind: NeuronGroup, name: G, N: 260, model: "dv/dt = -v/(10*ms) : 1", threshold: v > 1, reset: v = 0, method: exact}
        - kind: Synapses
          name: S
          source: P
          target: G
          model: |
            w : 1
            dpre/dt = -pre/tau : 1 (event-driven)
            dpost/dt = -post/tau : 1 (event-driven)
          on_pre: |
            v_post += w
            pre += 0.01
            w = clip(w + post, 0, 0.2)
          on_post: |
            post -= 0.0105
            w = clip(w + pre, 0, 0.2)
          connect: {}
          initial: {w: "0.15*rand()"}
        - {kind: SpikeMonitor, name: spikes, source: G}
      run: 25 ms
      """
    let often: @Sendable (inout Experiment.Options) -> Void = { options in
      options.checkpoints = .every(simulated: 7 * ms)
      options.keeping.last = 9
    }
    let alone = try execute(text, in: folder.path("alone"), often)
    #expect(try together(2, text, in: folder.path("several"), often).digest == alone.digest)
    let states = try Self.states(in: folder.path("alone"))
    #expect(states.count > 3)
    #expect(try Self.states(in: folder.path("several")) == states)
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

  /// What every checkpoint holds.
  private static func states(in path: String) throws -> [String] {
    let directory = try RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter())
    return try directory.list().map { "\($0.id) \(try stateDigest(of: directory.look(at: $0.id)))" }
  }

  @Test("CKP-29, MPR-1: what comes together for a checkpoint is stored without a copy, and steps meanwhile do not reach it", arguments: [2, 3])
  func gathered(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let often: @Sendable (inout Experiment.Options) -> Void = { options in
      options.checkpoints = .every(simulated: 0.3 * ms)
      options.keeping.last = 200
    }
    _ = try execute(smallModel, in: folder.path("alone"), often)
    _ = try together(count, smallModel, in: folder.path("several"), often)
    let alone = try Self.states(in: folder.path("alone"))
    #expect(alone.count >= 100)
    #expect(try Self.states(in: folder.path("several")) == alone)
    // Arrays that a process has for itself change under the hands of who stores them.
    let found = try Meeting(count).run { transport in
      let distribution = Distribution(transport)
      return try withScope {
        var options = Experiment.Options()
        options.distribution = distribution
        let file = try FileReader.read(Array(smallModel.utf8), fileName: "test.yaml")
        let network = try PreparedModel(file, files: NoArrayFiles(), options: options).network
        let columns = try network.gatherState().columns
        return ["S.w", "S.x", "G.v"].map { name in columns.first { $0.key.description == name }?.value.isSnapshot }
      }
    }
    #expect(found[0] == [true, true, false])
    #expect(found[1] == [nil, nil, false])
  }

  @Test("MPR-12: each process has its own synapses alone, and all of those that something speaks of by number")
  func apart() throws {
    let text = Self.models[5].text
    let counts = try Meeting(3).run { transport in
      let distribution = Distribution(transport)
      return try withScope {
        var options = Experiment.Options()
        options.distribution = distribution
        let file = try FileReader.read(Array(text.utf8), fileName: "test.yaml")
        let model = try PreparedModel(file, files: NoArrayFiles(), options: options)
        func count(_ name: String) -> Int { (model.network[name] as? Synapses)?.synapseCount ?? 0 }
        return ["drawn", "near", "pairs"].map(count)
      }
    }
    let alone = try withScope {
      let model = try PreparedModel(FileReader.read(Array(text.utf8), fileName: "test.yaml"), files: NoArrayFiles(), options: Experiment.Options())
      return ["drawn", "near", "pairs"].map { (model.network[$0] as? Synapses)?.synapseCount ?? 0 }
    }
    #expect(alone.allSatisfy { $0 > 0 })
    for (place, count) in alone.enumerated() {
      #expect(counts.reduce(0) { $0 + $1[place] } == count)
      #expect(counts.allSatisfy { $0[place] < count })
    }
  }

  /// What speaks of synapses, and what is looked for in the message about synapses that are all in every process.
  private static let spokenOf = [
    "  - {kind: StateMonitor, name: m, source: S, variables: w, record: [2, 5]}",
    "  - {kind: StateMonitor, name: m, source: S, variables: w, record: true}",
  ]

  @Test("MPR-12: monitors of synapses record what they record in one process", arguments: spokenOf)
  func spoken(_ line: String) throws {
    let folder = try TemporaryFolder()
    let text = """
      name: spoken
      seed: 4
      objects:
        - {kind: PoissonGroup, name: P, N: 9, rates: 300 Hz}
        - {kind: NeuronGroup, name: G, N: 7, model: "v : 1"}
        - {kind: Synapses, name: S, source: P, target: G, model: "w : 1", on_pre: "w += rand()", connect: {p: 0.5}, initial: {w: rand()}}
      \(line)
      run: 10 ms
      """
    let alone = try execute(text, in: folder.path("alone"))
    #expect(try together(3, text, in: folder.path("several")).digest == alone.digest)
  }

  private static let wrongPairs: [(connect: String, words: String)] = [
    ("{condition: 'j < 3', n: '-1'}", "-1"),
    ("{p: '2*i'}", "probability"),
    ("{j: 'i + 5'}", "5"),
  ]

  @Test("MPR-13: what is wrong with synapses that several processes find together is told as in one process", arguments: wrongPairs.indices)
  func wrong(_ number: Int) throws {
    let folder = try TemporaryFolder()
    let text = """
      name: wrong
      seed: 4
      objects:
        - {kind: NeuronGroup, name: G, N: 7, model: "v : 1", threshold: v > 1, reset: v = 0}
        - {kind: Synapses, name: S, source: G, target: G, on_pre: v_post += 1, connect: \(Self.wrongPairs[number].connect)}
      run: 1 ms
      """
    let alone = try #require(throws: (any Error).self) { try execute(text, in: folder.path("alone")) }
    let several = try #require(throws: (any Error).self) { try together(3, text, in: folder.path("several")) }
    #expect("\(several)" == "\(alone)")
    #expect("\(alone)".contains(Self.wrongPairs[number].words))
  }

  @Test("MPR-13: what is wrong with the synapses of one process alone ends all of them before the first step")
  func wrongInOne() throws {
    let folder = try TemporaryFolder()
    // Of the last target alone, which the last process has.
    let text = """
      name: wrong
      seed: 4
      objects:
        - {kind: NeuronGroup, name: G, N: 7, model: "v : 1", threshold: v > 1, reset: v = 0}
        - {kind: Synapses, name: S, source: G, target: G, on_pre: v_post += 1, connect: {}, initial: {delay: "(5.5 - j)*ms"}}
      run: 1 ms
      """
    let path = folder.path("several")
    let found = try Meeting(3).run { transport in
      do {
        _ = try runOne(Distribution(transport), text, in: path) { _ in }
        return ""
      } catch { return "\(error)" }
    }
    #expect(found.allSatisfy { $0.contains("S_pre") && $0.contains("-0.0005") || $0.contains("-0.5") }, "\(found)")
    #expect(found[0].contains("another process of this run has failed"))
  }

  /// Steps that look at what was recorded: which steps come next, how often, and with which values.
  private static let looking = """
    name: looking
    dt: 0.1 ms
    seed: 9
    constants: {tau: 10 ms, drive: 1.2, late: 0 ms, rows: 0}
    objects:
      - kind: NeuronGroup
        name: G
        N: 11
        model: "dv/dt = (drive + 0.2*sqrt(2*tau)*xi - v)/tau : 1"
        threshold: v > 1
        reset: v = 0
        method: euler
        initial: {v: rand()}
      - {kind: SpikeMonitor, name: spikes, source: G}
      - {kind: StateMonitor, name: trace, source: G, variables: v, record: [0, 10], dt: 1 ms}
    run:
      - until: {condition: len(spikes.t) > 30, at_most: 40, steps: [{run: 2 ms}]}
      - constants: {late: "max(spikes.t)", rows: "len(trace.v)"}
      - if:
          condition: late > 1*ms
          then: [{set: {G.v: "0.1*rows/100"}}, {run: 5 ms}]
          else: [{run: 1 ms}]
    """

  @Test("MPR-7: steps look at what was recorded as in one process, whatever the number of processes", arguments: [2, 3, 5])
  func looks(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let alone = try execute(Self.looking, in: folder.path("alone"))
    #expect(try together(count, Self.looking, in: folder.path("several")).digest == alone.digest)
    #expect(try storedDigest(in: folder.path("several")) == alone.digest)
  }

  @Test("MPR-7: a condition that cannot be evaluated ends the run in all processes, and what was stored before stays")
  func looksInVain() throws {
    let folder = try TemporaryFolder()
    let text = Self.looking.replacing("late > 1*ms", with: "spikes.t[len(spikes.t)] > 1*ms")
    func found(_ body: () throws -> Void) throws -> String { "\(try #require(throws: (any Error).self, performing: body))" }
    let alone = try found { try execute(text, in: folder.path("alone")) }
    let several = try found { _ = try together(3, text, in: folder.path("several")) }
    #expect(several == alone)
    #expect(try storedDigest(in: folder.path("several")) == storedDigest(in: folder.path("alone")))
  }

  /// A line that begins at a checkpoint in the middle, with what it changes, then the same call once more.
  private static func branch(
    _ distribution: Distribution?, from name: String, _ changes: BranchChanges, in path: String
  ) throws -> (line: String, digest: String) {
    let opened = try openTogether(path, distribution)
    defer { opened.close() }
    return try withScope {
      var options = Experiment.Options()
      (options.distribution, options.changes) = (distribution, changes)
      let place = try Continuation(name, in: opened, changing: changes)
      let experiment = try Experiment(resuming: opened, at: place, files: NoArrayFiles(), options: options)
      let report = try experiment.run()
      return (report.checkpoint?.line ?? "", try distribution?.isFirst ?? true ? experiment.network.digest : (try? experiment.network.digest) ?? "")
    }
  }

  @Test("MPR-8: several processes begin a line of checkpoints as one does, with other constants or the same", arguments: [nil, "20 ms"])
  func beginsLine(_ tau: String?) throws {
    let folder = try TemporaryFolder()
    var changes = BranchChanges()
    if let tau { changes.constants = [BranchChanges.Assignment("tau", tau)] }
    let (alone, several) = (folder.path("alone"), folder.path("several"))
    let text = smallModel.replacing("run: 30 ms", with: "run: [{run: 10 ms}, {store: middle}, {run: 20 ms}]")
    for path in [alone, several] { try execute(text, in: path) }
    let wanted = try Self.branch(nil, from: "middle", changes, in: alone)
    let kept = changes
    let found = try Meeting(3).run { try Self.branch(Distribution($0), from: "middle", kept, in: several) }
    #expect(found[0] == wanted)
    #expect(found.map(\.line) == Array(repeating: wanted.line, count: 3))
    #expect(wanted.line != RunDirectory.mainLine)
    // One process goes on with the line that three have begun.
    #expect(try Self.branch(nil, from: "middle", changes, in: several) == wanted)
  }

  @Test("MPR-9: a profile tells the times of every process, and without one nothing is measured")
  func profile() throws {
    let folder = try TemporaryFolder()
    func times(_ profiled: Bool) throws -> [[ProcessTimes]] {
      let path = folder.path("\(profiled)")
      return try Meeting(3).run { transport in
        let distribution = Distribution(profiled ? TimedTransport(transport) : transport)
        let opened = try openTogether(path, distribution)
        defer { opened.close() }
        return try withScope {
          var options = Experiment.Options(checkpoints: .every(simulated: 5 * ms), profile: profiled)
          options.distribution = distribution
          let file = try FileReader.read(Array(smallModel.utf8), fileName: "test.yaml")
          return try Experiment(file, in: opened, files: NoArrayFiles(), options: options).run().processes
        }
      }
    }
    let found = try times(true)
    // Every process knows those of all.
    #expect(found[0].count == 3)
    #expect(found[1] == found[0] && found[2] == found[0])
    for process in found[0] {
      #expect(process.computingSeconds > 0)
      #expect(process.exchangeSeconds > 0)
      #expect(process.storingSeconds > 0)
      #expect(process.peakByteCount > 0)
    }
    #expect(try times(false).allSatisfy(\.isEmpty))
    #expect(try storedDigest(in: folder.path("true")) == storedDigest(in: folder.path("false")))
  }

  @Test("MPR-9: the balance of load is the longest time to compute in means of all")
  func balance() {
    func times(_ seconds: [Double]) -> [ProcessTimes] {
      seconds.map { ProcessTimes(computingSeconds: $0, exchangeSeconds: 7, storingSeconds: 9, peakByteCount: 1) }
    }
    #expect(ProcessTimes.balance(times([1, 2, 3])) == 1.5)
    #expect(ProcessTimes.balance(times([2, 2])) == 1)
    // One does everything.
    #expect(ProcessTimes.balance(times([0, 0, 5, 0])) == 4)
    #expect(ProcessTimes.balance(times([0, 0])) == 1)
  }

  @Test("MPR-10: all processes decide by the least memory that one of them can have, and refuse together")
  func memory() throws {
    let folder = try TemporaryFolder()
    let text = "name: large\nobjects:\n  - {kind: NeuronGroup, name: G, N: 20000000, model: 'v : 1'}\nrun: 1 ms\n"
    let path = folder.path("several")
    let problem = try #require(throws: (any Error).self) {
      try Meeting(3).run { transport in
        let distribution = Distribution(transport)
        return try runOne(distribution, text, in: path) { options in
          // 160 MB are needed; only the last process is short of them.
          options.availableMemory = { distribution.least(distribution.rank == 2 ? 100 << 20 : 1 << 40) }
        }
      }
    }
    #expect("\(problem)".contains("of memory in each of 3 processes"))
    #expect(try RunDirectory(at: path, headers: PlainHeaderWriter()).list().isEmpty)
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

  @Test("MPR-5: where a checkpoint fails, the one that is made after the step under way holds the state of that step", arguments: [2, 3])
  func failsInRun(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let alone = try execute(smallModel, in: folder.path("alone"))
    let path = folder.path("several")
    // The second file of a recording, of the first checkpoint in the run.
    let failing = Mutex<WatchedFileSystem?>(nil)
    let system = WatchedFileSystem(flushes: false) { name in
      guard name.hasPrefix("sg-2-2-") else { return }
      failing.withLock { system in
        if let system { system.fail(at: system.count, code: EIO) }
        system = nil
      }
    }
    failing.withLock { $0 = system }
    let error = #expect(throws: (any Error).self) {
      _ = try together(count, smallModel, in: path, on: system) { $0.checkpoints = .every(simulated: 3.3 * ms) }
    }
    #expect("\(try #require(error))".contains("a test lets fail"))
    let times = try RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter()).list().map(\.kind)
    #expect(times == [.initial, .automatic])
    #expect(try execute(smallModel, in: path).digest == alone.digest)
  }

  @Test("MPR-5: where there is no room for what one process gathers, the run ends in all of them", arguments: [2, 3])
  func noRoomToGather(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let text = """
      name: large
      dt: 0.1 ms
      seed: 2
      objects:
        - {kind: NeuronGroup, name: G, N: 420, model: "v : 1", threshold: "True", reset: "v += 1"}
        - {kind: Synapses, name: S, source: G, target: G, model: "w : 1", on_pre: "w += rand()", connect: true, initial: {w: rand()}}
      run: 1 ms
      """
    // At the first checkpoint, and at one in the run.
    for room in [1 << 20, 5 << 20] {
      let told = Mutex<[String]>([])
      let path = folder.path("\(room)")
      _ = try Meeting(count).run { transport in
        do {
          _ = try runOne(Distribution(transport), text, in: path, on: WatchedFileSystem(flushes: false, room: room)) {
            $0.checkpoints = .every(simulated: 0.3 * ms)
          }
        } catch { told.withLock { $0.append("\(error)") } }
      }
      let words = told.withLock { $0 }
      #expect(words.count == count && words.allSatisfy { $0.contains("full disk") }, "\(room): \(words)")
    }
    // With room for everything it runs, and has what one process has.
    let alone = try execute(text, in: folder.path("alone"))
    #expect(try together(count, text, in: folder.path("all"), on: WatchedFileSystem(flushes: false)).digest == alone.digest)
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
