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

/// One call of the program, without the program: opens the directory, runs, closes.
@discardableResult
func execute(_ text: String, in path: String, _ adjust: (inout Experiment.Options) -> Void = { _ in }) throws -> (outcome: String, digest: String, t: Double) {
  var options = Experiment.Options()
  adjust(&options)
  let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
  defer { directory.close() }
  return try withScope {
    let file = try FileReader.read(Array(text.utf8), fileName: "test.yaml")
    let experiment = try Experiment(file, in: directory, files: NoArrayFiles(), options: options)
    let report = try experiment.run()
    return ("\(report.outcome)", try experiment.network.digest, report.timeSeconds)
  }
}

/// The digest of what the directory holds, rebuilt without the file.
func storedDigest(in path: String, at name: String? = nil) throws -> String {
  let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
  defer { directory.close() }
  return try withScope {
    try Experiment(resuming: directory, at: Continuation(name, in: directory), files: NoArrayFiles(), options: .init()).network.digest
  }
}

/// A small network with everything that has state: noise, delays, refractoriness, plasticity, three kinds of monitors,
/// two clocks.
let smallModel = """
  name: small
  dt: 0.1 ms
  seed: 5
  constants: {tau: 10 ms, w0: 0.4}
  objects:
    - kind: NeuronGroup
      name: G
      N: 40
      model: |
        dv/dt = (1.2 + 0.3*sqrt(2*tau)*xi - v)/tau : 1 (unless refractory)
        k : integer
      threshold: v > 1
      reset: |
        v = 0
        k += 1
      refractory: 2 ms
      method: euler
      initial: {v: rand()}
      run_regularly: {code: v += 0.01*randn(), dt: 1 ms}
    - kind: Synapses
      name: S
      source: "G[0:30]"
      target: G
      model: |
        w : 1
        dx/dt = -x/tau : 1 (event-driven)
      on_pre: |
        v_post += 0.05*w
        x += 0.1
        w = clip(w + 0.01*x, 0, 1)
      on_post: w = clip(w - 0.01*x, 0, 1)
      connect: {p: 0.2}
      initial:
        w: w0*rand()
        delay: rand()*3*ms
    - {kind: SpikeMonitor, name: spikes, source: G, variables: k}
    - {kind: StateMonitor, name: trace, source: G, variables: v, record: [0, 7], dt: 0.3 ms}
    - {kind: PopulationRateMonitor, name: rate, source: G}
  run: 30 ms
  """

