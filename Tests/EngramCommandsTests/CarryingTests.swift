import EngramTestSupport
import Foundation
import Testing

/// What is carried elsewhere can go on there; what is damaged is said.
@Suite("Carrying runs elsewhere") struct CarryingCommandTests {
  private static func model(_ steps: String) -> String {
    """
    seed: 3
    objects:
      - {kind: NeuronGroup, name: P, N: 5, model: "dv/dt = -v/(10*ms) + xi*(10*ms)**-0.5 : 1", method: euler}
    run:
    \(steps)
    """
  }

  /// Steps, where to carry from, and what has to come along.
  enum Case: String, CaseIterable {
    case once = "  - run: 1 ms\n  - store: trained\n  - run: 1 ms\n  - store: here\n  - restore: trained\n  - run: 1 ms"
    case initial = "  - run: 1 ms\n  - store: here\n  - run: 1 ms\n  - restore: initial\n  - run: 1 ms"
    case loop =
      "  - run: 1 ms\n  - store: warm\n  - repeat:\n      count: 3\n      as: k\n      steps:\n        - restore: warm\n        - run: 1 ms\n        - store: \"h{k}\""
    case numbered =
      "  - repeat:\n      count: 3\n      as: k\n      steps:\n        - run: 1 ms\n        - store: \"s{k}\"\n  - store: here\n  - repeat:\n      count: 3\n      as: k\n      steps:\n        - restore: \"s{k}\"\n        - run: 1 ms"
    case storedLater = "  - run: 1 ms\n  - store: here\n  - store: later\n  - run: 1 ms\n  - restore: later\n  - run: 1 ms"

    /// What is carried.
    var name: String { self == .loop ? "h0" : "here" }

    var needed: Set<String> {
      switch self {
      case .once: ["trained"]
      case .initial: []
      case .loop: ["warm"]
      case .numbered: ["s0", "s1", "s2"]
      case .storedLater: []
      }
    }
  }

