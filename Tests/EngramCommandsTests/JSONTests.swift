import EngramTestSupport
import Foundation
import Testing

private let model = """
  name: tiny
  seed: 5
  objects:
    - {kind: NeuronGroup, name: G, N: 3, model: "dv/dt = -v/(10*ms) : 1", method: exact, initial: {v: rand()}}
  run:
    - run: 1 ms
    - store: mid
    - run: 1 ms

  """

/// What every answer has.
private struct Report: Decodable {
  let command: String
  let status: Int32
  let error: String?
}

@Suite("Answers in JSON") struct JSONTests {
  /// One object on standard output, with the name of the command and the status that the process ends with.
  private func ask(_ arguments: [String], status: Int32 = 0, line: UInt = #line) throws -> [String: Any] {
    let outcome = try Program.engram.run(arguments)
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    #expect(outcome.status == status && report.status == status, "line \(line): \(outcome.errors)")
    #expect(report.command == arguments.first, "line \(line)")
    #expect(outcome.output.split(separator: "\n").count == 1, "line \(line)")
    return try outcome.json()
  }

  @Test("CKP-38: every command answers with one JSON object that names command and status") func every() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("a model.yaml")
    try model.write(toFile: file, atomically: true, encoding: .utf8)
    let run = folder.path("run.engram")
    let ran = try ask(["run", file, "--in", run, "--json"])
    #expect(ran["outcome"] as? String == "reachedEnd" && ran["t"] as? Double == 0.002 && ran["seed"] as? UInt64 == 5)
    #expect(try ask(["resume", run, "--json"])["outcome"] as? String == "alreadyComplete")
    #expect(try ask(["explain", file, "--json"])["network"] as? String == "tiny")
    let all = try #require(try ask(["ls", run, "--json"])["checkpoints"] as? [[String: Any]])
    #expect(all.count == 3 && all[1]["names"] as? [String] == ["mid"])
    #expect((try ask(["log", run, "--json"])["checkpoints"] as? [[String: Any]])?.first?["id"] as? String == all[2]["id"] as? String)
    #expect(try ask(["show", run, "--json"])["seed"] as? String == "5")
    #expect((try ask(["show", run, "G.v", "G", "--json"])["items"] as? [[String: Any]])?.count == 2)
    #expect((try ask(["digest", run, "--json"])["digest"] as? String)?.count == 32)
    #expect(try ask(["diff", "\(run)@mid", "@mid", "--json"])["equal"] as? Bool == true)
    #expect(try ask(["diff", "\(run)@initial", "@mid", "--json"], status: 1)["equal"] as? Bool == false)
    #expect(try ask(["verify", run, "--full", "--replay", "--json"])["sound"] as? Bool == true)
    #expect((try ask(["branch", "\(run)@mid", "side", "--json"])["id"] as? String)?.hasPrefix("ck-") == true)
    #expect(try ask(["branch", "\(run)@mid", "own", "--to", folder.path("own.engram"), "--json"])["directory"] as? String == folder.path("own.engram"))
    let tagged = try ask(["tag", "\(run)@mid", "good", "better", "--json"])["checkpoint"] as? [String: Any]
    #expect(tagged?["tags"] as? [String] == ["good", "better"])
    let renamed = try ask(["rename", "\(run)@mid", "middle", "--json"])["checkpoint"] as? [String: Any]
    #expect(renamed?["names"] as? [String] == ["middle"])
    _ = try ask(["rm", "\(run)@side", "--json"], status: 1)
    #expect((try ask(["rm", "\(run)@side", "--force", "--json"])["removed"] as? [[String: String]])?.first?["name"] == "side")
    let collected = try ask(["gc", run, "--keep", "1", "--json"])
    #expect(collected["freed_bytes"] is Int && (collected["kept"] as? [String])?.contains(all[1]["id"] as? String ?? "") == true)
    let packed = folder.path("packed.h5")
    #expect((try ask(["pack", "\(run)@middle", "-o", packed, "--json"])["checkpoints"] as? [[String: Any]])?.count == 1)
    #expect((try ask(["unpack", packed, folder.path("new.engram"), "--json"])["checkpoints"] as? [[String: Any]])?.count == 1)
    #expect((try ask(["export", run, "-o", folder.path("out.h5"), "--json"])["bytes"] as? Int ?? 0) > 1000)
    #expect((try ask(["export", run, "--rebuild-views", "--json"])["checkpoints"] as? [String])?.isEmpty == false)
  }

  @Test("CKP-38: with --json errors are JSON too, beside the sentence on standard error; statuses are the same") func errors() throws {
    let folder = try TemporaryFolder()
    let empty = folder.path("")
    for arguments in [
      ["ls", empty], ["log", empty], ["show", empty, "P"], ["digest", empty], ["verify", empty], ["branch", empty, "x"],
      ["tag", "\(empty)@x", "y"], ["rename", "\(empty)@x", "y"], ["rm", "\(empty)@x"], ["gc", empty], ["pack", empty, "-o", folder.path("x.h5")],
      ["unpack", folder.path("x.h5"), folder.path("y")], ["export", empty], ["resume", empty], ["run", folder.path("x.yaml")],
      ["explain", folder.path("x.yaml")],
    ] {
      let answer = try ask(arguments + ["--json"], status: 1)
      #expect((answer["error"] as? String)?.isEmpty == false, "\(arguments)")
      let plain = try Program.engram.run(arguments)
      #expect(plain.status == 1 && plain.output.isEmpty, "\(arguments)")
      #expect(plain.errors == "error: \(answer["error"] as? String ?? "")\n", "\(arguments)")
    }
    for arguments in [["show"], ["frobnicate"], ["gc", empty, "--keep", "0"], ["rm", empty]] {
      #expect(try ask(arguments + ["--json"], status: 64)["error"] is String)
    }
  }
}
