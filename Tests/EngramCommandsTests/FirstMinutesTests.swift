import ArgumentParser
import EngramTestSupport
import Foundation
import Testing

@testable import EngramCommands

/// What somebody meets who has never used the program.
@Suite("First minutes") struct FirstMinutesTests {
  @Test("CKP-38: `new` writes a model file for each template, which runs to its end", arguments: ["cuba", "stdp", "hh", "sweep"])
  func templates(name: String) throws {
    let folder = try TemporaryFolder()
    let made = try Program.engram.run(["new", "first", "--template", name], in: folder.url)
    #expect(made.status == 0 && made.output.hasPrefix("wrote first.yaml;"), "\(made.errors)")
    #expect(try Program.engram.run(["explain", "first.yaml"], in: folder.url).status == 0)
    let run = try Program.engram.run(["run", "first.yaml", "--until", "20ms"], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("warning") && !run.errors.contains("note:"), "\(run.errors)")
    if name == "sweep" {
      let sweep = try Program.engram.run(["sweep", "first.yaml", "--until", "100ms", "--jobs", "1", "--table", "rates.csv"], in: folder.url)
      #expect(sweep.status == 0, "\(sweep.errors)")
      #expect(try String(contentsOf: folder["rates.csv"], encoding: .utf8).split(separator: "\n").count == 9)
    }
    // Every template says in comments what to type.
    #expect(try String(contentsOf: folder["first.yaml"], encoding: .utf8).hasPrefix("# "))
  }

