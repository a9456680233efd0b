import EngramCheckpoints
import EngramTestSupport
import Foundation
import Testing

/// Every value of `v` is the number of the step that wrote it.
private let counting = """
  name: counting
  seed: 1
  objects:
    - {kind: NeuronGroup, name: G, N: 200000, model: "v : 1\\nw : 1 (constant)", run_regularly: "v = t_in_timesteps", initial: {w: i}}
    - {kind: NeuronGroup, name: H, N: 10, model: "x : 1", run_regularly: "x = t_in_timesteps"}
  checkpoints: {every: 20 ms}
  run: 1000 s
  """

/// Reads arrays of a run that goes on, with h5py and numpy, twenty times at a step that it can name.
private let reader = """
  import sys, time, h5py, numpy
  live = sys.argv[1] + "/live/"
  step = numpy.memmap(live + "step.h5", "<i8", "r+", 4096, 6)
  t = numpy.memmap(live + "step.h5", "<f8", "r", 4160, 1)
  with h5py.File(live + "step.h5", "r") as file:
      assert file["step"].shape == (6,) and file["t"].shape == () and file["t"].attrs["units"] in ("s", b"s")
  named = []
  for number in range(1, 21):
      step[4] = number
      while step[5] != number:
          time.sleep(0.0001)
      ended, timestep, seconds = int(step[1]), int(step[2]), float(t[0])
      with h5py.File(live + "G.v.h5", "r") as file:
          v, units = file["data"][:], file["data"].attrs["units"]
      raw = numpy.array(numpy.memmap(live + "G.v.h5", "<f8", "r", 4096, 200000))
      with h5py.File(live + "small.h5", "r") as file:
          x = file["H/x"][:]
          clock = int(file["defaultclock/timestep"][()])
      same = int(step[0]) == ended
      step[4] = 0
      if same:
          assert units in ("1", b"1") and len(v) == 200000 and (v == timestep - 1).all() and (raw == v).all(), (timestep, v.min(), v.max())
          assert (x == timestep - 1).all() and clock == timestep and abs(seconds - timestep*1e-4) < 1e-9, (x, clock, timestep, seconds)
          named.append(timestep)
      time.sleep(0.005)
  assert len(set(named)) >= 10, named
  print(len(named))
  """

