import EngramTestSupport
import Foundation
import Testing

/// Programs named `engram-NAME` are commands.
@Suite("Added commands") struct AddedCommandTests {
  let folder: TemporaryFolder
  let path: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    path = ["PATH": "\(folder.path("")):/usr/bin:/bin"]
  }

  private func add(_ name: String, _ text: String = "echo \"$0|$#|$1|$2|$ENGRAM\"; exit 7", executable: Bool = true) throws {
    let file = folder.path("engram-\(name)")
    try "#!/bin/sh\n\(text)\n".write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: executable ? 0o755 : 0o644], ofItemAtPath: file)
  }

  @Test("CKP-38: a name that the program does not have is the program engram-NAME of the PATH, with its arguments, status and this program in ENGRAM")
  func runs() throws {
    try add("picture")
    let outcome = try Program.engram.run(["picture", "a b", "--json"], environment: path)
    #expect(outcome.status == 7 && outcome.errors.isEmpty)
    let words = outcome.output.trimmingCharacters(in: .newlines).split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    #expect(words.first?.hasSuffix("/engram-picture") == true && words.dropFirst().dropLast() == ["2", "a b", "--json"])
    #expect(words.last?.hasSuffix("/engram") == true)
    #expect(try Program.engram.run(["help", "picture"], environment: path).output.contains("|1|--help|"))
    #expect(try Program.engram.run(["picture"], environment: path.merging(["ENGRAM": "mine"]) { $1 }).output.hasSuffix("|mine\n"))
  }

  @Test("CKP-38: an added command ends by the signal of a closed pipe, as if it had been started alone")
  func pipe() throws {
    try add("many", "while echo line; do :; done 2>/dev/null; exit 9")
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let process = try Program.engram.start(["many"], environment: path, standardOutput: pipe.fileHandleForWriting)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == 13, "SIGPIPE")
  }

  @Test("CKP-38: its own commands are never replaced, and neither paths, hidden names nor files that cannot be run are commands")
  func refused() throws {
    for name in ["ls", "help", "read-arrays", "é", "x.y"] { try add(name) }
    try add("plain", executable: false)
    try FileManager.default.createDirectory(atPath: folder.path("engram-folder"), withIntermediateDirectories: true)
    #expect(try Program.engram.run(["ls", "--help"], environment: path).output.contains("USAGE: engram ls"))
    #expect(try Program.engram.run(["help"], environment: path).output.contains("USAGE: engram"))
    for name in ["plain", "folder", "é", "x.y", "../x", "/bin/ls", "a/b", ""] {
      let outcome = try Program.engram.run([name], environment: path)
      #expect(outcome.status == 64 || name.isEmpty, "\(name)")
      #expect(!outcome.output.contains("|"), "\(name)")
    }
    #expect(!(try Program.engram.run(["--help"], environment: path).output.contains("ADDED")))
  }

  @Test("CKP-38: what lies in the current folder is no command, even where the PATH says so")
  func currentFolder() throws {
    try add("here")
    let outcome = try Program.engram.run(["here"], in: URL(filePath: folder.path("")), environment: ["PATH": ":.:/usr/bin"])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
  }

  @Test("CKP-38: help lists added commands; an unknown one is met with the nearest of all")
  func listed() throws {
    try add("picture")
    try add("zebra")
    let help = try Program.engram.run(["--help"], environment: path).output
    #expect(help.contains("ADDED SUBCOMMANDS") && help.contains("\n  picture\n  zebra\n"))
    #expect(!(try Program.engram.run(["show", "--help"], environment: path).output.contains("zebra")))
    #expect(try Program.engram.run(["pictur"], environment: path).errors.hasPrefix("error: there is no command 'pictur'; did you mean 'picture'?"))
    let wrong = try Program.engram.run(["sho", "x", "--json"], environment: path)
    #expect(wrong.status == 64 && wrong.errors.contains("did you mean 'show'?"))
    #expect(try wrong.json()["command"] as? String == "sho")
    #expect(try Program.engram.run(["frobnicate"], environment: path).errors.hasPrefix("error: there is no command 'frobnicate'\n  there are at, bench"))
  }
}
