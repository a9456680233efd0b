internal import ArgumentParser
internal import EngramScalars
internal import EngramSystem

/// `engram doctor [DIR]`: what would be slow or unsafe here, before anything runs.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Tell what would be slow or unsafe on this machine.",
    discussion: """
      Looks at the folder in which runs would be stored, at the limits of this process, and at what the program works with. Each line is fine, \
      slow or unsafe, and says what to do. In DIR small files are made and removed again.
      Exit status: 0 nothing is unsafe, 1 something is.
      """)

  @Argument(help: "The folder in which runs would be stored; without it this one.", completion: .directory) var directory = "."
  @OptionGroup var json: JSONOption

  func run() throws {
    // A limit of file sizes is something to tell, and nothing to die of.
    signal(SIGXFSZ, SIG_IGN)
    let findings = Examination.storage(directory) + Examination.limits() + Examination.programs()
    let status = findings.contains { $0.verdict == .unsafe } ? ExitStatus.error : ExitStatus.fine
    if json.isOn {
      try tell([("directory", .string(directory)), ("findings", .list(findings.map(\.json)))], status: status)
    } else {
      for finding in findings {
        let word = Output.standard.coloured(finding.verdict.rawValue, finding.verdict.tone)
        let padding = String(repeating: " ", count: 8 - finding.verdict.rawValue.count)
        try Output.standard.write("\(word)\(padding)\("\(finding.subject): \(finding.text)".visibleLine)\n")
        if let remedy = finding.remedy { try Output.standard.line("        \(remedy)") }
      }
    }
    if status != ExitStatus.fine { throw ExitCode(status) }
  }
}

/// One thing that was looked at.
struct Diagnosis {
  enum Verdict: String {
    case fine, slow, unsafe

    var tone: Tone {
      switch self {
      case .fine: .fine
      case .slow: .warning
      case .unsafe: .error
      }
    }
  }

  let subject: String
  let verdict: Verdict
  let text: String
  /// What to do about it; nil where there is nothing to do.
  var remedy: String?

  var json: JSONText {
    .object([
      ("subject", .string(subject)), ("verdict", .string(verdict.rawValue)), ("text", .string(text)), ("remedy", remedy.map(JSONText.string) ?? .null),
    ])
  }
}
