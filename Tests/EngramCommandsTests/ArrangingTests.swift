import EngramCheckpoints
import EngramMagic
import EngramTestSupport
import Foundation
import Testing

private let model = """
  name: lines
  seed: 9
  objects:
    - {kind: NeuronGroup, name: G, N: 5, model: "dv/dt = -v/(10*ms) + 0.1*xi*(10*ms)**-0.5 : 1", method: euler, initial: {v: rand()}}
  run:
    - run: 2 ms
    - store: warm
    - run: 2 ms
    - store: fine
    - run: 2 ms
  checkpoints: {every: 0.5 ms, keep: 3}

  """

@Suite("Lines, names, the journal and repairs, as the program tells them") struct ArrangingTests {
  private let folder: TemporaryFolder
  private let directory: String
  private var yaml: String { folder.path("lines.yaml") }

  init() throws {
    folder = try TemporaryFolder()
    directory = folder.path("lines.engram")
    try model.write(toFile: folder.path("lines.yaml"), atomically: true, encoding: .utf8)
  }

  private func run(_ more: String...) throws {
    #expect(try Program.engram.run(["run", yaml, "--in", directory, "-q"] + more).status == 0)
  }

  private func checkpoints() throws -> [[String: Any]] {
    try Program.engram.run("ls", directory, "--json").json()["checkpoints"] as? [[String: Any]] ?? []
  }

  private func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(directory)/\(name)") }

  private func flip(_ name: String) throws {
    var bytes = try #require(FileManager.default.contents(atPath: "\(directory)/\(name)"))
    bytes[bytes.count / 2] ^= 4
    let handle = try #require(FileHandle(forWritingAtPath: "\(directory)/\(name)"))
    try handle.write(contentsOf: bytes)
    try handle.close()
  }

  @Test("CKP-27: what a branch stores leaves the main line's checkpoint of that name as it was, and `ls` shows both lines") func lines() throws {
    try run("--until", "5ms")
    let before = try Program.engram.run("digest", "\(directory)@fine").output
    #expect(try Program.engram.run("branch", "\(directory)@warm", "trial").status == 0)
    #expect(try Program.engram.run("resume", "\(directory)@trial", "-q").status == 0)
    #expect(try Program.engram.run("digest", "\(directory)@fine").output == before)
    #expect(try Program.engram.run("digest", "\(directory)@main:fine").output == before)
    #expect(try Program.engram.run("digest", "\(directory)@trial:fine").status == 0)
    #expect(try checkpoints().filter { ($0["names"] as? [String])?.contains("fine") == true }.compactMap { $0["line"] as? String } == ["main", "trial"])
    let text = try Program.engram.run("ls", directory).output
    #expect(text.contains("line trial from ck-") && text.contains("of main: newest"), "\(text)")
    #expect(try Program.engram.run("verify", directory, "--full").status == 0)
  }

  @Test(
    "CKP-41: a lost or damaged copy of the journal changes nothing that is shown; it is told, and repaired", arguments: ["journal", "journal.copy"],
    [true, false])
  func oneCopy(name: String, isLost: Bool) throws {
    try run()
    #expect(try Program.engram.run("rename", "\(directory)@warm", "better").status == 0)
    let automatic = try #require(try checkpoints().first { $0["kind"] as? String == "automatic" }?["id"] as? String)
    #expect(try Program.engram.run("tag", "\(directory)@\(automatic)", "precious").status == 0)
    let before = try Program.engram.run("ls", directory).output
    try isLost ? remove(name) : flip(name)
    let after = try Program.engram.run("ls", directory)
    #expect(after.output.split(separator: "\n").dropLast() == before.split(separator: "\n").dropLast())
    #expect(after.errors.contains("\(name): is") && after.errors.contains("engram repair"), "\(after.errors)")
    #expect(try Program.engram.run("verify", directory).status == 1)
    #expect(try Program.engram.run("repair", directory, "--dry-run").output.contains("to be written anew"))
    let repair = try Program.engram.run("repair", directory)
    #expect(repair.status == 0 && repair.output.contains("written anew: \(name)"), "\(repair.output)\(repair.errors)")
    #expect(try Program.engram.run("verify", directory).status == 0)
    #expect(try Program.engram.run("repair", directory).output == "nothing to repair\n")
    #expect(try Program.engram.run("gc", directory, "--keep", "1").status == 0)
    #expect(try checkpoints().contains { $0["id"] as? String == automatic })
  }

  @Test("CKP-41: without the journal ids still work, a run goes on, a tagged checkpoint stays, and `repair` says what is lost") func noJournal() throws {
    try run("--until", "5ms")
    let automatic = try #require(try checkpoints().first { $0["kind"] as? String == "automatic" }?["id"] as? String)
    #expect(try Program.engram.run("tag", "\(directory)@\(automatic)", "precious").status == 0)
    let digest = try Program.engram.run("digest", "\(directory)@\(automatic)").output
    try remove("journal")
    try remove("journal.copy")
    #expect(try Program.engram.run("ls", directory).errors.contains("journal: is missing"))
    #expect(try Program.engram.run("verify", directory, "--full").status == 1)
    #expect(try Program.engram.run("digest", "\(directory)@\(automatic)").output == digest)
    for words in [["gc", directory, "--keep", "1"], ["tag", "\(directory)@\(automatic)", "x"], ["digest", "\(directory)@warm"]] {
      let outcome = try Program.engram.run(words)
      #expect(outcome.status == 1 && outcome.errors.contains("engram repair"), "\(words): \(outcome.errors)")
    }
    #expect(try Program.engram.run("repair", directory, "--dry-run").output.contains("lost: tags"))
    #expect(try Program.engram.run("resume", directory, "-q").status == 0)
    #expect(try Program.engram.run("verify", directory).status == 0)
    #expect(try Program.engram.run("gc", directory, "--keep", "1").status == 0)
    #expect(try Program.engram.run("digest", "\(directory)@\(automatic)").output == digest)
    #expect(try Program.engram.run("digest", "\(directory)@warm").status == 0)
  }

