import EngramCommands
import EngramScalars
import EngramTestSupport
import Foundation
import Testing

@Suite("Looking at run directories from the command line") struct LookingTests {
  @Test("CKP-46: 'digest' of a stored checkpoint is the digest of the network it was taken from")
  func digest() throws {
    let small = try SmallRun()
    #expect(try Program.engram.run("digest", "\(small.directory)@early").output == small.earlyDigest + "\n")
    #expect(try Program.engram.run("digest", small.directory).output == small.lateDigest + "\n")
    #expect(small.earlyDigest != small.lateDigest)
    let json = try Program.engram.run("digest", "--json", "\(small.directory)@latest").json()
    #expect(json["digest"] as? String == small.lateDigest)
    #expect(json["t"] as? Double == 0.02)
  }

  @Test("CKP-17: 'ls' tells id, names, time, parent, sizes and comment of each checkpoint, also as JSON")
  func list() throws {
    let small = try SmallRun()
    let text = try Program.engram.run("ls", small.directory)
    #expect(text.status == 0 && text.lines.count == 4 && text.lines[3].contains("on disk"))
    #expect(text.lines[1].contains("early") && text.lines[1].contains("10 ms") && text.lines[1].contains("the early one"))
    let list = try #require(try Program.engram.run("ls", "--json", small.directory).json()["checkpoints"] as? [[String: Any]])
    #expect(list.map { $0["names"] as? [String] } == [["early"], ["late"]])
    #expect(list[1]["parent"] as? String == list[0]["id"] as? String)
    #expect((list[1]["written_bytes"] as? Int ?? 0) > 0 && (list[1]["logical_bytes"] as? Int ?? 0) > 200 * 8 * 3)
  }

  @Test("CKP-38: 'show' prints exact values, slices, statistics and units of any column")
  func show() throws {
    let small = try SmallRun()
    let all = try Program.engram.run("show", "--json", small.directory, "P.v").item()
    #expect((all["values"] as? [Double])?.count == 20)
    let digits = try Program.engram.run("show", "--exact", small.directory, "P.v").lines.dropFirst().map { Double($0.split(separator: " ")[1]) }
    #expect(digits == small.potentials)
    #expect(all["unit"] as? String == "V" && all["type"] as? String == "float64")
    let part = try Program.engram.run("show", "--json", small.directory, "P.label[-2:]").item()
    #expect(part["values"] as? [Int] == [324, 361] && part["rows"] as? [Int] == [18, 19])
    let statistics = try Program.engram.run("show", "--json", "--stats", small.directory, "P.label").item()["statistics"] as? [String: Any]
    #expect(statistics?["max"] as? Double == 361 && statistics?["count"] as? Int == 20)
    #expect(statistics?["mean"] as? Double == 123.5)
    let trace = try Program.engram.run("show", "--json", small.directory, "trace.v[-1, 1]").item()
    #expect(trace["shape"] as? [Int] == [200, 2])
    let text = try Program.engram.run("show", small.directory, "P.label[3:5]").output
    #expect(text == "P.label  int32  20  1  constant\n[3]  9\n[4]  16\n")
    let exact = try Program.engram.run("show", "--exact", small.directory, "P.v[2]").lines.last
    #expect(exact == "[2]  \(small.potentials[2])")
    let overview = try Program.engram.run("show", small.directory).output
    #expect(overview.contains("20 ms") && overview.contains("Synapses") && overview.contains("SpikeMonitor"))
    #expect(try Program.engram.run("show", small.directory, "P").output.contains("not_refractory"))
  }

  @Test("CKP-38: statistics of a slice are those of the slice; a slice of nothing says so") func statisticsOfSlices() throws {
    let small = try SmallRun()
    let part = try Program.engram.run("show", "--json", "--stats", small.directory, "P.label[2:5]").item()["statistics"] as? [String: Any]
    #expect(part?["count"] as? Int == 3 && part?["min"] as? Double == 4 && part?["max"] as? Double == 16)
    let column = try Program.engram.run("show", "--json", "--stats", small.directory, "trace.v[5:, 1]").item()["statistics"] as? [String: Any]
    let values = try #require(try Program.engram.run("show", "--json", small.directory, "trace.v[5:, 1]").item()["values"] as? [[Double]]).flatMap(\.self)
    #expect(column?["count"] as? Int == 195 && column?["max"] as? Double == values.max() && column?["min"] as? Double == values.min())
    #expect(try Program.engram.run("show", small.directory, "P.label[5:2]").lines.last == "no rows")
  }

  @Test("CKP-35: a checkpoint says which release, host and arguments it comes from, and the seed")
  func provenance() throws {
    let small = try SmallRun()
    let facts = try #require(try Program.engram.run("show", "--json", small.directory).json()["provenance"] as? [String: String])
    #expect(Set(facts.keys).isSuperset(of: ["version", "architecture", "system", "host", "arguments", "date", "seed"]))
    #expect(facts["seed"] == "7" && facts["host"] == ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init))
  }

