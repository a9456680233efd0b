import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramScalars
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// What model files mean, seen in the networks they make and in the runs they lead to.
@Suite("Rules of model files", .expecting("model.store.again")) struct ModelFileRuleTests {
  /// A file around objects.
  private func model(_ objects: String, constants: String = "{}", run: String = "0.5 ms", head: String = "") -> String {
    "name: rules\nseed: 3\n\(head)constants: \(constants)\nobjects:\n\(objects)\nrun:\n  \(run.replacingOccurrences(of: "\n", with: "\n  "))\n"
  }

  /// Runs the file, then looks at its network.
  @discardableResult
  private func look<R>(_ text: String, _ adjust: (inout Experiment.Options) -> Void = { _ in }, _ body: (Network) throws -> R) throws -> R {
    let folder = try TemporaryFolder()
    var options = Experiment.Options()
    adjust(&options)
    let directory = try RunDirectory(at: folder.path("a.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    return try withScope {
      let file = try FileReader.read(Array(text.utf8), fileName: "rules.yaml")
      let experiment = try Experiment(file, in: directory, files: NoArrayFiles(), options: options)
      _ = try experiment.run()
      return try body(experiment.network)
    }
  }

  private func values(_ network: Network, _ object: String, _ variable: String) throws -> [Double] {
    try network.object(object, as: Group.self).variable(variable).values
  }

  // ------------------------------------------------------------------------------------------------------ constants, seed

  private let plain = "  - {kind: NeuronGroup, name: G, N: 2, model: 'v : volt', initial: {v: b}}"

  @Test("MDL-11: constants are evaluated in written order from earlier ones; random, unknown and unused ones are told, and lists are for values")
  func constants() throws {
    let found = try look(model(plain, constants: "{a: 2 mV, b: 3*a + 1*mV}")) { try values($0, "G", "v") }
    #expect(found == [7e-3, 7e-3])
    for bad in ["{b: 3*a, a: 2 mV}", "{b: rand()*mV}", "{b: 'nothing*mV'}", "{b: [1 mV, 2 mV, 3 mV]}", "{mV: 3, b: 1 mV}", "{1b: 3, b: 1 mV}"] {
      #expect(throws: (any Error).self, "\(bad)") { try look(model(plain, constants: bad)) { _ in } }
    }
    #expect(try look(model(plain, constants: "{b: [1 mV, 2 mV]}")) { try values($0, "G", "v") } == [1e-3, 2e-3])
    let (_, messages) = try Messages.capturing { try look(model(plain, constants: "{b: 1 mV, idle: 4}")) { _ in } }
    #expect(messages.contains { $0.level == .warning && $0.text.contains("idle") }, "\(messages)")
    #expect(!messages.contains { $0.level == .warning && $0.text.contains("'b'") })
  }

  @Test("MDL-13: without a seed one is drawn, kept with the run, and repeats it when given") func entropy() throws {
    let text = smallModel.replacingOccurrences(of: "seed: 5\n", with: "")
    let folder = try TemporaryFolder()
    func seed(of name: String) throws -> UInt64 {
      let directory = try RunDirectory(at: folder.path(name), headers: PlainHeaderWriter())
      defer { directory.close() }
      return try withScope { try Experiment(resuming: directory, at: Continuation(nil, in: directory), files: NoArrayFiles(), options: .init()).seed }
    }
    let first = try execute(text, in: folder.path("a")), second = try execute(text, in: folder.path("b"))
    #expect(first.digest != second.digest)
    let drawn = try seed(of: "a")
    #expect(try execute(text, in: folder.path("c")) { $0.seed = drawn }.digest == first.digest)
    #expect(try execute(text, in: folder.path("a")).outcome == "alreadyComplete")
  }

  @Test("MDL-14: a file sets only preferences that belong to a model") func preferences() throws {
    let objects = "  - {kind: NeuronGroup, name: G, N: 2, model: 'v : volt'}"
    let type = try look(model(objects, head: "preferences: {core.default_float_dtype: float32}\n")) {
      try $0.object("G", as: Group.self).v.scalarType
    }
    #expect(type == .float32)
    // For this model only, not for the process.
    #expect(prefs[.defaultFloatType] == .float64)
    for key in ["codegen.target: compiled", "logging.file_log: false", "engram.threads: 4"] {
      let error = #expect(throws: (any Error).self) { try look(model(objects, head: "preferences: {\(key)}\n")) { _ in } }
      #expect(error.map { "\($0)".contains(String(key.prefix { $0 != ":" })) } == true, "\(key)")
    }
  }

  // ------------------------------------------------------------------------------------------------------------- objects

  @Test("MDL-31: keys mean what the arguments of that name mean: the file and the program make the same network") func arguments() throws {
    let text = """
      name: same
      seed: 8
      constants: {tau: 8 ms}
      objects:
        - kind: NeuronGroup
          name: G
          N: 30
          model: "dv/dt = (1.1 - v)/tau + 0.2*xi/sqrt(tau) : 1 (unless refractory)"
          threshold: v > 1
          reset: v = 0
          refractory: 2 ms
          method: euler
          order: 2
          initial: {v: rand()}
        - {kind: Synapses, name: S, source: "G[0:20]", target: G, model: "w : 1", on_pre: v_post += w, delay: 0.5 ms, connect: {condition: i != j, p: 0.2}, initial: {w: 0.1*rand()}}
        - {kind: PoissonGroup, name: P, N: 5, rates: 200 Hz}
        - {kind: Synapses, name: T, source: P, target: G, on_pre: v_post += 0.1, connect: {i: [0, 1, 2], j: [3, 4, 5]}}
        - {kind: SpikeMonitor, name: spikes, source: G}
        - {kind: StateMonitor, name: trace, source: G, variables: v, record: [1, 2], dt: 0.2 ms}
      run: 20 ms
      """
    let fromFile = try look(text) { try $0.digest }
    let fromProgram = try withScope {
      seed(8)
      let G = try NeuronGroup(
        30, "dv/dt = (1.1 - v)/tau + 0.2*xi/sqrt(tau) : 1 (unless refractory)", threshold: "v > 1", reset: "v = 0", refractory: 2 * ms,
        method: .named(.euler), order: 2, name: "G")
      try G.v <- "rand()"
      let S = try Synapses(G[..<20], G, "w : 1", onPre: "v_post += w", delay: 0.5 * ms, name: "S")
      try S.connect(where: "i != j", p: 0.2)
      try S.w <- "0.1*rand()"
      let P = try PoissonGroup(5, rates: 200 * Hz, name: "P")
      let T = try Synapses(P, G, onPre: "v_post += 0.1", name: "T")
      try T.connect(i: [0, 1, 2], j: [3, 4, 5])
      let spikes = try SpikeMonitor(G, name: "spikes")
      let trace = try StateMonitor(G, "v", record: [1, 2], dt: 0.2 * ms, name: "trace")
      let network = try Network(contentsOf: [G, S, P, T, spikes, trace] as [BrianObject], name: "same")
      try network.run(20 * ms, namespace: ["tau": 8 * ms])
      #expect(spikes.total > 0)
      return try network.digest
    }
    #expect(fromFile == fromProgram)
  }

  @Test("MDL-32: a method is a name, a list tried in order, or an explicit updater") func methods() throws {
    func result(_ method: String) throws -> [Double] {
      try look(
        model(
          """
            - kind: NeuronGroup
              name: G
              N: 3
              model: "dv/dt = -v/(2*ms) : 1"
              method: \(method)
              initial: {v: i}
          """)
      ) { try values($0, "G", "v") }
    }
    let exact = try result("exact"), euler = try result("euler")
    for (value, element) in zip(exact, 0...) { #expect(abs(value - Double(element) * exp(-0.25)) < 1e-15) }
    for (value, element) in zip(euler, 0...) { #expect(abs(value - Double(element) * pow(0.95, 5)) < 1e-15) }
    #expect(try result("[exact, euler]") == exact && result("[euler, exact]") == euler)
    #expect(try result("{explicit: \"x_new = x + dt*f(x, t)\", noise: none}") == euler)
    #expect(throws: (any Error).self) { try result("eulr") }
  }

  @Test("MDL-33: targets of values are elements, ranges, lists, conditions, pairs of synapses; later assignments see earlier ones")
  func targets() throws {
    let text = model(
      """
        - kind: NeuronGroup
          name: G
          N: 6
          model: |
            v : 1
            w : 1
          threshold: "False"
          reset: ""
          initial:
            v: i
            "v[3]": 30
            "v[-1]": -1
            "v[0:2]": [7, 8]
            "v[[2, 4]]": 5
            w: 2*v
            "w['v > 10']": 0
        - kind: Synapses
          name: S
          source: G
          target: G
          model: "k : 1"
          on_pre: v_post += k
          connect: true
          initial:
            k: 1
            "k[1, 2]": 12
            "k[3, :]": 3
            delay: 1 ms
            "delay[0:6]": 2 ms
      """)
    try look(text) { network in
      #expect(try values(network, "G", "v") == [7, 8, 5, 30, 5, -1])
      #expect(try values(network, "G", "w") == [14, 16, 10, 0, 10, -2])
      var expected = [Double](repeating: 1, count: 36)
      expected[1 * 6 + 2] = 12
      for post in 0..<6 { expected[3 * 6 + post] = 3 }
      #expect(try values(network, "S", "k") == expected)
      let delays = try network.object("S", as: Synapses.self).delay.values
      #expect(delays.prefix(6).allSatisfy { $0 == 2e-3 } && delays.dropFirst(6).allSatisfy { $0 == 1e-3 })
    }
    for bad in ["\"v[6]\": 1", "\"v[0:2]\": [1, 2, 3]", "\"v[x]\": 1", "u: 1", "v: 1 mV"] {
      #expect(throws: (any Error).self, "\(bad)") {
        try look(model("  - {kind: NeuronGroup, name: G, N: 6, model: 'v : 1', initial: {\(bad)}}")) { _ in }
      }
    }
  }

  @Test("MDL-34, MDL-36: an inactive object stays out of the steps until one switches it on; parts are named by their derived names")
  func active() throws {
    let objects = """
        - {kind: NeuronGroup, name: G, N: 1, model: "dv/dt = 1/ms : 1", threshold: v > 0.25, reset: v = 0, method: euler}
        - {kind: SpikeMonitor, name: late, source: G, active: false}
      """
    let steps = """
      - run: 1 ms
      - active: {late: true, G_spike_resetter: false}
      - run: 0.5 ms
      """
    try look(model(objects, run: steps)) { network in
      let late = try network.object("late", as: SpikeMonitor.self)
      #expect(try late.t.si.allSatisfy { $0 >= 1e-3 - 1e-12 } && late.total > 1)
      // Without its reset it goes on climbing: a spike in each of the last steps.
      #expect(try values(network, "G", "v")[0] > 0.5)
    }
    #expect(throws: (any Error).self) { try look(model(objects, run: "- active: {G_resetter: false}\n- run: 1 ms")) { _ in } }
  }

  // --------------------------------------------------------------------------------------------------------------- steps

  private let ramp =
    "  - {kind: NeuronGroup, name: G, N: 1, model: \"dv/dt = 1/ms : 1\", method: euler}\n  - {kind: StateMonitor, name: M, source: G, variables: v, record: true}"

  @Test("MDL-41: a name stored again means the newer checkpoint; names and files that lead out of the folder are refused") func stores() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    try execute(model(ramp, run: "- run: 1 ms\n- store: here\n- run: 1 ms\n- store: {name: here, comment: again}"), in: path)
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    let named = try directory.list().filter { $0.names.contains("here") }
    directory.close()
    #expect(named.count == 1 && named.first?.comment == "again" && named.first?.summary["time"] == "0.002")
    for bad in ["a/b", "../up", ".hidden", "a@b", "latest", "initial", "live"] {
      #expect(throws: (any Error).self, "\(bad)") { try execute(model(ramp, run: "- store: \"\(bad)\"\n- run: 1 ms"), in: folder.path("b.engram")) }
    }
    #expect(throws: (any Error).self) {
      try execute(model(ramp, run: "- run: 0.1 ms\n- store: {name: x, file: ../outside.h5}"), in: folder.path("c.engram"))
    }
  }

  @Test("MDL-42: restore takes recordings back with the state, not the place in the steps") func restores() throws {
    let (count, time) = try look(model(ramp, run: "- run: 1 ms\n- store: here\n- run: 3 ms\n- restore: here\n- run: 0.5 ms")) {
      (try $0.object("M", as: StateMonitor.self).t.count, $0.t.si)
    }
    #expect(count == 15 && abs(time - 0.0015) < 1e-12)
  }

  @Test("MDL-43: a step that fails is named with its place; what was committed stays, and the mended file goes on from there") func failure() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    func text(_ dt: String) -> String { model(ramp, run: "- run: 1 ms\n- store: good\n- dt: \(dt)\n- run: 1 ms") }
    let error = #expect(throws: (any Error).self) { try execute(text("0.3 ms"), in: path) }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains("rules.yaml") || message.contains("test.yaml"), "\(message)")
    #expect(message.contains("0.3 ms") || message.contains("300. us"), "\(message)")
    let mended = try execute(text("0.5 ms"), in: path)
    #expect(abs(mended.t - 0.002) < 1e-12)
    #expect(try execute(text("0.5 ms"), in: folder.path("whole.engram")).digest == mended.digest)
  }

  @Test("MDL-60: the first commit is 'initial', before the first timestep; a run killed earlier starts anew") func initial() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    let whole = try execute(smallModel, in: path)
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    let first = try #require(try directory.list().min { $0.sequence < $1.sequence })
    directory.close()
    #expect(first.kind == .initial && first.summary["time"] == "0.0")
    #expect(try storedDigest(in: path, at: "initial") == storedDigest(in: path, at: first.id))
    // An empty directory, as a kill before that commit leaves it.
    let empty = folder.path("b.engram")
    try RunDirectory(at: empty, headers: PlainHeaderWriter()).close()
    #expect(try execute(smallModel, in: empty).digest == whole.digest)
  }

  @Test("MDL-64, MDL-69: a run continues without its file; on a branch --for counts from the branch point") func withoutFile() throws {
    let folder = try TemporaryFolder()
    let whole = try execute(smallModel, in: folder.path("whole.engram"))
    let path = folder.path("a.engram")
    try execute(smallModel, in: path) { $0.untilSeconds = 0.0113 }
    func resume(_ path: String, at name: String? = nil, for seconds: Double? = nil) throws -> (t: Double, digest: String, outcome: String) {
      let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
      defer { directory.close() }
      return try withScope {
        var options = Experiment.Options()
        options.forSeconds = seconds
        let experiment = try Experiment(resuming: directory, at: Continuation(name, in: directory), files: NoArrayFiles(), options: options)
        let report = try experiment.run()
        return (report.timeSeconds, try experiment.network.digest, "\(report.outcome)")
      }
    }
    let branch = folder.path("branch.engram")
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    try directory.branch(toDirectory: branch, name: "trial", from: "latest")
    directory.close()
    #expect(try resume(path).digest == whole.digest)
    #expect(abs(try resume(branch, for: 0.005).t - 0.0163) < 1e-12)
    #expect(try resume(branch, for: 0.005).outcome == "alreadyComplete")
    #expect(try resume(branch).digest == whole.digest)
    #expect(abs(try resume(path, at: "initial", for: 0.002).t - 0.002) < 1e-12)
  }
}
