import Engram
import EngramEquations
import EngramExport
import EngramExpressions
import EngramHDF5
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// A model file that draws random numbers, with two named checkpoints and a step between runs.
private let experiment = """
  engram: 1
  name: noisy
  seed: 3
  constants: {tau: 10 ms}
  objects:
    - kind: NeuronGroup
      name: P
      N: 10
      model: |
        dv/dt = -v/tau + 0.3*tau**-0.5*xi : 1
      threshold: v > 0.4
      reset: v = 0
      refractory: 2 ms
      method: euler
      initial: {v: rand()}
    - {kind: Synapses, name: S, source: P, target: P, model: "w : 1", on_pre: v_post += w, delay: 1.5 ms, connect: {condition: i != j}, initial: {w: 0.01*rand()}}
    - {kind: SpikeMonitor, name: spikes, source: P}
  run:
    - run: 10 ms
    - store: first
    - set: {P.v: 0.25}
    - run: 10 ms
    - store: {name: second, tags: [kept]}

  """

private func directory(of text: String = experiment, in folder: TemporaryFolder, _ arguments: String...) throws -> String {
  let model = folder.path("noisy.yaml")
  let path = folder.path("noisy.engram")
  try text.write(toFile: model, atomically: true, encoding: .utf8)
  let outcome = try Program.engram.run(["run", model, "--in", path] + arguments)
  #expect(outcome.status == 0, "\(outcome.errors)")
  return path
}

@Suite("Comparing and verifying from the command line") struct ComparingTests {
  @Test("CKP-26: 'diff' of equal checkpoints has status 0, of different ones 1 with count, greatest differences and first index")
  func diff() throws {
    let folder = try TemporaryFolder()
    let path = try directory(in: folder)
    let same = try Program.engram.run("diff", "\(path)@first", "@first")
    #expect(same.status == 0 && same.output.contains("equal bit for bit"))
    let differing = try Program.engram.run("diff", "--json", "\(path)@first", "\(path)@second")
    #expect(differing.status == 1 && differing.errors.isEmpty)
    let numbers = try #require(try differing.json()["numbers"] as? [[String: Any]])
    let v = try #require(numbers.first { $0["variable"] as? String == "P.v" })
    #expect(v["count"] as? Int == 10 && v["of"] as? Int == 10 && v["first"] as? [Int] == [0, 0])
    let values = try #require(v["values"] as? [Double])
    #expect(abs(values[0] - values[1]) <= (v["max_absolute"] as? Double ?? 0))
    #expect(numbers.contains { $0["variable"] as? String == "S.w" } == false)
    #expect(numbers.contains { $0["variable"] as? String == "spikes.count" })
    #expect(try Program.engram.run("diff", "--quiet", "\(path)@first", "@second").output.isEmpty)
  }