  @Test("CKP-38: `new` leaves an existing file as it is, writes where it is told, and refuses what is no name")
  func newFile() throws {
    let folder = try TemporaryFolder()
    try "mine".write(to: folder["first.yaml"], atomically: true, encoding: .utf8)
    for name in ["first", "first.yaml"] {
      let outcome = try Program.engram.run(["new", name], in: folder.url)
      #expect(outcome.status == 1 && outcome.errors.contains("'first.yaml' exists and is left as it is"))
    }
    #expect(try String(contentsOf: folder["first.yaml"], encoding: .utf8) == "mine")
    #expect(try Program.engram.run(["new", "first.yml"], in: folder.url).status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.path("first.yml")))
    #expect(try Program.engram.run(["new", "missing/first"], in: folder.url).errors.contains("No such file or directory"))
    for name in ["", "a/", ".yaml", "a/.yaml"] { #expect(try Program.engram.run(["new", name], in: folder.url).status == 1, "\(name)") }
    #expect(try Program.engram.run(["new", "x", "--template", "cube"], in: folder.url).status == 64)
    let json = try Program.engram.run(["new", "other", "--json"], in: folder.url).json()
    #expect(json["file"] as? String == "other.yaml" && json["next"] as? String == "engram run other.yaml")
  }

  @Test("CKP-38: `doctor` says fine, slow or unsafe of the disk, the limits and the programs, and leaves nothing behind")
  func doctor() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.engram.run(["doctor", folder.path("")])
    let verdicts = outcome.lines.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != " " } }
    #expect(!verdicts.isEmpty && verdicts.allSatisfy { ["fine", "slow", "unsafe"].contains($0) }, "\(outcome.output)")
    #expect(outcome.status == (verdicts.contains("unsafe") ? 1 : 0))
    for subject in [
      "disk", "file system", "claiming space", "mapping files", "locks", "open files", "memory", "address space", "libraries", "C compiler", "Python",
    ] {
      #expect(outcome.output.contains(" \(subject)"), "\(subject)")
    }
    #expect(outcome.output.contains("mapping files: arrays live in files"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).isEmpty)
    let json = try Program.engram.run(["doctor", folder.path(""), "--json"]).json()
    let findings = try #require(json["findings"] as? [[String: Any]])
    #expect(findings.count == verdicts.count && findings.allSatisfy { $0["verdict"] is String && $0["text"] is String })
  }

  @Test("CKP-38: `doctor` finds what is wrong and says what to do: a missing folder, too few files, little address space, no compiler")
  func doctorFinds() throws {
    let folder = try TemporaryFolder()
    let missing = try Program.engram.run(["doctor", folder.path("none")])
    #expect(missing.status == 1 && missing.output.contains("unsafe  folder: ") && missing.output.contains("engram doctor DIR"))
    let shell = Program(path: "/bin/sh")
    let few = try shell.run(["-c", "ulimit -n 100; exec '\(Program.engram.path)' doctor '\(folder.path(""))'"])
    #expect(few.output.contains("slow    open files: limited to 100") && few.output.contains("ulimit -n"))
    let small = try shell.run(["-c", "ulimit -f 1000; exec '\(Program.engram.path)' doctor '\(folder.path(""))'"])
    #expect(small.status == 1 && small.output.contains("unsafe  size of files: limited to "))
    let bare = try Program.engram.run(["doctor", folder.path("")], environment: ["PATH": folder.path(""), "CC": ""])
    #expect(bare.output.contains("slow    C compiler: there is none") && bare.output.contains("pip install engram-snn"))
    let broken = try Program.engram.run(["doctor", folder.path("")], environment: ["CC": "/bin/false"])
    #expect(broken.output.contains("slow    C compiler: '/bin/false' is there and makes no library"))
  }

  @Test("CKP-38: an unknown command is met with the nearest one and with all that there are")
  func unknown() throws {
    let outcome = try Program.engram.run(["plto", "x"], environment: ["PATH": "/usr/bin:/bin"])
    #expect(outcome.status == 64 && outcome.errors.contains("there is no command 'plto'"))
    for name in ["new", "doctor", "run", "resume", "export"] { #expect(outcome.errors.contains(" \(name),"), "\(name)") }
    #expect(!outcome.errors.contains("sweep-job") && !outcome.errors.contains("read-arrays"))
    #expect(try Program.engram.run("statsu").errors.contains("did you mean 'status'?"))
  }

  /// The words of a line as a shell takes them; single quotes only.
  private func words(_ line: String) -> [String] {
    var (words, word, isQuoted) = ([String](), "", false)
    for character in line {
      switch character {
      case "'": isQuoted.toggle()
      case " " where !isQuoted:
        words.append(word)
        word = ""
      default: word.append(character)
      }
    }
    return words + [word]
  }

  @Test("CKP-38: help of every command ends with examples, and each of them is a command that the parser takes")
  func examples() throws {
    for name in EngramCommand.visibleNames where name != "help" {
      let examples = try #require(CommandExamples.all[name], "\(name)")
      for example in examples {
        let words = words(example.line)
        #expect(words.prefix(2) == ["engram", name][...] && !example.meaning.isEmpty, "\(example)")
        #expect(throws: Never.self, "\(example.line)") { try EngramCommand.parseAsRoot(Array(words.dropFirst())) }
      }
      for arguments in [[name, "--help"], ["help", name]] {
        let help = try Program.engram.run(arguments)
        #expect(help.status == 0 && help.output.contains("\nEXAMPLES:\n  engram \(name)"), "\(arguments)")
      }
    }
    for example in CommandExamples.all[""] ?? [] {
      #expect(throws: Never.self, "\(example.line)") { try EngramCommand.parseAsRoot(Array(words(example.line).dropFirst())) }
    }
    #expect(Set(CommandExamples.all.keys) == Set(EngramCommand.visibleNames).subtracting(["help"]).union([""]))
    #expect(try Program.engram.run("--help").output.contains("\nEXAMPLES:\n  engram new first\n"))
  }

  @Test("MDL-65: what stopped early prints the command that goes on, ready to be typed; without --fresh, which would begin anew")
  func goesOn() throws {
    let folder = try TemporaryFolder()
    try "objects:\n  - {kind: NeuronGroup, name: G, N: 1000, model: 'v : 1', run_regularly: {code: 'v = rand()', dt: 0.1 ms}}\nrun: 1000 s\n"
      .write(to: folder["a model.yaml"], atomically: true, encoding: .utf8)
    let process = try Program.engram.start(
      ["run", "a model.yaml", "--in", "d", "--fresh", "--kernels", "interpreted"], in: folder.url, output: folder.path("out"), errors: folder.path("err"))
    let status = folder.path("d/status.json")
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: status) { usleep(50_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    let output = try String(contentsOf: folder["out"], encoding: .utf8)
    #expect(output.hasSuffix("engram run 'a model.yaml' --in d --kernels interpreted\n"), "\(output)")
  }
}
