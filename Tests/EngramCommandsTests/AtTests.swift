import Engram
import EngramModels
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@Suite("The state at any time") struct AtTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let model = """
    name: way
    seed: 11
    constants: {gain: 1}
    checkpoints: {every: 1.3 ms, keep: 100}
    objects:
      - kind: NeuronGroup
        name: G
        N: 40
        model: |
          dv/dt = (drive - v)/(5*ms) + 0.3*xi*(5*ms)**-0.5 : 1
          drive : 1
        threshold: v > 1
        reset: v = 0
        refractory: 0.5 ms
        method: euler
        initial: {v: rand(), drive: 0.8}
      - {kind: PoissonGroup, name: P, N: 20, rates: 300*Hz}
      - {kind: Synapses, name: S, source: P, target: G, model: "w : 1", on_pre: v_post += gain*w, delay: 0.4 ms, connect: {p: 0.3}, initial: {w: 0.1*rand()}}
      - {kind: SpikeMonitor, name: spikes, source: G}
      - {kind: StateMonitor, name: trace, source: G, variables: v, record: [0, 7]}
      - {kind: PopulationRateMonitor, name: rate, source: G}
    run:
      - run: 2 ms
      - set: {G.drive: "1 + 0.2*rand()"}
      - store: early
      - repeat:
          count: 3
          as: k
          steps:
            - constants: {gain: 1 + k}
            - run: 2 ms
            - set: {G.v: "v*rand()"}
      - run: 2 ms
      - store: late
      - dt: 0.05 ms
      - run: 2 ms
    """

  /// The checkpoints. What derived files take beside them may differ: the view of a run that has ended is made anew when it goes on.
  private func listing(_ run: String) throws -> [Substring] {
    try Program.engram.run("ls", run).output.split(separator: "\n").filter { !$0.hasPrefix("on disk") }
  }

  private func digest(_ place: String) throws -> String {
    let outcome = try Program.engram.run("digest", place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  private func whole() throws -> (file: String, run: String) {
    let (file, run) = (folder.path("way.yaml"), folder.path("way.engram"))
    try model.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", file, "--in", run, "-q").status == 0)
    return (file, run)
  }

  @Test("CKP-28: the state at any time has the bits of a run that stored it there: between checkpoints, between runs, in repeats, with another dt")
  func anyTime() throws {
    let (file, run) = try whole()
    let before = try Program.engram.run("status", run, "--json").output
    let whole = try digest(run)
    // 2 ms and 4 ms: what is set between two runs at that time has been done.
    for time in ["0.1ms", "1.9ms", "2ms", "3.4ms", "4ms", "5.5ms", "7.7ms", "9.9ms", "10.05ms", "11.95ms"] {
      let outcome = try Program.engram.run("at", run, time, "--json")
      #expect(outcome.status == 0, "\(time): \(outcome.errors)")
      let there = folder.path("until-\(time)")
      #expect(try Program.engram.run("run", file, "--in", there, "--until", time, "-q").status == 0)
      #expect(try digest("\(run)@at-\(time)") == digest(there), "\(time)")
      // Its own directory, from the same directory.
      let own = folder.path("own-\(time)")
      #expect(try Program.engram.run("at", run, time, "--to", own, "-q").status == 0)
      #expect(try digest(own) == digest(there), "\(time)")
    }
    let again = try Program.engram.run("at", run, "5.5ms")
    #expect(again.status == 0 && again.output.contains("it was there already"), "\(again.output)")
    #expect(try Program.engram.run("at", run, "5.5ms", "look").output.contains("engram show \(run)@look"))
    // The run itself is where it was: what is told of it, where it goes on, and what it is; so is the directory without a name.
    #expect(try digest(run) == whole)
    #expect(try Program.engram.run("status", run, "--json").output.contains("\"state\": \"complete\"") && before.contains("\"state\": \"complete\""))
    let resumed = try Program.engram.run("resume", run)
    #expect(resumed.status == 0 && resumed.output.contains("is complete at t = 0.012 s"), "\(resumed.output)\(resumed.errors)")
    #expect(try Program.engram.run("verify", run).status == 0)
    // A branch goes on from there to the same end.
    #expect(try Program.engram.run("resume", "\(run)@at-7.7ms", "-q").status == 0)
    let all = try Program.engram.run("ls", run, "--json").json()["checkpoints"] as? [[String: Any]] ?? []
    let end = try #require(all.last { $0["line"] as? String == "main" }?["id"] as? String)
    let other = try #require(all.last { $0["line"] as? String == "at-7.7ms" }?["id"] as? String)
    #expect(try digest("\(run)@\(end)") == digest("\(run)@\(other)"))
  }

  @Test("CKP-28: behind the newest checkpoint a run goes on to the end of its steps; a part of what --until has added is found as well") func further() throws {
    let (file, run) = (folder.path("way.yaml"), folder.path("way.engram"))
    try model.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", file, "--in", run, "--until", "3ms", "-q").status == 0)
    #expect(try Program.engram.run("at", run, "6.6ms", "-q").status == 0)
    let there = folder.path("there")
    #expect(try Program.engram.run("run", file, "--in", there, "--until", "6.6ms", "-q").status == 0)
    #expect(try digest("\(run)@at-6.6ms") == digest(there))
    #expect(try Program.engram.run("run", file, "--in", run, "--until", "15ms", "-q").status == 0)
    #expect(try Program.engram.run("at", run, "13.15ms", "-q").status == 0)
    // The same call, with a checkpoint at every step.
    #expect(try Program.engram.run("run", file, "--in", there, "--until", "15ms", "--checkpoint-every", "0.05ms", "--keep", "1000", "-q").status == 0)
    let all = try Program.engram.run("ls", there, "--json").json()["checkpoints"] as? [[String: Any]] ?? []
    let id = try #require(all.first { ($0["t"] as? Double).map { abs($0 - 13.15e-3) < 1e-9 } ?? false }?["id"] as? String)
    #expect(try digest("\(run)@at-13.15ms") == digest("\(there)@\(id)"))
  }

  @Test("CKP-28: 'verify --replay' finds rebuilt states of a model file equal, too") func replayed() throws {
    let (file, run) = (folder.path("way.yaml"), folder.path("way.engram"))
    try model.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", file, "--in", run, "-q", "--until", "4ms").status == 0)
    for time in ["1.7ms", "3.1ms"] { #expect(try Program.engram.run("at", run, time).status == 0) }
    let outcome = try Program.engram.run("verify", run, "--replay")
    #expect(outcome.status == 0 && outcome.output.contains("to 3.1 ms, equal bit for bit"), "\(outcome.output)")
  }

  @Test("CKP-28: a time without a state is an error that says which are near, and leaves nothing behind") func mistakes() throws {
    let (_, run) = try whole()
    let before = try listing(run)
    for (place, time, words) in [
      (run, "3.45ms", "no step begins at t = 0.00345"), (run, "50ms", "the run ends at t = 12. ms"), ("\(run)@nothing", "1ms", "nothing"),
      (folder.path("none"), "1ms", "does not exist"),
    ] {
      let outcome = try Program.engram.run("at", place, time, "--json")
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(time): \(outcome.errors)")
      #expect(try outcome.json()["status"] as? Int == 1)
      let target = folder.path("own")
      #expect(try Program.engram.run("at", place, time, "--to", target, "-q").status == 1)
      #expect(!FileManager.default.fileExists(atPath: target))
    }
    #expect(try Program.engram.run("at", run, "soon").status == 64)
    #expect(try Program.engram.run("at", run, "1ms", "early").status == 1)
    #expect(try listing(run) == before)
    // A branch that brought nothing earlier with it.
    let branch = folder.path("branch")
    #expect(try Program.engram.run("branch", "\(run)@late", "--to", branch).status == 0)
    for name in ["early", "initial"] { _ = try Program.engram.run("rm", "\(branch)@\(name)", "--force") }
    let early = try Program.engram.run("at", branch, "1ms")
    #expect(early.status == 1 && early.errors.contains("cannot be rebuilt"), "\(early.errors)")
  }

  @Test("CKP-28: a run that goes on is left alone: in its directory somebody else writes, another directory can be made") func beside() throws {
    let (file, run) = (folder.path("way.yaml"), folder.path("way.engram"))
    try model.replacingOccurrences(of: "run: 2 ms\n  - set", with: "run: 2 ms\n  - set").appending("\n  - run: 10000 s\n")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let process = try Program.engram.start(["run", file, "--in", run, "-q"])
    defer {
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
    }
    while process.isRunning, try Program.engram.run("show", "\(run)@late").status != 0 { usleep(50_000) }
    let refused = try Program.engram.run("at", run, "5.5ms")
    #expect(refused.status == 1 && refused.errors.contains("being written"), "\(refused.errors)")
    #expect(try Program.engram.run("at", "\(run)@late", "5.5ms", "--to", folder.path("own"), "-q").status == 0)
    let there = folder.path("there")
    #expect(try Program.engram.run("run", file, "--in", there, "--until", "5.5ms", "-q").status == 0)
    #expect(try digest(folder.path("own")) == digest(there))
  }

  @Test("CKP-28: a Swift program's run, from the commands that its checkpoints recorded") func program() throws {
    func network(_ directory: String?) throws -> Network {
      seed(4)
      let G = try NeuronGroup(
        30, "dv/dt = (drive - v)/(5*ms) + 0.3*xi*(5*ms)**-0.5 : 1\ndrive : 1", threshold: "v > 1", reset: "v = 0", method: .named(.euler), name: "G")
      try G.drive.set("1.2 + 0.2*rand()")
      let spikes = try SpikeMonitor(G, name: "spikes")
      let network = try Network(name: "swift") {
        G
        spikes
      }
      if let directory { try network.useRunDirectory(at: URL(filePath: directory)) }
      return network
    }
    func change(_ network: Network) throws { try (network["G"] as? NeuronGroup)?.drive.set("0.9 + rand()") }
    let run = folder.path("swift.engram")
    try withScope {
      let network = try network(run)
      try network.run(5 * ms)
      try change(network)
      try network.run(5 * ms)
      try network.store("end")
      network.closeRunDirectory()
    }
    // The same program, with a checkpoint at every step.
    let stepwise = URL(filePath: folder.path("stepwise.engram"))
    try withScope {
      let network = try network(stepwise.path)
      network.keptCheckpoints = RetentionPolicy(automatic: 1000)
      try network.run(5 * ms, checkpoints: .every(simulated: 0.1 * ms))
      try change(network)
      try network.run(5 * ms, checkpoints: .every(simulated: 0.1 * ms))
      network.closeRunDirectory()
    }
    let store = try CheckpointStore(at: stepwise, mode: .read)
    for (time, seconds) in [("3.1ms", 3.1e-3), ("5ms", 5e-3), ("7.3ms", 7.3e-3)] {
      let stored = try #require(try store.list().last { ($0.summary["time"].flatMap(Double.init)).map { abs($0 - seconds) < 1e-9 } ?? false })
      let expected = try store.digest(stored.id)
      let outcome = try Program.engram.run("at", run, time)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let difference = try Program.engram.run("diff", "\(run)@at-\(time)", "\(stepwise.path)@\(stored.id)").output
      #expect(try digest("\(run)@at-\(time)").contains(expected), "\(time): \(difference)")
      let own = folder.path("own-\(time)")
      #expect(try Program.engram.run("at", run, time, "--to", own, "-q").status == 0)
      #expect(try digest(own).contains(expected), "\(time)")
    }
    let beyond = try Program.engram.run("at", run, "11ms")
    #expect(beyond.status == 1 && beyond.errors.contains("the run ends at t = 10. ms"), "\(beyond.errors)")
    // Everything but the end was the run's own.
    let verified = try Program.engram.run("verify", run, "--replay")
    #expect(verified.status == 0, "\(verified.output)")
  }

  @Test("CKP-28, CPR-1: a signal while a state is rebuilt gives status 75 and leaves nothing behind") func stopped() throws {
    let file = folder.path("long.yaml")
    try model.appending("\n  - run: 10000 s\n").write(toFile: file, atomically: true, encoding: .utf8)
    let run = folder.path("long.engram")
    #expect(try Program.engram.run("run", file, "--in", run, "--until", "14ms", "-q").status == 0)
    let before = try listing(run)
    for target in [[], ["--to", folder.path("own")]] {
      let process = try Program.engram.start(["at", run, "9000s", "-q"] + target)
      usleep(1_500_000)
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationStatus == 75)
      #expect(try listing(run) == before)
      #expect(!FileManager.default.fileExists(atPath: folder.path("own")))
    }
  }
}
