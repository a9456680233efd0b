import Engram
import EngramTestSupport
import Foundation
import Testing

/// Model files in programs: load, check, explain, run, continue.
@Suite("Model files in programs") struct ModelFileProgramTests {
  private static let text = """
    seed: 7
    constants: {w: 0.2}
    objects:
      - {kind: NeuronGroup, name: G, N: 20, model: "dv/dt = (1.2 - v)/(5*ms) : 1", threshold: v > 1, reset: v = 0, initial: {v: rand()}}
      - {kind: PoissonInput, name: I, target: G, target_var: v, N: 10, rate: 100 Hz, weight: w}
      - {kind: SpikeMonitor, name: M, source: G}
    run: 20 ms
    """

  private let folder: TemporaryFolder
  private let file: URL

  init() throws {
    folder = try TemporaryFolder()
    file = folder["net.yaml"]
    try folder.write("net.yaml", Self.text.utf8)
  }

  @Test("MDL-60, CKP-29: the same lines start a model file and continue it, and end with the bits of one undisturbed run")
  func startAndContinue() throws {
    let whole = try Experiment(modelFile: file, in: folder["whole.engram"])
    let report = try whole.run()
    #expect(report.outcome == .reachedEnd && abs(report.time.si - 0.02) < 1e-12 && report.seed == 7 && report.continuedFrom == nil)
    #expect(report.checkpoint != nil)
    let spikes = try #require(whole.network["M"] as? SpikeMonitor)
    #expect(try spikes.t.count > 20)

    var digest = ""
    for (end, outcome) in [(3.0, Experiment.Outcome.reachedTarget), (11.3, .reachedTarget), (20, .reachedEnd), (20, .alreadyComplete)] {
      let part = try Experiment(modelFile: file, in: folder["parts.engram"], options: .init(until: end * ms))
      #expect(try part.run().outcome == outcome)
      digest = try part.network.digest
    }
    #expect(try digest == whole.network.digest)
  }

  @Test("MDL-69: a run is continued from its directory alone, also from an earlier checkpoint as a line of its own") func resuming() throws {
    try Experiment(modelFile: file, in: folder["a.engram"], options: .init(until: 5 * ms)).run()
    try FileManager.default.removeItem(at: file)
    let rest = try Experiment(resuming: folder["a.engram"])
    let report = try rest.run()
    #expect(report.outcome == .reachedEnd && abs((report.continuedFrom?.si ?? 0) - 0.005) < 1e-12)
    rest.close()
    let again = try Experiment(resuming: folder["a.engram"], at: "initial")
    let held = try #require(try again.run().checkpoint)
    #expect(held.line == "initial-resumed")
    let digest = try again.network.digest
    again.close()
    #expect(try CheckpointStore(at: folder["a.engram"]).digest(held.id) == digest)
  }

  @Test("MAG-2, NAM-3, RNG-1: names, random numbers and the clock of a program are its own beside a model file") func ownWorld() throws {
    try withScope {
      let G = try NeuronGroup(1, "v : 1", name: "G")
      try defaultClock.setDt(0.5 * ms)
      seed(3)
      let experiment = try Experiment(modelFile: file, in: folder["a.engram"])
      try experiment.run()
      #expect(experiment.network["G"]?.name == "G" && experiment.network["G"] !== G)
      #expect(defaultClock.dt == 0.5 * ms && experiment.network.t == 20 * ms)
      // Drawing as if nothing had been drawn since the seed was set.
      try G.v.set("rand()")
      let drawn = G.v[0]
      seed(3)
      try G.v.set("rand()")
      #expect(G.v[0] == drawn)
      try run(1 * ms)
      #expect(experiment.network.t == 20 * ms)
    }
  }

  @Test("STO-2: a run directory is free when its experiment is closed, or gone") func closing() throws {
    let first = try Experiment(modelFile: file, in: folder["a.engram"], options: .init(until: 1 * ms))
    try first.run()
    #expect(throws: StorageError.self) { try Experiment(modelFile: file, in: folder["a.engram"]) }
    first.close()
    first.close()
    for end in [2.0, 3.0] { try Experiment(modelFile: file, in: folder["a.engram"], options: .init(until: end * ms)).run() }
  }

  @Test("MDL-4, MDL-40: checking a file tells all its problems with their places, and makes nothing") func checking() throws {
    #expect(try Experiment.problems(ofModelFile: file).isEmpty)
    try folder.write("wrong.yaml", Self.text.replacing("v > 1", with: "vv > 1").replacing("weight: w", with: "weight: ww").utf8)
    let problems = try Experiment.problems(ofModelFile: folder["wrong.yaml"])
    #expect(problems.map(\.place.line) == [4, 5] && problems[0].message.contains("'vv'") && problems[1].message.contains("'ww'"))
    let error = #expect(throws: ModelFileError.self) { try Experiment(modelFile: folder["wrong.yaml"], in: folder["a.engram"]) }
    #expect(error?.problems == problems)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["net.yaml", "wrong.yaml"])
  }

  @Test("MDL-7: a program shows how a file is understood, and what it shows is a file of the same network") func explaining() throws {
    let explanation = try Explanation(modelFile: file, constants: ["w": "0.4"])
    #expect(explanation.models["G"]?.equations.count == 1 && explanation.kernels.contains { $0.object.hasPrefix("G") })
    try folder.write("explained.yaml", explanation.fileText.utf8)
    let first = try Experiment(modelFile: folder["explained.yaml"], in: folder["a.engram"])
    let second = try Experiment(modelFile: file, in: folder["b.engram"], options: .init(constants: ["w": "0.4"]))
    try first.run()
    try second.run()
    #expect(try first.network.digest == second.network.digest)
  }

  @Test("MDL-12, MDL-64: what a call cannot mean is refused before anything is made") func refusing() throws {
    let places: [(Experiment.Options, String)] = [
      (.init(until: Double.nan * second), "'until' takes a time from 0 s on, found nan s"), (.init(for: -1 * ms), "'for' takes a time"),
      (.init(keptCheckpoints: 0), "at least one automatic checkpoint"), (.init(constants: ["ww": "1"]), "did you mean 'w'"),
    ]
    for (options, words) in places {
      let error = #expect(throws: ExperimentError.self) { try Experiment(modelFile: file, in: folder["a.engram"], options: options) }
      #expect(error?.description.contains(words) == true, "\(error.map { "\($0)" } ?? "")")
    }
    let missing = #expect(throws: ModelFileAccessError.self) { try Experiment(modelFile: folder["nett.yaml"]) }
    #expect(missing?.description.contains("in that folder: net.yaml") == true)
    #expect(throws: ModelFileAccessError.self) { try Experiment(modelFile: folder.url) }
    #expect(throws: StorageError.self) { try Experiment(resuming: folder["none.engram"]) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["net.yaml"])
  }
}
