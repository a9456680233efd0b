import EngramTestSupport
import Foundation
import Testing

private let head = """
  name: trial
  seed: 3
  constants: {w_exc: 1 mV, tau: 10 ms}
  objects:
    - kind: NeuronGroup
      name: G
      N: 20
      model: "dv/dt = -v/tau + 2*mV*xi*tau**-0.5 : volt"
      method: euler
      threshold: v > 3*mV
      reset: v = 0*mV
      initial: {v: 3*mV*rand()}
    - {kind: Synapses, name: S, source: G, model: "w : 1", on_pre: v_post += w_exc*w, connect: {condition: i != j}, initial: {w: 0.1*rand()}}
    - {kind: SpikeMonitor, name: spikes, source: G}
    - {kind: PoissonInput, target: G, target_var: v, N: 10, rate: 100*Hz, weight: w_exc}
  run:
    - run: 10 ms
    - store: trained

  """

/// The same changes as steps of a file, carried out without any branch.
private let changingSteps = """
    - constants: {w_exc: 2 mV}
    - dt: 0.05 ms
    - seed: 7
    - set: {"S.w[0:5, :]": 0, G.v: rand()*mV}

  """
private let rest = "  - run: 20 ms\n"

@Suite("Branches that differ from their parent") struct ChangedBranchTests {
  private let folder: TemporaryFolder
  private let directory: String
  private static let changes = [
    "--constant", "w_exc=2 mV", "--set", "S.w[i<5]=0", "--set", "G.v=rand()*mV", "--dt", "0.05 ms", "--seed", "7",
  ]

