import EngramHDF5
import EngramScalars
import EngramTestSupport
import Foundation
import Testing

private let model = """
  name: small
  seed: 5
  constants: {tau: 10 ms}
  objects:
    - kind: NeuronGroup
      name: G
      N: 60
      model: "dv/dt = (1.2 + 0.3*sqrt(2*tau)*xi - v)/tau : 1 (unless refractory)"
      threshold: v > 1
      reset: v = 0
      refractory: 2 ms
      method: euler
      initial: {v: rand()}
    - {kind: Synapses, name: S, source: G, on_pre: v_post += 0.03, delay: 1.5 ms, connect: {p: 0.1}}
    - {kind: SpikeMonitor, name: spikes, source: G}
    - {kind: StateMonitor, name: trace, source: G, variables: v, record: [0, 5]}
  run: 300 ms
  """

@Suite("Running, stopping and continuing from the command line") struct RunningTests {
  private func write(_ text: String, _ folder: TemporaryFolder) throws -> String {
    let path = folder.path("model.yaml")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("NET-38: a profile tells each object's share of time, elements and bytes; the results are the same") func profile() throws {
    let folder = try TemporaryFolder()
    let file = try write(model, folder)
    let report = try Program.engram.run("run", file, "--in", folder.path("p"), "--profile", "--json").json()
    let profile = try #require(report["profile"] as? [String: Any])
    let objects = try #require(profile["objects"] as? [[String: Any]])
    let updater = try #require(objects.first { $0["name"] as? String == "G_stateupdater" })
    // 60 neurons and 3000 steps of 0.1 ms; each reads v and lastspike, and reads and writes v and not_refractory.
    #expect(updater["elements"] as? Int == 60 * 3000 && updater["calls"] as? Int == 3000)
    #expect(updater["bytes"] as? Int == 60 * 3000 * (8 + 8 + 8 + 1))
    let spikes = try #require(objects.first { $0["name"] as? String == "G_spike_resetter" }?["elements"] as? Int)
    let pathway = try #require(objects.first { $0["name"] as? String == "S_pre" }?["elements"] as? Int)
    #expect(spikes > 0 && pathway > spikes)
    let sum = objects.reduce(profile["between_seconds"] as? Double ?? -1) { $0 + ($1["seconds"] as? Double ?? -1) }
    #expect(abs(sum - (report["loop_seconds"] as? Double ?? 0)) < 1e-6)
    #expect(profile["memory_bytes_per_second"] as? Double ?? 0 > 1e8)

    let words = try Program.engram.run("run", file, "--in", folder.path("q"), "--profile")
    #expect(words.status == 0 && words.output.contains("G_stateupdater") && words.output.contains("between objects"), "\(words.output)")
    let plain = try Program.engram.run("run", file, "--in", folder.path("r"), "--json").json()
    #expect(plain["profile"] == nil)
    let digests = try ["p", "q", "r"].map { try Program.engram.run("digest", folder.path($0)).output.split(separator: " ").first }
    #expect(Set(digests).count == 1)
    // A run that is complete has nothing to tell.
    #expect(try Program.engram.run("run", file, "--in", folder.path("p"), "--profile", "--json").json()["profile"] == nil)
  }

  @Test("CPR-1: the peak of memory that a run reports is its own, however large the program was that started it") func peak() throws {
    let folder = try TemporaryFolder()
    let file = try write(model, folder)
    let large = UnsafeMutableRawBufferPointer.allocate(byteCount: 400 << 20, alignment: 4096)
    defer { large.deallocate() }
    for place in stride(from: 0, to: large.count, by: 4096) { large[place] = 1 }
    let report = try Program.engram.run("run", file, "--in", folder.path("r"), "--json").json()
    let megabytes = try #require(report["peak_megabytes"] as? Double)
    #expect(megabytes > 5 && megabytes < 300)
  }

  @Test("ACC-1: a run killed with SIGKILL again and again ends with the digest of the undisturbed run") func killed() throws {
    let folder = try TemporaryFolder()
    let file = try write(model, folder)
    let whole = folder.path("whole.engram")
    #expect(try Program.engram.run("run", file, "--in", whole, "-q").status == 0)
    let killed = folder.path("killed.engram")
    var kills = 0
    for attempt in 0..<40 {
      let process = try Program.engram.start(["run", file, "--in", killed, "-q", "--checkpoint-every", "10ms"])
      if kills < 6 {
        usleep(UInt32(30_000 + 23_000 * attempt % 120_000))
        kill(process.processIdentifier, SIGKILL)
      }
      process.waitUntilExit()
      if process.terminationReason == .exit {
        #expect(process.terminationStatus == 0)
        break
      }
      kills += 1
    }
    #expect(kills > 0)
    #expect(try Program.engram.run("digest", killed).output == Program.engram.run("digest", whole).output)
  }

  /// A shell that starts programs in the background has them ignore SIGINT, and so do their children.
  private static let signals: [Int32] = {
    let before = signal(SIGINT, SIG_DFL)
    signal(SIGINT, before)
    return unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) ? [SIGTERM] : [SIGINT, SIGTERM]
  }()