  @Test("CKP-28: a deleted manifest is told by ls, log, verify and resume, given up by repair, and going on is then possible") func deletedManifest() throws {
    try run("--until", "5ms")
    let newest = try #require(try checkpoints().last?["id"] as? String)
    try remove("checkpoints/\(newest).manifest")
    for words in [["ls", directory], ["log", directory]] {
      let outcome = try Program.engram.run(words)
      #expect(outcome.errors.contains("missing: \(newest)"), "\(words): \(outcome.errors)")
    }
    #expect(try Program.engram.run("verify", directory).status == 1)
    let resume = try Program.engram.run("resume", directory, "-q")
    #expect(resume.status == 1 && resume.errors.contains(newest), "\(resume.errors)")
    let repair = try Program.engram.run("repair", directory)
    #expect(repair.status == 1 && repair.output.contains("lost: \(newest)"), "\(repair.output)")
    #expect(try Program.engram.run("verify", directory).status == 0)
    #expect(try Program.engram.run("resume", directory, "-q").status == 0)
  }

  @Test("CKP-19: the last checkpoint of a line goes only when asked for twice; dry runs of gc and rm say what would go") func lastOne() throws {
    try run()
    #expect(try Program.engram.run("branch", "\(directory)@warm", "trial").status == 0)
    let refused = try Program.engram.run("rm", "\(directory)@trial")
    #expect(
      refused.status == 1 && refused.errors.contains("the last checkpoint of the line 'trial'") && refused.errors.contains("--force"), "\(refused.errors)")
    let dry = try Program.engram.run("gc", directory, "--keep", "1", "--dry-run")
    let before = try checkpoints().count
    #expect(dry.output.hasPrefix("would free"))
    let wet = try Program.engram.run("gc", directory, "--keep", "1")
    #expect(
      wet.lines.first.map(String.init)
        == dry.lines.first?.replacingOccurrences(of: "would free", with: "freed").replacingOccurrences(of: "would remove", with: "removed"))
    #expect(wet.output.contains("on disk: ") && wet.output.contains("views"), "\(wet.output)")
    #expect(try checkpoints().count < before)
    // What a dry run of rm promises is what the disk gets back.
    func diskBytes() throws -> Int { try #require(try Program.engram.run("gc", directory, "--dry-run", "--json").json()["disk_bytes"] as? Int) }
    let (there, all) = (try diskBytes(), try checkpoints().count)
    let promise = try Program.engram.run("rm", "\(directory)@trial", "\(directory)@fine", "--dry-run")
    #expect(promise.status == 0 && promise.output.contains("would remove") && promise.output.contains("the last checkpoint of the line 'trial'"))
    let told = try Program.engram.run("rm", "\(directory)@fine", "--dry-run", "--json").json()
    #expect(told["dry_run"] as? Bool == true && (told["files"] as? [[String: Any]])?.isEmpty == false)
    #expect(try checkpoints().count == all && diskBytes() == there)
    #expect(try Program.engram.run("rm", "\(directory)@trial", "--force").status == 0)
    for file in try #require(told["files"] as? [[String: Any]]) {
      #expect(FileManager.default.fileExists(atPath: file["path"] as? String ?? "") && (file["bytes"] as? Int ?? 0) > 0)
    }
    #expect(try Program.engram.run("rm", "\(directory)@fine").status == 0)
    for file in try #require(told["files"] as? [[String: Any]]) { #expect(!FileManager.default.fileExists(atPath: file["path"] as? String ?? "")) }
  }

  @Test("CKP-19: before the last checkpoint of a line goes, a person at a terminal is asked, and no is the answer unless yes is given")
  func asking() throws {
    try run()
    #expect(try Program.engram.run("branch", "\(directory)@warm", "trial").status == 0)
    for (answer, status) in [("n", 1), ("", 1), ("y", 0)] {
      // `script` gives a program a terminal.
      let shell = Program(path: "/bin/sh")
      let command = "printf '\(answer)\\n' | script -qec '\(Program.engram.path) rm \(directory)@trial' /dev/null"
      let outcome = try shell.run(["-c", command])
      #expect(outcome.output.contains("[y/N]"), "\(outcome.output)")
      #expect(outcome.status == Int32(status) && outcome.output.contains(status == 0 ? "removed trial" : "nothing was removed"), "\(outcome.output)")
    }
  }

  @Test("CKP-1: steps that store one name again are told so, once") func storedAgain() throws {
    let text = model.replacingOccurrences(of: "- store: fine", with: "- repeat: {count: 3, as: k, steps: [{run: 0.1 ms}, {store: fine}]}")
    try text.write(toFile: folder.path("lines.yaml"), atomically: true, encoding: .utf8)
    let outcome = try Program.engram.run("run", yaml, "--in", directory)
    #expect(outcome.status == 0)
    #expect(outcome.errors.components(separatedBy: "store 'fine' again").count == 2, "\(outcome.errors)")
  }
}
