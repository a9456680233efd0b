internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import EngramUnits

/// `engram export`: one flat HDF5 file for other tools (HDF-1…12).
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a checkpoint to one HDF5 file that any tool opens.",
    discussion: "Groups: /objects, /recordings, /clocks, /model; several checkpoints lie below /checkpoints. Values are SI.")

  @Argument(help: "The checkpoint, as DIR@NAME; without a name the newest.") var checkpoint: CheckpointReference
  @Option(name: .shortAndLong, help: "The file to write.", completion: .file(extensions: ["h5"])) var output: String?
  @Flag(help: "Every checkpoint of the run directory.") var all = false
  @Option(
    name: .customLong("only"), parsing: .upToNextOption, help: "What to export: P, P.v, 'P.v[0:10]', S.pre.delay, 'trace[3]'.", completion: Completions.variable
  ) var only: [String] = []
  @Option(help: "Recordings from this simulated time on, such as '200 ms'.") var from: String?
  @Option(help: "Recordings up to this simulated time.") var to: String?
  @Flag(help: "Compress: chunked, shuffled, deflated and checked.") var chunked = false
  @Flag(name: .customLong("internal"), help: "Include variables whose names begin with an underscore.") var includesInternal = false
  @Flag(help: "Replace a file that is not an export.") var force = false
  @Flag(name: .customLong("rebuild-views"), help: "Make the views inside the run directory anew instead.") var rebuildViews = false
  @OptionGroup var json: JSONOption

  func validate() throws {
    if all, checkpoint.name != nil { throw ValidationError("--all exports every checkpoint; leave out '@\(checkpoint.name ?? "")'") }
  }

  func run() throws {
    if rebuildViews { return try rebuild() }
    let place = try CheckpointPlace(reading: checkpoint.directory)
    let names = all ? try place.list().map(\.id) : [checkpoint.nameOrLatest]
    // All of them, or an error: one that is left out would not be missed.
    if all, let (id, problem) = place.damaged.first {
      throw CommandError("'\(checkpoint.directory)' has a checkpoint that cannot be exported: \(id): \(problem); the others can be exported by their names")
    }
    if names.isEmpty { throw CommandError("'\(checkpoint.directory)' has no checkpoints yet, so there is nothing to export") }
    let path = output ?? defaultOutput
    try checkReplacing(path)
    let opened = try names.map { try OpenCheckpoint(checkpoint, place.look(at: $0)) }
    let options = try exportOptions(opened[0])
    try ExportFile.write(
      to: path, opened.map { open in (all ? open.loaded.info.names.first ?? open.loaded.info.id : nil, ExportedNetwork(open.network), open.arrays) },
      options: options
    ) { for open in opened { try open.loaded.waitForVerification() } }
    var status = stat()
    let bytes = stat(path, &status) == 0 ? Int64(status.st_size) : 0
    if json.isOn {
      let ids = JSONText.list(opened.map { .string($0.loaded.info.id) })
      try tell([("file", .string(path)), ("bytes", .integer(bytes)), ("checkpoints", ids)])
    } else {
      try Output.standard.line("wrote \(path) (\(byteText(Int(clamping: bytes))))")
    }
  }

  /// `week1.engram@day5` → `week1-day5.h5` in the present directory.
  private var defaultOutput: String {
    var base = Substring(checkpoint.directory)
    while base.last == "/" { base.removeLast() }
    base = base.split(separator: "/").last ?? base
    for suffix in [".engram", ".h5"] where base.hasSuffix(suffix) { base = base.dropLast(suffix.count) }
    return base + (checkpoint.name.map { "-" + CheckpointName.fileName(for: $0) } ?? "") + ".h5"
  }

  private func checkReplacing(_ path: String) throws {
    if force { return }
    do { try ExportFile.checkReplaceable(path) } catch {
      throw CommandError("\(error); choose it with --output" + (error.found == .directory ? "" : ", or give --force to replace what is there"))
    }
  }

  private func exportOptions(_ open: OpenCheckpoint) throws -> ExportOptions {
    var options = ExportOptions()
    options.isChunked = chunked
    options.includesInternal = includesInternal
    options.items = try only.map { try item($0, in: open) }
    let (lower, upper) = (try from.map { try ExtentOptions.seconds($0, "--from") }, try to.map { try ExtentOptions.seconds($0, "--to") })
    if lower != nil || upper != nil {
      guard lower ?? -.infinity <= upper ?? .infinity else { throw ValidationError("--from lies behind --to") }
      options.timeRange = (lower ?? -.infinity)...(upper ?? .infinity)
    }
    return options
  }

  private func item(_ text: String, in open: OpenCheckpoint) throws -> ExportItem {
    do {
      if let part = try StoredPart(text, in: open) { return try part.exportItem }
      return try ExportItem(Reference(text))
    } catch let error as Reference.SyntaxProblem {
      throw CommandError("--only '\(text)' chooses nothing: \(error.message); forms: P, P.v, 'P.v[0:10]', 'P.v[[3, 5]]', S.pre.delay")
    }
  }

  private func rebuild() throws {
    let directory = try checkpoint.openForWriting()
    defer { directory.close() }
    let wanted = try checkpoint.name.map { [try directory.info($0)] } ?? directory.list()
    for info in wanted { try VirtualCheckpoint().publish(info, in: directory) }
    if json.isOn { return try tell([("directory", .string(checkpoint.directory)), ("checkpoints", .list(wanted.map { .string($0.id) }))]) }
    try Output.standard.line("made the views of \(wanted.count) checkpoints in \(checkpoint.directory)/checkpoints")
  }
}