  @Test("CKP-26: a difference in the last place is one ulp; a changed constant and code are named")
  func ulp() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let text = experiment.replacing("set: {P.v: 0.25}", with: "set: {S.w: 1.0}").replacing("    - run: 10 ms\n    - store: {", with: "    - store: {")
    let left = try directory(of: text, in: one)
    let changed = text.replacing("S.w: 1.0", with: "S.w: 1.0000000000000002").replacing("v > 0.4", with: "v > 0.75")
    let right = try directory(of: changed.replacing("tau: 10 ms", with: "tau: 20 ms"), in: two)
    let outcome = try Program.engram.run("diff", "--json", "\(left)@second", "\(right)@second").json()
    let w = try #require((outcome["numbers"] as? [[String: Any]])?.first { $0["variable"] as? String == "S.w" })
    #expect(w["max_ulp"] as? Int == 1 && w["count"] as? Int == 90)
    let structure = try #require(outcome["structure"] as? [String])
    #expect(structure.contains { $0.contains("constant tau") && $0.contains("20") })
    #expect(structure.contains { $0.contains("threshold") && $0.contains("v > 0.75") })
  }

  @Test("CKP-28: 'verify' finds a flipped bit and names object, variable, file and checkpoints; status 1")
  func integrity() throws {
    let small = try SmallRun()
    let sound = try Program.engram.run("verify", "--full", small.directory)
    #expect(sound.status == 0 && sound.output.hasPrefix("intact: 2 checkpoints"))
    let objects = URL(fileURLWithPath: small.directory).appending(path: "objects")
    let file = try #require(try FileManager.default.contentsOfDirectory(at: objects, includingPropertiesForKeys: nil).min { $0.path < $1.path })
    var bytes = try Data(contentsOf: file)
    // The potentials are somewhere in there: find one by its bits.
    let pattern = withUnsafeBytes(of: small.potentials[4].bitPattern.littleEndian) { Data($0) }
    let holder = try FileManager.default.contentsOfDirectory(at: objects, includingPropertiesForKeys: nil).first {
      try Data(contentsOf: $0).range(of: pattern) != nil
    }
    let target = holder ?? file
    bytes = try Data(contentsOf: target)
    let place = try #require(bytes.range(of: pattern)).lowerBound
    bytes[place] ^= 1
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target.path)
    try bytes.write(to: target)
    let damaged = try Program.engram.run("verify", small.directory)
    #expect(damaged.status == 1)
    #expect(damaged.output.contains("P.v") && damaged.output.contains(target.lastPathComponent) && damaged.output.contains("ck-2"))
    #expect(try Program.engram.run("verify", "\(small.directory)@early").status == 0)
    #expect(try Program.engram.run("digest", "\(small.directory)@late").status == 1)
    #expect(try Program.engram.run("export", "\(small.directory)@late", "-o", small.folder.path("x.h5")).status == 1)
    #expect(!FileManager.default.fileExists(atPath: small.folder.path("x.h5")))
  }

  @Test("CKP-28: '--replay' repeats each run from its parent and finds it equal bit for bit")
  func replay() throws {
    let folder = try TemporaryFolder()
    let path = try directory(in: folder, "--checkpoint-every", "3ms", "--keep", "10")
    let before = try Program.engram.run("digest", path).output
    let outcome = try Program.engram.run("verify", "--replay", "--json", path)
    #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
    let stretches = try #require(try outcome.json()["replayed"] as? [[String: Any]])
    #expect(stretches.count >= 6 && stretches.allSatisfy { $0["outcome"] as? String == "equal" })
    #expect(try Program.engram.run("digest", path).output == before)
  }

  @Test("CKP-27, 45: branches share arrays; packed and unpacked checkpoints have the same digest")
  func carrying() throws {
    let small = try SmallRun()
    #expect(try Program.engram.run("branch", "\(small.directory)@early", "other").status == 0)
    #expect(try Program.engram.run("digest", "\(small.directory)@other").output == small.earlyDigest + "\n")
    let aside = small.folder.path("aside.engram")
    #expect(try Program.engram.run("branch", "\(small.directory)@early", "own", "--to", aside).status == 0)
    #expect(try Program.engram.run("digest", aside).output == small.earlyDigest + "\n")
    let packed = small.folder.path("both.h5")
    #expect(try Program.engram.run("pack", "\(small.directory)@early", "late", "-o", packed).status == 0)
    #expect(try Program.engram.run("digest", "\(packed)@early").output == small.earlyDigest + "\n")
    #expect(try Program.engram.run("ls", packed).output.contains("late"))
    #expect(try Program.engram.run("verify", "--full", packed).status == 0)
    let unpacked = small.folder.path("unpacked.engram")
    #expect(try Program.engram.run("unpack", packed, unpacked).status == 0)
    #expect(try Program.engram.run("digest", "\(unpacked)@late").output == small.lateDigest + "\n")
  }

  @Test("CKP-19, 41: names change, tags keep, removed checkpoints go, and gc frees what nobody needs")
  func naming() throws {
    let small = try SmallRun()
    #expect(try Program.engram.run("rename", "\(small.directory)@early", "start").status == 0)
    #expect(try Program.engram.run("digest", "\(small.directory)@start").output == small.earlyDigest + "\n")
    #expect(try Program.engram.run("digest", "\(small.directory)@early").status == 1)
    #expect(try Program.engram.run("tag", "\(small.directory)@late", "good").status == 0)
    #expect(try Program.engram.run("ls", small.directory).output.contains("#good"))
    #expect(try Program.engram.run("rm", "\(small.directory)@start").status == 0)
    #expect(try Program.engram.run("gc", small.directory).output.hasPrefix("freed "))
    #expect(try Program.engram.run("ls", small.directory).lines.count == 3)
    #expect(try Program.engram.run("verify", "--full", small.directory).status == 0)
    #expect(try Program.engram.run("rm", small.directory).status == 64)
  }

  /// Conditions tried from one checkpoint, whose steps go back to it by name.
  private static let conditions = """
    seed: 3
    constants: {tau: 10 ms}
    objects:
      - {kind: NeuronGroup, name: P, N: 5, model: "dv/dt = -v/tau + xi*tau**-0.5 : 1", method: euler}
    run:
      - run: 4 ms
      - store: warm
      - repeat: {over: [1, 2, 3], as: k, steps: [{restore: warm}, {set: {P.v: k}}, {run: 2 ms}, {store: "condition{k}"}]}
    checkpoints: {every: 1 ms, keep: 20}
    """

  @Test("CKP-27, MDL-42: a branch directory goes on with steps that restore earlier names, to the same bits, and without a warning")
  func branchWithSteps() throws {
    let folder = try TemporaryFolder()
    let (model, whole, branch) = (folder.path("m.yaml"), folder.path("whole.engram"), folder.path("branch.engram"))
    try Self.conditions.write(toFile: model, atomically: true, encoding: .utf8)
    let run = try Program.engram.run("run", model, "--in", whole)
    #expect(run.status == 0 && !run.errors.contains("warning"), "\(run.errors)")
    #expect(try Program.engram.run("branch", "\(whole)@warm", "again", "--to", branch).status == 0)
    let resumed = try Program.engram.run("resume", branch)
    #expect(resumed.status == 0, "\(resumed.errors)")
    for name in ["condition0", "condition1", "condition2"] {
      #expect(try Program.engram.run("digest", "\(branch)@\(name)").output == Program.engram.run("digest", "\(whole)@\(name)").output)
    }
  }

  @Test("CKP-28: '--replay' follows the steps through restores: every checkpoint, automatic ones too, is equal bit for bit")
  func replayThroughRestores() throws {
    let folder = try TemporaryFolder()
    let (model, whole) = (folder.path("m.yaml"), folder.path("whole.engram"))
    try Self.conditions.write(toFile: model, atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", model, "--in", whole, "--quiet").status == 0)
    let outcome = try Program.engram.run("verify", whole, "--replay")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.lines.filter { $0.contains("equal bit for bit") }.count > 7)
  }

  @Test("CKP-18: 'log' draws where a branch leaves its line")
  func log() throws {
    let small = try SmallRun()
    _ = try Program.engram.run("branch", "\(small.directory)@early", "other")
    let lines = try Program.engram.run("log", small.directory).lines
    #expect(lines.map { String($0.prefix { $0 != "c" }) } == ["●  ", "│ ●  ", "├─╯", "●  "])
  }
}