@Suite("Experiments from model files", .expecting("directory")) struct ExperimentTests {
  @Test("CKP-18, CKP-26: a run that is stopped and continued any number of times is one command, so that its checkpoints get no longer")
  func continuedRun() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run")
    let text = """
      name: parts
      dt: 1 ms
      objects:
        - {kind: NeuronGroup, name: G, N: 2, model: "v : 1"}
      run: 1 s
      """
    func stored() throws -> (commands: [String], byteCount: UInt64) {
      let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
      let checkpoint = try directory.look(at: "latest")
      let manifest = try FileManager.default.attributesOfItem(atPath: "\(path)/checkpoints/\(checkpoint.info.id).manifest")
      return (try StoredNetwork(checkpoint).commands, try #require(manifest[.size] as? UInt64))
    }
    try execute(text, in: path) { $0.untilSeconds = 0.01 }
    let first = try stored()
    for step in 2...20 { try execute(text, in: path) { $0.untilSeconds = Double(step) / 100 } }
    let last = try stored()
    #expect(first.commands == ["run 1. s until 1. s, stopped at 10. ms"])
    #expect(last.commands == ["run 1. s until 1. s, stopped at 200. ms"])
    #expect(last.byteCount < first.byteCount + 64)
  }

  @Test("CKP-14: a checkpoint holds what was written since the one before, also outside of kernels") func nothingStale() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    for until in stride(from: 0.003, through: 0.03, by: 0.003) {
      let live = try execute(smallModel, in: path) {
        $0.untilSeconds = until
        $0.checkpoints = .every(simulated: 0.7 * ms)
      }
      #expect(try storedDigest(in: path) == live.digest, "at \(until) s")
    }
  }

  @Test("CKP-10, MDL-65: a run in pieces, in new networks each time, equals the whole run bit for bit") func pieces() throws {
    let folder = try TemporaryFolder()
    let whole = try execute(smallModel, in: folder.path("whole.engram"))
    for (number, cuts) in [[0.0151], [0.0001, 0.0002, 0.0203], [0.00735, 0.0149, 0.0299]].enumerated() {
      let path = folder.path("\(number).engram")
      for cut in cuts { #expect(try execute(smallModel, in: path) { $0.untilSeconds = cut }.outcome == "reachedTarget") }
      let end = try execute(smallModel, in: path)
      #expect(end.digest == whole.digest, "\(cuts)")
      #expect(end.t == whole.t)
    }
  }

  @Test("MDL-68: the interval of checkpoints never influences results") func interval() throws {
    let folder = try TemporaryFolder()
    let plain = try execute(smallModel, in: folder.path("a.engram"))
    let often = try execute(smallModel, in: folder.path("b.engram")) { $0.checkpoints = .every(simulated: 0.4 * ms) }
    #expect(plain.digest == often.digest)
  }

  @Test("MDL-66: a call on a complete run changes no byte") func complete() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    try execute(smallModel, in: path)
    func contents() throws -> [String: Data] {
      var found: [String: Data] = [:]
      for name in try FileManager.default.subpathsOfDirectory(atPath: path) where name != "lock" && !name.hasPrefix("segments/") {
        found[name] = FileManager.default.contents(atPath: "\(path)/\(name)")
      }
      return found
    }
    let before = try contents()
    #expect(try execute(smallModel, in: path).outcome == "alreadyComplete")
    #expect(try contents() == before)
  }

  @Test(
    "MDL-63: another model, constant or seed is refused with a diff naming what differs",
    arguments: [
      ("tau: 10 ms", "tau: 11 ms", "constant tau: stored"), ("seed: 5", "seed: 6", "seed: stored 5, here 6"),
      ("refractory: 2 ms", "refractory: 3 ms", "object 1, NeuronGroup 'G'"), ("dt: 0.1 ms", "dt: 0.2 ms", "dt: stored"),
    ])
  func otherModel(old: String, new: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    try execute(smallModel, in: path) { $0.untilSeconds = 0.005 }
    let changed = smallModel.replacingOccurrences(of: old, with: new)
    let error = #expect(throws: ExperimentError.self) { try execute(changed, in: path) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("--fresh") == true)
  }

  @Test("MDL-63: comments, blanks, the order of keys and the spelling of values do not count") func sameModel() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    try execute(smallModel, in: path) { $0.untilSeconds = 0.005 }
    let other = smallModel.replacingOccurrences(of: "seed: 5", with: "# a comment\nseed: 5")
      .replacingOccurrences(of: "tau: 10 ms", with: "tau: 10ms")
      .replacingOccurrences(of: "{kind: PopulationRateMonitor, name: rate, source: G}", with: "{source: G, kind: PopulationRateMonitor, name: rate}")
    #expect(try execute(other, in: path).outcome == "reachedEnd")
  }

  @Test("MDL-44: without a run step and without a target there is nothing to do, and the error shows both ways") func nothing() throws {
    let folder = try TemporaryFolder()
    let model = smallModel.replacingOccurrences(of: "run: 30 ms", with: "")
    let error = #expect(throws: ExperimentError.self) { try execute(model, in: folder.path("a.engram")) }
    #expect(error?.description.contains("--for 1s") == true)
    #expect(try execute(model, in: folder.path("b.engram")) { $0.forSeconds = 0.004 }.t == 0.004)
  }

  @Test("MDL-64: --for counts from the start of the line, so repeating it never lengthens the run") func forDuration() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    #expect(try execute(smallModel, in: path) { $0.forSeconds = 0.01 }.outcome == "reachedTarget")
    #expect(try execute(smallModel, in: path) { $0.forSeconds = 0.01 }.outcome == "alreadyComplete")
    #expect(abs(try execute(smallModel, in: path) { $0.untilSeconds = 0.04 }.t - 0.04) < 1e-12)
  }

  @Test("MDL-61, MDL-62, MDL-42, MDL-40: steps run in order, and a call after each stop goes on at its place") func protocolOfSteps() throws {
    let folder = try TemporaryFolder()
    let model = smallModel.replacingOccurrences(
      of: "run: 30 ms",
      with: """
        run:
          - run: 5 ms
          - store: {name: warm, comment: after five milliseconds}
          - repeat:
              over: [0.1, 0.2]
              as: strength
              steps:
                - restore: warm
                - set: {S.w: strength, "G.v[0]": 0.5}
                - run: 4 ms
                - store: "trial_{strength}"
          - constants: {w0: 0.1}
          - active: {rate: false}
          - run: {until: 12 ms}
        """)
    let whole = try execute(model, in: folder.path("whole.engram"))
    #expect(abs(whole.t - 0.012) < 1e-12)
    let path = folder.path("pieces.engram")
    for until in [0.002, 0.0061, 0.0072, 0.0101] { try execute(model, in: path) { $0.untilSeconds = until } }
    #expect(try execute(model, in: path).digest == whole.digest)
    #expect(try storedDigest(in: folder.path("whole.engram"), at: "trial_0") != storedDigest(in: folder.path("whole.engram"), at: "trial_1"))
    #expect(try storedDigest(in: path, at: "trial_1") == storedDigest(in: folder.path("whole.engram"), at: "trial_1"))
  }

  @Test("MDL-12: a constant given in the call replaces the file's; an unknown one is refused with the nearest name") func constants() throws {
    let folder = try TemporaryFolder()
    let plain = try execute(smallModel, in: folder.path("a.engram"))
    let replaced = try execute(smallModel, in: folder.path("b.engram")) { $0.constants = [("tau", "12 ms")] }
    #expect(plain.digest != replaced.digest)
    let same = try execute(smallModel, in: folder.path("c.engram")) { $0.constants = [("tau", "10ms")] }
    #expect(plain.digest == same.digest)
    let error = #expect(throws: ExperimentError.self) {
      try execute(smallModel, in: folder.path("d.engram")) { $0.constants = [("tua", "1 ms")] }
    }
    #expect(error?.description.contains("did you mean 'tau'?") == true)
  }

  @Test("MDL-40, MDL-4: errors of units and names come before the first step, all together, at their places") func early() throws {
    let folder = try TemporaryFolder()
    let model = smallModel.replacingOccurrences(of: "threshold: v > 1", with: "threshold: vv > 1")
      .replacingOccurrences(of: "v_post += 0.05*w", with: "v_post += 0.05*volt")
    let error = #expect(throws: ModelFileError.self) { try execute(model, in: folder.path("a.engram")) }
    let text = error.map { "\($0)" } ?? ""
    #expect(error?.problems.count == 2, "\(text)")
    #expect(text.contains("threshold: vv > 1"), "\(text)")
    #expect(text.contains("v_post += 0.05*volt"), "\(text)")
  }

  @Test("MDL-4: a mistake inside of a key is shown in the key, not at its beginning") func mistakeInKey() throws {
    let folder = try TemporaryFolder()
    let model = """
      objects:
        - kind: NeuronGroup
          name: G
          N: 3
          model: "v : 1"
          initial: {"v[0:1": 0}
      run: 1 ms
      """
    let error = #expect(throws: ModelFileError.self) { try execute(model, in: folder.path("a.engram")) }
    let place = try #require(error?.problems.first?.place)
    // The key begins at column 16.
    #expect(place.line == 6 && (17...21).contains(place.column), "\(error.map { "\($0)" } ?? "")")
  }

  @Test("MDL-4: a condition inside a key is shown where it stands in the file") func conditionInKey() throws {
    let folder = try TemporaryFolder()
    let model = """
      objects:
        - kind: NeuronGroup
          name: G
          N: 3
          model: "v : 1"
          initial: {"v['i']": 0}
      run: 1 ms
      """
    let error = #expect(throws: ModelFileError.self) { try execute(model, in: folder.path("a.engram")) }
    #expect(error.map { "\($0)" }?.contains("test.yaml:6:19: the condition of 'G' must be true or false") == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("MDL-23: impossible sizes are refused before anything is allocated") func sizes() throws {
    let folder = try TemporaryFolder()
    let model = smallModel.replacingOccurrences(of: "N: 40", with: "N: 1e15")
    let error = #expect(throws: ModelFileError.self) { try execute(model, in: folder.path("a.engram")) }
    #expect(error.map { "\($0)" }?.contains("8000000000000000 bytes") == true)
  }

  @Test("MDL-62, CKP-15: a damaged newest checkpoint stops the run, and an older one is used only when it is named") func damagedNewest() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    try execute(smallModel, in: path) { $0.untilSeconds = 0.01 }
    let live = try execute(smallModel, in: path) { $0.untilSeconds = 0.02 }
    let manifests = try FileManager.default.contentsOfDirectory(atPath: "\(path)/checkpoints").filter { $0.hasSuffix(".manifest") }
    let newest = try #require(manifests.max { $0.count == $1.count ? $0 < $1 : $0.count < $1.count })
    let file = "\(path)/checkpoints/\(newest)"
    let bytes = try #require(FileManager.default.contents(atPath: file))
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: ExperimentError.self) { try execute(smallModel, in: path) }
    let id = newest.replacingOccurrences(of: ".manifest", with: "")
    #expect(error?.description.contains("the newest checkpoint \(id)") == true)
    #expect(error?.description.contains("engram resume \(path)@ck-") == true)
    #expect(try storedDigest(in: path, at: "ck-2") != live.digest)
  }

  @Test("MDL-4: wrong keys, wrong references and wrong units are told in one go, and nothing that only follows from them") func allStages() throws {
    let model = """
      objects:
        - {kind: NeuronGroup, name: G, N: 3, model: "dv/dt = -v/(5*ms) : volt", threshold: v > 3, reset: v = 0*mV}
        - {kind: NeuronGroup, name: H, N: 3, model: "v : 1", treshold: v > 1}
        - {kind: SpikMonitor, name: M, source: G}
        - {kind: Synapses, name: S, source: H, target: G, on_pre: v_post += 3*nA, connect: {p: 0.5}}
        - {kind: SpikeMonitor, source: GG}
      run: 1 ms
      """
    let error = #expect(throws: ModelFileError.self) {
      try Experiment.read(Array(model.utf8), fileName: "test.yaml", files: NoArrayFiles())
    }
    #expect(error?.problems.map(\.place.line) == [2, 3, 4, 6], "\(error.map { "\($0)" } ?? "")")
  }

  @Test("MDL-4: an object that cannot be made is one problem, not one for each reference to it") func cascade() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: ModelFileError.self) {
      try execute(smallModel.replacingOccurrences(of: "N: 40", with: "N: -1"), in: folder.path("a.engram"))
    }
    #expect(error?.problems.count == 1)
  }
}