  @Test("CPR-1: SIGINT and SIGTERM end a run after its step with a checkpoint and status 75; the same command goes on", arguments: signals)
  func interrupted(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let file = try write(model.replacingOccurrences(of: "300 ms", with: "1000 s"), folder)
    let directory = folder.path("a.engram")
    let process = try Program.engram.start(["run", file, "--in", directory])
    let manifest = "\(directory)/checkpoints/ck-1.manifest"
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: manifest) { usleep(50_000) }
    usleep(300_000)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 75)
    let further = try Program.engram.run("run", file, "--in", directory, "--for", "1ms", "--json")
    #expect(further.status == 0)
    #expect(try further.json()["outcome"] as? String == "alreadyComplete")
  }

  @Test("MDL-66, MDL-65: a second identical call says so and does nothing; a larger --until goes on") func again() throws {
    let folder = try TemporaryFolder()
    let file = try write(model, folder)
    let directory = folder.path("a.engram")
    #expect(try Program.engram.run("run", file, "--in", directory, "--until", "20ms").output.contains("the same command goes on"))
    #expect(try Program.engram.run("run", file, "--in", directory, "--until", "20ms").output.contains("is complete"))
    #expect(try Program.engram.run("run", file, "--in", directory).output.contains("finished at t = 0.3 s"))
    #expect(try Program.engram.run("run", file, "--in", directory).output.contains("nothing to do"))
    #expect(try Program.engram.run("resume", directory).output.contains("nothing to do"))
  }

  @Test("MDL-67: --fresh moves an existing run aside and refuses what is not a run") func fresh() throws {
    let folder = try TemporaryFolder()
    let file = try write(model, folder)
    let directory = folder.path("a.engram")
    #expect(try Program.engram.run("run", file, "--in", directory, "--until", "5ms", "-q").status == 0)
    let before = try Program.engram.run("digest", directory).output
    #expect(try Program.engram.run("run", file, "--in", directory, "--until", "7ms", "--fresh", "-q").status == 0)
    #expect(try Program.engram.run("digest", "\(directory).old-1").output == before)
    let other = folder.path("other")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try "x".write(toFile: "\(other)/letter", atomically: true, encoding: .utf8)
    let refused = try Program.engram.run("run", file, "--in", other, "--fresh")
    #expect(refused.status == 1 && refused.errors.contains("is not a run directory"))
    #expect(FileManager.default.fileExists(atPath: "\(other)/letter"))
  }

  @Test("COD-13, STO-1: the digest is the same for one and two threads, whole and split runs") func digests() throws {
    let folder = try TemporaryFolder()
    let file = try write(model.replacingOccurrences(of: "N: 60", with: "N: 3000").replacingOccurrences(of: "p: 0.1", with: "p: 0.002"), folder)
    var digests: Set<String> = []
    for (name, arguments) in [("one", ["--threads", "1"]), ("two", ["--threads", "2"])] {
      let directory = folder.path("\(name).engram")
      #expect(try Program.engram.run(["run", file, "--in", directory, "--for", "20ms", "-q"] + arguments).status == 0)
      digests.insert(try Program.engram.run("digest", directory).output)
    }
    let split = folder.path("split.engram")
    for until in ["3.05ms", "11ms", "20ms"] { #expect(try Program.engram.run("run", file, "--in", split, "--until", until, "-q").status == 0) }
    digests.insert(try Program.engram.run("digest", split).output)
    #expect(digests.count == 1)
  }

  @Test("COD-13, STO-1: the digest is the same on the interpreter, as compiled code, and without a compiler, which is told") func kernels() throws {
    let folder = try TemporaryFolder()
    let file = try write(model, folder)
    var digests: Set<String> = []
    for (name, kernels, compiler) in [("interpreted", "interpreted", nil), ("native", "native", nil), ("none", "native", "/nowhere/cc")]
      as [(String, String, String?)]
    {
      let directory = folder.path("\(name).engram")
      var environment = ["XDG_CACHE_HOME": folder.path("cache")]
      // No program but those that the shell needs: nothing that compiles.
      if let compiler { environment["CC"] = compiler; environment["PATH"] = "/nowhere" }
      let outcome = try Program.engram.run(
        ["run", file, "--in", directory, "--for", "50ms", "--kernels", kernels], environment: environment)
      #expect(outcome.status == 0)
      if compiler != nil { #expect((outcome.output + outcome.errors).contains("there is no C compiler")) }
      digests.insert(try Program.engram.run("digest", directory).output)
    }
    #expect(digests.count == 1)
    let refused = try Program.engram.run("run", file, "--in", folder.path("no.engram"), "--kernels", "fast")
    #expect(refused.status != 0 && refused.errors.contains("native"))
  }

  @Test("COD-13: code that a run began to compile is there for the next one, although the run was killed meanwhile") func compiledForTheNext() throws {
    let folder = try TemporaryFolder()
    let file = try write(
      """
      name: large
      objects:
        - {kind: NeuronGroup, name: G, N: 100000, model: "dv/dt = (exp(-v) - v)/(10*ms) : 1", method: euler}
      run: 1000 s
      """, folder)
    let kernels = folder["cache/engram/kernels"]
    func files() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: kernels.path)) ?? [] }
    let environment = ["XDG_CACHE_HOME": folder.path("cache")]
    let process = try Program.engram.start(["run", file, "--in", folder.path("a"), "--kernels", "native"], environment: environment)
    // The compiler has begun: a thread of the process has a child.
    let threads = URL(filePath: "/proc/\(process.processIdentifier)/task")
    func hasChild() -> Bool {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: threads.path)) ?? []
      return names.contains { (try? String(contentsOf: threads.appending(path: "\($0)/children"), encoding: .utf8))?.isEmpty == false }
    }
    while process.isRunning, !hasChild() { usleep(1000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    for _ in 0..<6000 where files().allSatisfy({ !$0.hasSuffix(".so") }) { usleep(10_000) }
    let library = try #require(files().first { $0.hasSuffix(".so") })
    for _ in 0..<1000 where files().contains(where: { $0.hasPrefix("making-") }) { usleep(10_000) }
    #expect(files().allSatisfy { !$0.hasPrefix("making-") })
    // Its time is that of its last use.
    let long = Date(timeIntervalSince1970: 1e9)
    try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: kernels.appending(path: library).path)
    #expect(try Program.engram.run(["run", file, "--in", folder.path("b"), "--for", "5ms", "--kernels", "native"], environment: environment).status == 0)
    let used = try FileManager.default.attributesOfItem(atPath: kernels.appending(path: library).path)[.modificationDate] as? Date
    #expect(try #require(used) > long && files().filter { $0.hasSuffix(".so") }.count == 1)
  }

  @Test(
    "COR-1: bad input gives one error that names place and remedy, status 1, and leaves nothing behind",
    arguments: [
      ("threshold: v > 1", "threshold: vv > 1", "did you mean 'v'?"), ("reset: v = 0", "reset: v = 0*volt + 1*amp", "amp"),
      ("seed: 5", "seed: 5\ndt: -1 ms", "must be positive"), ("N: 60", "N: 1e15", "8000000000000000 bytes"),
      ("kind: SpikeMonitor", "kind: SpikeMonitr", "did you mean 'SpikeMonitor'?"),
    ])
  func badInput(old: String, new: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let file = try write(model.replacingOccurrences(of: old, with: new), folder)
    let outcome = try Program.engram.run("run", file, "--in", folder.path("a.engram"))
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("error: ") && outcome.errors.contains("model.yaml:") && outcome.errors.contains(expected), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("a.engram")))
  }

  @Test("STO-10: a second process that wants to write is refused and told who writes") func twoWriters() throws {
    let folder = try TemporaryFolder()
    let file = try write(model.replacingOccurrences(of: "300 ms", with: "1000 s"), folder)
    let directory = folder.path("a.engram")
    let process = try Program.engram.start(["run", file, "--in", directory])
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: "\(directory)/checkpoints/ck-1.manifest") { usleep(50_000) }
    let second = try Program.engram.run("run", file, "--in", directory)
    #expect(second.status == 1 && second.errors.contains("\(process.processIdentifier)"), "\(second.errors)")
    #expect(try Program.engram.run("ls", directory).status == 0)
  }

  @Test("STO-10, CKP-30: onlookers are told how a run is going; a signal asks it for a checkpoint and live.h5 now, the end is told too")
  func onlookers() throws {
    let folder = try TemporaryFolder()
    let file = try write(model.replacingOccurrences(of: "300 ms", with: "1000 s"), folder)
    let directory = folder.path("a.engram")
    let process = try Program.engram.start(["run", file, "--in", directory])
    defer {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
    }
    func waitFor(_ name: String) { for _ in 0..<600 where !FileManager.default.fileExists(atPath: "\(directory)/\(name)") { usleep(50_000) } }
    waitFor("status.json")
    waitFor("live.h5")
    try FileManager.default.removeItem(atPath: "\(directory)/live.h5")
    kill(process.processIdentifier, SIGUSR1)
    waitFor("live.h5")
    #expect(FileManager.default.fileExists(atPath: "\(directory)/checkpoints/ck-2.manifest"))
    let list = try Program.engram.run("ls", directory)
    #expect(list.output.contains("running: process \(process.processIdentifier) on host"), "\(list.output)\(list.errors)")
    let live = try Program.engram.run("show", "\(directory)@live", "--json").json()
    let status = try #require(live["live"] as? [String: Any])
    #expect(status["state"] as? String == "running" && status["target"] as? Double == 1000)
    #expect((live["checkpoint"] as? [String: Any])?["id"] as? String == "ck-2")
    let view = try HDF5File.open(at: "\(directory)/live.h5")
    #expect(try view.root.existingGroup("objects")?.existingGroup("G")?.dataset("v") != nil)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let ended = try Program.engram.run("ls", directory)
    #expect(ended.output.contains("ended without a word; `engram resume \(directory)` goes on from ck-2, t = "), "\(ended.output)")
  }

  @Test("MDL-21: values come from HDF5 files, with the unit of the key or of the file; what is missing is named") func files() throws {
    let folder = try TemporaryFolder()
    let file = try HDF5File.create(at: folder.path("data.h5"))
    let dataset = try file.root.createDataset("drive", .float64, shape: [3])
    try dataset.write([1.0, 2.0, 4.0])
    try dataset.set("units", text: "mV")
    try file.close()
    func text(_ value: String) -> String {
      """
      objects:
        - {kind: NeuronGroup, name: G, N: 3, model: "x : volt", initial: {x: \(value)}}
      run: 0.1 ms
      """
    }
    let directory = folder.path("a.engram")
    let model = try write(text("{hdf5: data.h5, dataset: /drive}"), folder)
    #expect(try Program.engram.run("run", model, "--in", directory, "-q").status == 0)
    let shown = try Program.engram.run("show", directory, "G.x").output
    #expect(shown.contains("in mV") && shown.contains("[2]  4"), "\(shown)")
    for (value, expected) in [
      ("{hdf5: nothing.h5, dataset: /drive}", "there is no file"), ("{hdf5: data.h5, dataset: /other}", "no dataset '/other'"),
      ("{hdf5: data.h5, dataset: /drive, unit: pA}", "'unit' says"),
    ] {
      let refused = try Program.engram.run("run", try write(text(value), folder), "--in", folder.path("b.engram"))
      #expect(refused.status == 1 && refused.errors.contains(expected), "\(refused.errors)")
    }
  }

  @Test("COR-1: wrong usage has status 64 and shows the usage") func usage() throws {
    for arguments in [["run"], ["run", "x.yaml", "--until", "5 mV"], ["frobnicate"], ["run", "x.yaml", "--until", "1s", "--for", "1s"]] {
      let outcome = try Program.engram.run(arguments)
      #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
    }
  }
}
