import EngramTestSupport
import Foundation
import Testing

/// What shells offer while a command is typed.
@Suite("Completions") struct CompletionTests {
  let small: SmallRun
  var folder: URL { small.folder.url }

  init() throws { small = try SmallRun() }

  /// What bash offers behind a line, with the program's own script.
  private func bash(_ line: String) throws -> [String] {
    let script = folder.appending(path: "engram.bash")
    try Program.engram.run("--generate-completion-script", "bash").output.write(to: script, atomically: true, encoding: .utf8)
    let words = line.split(separator: " ", omittingEmptySubsequences: true).map { "'\($0)'" }
    let ended = line.hasSuffix(" ") ? words + ["''"] : words
    let current = ended.last ?? "''"
    let previous = ended.dropLast().last ?? "''"
    let program = """
      engram() { '\(Program.engram.path)' "$@"; }
      source '\(script.path())'
      COMP_WORDS=(\(ended.joined(separator: " "))); COMP_CWORD=\(ended.count - 1); COMP_LINE='\(line)'; COMP_POINT=\(line.count)
      _engram engram \(current) \(previous)
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    return try Program(path: "/bin/bash").run(["-c", program], in: folder).output.split(separator: "\n").map(String.init)
  }

  @Test(
    "CKP-44: run directories are offered, and behind an @ the names of their checkpoints",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
  func names() throws {
    #expect(try Program.engram.run("--generate-completion-script", "bash").output.hasPrefix("COMP_WORDBREAKS=${COMP_WORDBREAKS//@/}\n"))
    #expect(try bash("engram show sm").contains("small.engram"))
    #expect(try bash("engram show small.engram@ea") == ["small.engram@early"])
    #expect(try bash("engram digest small.engram@la").sorted() == ["small.engram@late", "small.engram@latest"])
    #expect(try bash("engram branch small.engram@").contains("small.engram@early"))
  }

  @Test("CKP-44: variables of the checkpoint on the line are offered", .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
  func variables() throws {
    #expect(try bash("engram show small.engram@early P.dr") == ["P.drive"])
    #expect(try bash("engram show small.engram S.w") == ["S.w"])
    #expect(try bash("engram show nothing.engram S.w").isEmpty)
  }

  @Test("CKP-44: a shell that takes DIR@NAME for one word is answered with the whole word")
  func oneWord() throws {
    let outcome = try Program.engram.run(
      ["---completion", "show", "--", "positional@0", "2", "15", "engram", "show", "small.engram@ea"], in: folder)
    #expect(outcome.output.split(separator: "\n").map(String.init).contains("small.engram@early"))
  }
}
