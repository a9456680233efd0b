import EngramTestSupport
import Foundation
import Testing

private let model = """
  name: trained
  seed: 3
  constants: {w_exc: 1 mV, tau: 10 ms, n: 20}
  objects:
    - kind: NeuronGroup
      name: G
      N: n
      model: "dv/dt = -v/tau + 2*mV*xi*tau**-0.5 : volt"
      method: euler
      threshold: v > 3*mV
      reset: v = 0*mV
      initial: {v: 3*mV*rand()}
    - {kind: Synapses, name: S, source: G, model: "w : 1", on_pre: v_post += w_exc*w, connect: {condition: i != j}, initial: {w: rand()}}
    - {kind: SpikeMonitor, name: spikes, source: G}
    - {kind: PopulationRateMonitor, name: rate, source: G}
    - {kind: StateMonitor, name: trace, source: G, variables: v, record: [0, 3]}
  run:
    - run: 10 ms
    - store: trained
    - run: 20 ms
  sweep:
    over: {w_exc: {start: 1 mV, stop: 2 mV, count: 3}, seed: [4, 5]}
    collect: ["mean(S.w)", "last = trace.v[-1, 0]"]

  """

/// A table in a file: head and rows.
private func table(_ path: String) throws -> (head: [String], rows: [[String]]) {
  let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  return (lines.first ?? [], Array(lines.dropFirst()))
}

@Suite("Sweeps") struct SweepTests {
  private let folder: TemporaryFolder
  private var file: String { folder.path("trained.yaml") }
  private var sweep: String { folder.path("s.sweep") }

  init() throws {
    folder = try TemporaryFolder()
    try model.write(toFile: file, atomically: true, encoding: .utf8)
  }

  private func digest(_ path: String) throws -> String { try Program.engram.run("digest", path).output }
  private func digests(_ sweep: String, _ count: Int) throws -> [String] {
    try (1...count).map { try digest("\(sweep)/\(String(format: "%04d", $0))/run.engram") }
  }

  @Test("CKP-27: the tutorial's forty conditions give forty different results and one table; each equals a branch made by hand") func forty() throws {
    let trained = folder.path("train.engram")
    #expect(try Program.engram.run("run", file, "--in", trained, "-q", "--until", "10ms").status == 0)
    #expect(try Program.engram.run("resume", trained, "-q", "--until", "11ms").status == 0)
    let csv = folder.path("out.csv")
    let made = try Program.engram.run("sweep", "\(trained)@trained", "--over", "w_exc=1mV:4mV:40", "--for", "5ms", "--in", sweep, "--table", csv)
    #expect(made.status == 0, "\(made.errors)")
    #expect(Set(try digests(sweep, 40)).count == 40)
    let (head, rows) = try table(csv)
    #expect(head.prefix(4) == ["run", "w_exc [mV]", "state", "t [s]"] && rows.count == 40 && rows.allSatisfy { $0.count == head.count })
    for column in ["spikes.count", "spikes.rate [Hz]", "rate.rate [Hz]", "trace.v at end [V]"] { #expect(head.contains(column), "\(head)") }
    #expect(
      rows.map { $0[0] } == (1...40).map { String(format: "%04d", $0) } && rows.allSatisfy { $0[2] == "finished" && abs((Double($0[3]) ?? 0) - 0.015) < 1e-12 })
    #expect(rows[0][1] == "1" && rows[39][1] == "4")
    // The rate of neurons is their count by number and time since the branch.
    let count = try #require(head.firstIndex(of: "spikes.count").flatMap { Double(rows[39][$0]) })
    let rate = try #require(head.firstIndex(of: "spikes.rate [Hz]").flatMap { Double(rows[39][$0]) })
    #expect(count > 0 && abs(rate - count / 0.005 / 20) < 1e-9 * rate)
    let hand = folder.path("hand.engram")
    #expect(try Program.engram.run("branch", "\(trained)@trained", "--to", hand, "--constant", "w_exc=4 mV").status == 0)
    #expect(try Program.engram.run("resume", hand, "-q", "--for", "5ms").status == 0)
    #expect(try digest(hand) == digest("\(sweep)/0040/run.engram"))
  }

