internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramImport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramStorage

/// `engram at DIR TIME`: the state of a run at any time, rebuilt from the nearest earlier checkpoint.
struct AtCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "at", abstract: "Rebuild the state at any time, to look at it.",
    discussion: """
      Goes from the nearest earlier checkpoint on to that time, with the bits that the run had, and stores the state as a checkpoint of a line \
      of its own, tagged 'at'; a run does not go on from there unless it is named. With --to it becomes a run directory of its own, which can \
      be made while the run goes on.

      DIR@NAME: the time lies on the way to NAME, where a run has been at one time more than once. What steps of a list do between two runs at \
      that time has been done. Costs the steps in between. Runs of Swift programs are rebuilt up to their newest checkpoint, or to the end of \
      the run that was going on there.
      Exit status: 0 it is there, 1 an error, such as a time at which no step begins, 75 given up because of a signal, with nothing changed.
      """)

  @Argument(help: "The run directory, or DIR@NAME.") var checkpoint: CheckpointReference
  @Argument(help: "The network time, e.g. 61.19s.") var time: String
  @Argument(help: "The name of the line and its checkpoint; without one at-TIME, or the name of --to.") var name: String?
  @Option(help: "The run directory to make.", completion: .directory) var to: String?
  @Flag(name: .shortAndLong, help: "Print errors only.") var quiet = false
  @OptionGroup var json: JSONOption

  func validate() throws { _ = try ExtentOptions.seconds(time, "TIME") }

  func run() throws {
    let seconds = try ExtentOptions.seconds(time, "TIME")
    let name = name ?? "at-\(time.filter { $0 != " " && $0 != "/" && $0 != "@" })"
    var state = StateAt(of: checkpoint.directory, format: .hdf5, seconds: seconds, as: name, files: ImportedFiles(relativeTo: nil))
    var line: ProgressLine?
    if !quiet {
      state.onProgress = { now in
        if line == nil { line = ProgressLine(from: now, to: seconds) }
        try? line?.update(simulated: now)
      }
    }
    let found: StateAt.Found
    do { found = try state.make(on: checkpoint.name, to: to) } catch {
      try? line?.finish()
      throw error
    }
    try? line?.finish()
    let place = "\(found.directory)@\(name)"
    if json.isOn {
      return try tell([
        ("directory", .string(found.directory)), ("name", .string(name)), ("id", .string(found.checkpoint.id)),
        ("t", found.checkpoint.networkSeconds.map(JSONText.number) ?? .null), ("from", .string(found.start.id)),
        ("from_t", found.start.networkSeconds.map(JSONText.number) ?? .null), ("was_there", .boolean(found.wasThere)),
      ])
    }
    if quiet { return }
    let origin = found.wasThere ? "it was there already" : "rebuilt from \(found.start.id), t = \(found.start.timeText)"
    try Output.standard.line(
      "\(found.checkpoint.id) holds the state at t = \(found.checkpoint.timeText), \(origin); to look at it: engram show \(shellQuoted(place)); "
        + "to go on from it: engram resume \(shellQuoted(place))")
  }
}