@Suite("Arrays of a run that goes on", .slow) struct LiveReadingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let python = ProcessInfo.processInfo.environment["ENGRAM_PYTHON"]
  private var directory: String { folder.path("r.engram") }

  private func start(_ text: String, _ words: String...) throws -> Process {
    let file = folder.path("model.yaml")
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return try Program.engram.start(["run", file, "--in", directory, "-q"] + words, errors: folder.path("errors"))
  }

  /// Waits until the run has made some steps.
  private func awaitSteps(_ process: Process) throws {
    for _ in 0..<1200 {
      if let text = FileManager.default.contents(atPath: directory + "/live/step.h5"), text.count >= 4120,
        text[4104..<4112].withUnsafeBytes({ $0.loadUnaligned(as: Int64.self) }) > 20
      {
        return
      }
      try #require(process.isRunning)
      usleep(50_000)
    }
    Issue.record("the run makes no steps")
  }

  @Test(
    "STO-10, HDF-10: h5py and numpy read arrays while the run goes on, at steps that they can name, and the run has the bits that it has unwatched",
    .enabled(if: python != nil))
  func reading() throws {
    let process = try start(counting, "--storage", "mapped")
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    try awaitSteps(process)
    let script = folder.path("reader.py")
    try reader.write(toFile: script, atomically: true, encoding: .utf8)
    let outcome = try Program(path: try #require(Self.python)).run([script, directory])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    // A clean end leaves nothing behind.
    #expect(!FileManager.default.fileExists(atPath: directory + "/live"))
    #expect(try Program.engram.run("verify", directory).status == 0)
    let end = try #require((try Program.engram.run("ls", directory, "--json").json()["checkpoints"] as? [[String: Any]])?.last?["t"] as? Double)
    let alone = folder.path("alone.engram")
    #expect(try Program.engram.run("run", folder.path("model.yaml"), "--in", alone, "-q", "--storage", "memory", "--until", "\(end)s").status == 0)
    #expect(try Program.engram.run("digest", alone).output == Program.engram.run("digest", directory).output)
  }

  @Test("STO-10: a live file that somebody shortens ends the run with an explanation and status 74; its checkpoints are intact and it can go on")
  func shortened() throws {
    let process = try start(counting.replacing("every: 20 ms", with: "every: 900 s"), "--storage", "mapped")
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    try awaitSteps(process)
    #expect(truncate(directory + "/live/G.v.h5", 0) == 0)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 74)
    let told = try String(contentsOfFile: folder.path("errors"), encoding: .utf8)
    #expect(told.contains("a file of the run directory was shortened or lost while it was in use"), "\(told)")
    #expect(try Program.engram.run("verify", directory).status == 0)
    #expect(try Program.engram.run("run", folder.path("model.yaml"), "--in", directory, "-q", "--until", "10 ms").status == 0)
  }

  private struct Mapped {
    var anonymousKilobytes = 0
    var files: [String: String] = [:]
  }

  private func mappings(of process: Process) throws -> Mapped {
    var found = Mapped()
    // A file of the system does not say how long it is.
    let file = try #require(FileHandle(forReadingAtPath: "/proc/\(process.processIdentifier)/smaps"))
    let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", omittingEmptySubsequences: true)
      if parts[0].contains("-"), parts.count > 5, parts[5].hasPrefix(directory) { found.files[String(parts[5])] = String(parts[1]) }
      if parts[0] == "Anonymous:" { found.anonymousKilobytes += Int(parts[1]) ?? 0 }
    }
    return found
  }

  @Test("STO-1: a larger network has its arrays in files of the run directory: those that change in live/, writable, the others in objects, read-only")
  func smaps() throws {
    let text = """
      name: larger
      seed: 1
      objects:
        - {kind: NeuronGroup, name: G, N: 200000, model: "dv/dt = (d - v)/(10*ms) : 1\\nd : 1 (constant)", threshold: v > 1, reset: v = 0, method: exact,
           initial: {d: 1.2*rand()}}
        - {kind: Synapses, name: S, source: G, model: "w : 1", on_pre: v_post += w, connect: {j: "k for k in range(i, i+2) if k < N_post"}, initial: {w: 0.01*rand()}}
      checkpoints: {every: 1000 s}
      run: 1000 s
      """
    func look(_ storage: String) throws -> Mapped {
      try? FileManager.default.removeItem(atPath: directory)
      let process = try start(text, "--storage", storage)
      defer {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      if storage == "mapped" {
        try awaitSteps(process)
      } else {
        for _ in 0..<1200 where !FileManager.default.fileExists(atPath: directory + "/checkpoints/ck-1.manifest") { usleep(50_000) }
        usleep(300_000)
      }
      return try mappings(of: process)
    }
    let mapped = try look("mapped")
    #expect(mapped.files[directory + "/live/G.v.h5"] == "rw-s")
    // i, j, w, d.
    #expect(mapped.files.count { $0.key.hasPrefix(directory + "/objects/") && $0.value == "r--s" } >= 4)
    let inMemory = try look("memory")
    #expect(inMemory.files.isEmpty)
    // The arrays take 9.6 MB, which are no memory of the process when they are in files.
    #expect(mapped.anonymousKilobytes + 6_000 < inMemory.anonymousKilobytes, "\(mapped.anonymousKilobytes) kB, \(inMemory.anonymousKilobytes) kB")
  }

  @Test("STO-1: few descriptors are enough for many arrays") func descriptors() throws {
    let groups = (0..<120).map {
      "  - {kind: NeuronGroup, name: G\($0), N: 131072, model: \"dv/dt = -v/(10*ms) : 1\\nd : 1 (constant)\", method: exact, initial: {v: i, d: i}}"
    }
    try ("name: many\nobjects:\n" + groups.joined(separator: "\n") + "\nrun: 0.3 ms\n").write(
      toFile: folder.path("model.yaml"), atomically: true, encoding: .utf8)
    let outcome = try Program(path: "/bin/sh").run([
      "-c", "ulimit -n 256; exec \"$@\"", "sh", Program.engram.path, "run", folder.path("model.yaml"), "--in", directory, "-q",
    ])
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    #expect(try Program.engram.run("verify", directory).status == 0)
  }

  @Test("STO-1: a storage that is none is wrong usage") func usage() throws {
    let outcome = try Program.engram.run("run", "x.yaml", "--storage", "disk")
    #expect(outcome.status == 64 && outcome.errors.contains("mapped, private, memory"))
  }
}
