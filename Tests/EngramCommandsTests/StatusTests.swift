import EngramTestSupport
import Foundation
import Testing

@Suite("How runs are going") struct StatusTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let text = """
    name: rounds
    seed: 1
    objects:
      - {kind: NeuronGroup, name: G, N: 20, model: "dv/dt = -v/(10*ms) + 0.1*xi*(10*ms)**-0.5 : 1", method: euler}
    run:
      - repeat: {count: 3, as: k, steps: [{run: 10000 s}]}
    """

  @Test("STO-10: status tells state, time, target, round and checkpoint of a run that goes on and of one that was stopped; tail ends with the run")
  func rounds() throws {
    let file = folder.path("rounds.yaml")
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let place = folder.path("r")
    let process = try Program.engram.start(["run", file, "--in", place, "-q"])
    for _ in 0..<1200 where !FileManager.default.fileExists(atPath: "\(place)/status.json") { usleep(25_000) }
    usleep(300_000)
    let first = try #require(try Program.engram.run("status", place, "--json").json()["runs"] as? [[String: Any]]).first ?? [:]
    #expect(first["state"] as? String == "running" && first["place"] as? String == "round 1 of 3")
    #expect(first["checkpoint"] is String && first["free_bytes"] is NSNumber)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    let stopped = try Program.engram.run("status", place)
    #expect(stopped.status == 0 && stopped.output.contains("stopped") && stopped.output.contains("round 1 of 3"), "\(stopped.output)")
    let tail = try Program.engram.run("tail", place)
    #expect(tail.status == 0 && tail.output.contains("stopped: t = "))
    for command in ["status", "tail"] { #expect(try Program.engram.run(command, folder.path("nothing")).status == 1) }
  }

  @Test("STO-10: a folder of a sweep stands for its runs, with their conditions") func sweep() throws {
    let file = folder.path("rounds.yaml")
    try text.replacingOccurrences(of: "seed: 1\n", with: "seed: 1\nconstants: {a: 1}\n").write(toFile: file, atomically: true, encoding: .utf8)
    let sweep = folder.path("s")
    #expect(try Program.engram.run("sweep", file, "--over", "a=1,2,3", "--until", "5ms", "--in", sweep, "-q").status == 0)
    let status = try Program.engram.run("status", sweep)
    #expect(status.output.contains("a = 2") && status.output.contains("3 runs: 3 finished"), "\(status.output)")
  }

  @Test("STO-10: status has the rates of groups whose spikes a monitor counts") func rates() throws {
    let file = folder.path("rates.yaml")
    // Each of the ten spikes every 10 ms.
    try """
    name: rates
    seed: 1
    objects:
      - {kind: NeuronGroup, name: G, N: 10, model: "dv/dt = 1/(10*ms) : 1", threshold: v > 0.995, reset: v = 0, method: exact}
      - {kind: SpikeMonitor, name: spikes, source: G, record: false}
    run: 1000000 s
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let place = folder.path("r")
    let process = try Program.engram.start(["run", file, "--in", place, "-q"])
    defer {
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
    }
    var rate: Double?
    for _ in 0..<1200 where rate == nil {
      usleep(50_000)
      guard FileManager.default.fileExists(atPath: "\(place)/status.json") else { continue }
      let run = (try Program.engram.run("status", place, "--json").json()["runs"] as? [[String: Any]])?.first
      rate = (run?["rates"] as? [String: Double])?["G"]
    }
    #expect(abs(try #require(rate) - 100) < 2)
    #expect(try Program.engram.run("status", place).output.contains(" Hz"))
  }

  @Test("STO-10: set-up that takes long says what it does, on standard error and in the status; a stop takes the word back") func settingUp() throws {
    let file = folder.path("pairs.yaml")
    // Looks at 64 million pairs.
    try """
    name: pairs
    seed: 1
    objects:
      - {kind: NeuronGroup, name: G, N: 8000, model: "v : 1"}
      - {kind: Synapses, name: S, source: G, model: "w : 1", connect: {condition: "sin(i*j) > 0.99999"}}
    run: 1 ms
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let place = folder.path("p")
    let process = try Program.engram.start(["run", file, "--in", place])
    defer { process.waitUntilExit() }
    var run: [String: Any] = [:]
    for _ in 0..<2400 where process.isRunning && run["state"] as? String != "setting up" {
      usleep(25_000)
      guard FileManager.default.fileExists(atPath: "\(place)/status.json") else { continue }
      run = (try Program.engram.run("status", place, "--json").json()["runs"] as? [[String: Any]])?.first ?? [:]
    }
    #expect(run["state"] as? String == "setting up", "\(run)")
    #expect((run["place"] as? String)?.hasPrefix("connecting 'S': ") == true && (run["place"] as? String)?.contains(" %, ") == true, "\(run)")
    #expect(run["t"] is NSNull)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    // Nothing was begun, and nothing is there.
    #expect(!FileManager.default.fileExists(atPath: place))
  }
}
