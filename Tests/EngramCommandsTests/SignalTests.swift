import EngramCheckpoints
import EngramTestSupport
import Foundation
import Testing

/// Many short runs, so that most of the time passes between them and in their preparation.
private let manyRuns = """
  name: many
  seed: 1
  objects:
    - {kind: NeuronGroup, name: G, N: 20, model: "dv/dt = -v/(10*ms) + 0.1*xi*(10*ms)**-0.5 : 1", method: euler}
  run:
    - repeat: {count: 100000, as: k, steps: [{run: 0.1 ms}, {set: {G.v: "0.1*k"}}]}
  """

/// Takes minutes to make its synapses.
private let longSetUp = """
  name: slow
  seed: 1
  objects:
    - {kind: NeuronGroup, name: G, N: 20000, model: "v : 1"}
    - {kind: Synapses, name: S, source: G, model: "w : 1", connect: {condition: "sin(i*j) > 2"}}
  run: 1 ms
  """

@Suite("Signals and closed descriptors") struct SignalTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func start(_ text: String, _ words: String...) throws -> (process: Process, output: String) {
    let file = folder.path("model.yaml")
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let output = folder.path("output")
    let process = try Program.engram.start(["run", file, "--in", folder.path("r")] + words, output: output)
    return (process, output)
  }

  /// What the process answered in JSON.
  private func answer(_ path: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any] ?? [:]
  }

  @Test(
    "CPR-1, MDL-65: each signal that asks for an end is heard between the steps of a list: status 75, and the checkpoint that is named is there",
    arguments: [SIGTERM, SIGXCPU, SIGUSR2, SIGPWR])
  func betweenRuns(signal: Int32) throws {
    let (process, output) = try start(manyRuns, "--json")
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder.path("r/checkpoints/ck-1.manifest")) { usleep(50_000) }
    usleep(150_000)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 75)
    let told = try answer(output)
    #expect(told["outcome"] as? String == "interrupted" && told["status"] as? Int == 75)
    let all = try #require(try Program.engram.run("ls", folder.path("r"), "--json").json()["checkpoints"] as? [[String: Any]])
    #expect(all.last?["id"] as? String == told["checkpoint"] as? String && all.last?["t"] as? Double == told["t"] as? Double)
    #expect((told["t"] as? Double ?? 0) > 0)
  }

  @Test("CPR-1, MDL-60: a signal while synapses are made gives status 75, says that nothing was begun, and leaves nothing behind") func inSetUp() throws {
    let (process, output) = try start(longSetUp)
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder.path("r/FORMAT")) { usleep(50_000) }
    usleep(300_000)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 75)
    #expect(try String(contentsOfFile: output, encoding: .utf8).contains("stopped before the first step, nothing has been begun"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("r")))
  }

  @Test("CKP-30: SIGUSR1 in set-up is remembered until the first step, and the run goes on") func checkpointRequest() throws {
    let text = manyRuns.replacingOccurrences(of: "name: G, N: 20", with: "name: G, N: 400")
      .replacingOccurrences(of: "run:\n", with: "  - {kind: Synapses, name: S, source: G, connect: {condition: \"sin(i*j) > 2\"}}\nrun:\n")
    let (process, _) = try start(text, "-q")
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder.path("r/FORMAT")) { usleep(10_000) }
    kill(process.processIdentifier, SIGUSR1)
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder.path("r/checkpoints/ck-2.manifest")) { usleep(50_000) }
    #expect(FileManager.default.fileExists(atPath: folder.path("r/checkpoints/ck-2.manifest")) && process.isRunning)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
  }

  @Test("COR-1: with closed descriptors nothing is written into another file, and a report that cannot be made is an error") func closed() throws {
    let file = folder.path("model.yaml")
    try manyRuns.replacingOccurrences(of: "100000", with: "3").write(toFile: file, atomically: true, encoding: .utf8)
    let words = "'\(Program.engram.path)' run '\(file)' --in '\(folder.path("r"))'"
    let closed = try Program(path: "/bin/sh").run(["-c", "\(words) >&-"])
    #expect(closed.status == 1 && closed.errors.contains("the output could not be written") && closed.errors.contains("is stored up to t = 300 us in ck-"))
    let lock = try String(contentsOfFile: folder.path("r/lock"), encoding: .utf8)
    #expect(!lock.contains("finished"))
    // Nothing had to be said.
    #expect(try Program(path: "/bin/sh").run(["-c", "\(words) -q <&- >&- 2>&-"]).status == 0)
    #expect(try Program.engram.run("verify", folder.path("r")).status == 0)
  }

  @Test("MDL-67: --fresh leaves the old run where it is when the new file is wrong, or another process writes the old one, whom it names")
  func fresh() throws {
    let (process, _) = try start(manyRuns)
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder.path("r/checkpoints/ck-1.manifest")) { usleep(50_000) }
    let refused = try Program.engram.run("run", folder.path("model.yaml"), "--in", folder.path("r"), "--fresh")
    #expect(refused.status == 1 && refused.errors.contains("is being written by process \(process.processIdentifier)"), "\(refused.errors)")
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    let before = try Program.engram.run("digest", folder.path("r")).output
    for wrong in [("0.1*xi", "0.1*xii"), ("G.v: ", "G.w: "), ("repeat", "repaet")] {
      try manyRuns.replacingOccurrences(of: wrong.0, with: wrong.1).write(toFile: folder.path("wrong.yaml"), atomically: true, encoding: .utf8)
      let outcome = try Program.engram.run("run", folder.path("wrong.yaml"), "--in", folder.path("r"), "--fresh")
      #expect(outcome.status == 1 && !FileManager.default.fileExists(atPath: folder.path("r.old-1")), "\(outcome.errors)")
    }
    #expect(try Program.engram.run("digest", folder.path("r")).output == before)
  }

  @Test("LOG-1: with --quiet only errors are told") func quiet() throws {
    let text = """
      name: large
      objects:
        - {kind: NeuronGroup, name: G, N: 1000, model: "v : 1"}
        - {kind: StateMonitor, name: m, source: G, variables: v, record: true}
      run: [{run: {for: 0.1 ms}}, {run: 20 s}]
      checkpoints: {every: {wall: 1 h}}
      """
    // 1.6 GB are announced; nobody waits for them.
    for (words, expected) in [(["-q"], false), ([], true)] {
      let file = folder.path("large.yaml")
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let errors = folder.path("errors")
      let process = try Program.engram.start(["run", file, "--in", folder.path("large-\(expected)")] + words, errors: errors)
      for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder.path("large-\(expected)/status.json")) { usleep(20_000) }
      usleep(200_000)
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationStatus == 75)
      #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("will record") == expected)
    }
  }
}