  init() throws {
    folder = try TemporaryFolder()
    directory = folder.path("trial.engram")
    try (head + rest).write(toFile: folder.path("trial.yaml"), atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", folder.path("trial.yaml"), "--in", directory, "-q").status == 0)
  }

  private func digest(_ reference: String) throws -> String { try Program.engram.run("digest", reference).output }

  private func ids(_ path: String) throws -> [String] {
    (try Program.engram.run("ls", path, "--json").json()["checkpoints"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
  }

  private func reference(_ steps: String) throws -> String {
    try (head + steps + rest).write(toFile: folder.path("reference.yaml"), atomically: true, encoding: .utf8)
    let place = folder.path("reference.engram")
    #expect(try Program.engram.run("run", folder.path("reference.yaml"), "--in", place, "-q").status == 0)
    return try digest(place)
  }

  @Test("CKP-27: a branch may change the constant that is the rate of a Poisson group, and goes on with the new rate")
  func rates() throws {
    let (file, place) = (folder.path("noise.yaml"), folder.path("noise.engram"))
    try """
    seed: 5
    constants: {rate: 500 Hz}
    objects:
      - {kind: PoissonGroup, name: input, N: 100, rates: rate}
      - {kind: SpikeMonitor, name: spikes, source: input}
    run: [{run: 20 ms}, {store: trained}]

    """.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", file, "--in", place, "-q").status == 0)
    func total(_ reference: String) throws -> Double {
      let values = try Program.engram.run("show", reference, "spikes.count", "--json", "--limit", "100").item()["values"] as? [Double]
      return try #require(values).reduce(0, +)
    }
    let before = try total("\(place)@trained")
    for (name, rate, mean) in [("silent", "0 Hz", 0.0), ("loud", "2 kHz", 4000)] {
      let branched = try Program.engram.run("branch", "\(place)@trained", name, "--to", folder.path("\(name).engram"), "--constant", "rate=\(rate)")
      #expect(branched.status == 0, "\(branched.errors)")
      // In two goes: the branch is a run like any other.
      #expect(try Program.engram.run("resume", folder.path("\(name).engram"), "--for", "10 ms", "-q").status == 0)
      #expect(try Program.engram.run("resume", folder.path("\(name).engram"), "--for", "20 ms", "-q").status == 0)
      // 100 elements for 20 ms; six standard deviations of a Poisson number.
      #expect(abs(try total(folder.path("\(name).engram")) - before - mean) <= 6 * mean.squareRoot())
    }
  }

  @Test("CKP-27: a branch with another constant, dt, seed and values goes on as steps of a file that say the same, inside the directory and beside it")
  func equalsSteps() throws {
    let expected = try reference(changingSteps)
    let inside = try Program.engram.run(["branch", "\(directory)@trained", "strong"] + Self.changes)
    #expect(inside.status == 0, "\(inside.errors)")
    #expect(try Program.engram.run("resume", "\(directory)@strong", "-q").status == 0)
    #expect(try digest("\(directory)@strong") != digest("\(directory)@trained"))
    let newest = try Program.engram.run("ls", directory, "--json").json()["lines"] as? [[String: Any]] ?? []
    let line = try #require(newest.first { $0["name"] as? String == "strong" })
    #expect(try digest("\(directory)@\(line["newest"] ?? "")") == expected)
    let beside = folder.path("beside.engram")
    let outside = try Program.engram.run(["branch", "\(directory)@trained", "--to", beside] + Self.changes)
    #expect(outside.status == 0 && outside.output.contains("begins as 'beside'"), "\(outside.errors)")
    // Stopped in between, where everything comes from the directory again.
    #expect(try Program.engram.run("resume", beside, "-q", "--until", "17ms").status == 0)
    #expect(try Program.engram.run("resume", beside, "-q").status == 0)
    #expect(try digest(beside) == expected)
    // The parent went its own way.
    #expect(try digest("\(directory)@ck-3") != expected)
    for place in [directory, beside] { #expect(try Program.engram.run("verify", place, "--replay").status == 0) }
  }

  @Test("CKP-27: ls, log, show and diff say what a branch changed, one line each") func told() throws {
    let lines = ["w_exc: 1 mV → 2 mV", "dt: 100 us → 50 us", "seed: 3 → 7", "S.w['i<5'] = 0", "G.v = rand()*mV"]
    let begun = try Program.engram.run(["branch", "\(directory)@trained", "strong"] + Self.changes)
    for line in lines { #expect(begun.output.contains(line), "\(begun.output)") }
    // The constants that it shows are those in force.
    #expect(try Program.engram.run("show", "\(directory)@strong").output.contains("w_exc = 2. mV"))
    #expect(try Program.engram.run("show", "\(directory)@trained").output.contains("w_exc = 1. mV"))
    #expect(try Program.engram.run("resume", "\(directory)@strong", "-q", "--until", "12ms").status == 0)
    for command in [["ls", directory], ["log", directory], ["show", directory], ["diff", "\(directory)@trained", "\(directory)@latest"]] {
      let told = try Program.engram.run(command).output
      for line in lines { #expect(told.contains(line), "\(command): \(told)") }
    }
    let all = try Program.engram.run("ls", directory, "--json").json()["checkpoints"] as? [[String: Any]] ?? []
    #expect(all.last?["changes"] as? [String] == lines)
    #expect(all.first?["changes"] as? [String] == [])
  }

  @Test("CKP-27, MDL-4: changes that do not fit are told at their places, all at once, and leave the directory as it was") func wrong() throws {
    let before = try ids(directory)
    for (options, words) in [
      (["--constant", "w_ex=2 mV"], ["defines no constant 'w_ex'", "did you mean 'w_exc'"]),
      (["--constant", "w_exc=2 ms"], ["has the unit"]),
      (["--set", "G.x=1"], ["'G'", "x"]), (["--set", "H.v=1 mV"], ["no group 'H'"]), (["--set", "G.v=1"], ["volt"]),
      (["--set", "G.v[30]=1 mV"], ["30"]), (["--dt", "0.3 ms"], ["dt"]), (["--dt", "3 mV"], ["defaultclock", "second"]),
    ] {
      for target in [[], ["--to", folder.path("never.engram")]] {
        let refused = try Program.engram.run(["branch", "\(directory)@trained", "x"] + target + options)
        #expect(refused.status == 1, "\(options)")
        for word in words { #expect(refused.errors.contains(word), "\(options): \(refused.errors)") }
      }
    }
    for options in [["--seed", "x"], ["--constant", "w_exc"], ["--set", "=1"], ["--dt", "1 ms", "--dt", "2 ms"]] {
      #expect(try Program.engram.run(["branch", "\(directory)@trained", "x"] + options).status == 64)
    }
    #expect(try ids(directory) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("never") }.isEmpty)
  }

  @Test("MDL-69: resume with changes begins a line once; the same command goes on with it, other changes begin another") func resumed() throws {
    let expected = try reference("  - constants: {w_exc: 2 mV}\n")
    let strong = ["resume", "\(directory)@trained", "--constant", "w_exc=2 mV"]
    let first = try Program.engram.run(strong + ["--until", "15ms"])
    #expect(first.status == 0 && first.errors.contains("the line 'trained-resumed' begins at 'trained'"), "\(first.errors)")
    let count = try ids(directory).count
    #expect(try Program.engram.run(strong + ["--until", "15ms"]).output.contains("nothing to do"))
    #expect(try ids(directory).count == count)
    #expect(try Program.engram.run(strong).status == 0)
    #expect(try digest(directory) == expected)
    // Without changes, and with others: lines of their own.
    let plain = try Program.engram.run("resume", "\(directory)@trained", "-q")
    #expect(plain.status == 0)
    #expect(try digest(directory) != expected)
    let weak = try Program.engram.run("resume", "\(directory)@trained", "--constant", "w_exc=0.5 mV")
    #expect(weak.errors.contains("trained-resumed-3"), "\(weak.errors)")
    // From the newest checkpoint, of no name: likewise once.
    let last = ["resume", directory, "--seed", "reseed:4", "--until", "35ms"]
    #expect(try Program.engram.run(last).status == 0)
    let state = try digest(directory)
    #expect(try Program.engram.run(last).output.contains("nothing to do"))
    #expect(try digest(directory) == state)
  }

  @Test("MDL-63: a file with other constants is refused with the option that goes on with them; one whose list grew at its end goes on") func files() throws {
    try (head + rest).replacingOccurrences(of: "w_exc: 1 mV", with: "w_exc: 2 mV").write(
      toFile: folder.path("trial.yaml"), atomically: true, encoding: .utf8)
    let refused = try Program.engram.run("run", folder.path("trial.yaml"), "--in", directory)
    #expect(refused.status == 1 && refused.errors.contains("engram resume \(directory) --constant 'w_exc=0.002 volt'"), "\(refused.errors)")
    let seed = try Program.engram.run("run", folder.path("trial.yaml"), "--in", directory, "--constant", "w_exc=1 mV", "--seed", "9")
    #expect(seed.status == 1 && seed.errors.contains("engram resume \(directory) --seed 9"), "\(seed.errors)")
    try (head + rest + rest).write(toFile: folder.path("trial.yaml"), atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", folder.path("trial.yaml"), "--in", directory).output.contains("finished at t = 0.05 s"))
    try (head.replacingOccurrences(of: "run: 10 ms", with: "run: 5 ms") + rest + rest).write(
      toFile: folder.path("trial.yaml"), atomically: true, encoding: .utf8)
    let changed = try Program.engram.run("run", folder.path("trial.yaml"), "--in", directory)
    #expect(changed.status == 1 && changed.errors.contains("step 1, which has been executed") && changed.errors.contains("engram branch"), "\(changed.errors)")
  }

  @Test("CKP-27: a branch is small: what was not changed is shared with its parent") func small() throws {
    let beside = folder.path("beside.engram")
    #expect(try Program.engram.run("branch", "\(directory)@trained", "--to", beside, "--constant", "w_exc=2 mV").status == 0)
    let all = try Program.engram.run("ls", beside, "--json").json()["checkpoints"] as? [[String: Any]] ?? []
    #expect(all.last?["written_bytes"] as? Int ?? .max < 100)
  }

  @Test("CKP-27: what a program made is changed in that program, and the message says how") func program() throws {
    let run = try SmallRun()
    let refused = try Program.engram.run("branch", "\(run.directory)@early", "x", "--seed", "4")
    #expect(refused.status == 1 && refused.errors.contains("Network.branch"), "\(refused.errors)")
    #expect(try Program.engram.run("branch", "\(run.directory)@early").output.contains("branch-1 begins at early"))
  }

  @Test("CKP-27: a branch of damaged arrays costs no reading of them; its run is refused with variable and file, and a branch with changes at once")
  func damaged() throws {
    let beside = folder.path("beside.engram")
    #expect(try Program.engram.run("branch", "\(directory)@trained", "--to", beside).status == 0)
    // The files of the branch are the same, so it rots with its parent.
    let objects = try FileManager.default.contentsOfDirectory(atPath: directory + "/objects")
    for object in objects {
      let path = "\(directory)/objects/\(object)"
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      let bytes = try Data(contentsOf: URL(filePath: path))
      try (bytes.prefix(4096) + bytes.dropFirst(4096).map { $0 ^ 0x10 }).write(to: URL(filePath: path))
    }
    #expect(try Program.engram.run("branch", "\(directory)@trained", "inside").status == 0)
    for place in ["\(directory)@inside", beside] {
      let before = try ids(place.split(separator: "@").first.map(String.init) ?? place)
      for refused in [
        try Program.engram.run("resume", place, "-q"), try Program.engram.run("verify", place),
        try Program.engram.run("branch", place, "x", "--constant", "w_exc=2 mV"),
        try Program.engram.run("branch", place, "x", "--to", folder.path("x.engram"), "--constant", "w_exc=2 mV"),
      ] {
        let words = refused.errors + refused.output
        #expect(refused.status == 1 && words.contains("/objects/ck-") && words.contains("have changed"), "\(words)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path("x.engram")))
      #expect(try ids(place.split(separator: "@").first.map(String.init) ?? place) == before)
    }
  }
}