  @Test("CKP-38: what does not exist is met with status 1, one paragraph and the nearest valid word")
  func misspelt() throws {
    let small = try SmallRun()
    func check(_ arguments: [String], _ words: String, line: UInt = #line) throws {
      let outcome = try Program.engram.run(arguments)
      #expect(outcome.status == 1 && outcome.output.isEmpty, "line \(line)")
      #expect(outcome.errors.hasPrefix("error: ") && outcome.errors.contains(words), "line \(line): \(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).count == 2, "line \(line)")
    }
    try check(["show", "\(small.directory)@latte", "P"], "did you mean 'late'?")
    try check(["show", small.directory, "P.dirve"], "did you mean 'drive'?")
    try check(["show", small.directory, "spike.t"], "did you mean 'spikes'?")
    try check(["show", small.directory, "P.v[20]"], "20 is not one of 20 places")
    try check(["digest", small.folder.path("nothing.engram")], "nothing.engram")
    try check(["ls", small.folder.path("")], "is not a run directory")
    try check(["ls", small.folder.path("smal.engram")], "did you mean 'small.engram'?")
    try check(["gc", small.folder.path("smal.engram")], "did you mean 'small.engram'?")
    let letter = small.folder.path("letter.txt")
    try "Dear".write(toFile: letter, atomically: true, encoding: .utf8)
    try check(["show", letter], "neither a run directory nor a portable file")
    try check(["resume", letter], "it is a file")
    try check(["rm", "\(small.directory)@early", "\(small.directory)@lat"], "did you mean 'late'?")
    #expect(try Program.engram.run("digest", "\(small.directory)@early").status == 0, "all are removed or none")
    try check(["export", small.directory, "--only", "trac", "-o", small.folder.path("x.h5")], "did you mean 'trace'?")
  }

  @Test("CKP-38: wrong usage ends with status 64, help and version with 0")
  func usage() throws {
    #expect(try Program.engram.run("lss").status == 64)
    let wrong = try Program.engram.run("show")
    #expect(wrong.status == 64 && wrong.errors.hasPrefix("error: "))
    #expect(try Program.engram.run("--help").output.contains("SUBCOMMANDS"))
    #expect(try Program.engram.run("show", "--help").status == 0)
    #expect(try Program.engram.run("--version").output.hasPrefix("engram "))
  }

  @Test("CKP-38: output that a full disk does not take is an error; a reader that went away is told nothing, in the status of a shell")
  func refusedOutput() throws {
    let small = try SmallRun()
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let outcome = try Program.engram.run("show", small.directory, standardOutput: full)
    #expect(outcome.status == 1 && outcome.errors.contains("No space left"))
    #expect(try Program.engram.run("--help", standardOutput: full).status == 1)
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let closed = try Program.engram.run("ls", small.directory, standardOutput: pipe.fileHandleForWriting)
    #expect(closed.status == 141 && closed.errors.isEmpty)
  }

  @Test("SYN-35, CKP-38: several indices of a synaptic variable mean sources and targets, as in model files; the delay is that of 'pre'")
  func synapses() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("synapses.yaml")
    try """
    name: F13
    objects:
      - {kind: NeuronGroup, name: G, N: 3, model: "v : 1", threshold: v > 1, reset: v = 0}
      - {kind: Synapses, name: S, source: G, model: "w : 1", on_pre: v_post += w, connect: true, initial: {w: i + 0.1*j, delay: "(1 + i)*ms"}}
      - {kind: Synapses, name: T, source: "G[1:3]", target: G, model: "w : 1", connect: {n: 2}, multisynaptic_index: k, initial: {w: 10*i + j + 0.5*k}}
      - {kind: Synapses, name: U, source: G, model: "pre : 1", on_pre: v_post += pre, connect: true, initial: {pre: i + 0.1*j}}
    run: 1 ms
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let run = folder.path("F13.engram")
    #expect(try Program.engram.run("run", file, "--in", run).status == 0)
    func values(_ item: String) throws -> [Double] { try #require(try Program.engram.run("show", "--json", run, item).item()["values"] as? [Double]) }
    #expect(try values("S.w[1, :]") == [1, 1.1, 1.2])
    #expect(try values("S.w[:, -1]") == [0.2, 1.2, 2.2])
    #expect(try values("S.w[[0, 2], 0:2]") == [0, 0.1, 2, 2.1])
    #expect(try values("S.w[1]") == [0.1])
    #expect(try values("S.delay[1, 2]") == [0.002] && values("S.pre.delay[2, :]") == [0.003, 0.003, 0.003])
    #expect(try values("S.delay") == [1, 1, 1, 2, 2, 2, 3, 3, 3].map { $0 / 1000 })
    #expect(try values("T.w[1, 2, 1]") == [12.5] && values("T.w[-1, 0]") == [10, 10.5])
    // A variable comes before the pathway of the same name.
    #expect(try values("U.pre[1, :]") == [1, 1.1, 1.2] && values("U_pre.delay[0:2]") == [0, 0])
    #expect(try Program.engram.run("show", run, "S.w[1, 2, 0]").status != 0)
    #expect(try Program.engram.run("show", run, "S.w[3, :]").status != 0)
  }

  @Test(
    "CKP-38: every number prints as text that reads back: shortly within its digits, with --exact as itself",
    arguments: [
      Double.leastNonzeroMagnitude, Double.leastNormalMagnitude, -Double.leastNormalMagnitude / 64, 1.7976931348623157e308, -1e300, 1e22, 123456.789,
      9.9999999e-5, 0.1, -0.0, 1e-4, 999999.5,
    ])
  func numberText(value: Double) throws {
    let text = shortText(value)
    let read = try #require(Double(text), "\(text)")
    #expect(
      read == value || abs(read - value) <= 5e-6 * abs(value) || abs(value) < 1e-307 && abs(read - value) <= 5e-6 * abs(value) + .leastNonzeroMagnitude,
      "\(text)")
    #expect(Double("\(value)") == value)
  }
}
