import Engram
import EngramTestSupport
import Foundation
import Testing

@Suite("Branches with changes in programs") struct BranchProgramTests {
  private static let text = """
    name: net
    seed: 7
    constants: {w: 0.2, tau: 5 ms}
    objects:
      - {kind: NeuronGroup, name: G, N: 20, model: "dv/dt = (1.2 - v)/tau + 0.1*xi*tau**-0.5 : 1", threshold: v > 1, reset: v = 0, method: euler, initial: {v: rand()}}
      - {kind: PoissonInput, name: I, target: G, target_var: v, N: 10, rate: 100 Hz, weight: w}
      - {kind: SpikeMonitor, name: M, source: G}
    run:
      - run: 5 ms
      - store: trained
      - run: 10 ms
    """

  private let folder: TemporaryFolder
  private let run: URL

  init() throws {
    folder = try TemporaryFolder()
    run = folder["net.engram"]
    try folder.write("net.yaml", Self.text.utf8)
    _ = try Experiment(modelFile: folder["net.yaml"], in: run).run()
  }

  /// The end of a file that makes the same changes as steps, without any branch.
  private func reference(_ steps: String) throws -> String {
    let text = Self.text.replacingOccurrences(of: "  - store: trained\n", with: "  - store: trained\n" + steps)
    try folder.write("reference.yaml", text.utf8)
    let experiment = try Experiment(modelFile: folder["reference.yaml"], in: folder["reference.engram"])
    _ = try experiment.run()
    return try experiment.network.digest
  }

  private let changes = BranchChanges(
    constants: ["w": "0.4"], values: ["G.v[0:5]": "0.5", "G.v['i > 15']": "0.1*rand()"], dt: "0.05*ms", seed: .number(11))
  private let steps = """
      - constants: {w: 0.4}
      - dt: 0.05 ms
      - seed: 11
      - set: {"G.v[0:5]": 0.5, "G.v['i > 15']": 0.1*rand()}

    """

  @Test("CKP-27: a branch has what it was told, inside the directory and as one of its own, and ends as steps that say the same", arguments: [false, true])
  func equalsSteps(isOwn: Bool) throws {
    let expected = try reference(steps)
    let own = folder["strong.engram"]
    try Experiment.branch(run, from: "trained", as: "strong", to: isOwn ? own : nil, changing: changes)
    let experiment = try isOwn ? Experiment(resuming: own) : Experiment(resuming: run, at: "strong")
    #expect(try experiment.run().outcome == .reachedEnd)
    #expect(try experiment.network.digest == expected)
    experiment.close()
    // What was there is as it was.
    #expect(try Experiment(modelFile: folder["net.yaml"], in: run).run().outcome == .alreadyComplete)
  }

  @Test("CKP-27: options of a call that resumes change a line as well; a derived seed differs from the parent's and is the same each time")
  func resuming() throws {
    var options = Experiment.Options()
    options.changes = BranchChanges(seed: .derived(4))
    let first = try Experiment(resuming: run, at: "trained", options: options)
    let line = try #require(try first.run().checkpoint?.line)
    let (digest, seed) = (try first.network.digest, first.seed)
    first.close()
    #expect(line == "trained-resumed" && seed != 7)
    try Experiment.branch(run, from: "trained", as: "again", changing: options.changes)
    let second = try Experiment(resuming: run, at: "again")
    _ = try second.run()
    #expect(try second.network.digest == digest && second.seed == seed)
    second.close()
    // A run from its start has its values in the file.
    #expect(throws: ExperimentError.self) { try Experiment(modelFile: folder["net.yaml"], in: folder["new.engram"], options: options) }
  }

  @Test("CKP-27: changes that do not fit the model are told at their places, and leave nothing behind") func mistakes() throws {
    let before = try CheckpointStore(at: run, mode: .read).list().map(\.id)
    for (changes, words) in [
      (BranchChanges(constants: ["x": "1"]), "x"), (BranchChanges(constants: ["tau": "1 mV"]), "second"), (BranchChanges(values: ["G.u": "1"]), "u"),
      (BranchChanges(values: ["K.v": "1"]), "K"), (BranchChanges(dt: "1 mV"), "volt"),
    ] {
      let error = #expect(throws: ModelFileError.self) { try Experiment.branch(run, from: "trained", as: "wrong", changing: changes) }
      #expect(error?.problems.first?.message.contains(words) == true, "\(error?.description ?? "")")
      #expect(throws: ModelFileError.self) { try Experiment.branch(run, from: "trained", as: "wrong", to: folder["wrong.engram"], changing: changes) }
    }
    #expect(try CheckpointStore(at: run, mode: .read).list().map(\.id) == before)
    #expect(!FileManager.default.fileExists(atPath: folder["wrong.engram"].path))
  }

  @Test("CKP-27: a constant that nothing reads any more is told; one that code reads is not") func usedUp() throws {
    let text = """
      name: used
      seed: 1
      constants: {n: 10, p0: 0.5, start: 0.3, later: 0.1, tau: 5 ms}
      objects:
        - {kind: NeuronGroup, name: G, N: n, model: "dv/dt = -v/tau : 1", method: exact, initial: {v: start}}
        - {kind: Synapses, name: S, source: G, model: "w : 1", on_pre: "", connect: {p: p0}}
      run:
        - run: 1 ms
        - set: {G.v: start}
        - store: there
        - run: 1 ms
        - set: {G.v: later}
        - run: 1 ms
      """
    try folder.write("used.yaml", text.utf8)
    let place = folder["used.engram"]
    _ = try Experiment(modelFile: folder["used.yaml"], in: place).run()
    func messages(_ name: String, _ value: String) throws -> [String] {
      try Messages.capturing { try Experiment.branch(place, from: "there", as: "with-\(name)", changing: BranchChanges(constants: [name: value])) }
        .messages.filter { $0.category.hasSuffix("branch.used_up") }.map(\.text)
    }
    #expect(try messages("n", "12").first?.contains("'n' has been used up (N of 'G')") == true)
    #expect(try messages("p0", "0.7").first?.contains("connect of 'S'") == true)
    #expect(try messages("start", "0.1").first?.contains("initial of 'G', step 2") == true)
    #expect(try messages("later", "0.2").isEmpty)
    #expect(try messages("tau", "6 ms").isEmpty)
  }
}