  @Test("CKP-27: the commands of the tutorial's section on forty conditions do what it says, as they stand there") func tutorial() throws {
    let page = try String(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Documentation/Tutorial.md"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("2. Train once, branch forty conditions") })
    let blocks = section.components(separatedBy: "```console\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    let commands = blocks.flatMap { $0.split(separator: "\n").map { String($0.prefix { $0 != "#" }) } }
    #expect(commands.contains { $0.contains("--over w_exc=1mV:4mV:40") } && commands.count >= 5)
    // Steps of 1 ms, so that ten seconds are short.
    let text = model.replacingOccurrences(of: "name: trained", with: "name: train\ndt: 1 ms").components(separatedBy: "  - run: 20 ms")[0]
    try text.write(toFile: folder.path("train.yaml"), atomically: true, encoding: .utf8)
    let bin = folder.path("bin")
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: "\(bin)/engram", withDestinationPath: Program.engram.path)
    for command in commands {
      let done = try Program(path: "/bin/sh").run(["-c", command], in: folder.url, environment: ["PATH": "\(bin):/usr/bin:/bin"])
      // What differs is told by `diff` with status 1.
      #expect(done.status == (command.contains(" diff ") ? 1 : 0), "\(command): \(done)")
      if command.contains(" diff ") { #expect(done.output.contains("w_exc: 1 mV → 2 mV"), "\(done.output)") }
    }
    let (head, rows) = try table(folder.path("rates.csv"))
    #expect(head.prefix(3) == ["run", "w_exc [mV]", "state"] && rows.count == 40 && rows.allSatisfy { $0[2] == "finished" })
    #expect(Set(try digests(folder.path("train-trained.sweep"), 40)).count == 40)
    // The results that the table is about differ, too: stronger synapses, more spikes.
    let rate = try #require(head.firstIndex(of: "spikes.rate [Hz]"))
    #expect(try #require(Double(rows[39][rate])) > #require(Double(rows[0][rate])))
  }

  @Test("MDL-12, MDL-61: 'sweep:' of a file and the options give the runs that engram run gives with the same constants and seeds") func ofFile() throws {
    let csv = folder.path("out.csv")
    let made = try Program.engram.run("sweep", file, "--in", sweep, "--table", csv, "--jobs", "2")
    #expect(made.status == 0, "\(made.errors)")
    let (head, rows) = try table(csv)
    #expect(head.prefix(4) == ["run", "w_exc [mV]", "seed", "state"])
    #expect(rows.map { "\($0[1]) \($0[2])" } == ["1 4", "1 5", "1.5 4", "1.5 5", "2 4", "2 5"])
    #expect(head.contains("mean(S.w)") && head.contains("last [V]"))
    for (number, w, seed) in [(2, "1 mV", "5"), (5, "2 mV", "4")] {
      let alone = folder.path("alone-\(number).engram")
      #expect(try Program.engram.run("run", file, "--in", alone, "-q", "--constant", "w_exc=\(w)", "--seed", seed).status == 0)
      #expect(try digest(alone) == digest("\(sweep)/000\(number)/run.engram"))
    }
    // Once more: nothing is done, the table is the same.
    let before = try Data(contentsOf: URL(filePath: csv))
    #expect(try Program.engram.run("sweep", file, "--in", sweep, "--table", csv).status == 0)
    #expect(try Data(contentsOf: URL(filePath: csv)) == before)
    // By its folder alone, further, and with another column.
    let more = try Program.engram.run("sweep", sweep, "--until", "40ms", "--collect", "n=count(S.w)", "--json")
    let json = try more.json()
    #expect(json["finished"] as? Int == 6)
    let results = try #require(json["results"] as? [[String: Any]])
    #expect(results.allSatisfy { $0["t [s]"] as? Double == 0.04 && $0["n"] as? Double == 380 })
  }

  @Test("CPR-1: a folder belongs to one sweep and to one process: other conditions and a second process are refused") func refused() throws {
    #expect(try Program.engram.run("sweep", file, "--over", "seed=1..2", "--in", sweep, "-q").status == 0)
    let other = try Program.engram.run("sweep", file, "--over", "seed=1..3", "--in", sweep)
    #expect(other.status == 1 && other.errors.contains("holds another sweep") && other.errors.contains("seed = 1, 2, 3 (3)"), "\(other.errors)")
    try model.replacingOccurrences(of: "tau: 10 ms", with: "tau: 20 ms").write(toFile: file, atomically: true, encoding: .utf8)
    let changed = try Program.engram.run("sweep", file, "--over", "seed=1..2", "--in", sweep)
    #expect(changed.status == 1 && changed.errors.contains("constant tau: stored"), "\(changed.errors)")
    let full = folder.path("full")
    try FileManager.default.createDirectory(atPath: "\(full)/x", withIntermediateDirectories: true)
    #expect(try Program.engram.run("sweep", file, "--in", full).errors.contains("holds something that is no sweep"))
    // Long runs, so that the second call comes while the first one goes on.
    let long = ["sweep", file, "--over", "seed=1..4", "--until", "1000s", "--in", folder.path("long"), "-q"]
    let process = try Program.engram.start(long)
    for _ in 0..<1200 where !FileManager.default.fileExists(atPath: folder.path("long/0001/run.engram/checkpoints/ck-1.manifest")) { usleep(25_000) }
    let second = try Program.engram.run(long)
    #expect(second.status == 1 && second.errors.contains("is being swept by process \(process.processIdentifier)"), "\(second.errors)")
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 75)
    #expect(try Program.engram.run("ls", folder.path("long/0001/run.engram")).status == 0)
  }

  @Test("COR-2: what is wrong is told before anything begins") func wrong() throws {
    for (options, words) in [
      (["--over", "w_ex=1mV:2mV:3"], "did you mean 'w_exc'"), (["--over", "w_exc=1ms,2ms"], "volt"), (["--over", "dt=0.1ms"], "from a checkpoint"),
      (["--over", "w_exc=1mV,2mV", "--over", "seed=1..3", "--zip"], "equally long"), (["--over", "w_exc"], "NAME=VALUES"),
    ] {
      let refused = try Program.engram.run(["sweep", file, "--in", sweep] + options)
      #expect(refused.status == 1 && refused.errors.contains(words), "\(options): \(refused.errors)")
    }
    for table in ["/nowhere/x.csv", folder.path("no/x.csv")] {
      let refused = try Program.engram.run("sweep", file, "--over", "seed=1..2", "--in", sweep, "--table", table)
      #expect(refused.status == 1 && refused.errors.contains("'\(table)' cannot be written: No such file"), "\(refused.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: sweep))
    for options in [["--jobs", "0"], ["--collect", "1+1"], ["--table", "x.xls"], ["--until", "1s", "--for", "1s"]] {
      #expect(try Program.engram.run(["sweep", file, "--in", sweep] + options).status == 64)
    }
  }

  /// A folder with a program `engram-convert` that is a shell script.
  private func converter(_ name: String, _ script: String) throws -> [String: String] {
    let bin = folder.path(name)
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    try "#!/bin/sh\n\(script)\n".write(toFile: "\(bin)/engram-convert", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bin)/engram-convert")
    return ["PATH": "\(bin):/usr/bin:/bin"]
  }

  @Test("CPR-1: a table as Parquet is made by the Python package; where that cannot, it is told before anything begins") func parquet() throws {
    let target = folder.path("out.parquet")
    let command = ["sweep", file, "--over", "seed=1..2", "--until", "1ms", "--in", sweep, "--table", target, "-q"]
    for (environment, words) in [
      (["PATH": "/usr/bin:/bin"], "engram-convert is not on the PATH; pip install 'engram-snn[parquet]'"),
      (try converter("lacks", "echo 'error: the format parquet needs pyarrow' >&2; exit 1"), "needs pyarrow; pip install"),
    ] {
      let refused = try Program.engram.run(command, environment: environment)
      #expect(refused.status == 1 && refused.errors.contains(words), "\(refused.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: sweep) && !FileManager.default.fileExists(atPath: target))
    // The words of `engram convert`: TABLE --to parquet --output FILE.
    let stand = try converter("stand", "test \"$2 $3 $4\" = '--to parquet --output' && cp \"$1\" \"$5\"")
    for _ in 0..<2 {
      let made = try Program.engram.run(command, environment: stand)
      #expect(made.status == 0, "\(made.errors)")
    }
    #expect(try table(target).rows.map { $0[1] } == ["1", "2"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).filter { $0.hasPrefix("out.parquet.") }.isEmpty)
  }

  @Test("CPR-1: failed runs are listed with their messages and left alone until they are asked for; the others finish") func failed() throws {
    let command = ["sweep", file, "--over", "n=20,-1,30", "--in", sweep]
    for _ in 0..<2 {
      let made = try Program.engram.run(command + ["--table", folder.path("out.csv")])
      #expect(made.status == 1 && made.errors.contains("failed: 0002, n = -1") && made.errors.contains("2 of 3 runs finished"), "\(made.errors)")
    }
    #expect(try table(folder.path("out.csv")).rows.map { $0[2] } == ["finished", "failed", "finished"])
    let again = try Program.engram.run(command + ["--retry-failed"])
    #expect(again.status == 1 && again.errors.contains("0002 failed"), "\(again.errors)")
  }

  @Test("CPR-1: a sweep that is killed again and again, and restarted by the same command, ends as the undisturbed one, bit for bit") func killed() throws {
    func command(_ place: String) -> [String] {
      ["sweep", file, "--over", "w_exc=1mV:2mV:4", "--over", "seed=1..2", "--until", "200ms", "--checkpoint-every", "20ms", "--in", folder.path(place), "-q"]
    }
    #expect(try Program.engram.run(command("whole") + ["--table", folder.path("whole.csv")]).status == 0)
    var random = SplitMix(state: 5)
    for round in 0..<4 {
      let process = try Program.engram.start(command("killed"))
      usleep(UInt32.random(in: 50_000...900_000, using: &random))
      kill(process.processIdentifier, round % 2 == 0 ? SIGKILL : SIGTERM)
      process.waitUntilExit()
    }
    let last = try Program.engram.run(command("killed") + ["--table", folder.path("killed.csv")])
    #expect(last.status == 0, "\(last.errors)")
    #expect(try digests(folder.path("killed"), 8) == digests(folder.path("whole"), 8))
    #expect(try table(folder.path("killed.csv")).rows == table(folder.path("whole.csv")).rows)
  }

  @Test(
    "CKP-12: conditions in sweep.json that nobody could have asked for are told, not believed",
    arguments: [
      #"{"axes": [], "zips": true}"#, #"{"axes": [{"name": "a", "unit": "", "values": []}], "zips": false}"#,
      #"{"axes": [{"name": "a", "unit": "", "values": [{"text": "1"}]}, {"name": "b", "unit": "", "values": []}], "zips": true}"#,
      #"{"axes": [{"name": "a", "unit": "", "values": [{"text": "1"}]}, {"name": "a", "unit": "", "values": [{"text": "1"}]}], "zips": false}"#,
    ])
  func hostile(conditions: String) throws {
    #expect(try Program.engram.run("sweep", file, "--over", "w_exc=1mV,2mV", "--in", sweep, "-q", "--until", "1ms").status == 0)
    var stored = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(sweep)/sweep.json"))) as? [String: Any])
    stored["conditions"] = try JSONSerialization.jsonObject(with: Data(conditions.utf8))
    try JSONSerialization.data(withJSONObject: stored).write(to: URL(fileURLWithPath: "\(sweep)/sweep.json"))
    for command in [["sweep", sweep], ["status", sweep], ["sweep-job", sweep, "1"]] {
      let refused = try Program.engram.run(command)
      #expect(refused.status == 1 && refused.errors.contains("sweep.json' is damaged"), "\(command): \(refused.status) \(refused.errors)")
    }
  }
}

@Suite("Limits on the wall") struct WallLimitTests {
  @Test("CPR-1: a run stops with a checkpoint before its time on the machine is over, and the same command goes on") func limit() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("trained.yaml")
    try model.write(toFile: file, atomically: true, encoding: .utf8)
    let command = ["run", file, "--in", folder.path("r"), "--until", "1000s", "--json"]
    for option in [["--max-wall", "2s"], ["--stop-before-end-of-allocation"]] {
      let end = ["SLURM_JOB_END_TIME": "\(Int(Date().timeIntervalSince1970) + 3)"]
      let stopped = try Program.engram.run(command + option, environment: end)
      #expect(stopped.status == 75)
      let told = try stopped.json()
      #expect(told["outcome"] as? String == "interrupted" && (told["t"] as? Double ?? 0) > 0 && told["checkpoint"] is String)
    }
    #expect(try Program.engram.run(command + ["--stop-before-end-of-allocation"]).errors.contains("SLURM_JOB_END_TIME"))
    #expect(try Program.engram.run(command + ["--max-wall", "0s"]).status == 64)
    #expect(try Program.engram.run("run", file, "--in", folder.path("q"), "--max-wall", "23.9h", "-q").status == 0)
  }

  @Test("CPR-1: a sweep that is out of time stops its runs by limits of their own, begins no other, and goes on with the same command") func sweep() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("trained.yaml")
    try model.write(toFile: file, atomically: true, encoding: .utf8)
    let command = ["sweep", file, "--over", "seed=1..3", "--until", "1000s", "--jobs", "1", "--in", folder.path("s"), "--json"]
    let process = try Program.engram.start(command + ["--max-wall", "15s"])
    // The program that does the run is told when it has to be gone. For a moment it still has the words of the sweep.
    var words = ""
    while process.isRunning, !words.contains("sweep-job") {
      usleep(10_000)
      let children = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children", encoding: .utf8)) ?? ""
      for child in children.split(separator: " ") {
        words += (try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8))?.replacingOccurrences(of: "\0", with: " ") ?? ""
      }
    }
    #expect(words.contains("sweep-job") && words.contains("--max-wall"), "\(words)")
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    let left = try Program.engram.run("sweep", folder.path("s"), "--no-run", "--json").json()
    #expect((left["left"] as? [Any])?.count == 3)
    // A run that begins gets its folder first.
    #expect(!FileManager.default.fileExists(atPath: folder.path("s/0002")))
    #expect(try Program.engram.run("verify", folder.path("s/0001/run.engram")).status == 0)
  }
}