@Suite("Checkpoints from Swift") struct CheckpointStoreTests {
  @Test("CKP-17, 26, 27, 46: a store lists, compares, hashes, branches and removes without the network")
  func arranging() throws {
    let small = try SmallRun()
    let url = URL(fileURLWithPath: small.directory)
    let store = try CheckpointStore(at: url, mode: .open)
    #expect(try store.list().map(\.names) == [["early"], ["late"]])
    #expect(try store.digest("early") == small.earlyDigest && store.digest() == small.lateDigest)
    #expect(try store.diff("early", "early").isEmpty)
    #expect(try store.diff("early", "late").numbers.contains { "\($0.key)" == "P.v" })
    #expect(try store.verify().isSound)
    try store.branch("other", from: "early")
    try store.rename("late", to: "end")
    try store.remove("early")
    #expect(try store.list().flatMap(\.names).sorted() == ["end", "other"])
    store.close()
    #expect(try CheckpointStore(at: url, mode: .read).digest("other") == small.earlyDigest)
  }

  @Test("HDF-1, 10: a live network and its checkpoint export the same numbers")
  func liveExport() throws {
    let folder = try TemporaryFolder()
    let (live, stored) = (folder.path("live.h5"), folder.path("stored.h5"))
    try withScope {
      seed(3)
      let P = try NeuronGroup(5, "dv/dt = -v/(10*ms) : volt", method: .named(.exact), name: "P")
      try P.v.set("rand()*mV")
      let trace = try StateMonitor(P, ["v"], record: [1], name: "trace")
      let url = folder.url.appending(path: "n.engram")
      let network = try Network(at: url, name: "n") {
        P
        trace
      }
      try network.run(2 * ms)
      try network.store("now")
      try network.exportHDF5(to: URL(fileURLWithPath: live))
      network.closeRunDirectory()
      try CheckpointStore(at: url, mode: .read).exportHDF5("now", to: URL(fileURLWithPath: stored))
    }
    for name in ["objects/P/v", "recordings/trace/v", "recordings/trace/t", "clocks/defaultclock/t"] {
      let values = try [live, stored].map { path in
        let dataset = try #require(try HDF5File.open(at: path).root.dataset(name))
        return try dataset.readAll(as: Double.self, atMost: 1000)
      }
      #expect(values[0] == values[1] && !values[0].isEmpty, "\(name)")
    }
  }
}