  @Test("CKP-45: what later steps restore is packed too, from loops and by number as well; the run goes on elsewhere", arguments: Case.allCases)
  func needed(of steps: Case) throws {
    let folder = try TemporaryFolder()
    let model = folder.path("m.yaml")
    try Self.model(steps.rawValue).write(toFile: model, atomically: true, encoding: .utf8)
    let here = folder.path("here.engram")
    let run = try Program.engram.run("run", model, "--in", here, "-q")
    #expect(run.status == 0, "\(run.errors)")
    let packed = folder.path("p.h5")
    let pack = try Program.engram.run("pack", "\(here)@\(steps.name)", "-o", packed, "--json")
    #expect(pack.status == 0, "\(pack.errors)")
    let held = try #require(try pack.json()["checkpoints"] as? [[String: Any]])
    #expect(Set(held.flatMap { $0["names"] as? [String] ?? [] }) == steps.needed.union([steps.name]))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: packed))
    #expect(try Program.engram.run("pack", "\(here)@\(steps.name)", "-o", packed).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: packed)) == bytes)
    let there = folder.path("there.engram")
    #expect(try Program.engram.run("unpack", packed, there).status == 0)
    #expect(try Program.engram.run("unpack", packed, there).status == 0)
    let resumed = try Program.engram.run("resume", there, "-q")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try Program.engram.run("digest", there).output == Program.engram.run("digest", here).output)
    let branched = folder.path("branched.engram")
    #expect(try Program.engram.run("branch", "\(here)@\(steps.name)", "other", "--to", branched).status == 0)
    #expect(try Program.engram.run("resume", branched, "-q").status == 0)
    #expect(try Program.engram.run("digest", branched).output == Program.engram.run("digest", here).output)
  }

  @Test("CKP-45: what is needed and not there is refused by name, checkpoints and files alike")
  func missing() throws {
    let folder = try TemporaryFolder()
    let (model, first, here) = (folder.path("m.yaml"), folder.path("first.engram"), folder.path("here.engram"))
    try Self.model(Case.once.rawValue).write(toFile: model, atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", model, "--in", first, "-q").status == 0)
    #expect(try Program.engram.run("pack", "\(first)@here", "-o", folder.path("base.h5")).status == 0)
    try Self.model(Case.once.rawValue + "\n  - restore: {name: here, file: base.h5}").write(toFile: model, atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", model, "--in", here, "-q", "--until", "1.5ms").status == 0)
    let file = try Program.engram.run("pack", "\(here)@trained", "-o", folder.path("p.h5"))
    #expect(file.status == 1 && file.errors.contains("'base.h5'") && file.errors.contains("--leave-files"), "\(file.errors)")
    #expect(try Program.engram.run("pack", "\(here)@trained", "-o", folder.path("p.h5"), "--leave-files").status == 0)
    // The file is found from beside, not from elsewhere.
    #expect(try Program.engram.run("branch", "\(here)@trained", "b", "--to", folder.path("b.engram")).status == 0)
    try FileManager.default.createDirectory(atPath: folder.path("sub"), withIntermediateDirectories: true)
    #expect(try Program.engram.run("branch", "\(here)@trained", "b", "--to", folder.path("sub/b.engram")).errors.contains("'base.h5'"))
    #expect(try Program.engram.run("rm", "\(here)@trained").status == 0)
    let name = try Program.engram.run("pack", here, "-o", folder.path("q.h5"), "--leave-files")
    #expect(name.status == 1 && name.errors.contains("'trained'"), "\(name.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("q.h5")))
  }

  @Test("CKP-17, 26: listings say what is damaged, in text and JSON, with status 1; diff tells differences (1) from damage (2)")
  func told() throws {
    let small = try SmallRun()
    #expect(try Program.engram.run("diff", "\(small.directory)@early", "@early").status == 0)
    #expect(try Program.engram.run("diff", "\(small.directory)@early", "@late").status == 1)
    let manifest = URL(fileURLWithPath: small.directory + "/checkpoints/ck-2.manifest")
    var bytes = try Data(contentsOf: manifest)
    bytes[100] ^= 1
    try bytes.write(to: manifest)
    for command in ["ls", "log"] {
      let text = try Program.engram.run(command, small.directory)
      #expect(text.status == 1 && text.errors.contains("ck-2") && text.output.contains("ck-1"), "\(command): \(text.errors)")
      let json = try Program.engram.run(command, small.directory, "--json")
      #expect(json.status == 1)
      let answer = try json.json()
      #expect((answer["damaged"] as? [[String: Any]])?.first?["id"] as? String == "ck-2")
      #expect(answer["status"] as? Int == 1 && (answer["checkpoints"] as? [Any])?.count == 1)
    }
    // All, or none: what is left out would not be missed.
    let all = try Program.engram.run("export", small.directory, "--all", "-o", small.folder.path("all.h5"))
    #expect(all.status == 1 && all.errors.contains("ck-2"), "\(all.errors)")
    #expect(!FileManager.default.fileExists(atPath: small.folder.path("all.h5")))
    let diff = try Program.engram.run("diff", "\(small.directory)@early", "@late", "--json")
    #expect(diff.status == 2)
    #expect(try diff.json()["status"] as? Int == 2 && diff.json()["error"] is String)
    #expect(try Program.engram.run("diff", "\(small.directory)@early", "@nothing").status == 2)
    #expect(try Program.engram.run("diff", small.directory).status == 64)
  }

  @Test("HDF-11: an export follows no link that lies under its temporary name, and removes what a killed one left")
  func export() throws {
    let small = try SmallRun()
    let target = small.folder.path("x.h5")
    let aside = small.folder.path(".x.h5.partial")
    let precious = small.folder.path("precious")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: precious))
    try FileManager.default.createSymbolicLink(atPath: aside, withDestinationPath: precious)
    let refused = try Program.engram.run("export", small.directory, "-o", target)
    #expect(refused.status == 1 && refused.errors.contains(".x.h5.partial"), "\(refused.errors)")
    #expect(try String(contentsOfFile: precious, encoding: .utf8) == "mine")
    try FileManager.default.removeItem(atPath: aside)
    try Data("half".utf8).write(to: URL(fileURLWithPath: aside))
    #expect(try Program.engram.run("export", small.directory, "-o", target).status == 0)
    #expect(!FileManager.default.fileExists(atPath: aside))
  }
}
