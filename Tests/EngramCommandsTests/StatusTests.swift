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
}
