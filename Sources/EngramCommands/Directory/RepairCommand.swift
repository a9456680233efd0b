internal import ArgumentParser
internal import EngramStorage

/// `engram repair DIR`: the journal anew, from what is there.
struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Mend the journal of a run directory, and say what is lost.",
    discussion: """
      Restores what can be restored from the second copy of the journal and from the checkpoints themselves, and removes no data: damaged \
      files are kept beside, and what may have had a tag or name that is lost gets the tag 'recovered', which keeps it. Checkpoints whose \
      manifests were deleted are given up. Exit status 1 if anything is lost or cannot be mended.
      """)

  @Argument(help: "The run directory.") var directory: CheckpointReference
  @Flag(help: "Only say what would be done.") var dryRun = false
  @OptionGroup var json: JSONOption

  func run() throws {
    let run = dryRun ? try directory.openForReading() : try directory.openForWriting()
    defer { run.close() }
    let report = try run.repair(isDryRun: dryRun)
    let isWhole = report.lost.isEmpty && report.left.isEmpty
    if json.isOn {
      func list(_ texts: [String]) -> JSONText { .list(texts.map(JSONText.string)) }
      try tell(
        [
          ("directory", .string(directory.directory)), ("dry_run", .boolean(dryRun)), ("mended", list(report.mended)), ("lost", list(report.lost)),
          ("left", list(report.left)), ("kept_aside", list(report.keptAside)),
        ], status: isWhole ? 0 : 1)
    } else {
      if report.isSound { return try Output.standard.line("nothing to repair") }
      for text in report.mended { try Output.standard.line("\(dryRun ? "to be written anew" : "written anew"): \(text)") }
      for text in report.lost { try Output.standard.line("lost: \(text)") }
      for text in report.left { try Output.standard.line("left as it is: \(text)") }
      for path in report.keptAside { try Output.standard.line("the damaged file is kept as \(path)") }
    }
    if !isWhole { throw ExitCode(1) }
  }
}
