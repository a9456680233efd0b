import EngramCheckpoints
import EngramTestSupport
import Foundation
import Testing

/// The executable under limits that a shell sets.
@Suite("Limits of the process", .slow) struct LimitTests {
  private func limited(_ limits: String, _ arguments: String...) throws -> Program.Outcome {
    try Program(path: "/bin/bash").run(["-c", "\(limits) && exec \"$0\" \"$@\"", Program.engram.path] + arguments)
  }

  private func model(monitors: Int = 1, neurons: Int = 4, _ folder: TemporaryFolder) throws -> String {
    let path = folder.path("model.yaml")
    var text = """
      name: limited
      dt: 0.1 ms
      seed: 1
      objects:
        - kind: NeuronGroup
          name: G
          N: \(neurons)
          model: |
            dv/dt = (1.2 - v)/(10*ms) : 1
            dx/dt = -x/(5*ms) : 1
          threshold: v > 1
          reset: v = 0
          method: euler
          initial: {v: rand(), x: rand()}
        - {kind: Synapses, name: S, source: G, target: G, model: "w : 1", on_pre: x_post += 1e-3, connect: {p: 0.5}}
        - {kind: SpikeMonitor, name: spikes, source: G}

      """
    for number in 0..<monitors { text += "  - {kind: StateMonitor, name: m\(number), source: G, variables: [v, x], record: true}\n" }
    text += "checkpoints: {every: 5 ms}\nrun: 20 ms\n"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test(
    "ACC-8: under any limit of the address space a run ends well and with the same bits, or with a sentence that names the limit",
    .enabled(if: ProcessInfo.processInfo.environment["ENGRAM_SANITIZER"] == nil, "a sanitizer's shadow memory takes terabytes of addresses"))
  func addresses() throws {
    let folder = try TemporaryFolder()
    let model = try model(neurons: 300, folder)
    #expect(try Program.engram.run("run", model, "--in", folder.path("whole"), "-q").status == 0)
    let expected = try Program.engram.run("digest", folder.path("whole")).output
    var hasRun = false
    for megabytes in [150, 300, 450, 700, 1000, 2500, 24_000] {
      let directory = folder.path("r\(megabytes)")
      let outcome = try limited("ulimit -v \(megabytes * 1000)", "run", model, "--in", directory, "-q")
      if outcome.status == 0 {
        hasRun = true
        #expect(try Program.engram.run("digest", directory).output == expected)
      } else {
        // The loader has words of its own where not even it can start.
        #expect(outcome.status == 1 || outcome.status == 127, "\(megabytes) MB: \(outcome)")
        #expect(outcome.errors.contains("address space") || outcome.errors.lowercased().contains("cannot allocate memory"), "\(megabytes) MB: \(outcome)")
      }
      #expect((outcome.status == 0) == hasRun, "\(megabytes) MB: \(outcome)")
      if megabytes >= 1000 { #expect(hasRun) }
    }
  }

  @Test("STO-12: with fewer descriptors than recordings a run has its checkpoints, and every command works on it")
  func descriptors() throws {
    let folder = try TemporaryFolder()
    let model = try model(monitors: 50, folder)
    let directory = folder.path("r")
    func check(_ arguments: String...) throws {
      let outcome = try Program(path: "/bin/bash").run(["-c", "ulimit -n 64 && exec \"$0\" \"$@\"", Program.engram.path] + arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome)")
    }
    try check("run", model, "--in", directory, "--until", "8 ms", "-q")
    try check("run", model, "--in", directory, "-q")
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/segments").count > 150)
    #expect(try Program.engram.run("ls", directory).lines.count >= 3)
    for command in ["ls", "log", "verify", "digest", "gc"] { try check(command, directory) }
    try check("export", directory, "-o", folder.path("e.h5"))
    try check("pack", directory, "-o", folder.path("p.h5"))
    try check("unpack", folder.path("p.h5"), folder.path("u"))
    try check("branch", directory, "copy", "--to", folder.path("b"))
    try check("verify", folder.path("b"))
    #expect(try Program.engram.run("run", model, "--in", folder.path("whole"), "-q").status == 0)
    let expected = try Program.engram.run("digest", folder.path("whole")).output
    for copy in ["r", "u", "b"] { #expect(try Program.engram.run("digest", folder.path(copy)).output == expected, "\(copy)") }
  }

  @Test(
    "CKP-32: where files may not become long, recordings lie in several",
    .enabled(if: ProcessInfo.processInfo.environment["ENGRAM_SANITIZER"] == nil, "the thread sanitizer begins with a long file of its own"))
  func fileLengths() throws {
    let folder = try TemporaryFolder()
    let model = try model(neurons: 100, folder)
    let directory = folder.path("r")
    let outcome = try limited("ulimit -f 160", "run", model, "--in", directory, "-q")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try Program.engram.run("verify", directory).status == 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: directory + "/segments") {
      let size = try #require(try FileManager.default.attributesOfItem(atPath: directory + "/segments/" + name)[.size] as? Int)
      #expect(size <= 160 * 1024)
    }
  }

  @Test("A program started without standard descriptors writes what it prints into no file of the run")
  func closedDescriptors() throws {
    let folder = try TemporaryFolder()
    let model = try model(folder)
    let directory = folder.path("r")
    for closing in ["exec 1>&-", "exec 0<&- 1>&- 2>&-"] {
      _ = try limited(closing, "run", model, "--in", directory, "--fresh")
      let lock = try String(contentsOfFile: directory + "/lock", encoding: .utf8)
      #expect(lock.hasPrefix("process "))
      #expect(!lock.contains("finished"))
      #expect(try Program.engram.run("verify", directory).status == 0)
    }
  }

  @Test("STO-7: a finished run of a small model is some kilobytes, also for tools that copy holes")
  func smallRun() throws {
    let folder = try TemporaryFolder()
    let model = try model(folder)
    let directory = folder.path("r")
    #expect(try Program.engram.run("run", model, "--in", directory, "-q").status == 0)
    var (length, disk) = (0, 0)
    for case let url as URL in try #require(FileManager.default.enumerator(at: URL(fileURLWithPath: directory), includingPropertiesForKeys: nil)) {
      var status = stat()
      #expect(lstat(url.path, &status) == 0)
      guard status.st_mode & S_IFMT == S_IFREG else { continue }
      length += Int(status.st_size)
      disk += Int(status.st_blocks) * 512
    }
    #expect(length < 1_000_000)
    #expect(Double(length) <= 1.2 * Double(disk))
  }

  @Test(
    "MDL-40: run, explain and sweep refuse a model that takes more memory than there is, with the option that begins all the same",
    .enabled(if: ProcessInfo.processInfo.environment["ENGRAM_SANITIZER"] == nil, "a sanitizer's shadow memory takes terabytes of addresses"))
  func memory() throws {
    let folder = try TemporaryFolder()
    let model = try model(neurons: 20_000, folder)
    let few = "ulimit -v 2000000"
    for words in [["run", model, "--in", folder.path("r")], ["explain", model], ["sweep", model, "--over", "seed=1..3", "--in", folder.path("s")]] {
      let refused = try Program(path: "/bin/bash").run(["-c", "\(few) && exec \"$0\" \"$@\"", Program.engram.path] + words)
      #expect(refused.status == 1, "\(words): \(refused)")
      for part in ["GB of memory", "are free here", "--no-memory-check"] { #expect(refused.errors.contains(part), "\(words): \(refused.errors)") }
      if words[0] != "sweep" { #expect(refused.errors.contains("for 200 million synapses"), "\(words): \(refused.errors)") }
    }
    #expect(try !FileManager.default.fileExists(atPath: folder.path("r")) || Program.engram.run("ls", folder.path("r")).output.contains("no checkpoint"))
    // What is begun all the same ends for want of memory, with words.
    let begun = try limited(few, "run", model, "--in", folder.path("r"), "--no-memory-check")
    #expect(begun.status == 1 && !begun.errors.contains("--no-memory-check"), "\(begun)")
  }
}
