internal import ArgumentParser
internal import EngramScalars
internal import EngramStorage

/// `engram rename DIR@OLD NEW`.
struct RenameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a checkpoint another name.")

  @Argument(help: "The checkpoint, as DIR@NAME.") var checkpoint: CheckpointReference
  @Argument(help: "The new name.") var newName: String
  @OptionGroup var json: JSONOption

  func run() throws {
    let name = try checkpoint.requiredName()
    let directory = try checkpoint.openForWriting()
    defer { directory.close() }
    let id = try directory.info(name).id
    try directory.rename(name, to: newName)
    let info = try directory.info(id)
    if json.isOn { return try tell([("directory", .string(checkpoint.directory)), ("checkpoint", info.json)]) }
    try Output.standard.line("\(name) is now \(newName)")
  }
}

/// `engram tag DIR@NAME TAG…`.
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Set the tags of a checkpoint.", discussion: "Tagged checkpoints are kept. Without tags, the present ones are removed.")

  @Argument(help: "The checkpoint, as DIR@NAME.") var checkpoint: CheckpointReference
  @Argument(help: "The tags.") var tags: [String] = []
  @OptionGroup var json: JSONOption

  func run() throws {
    let name = try checkpoint.requiredName()
    let directory = try checkpoint.openForWriting()
    defer { directory.close() }
    try directory.tag(name, tags)
    if json.isOn { return try tell([("directory", .string(checkpoint.directory)), ("checkpoint", directory.info(name).json)]) }
    try Output.standard.line(tags.isEmpty ? "\(name) has no tags" : "\(name) has the tags \(tags.joined(separator: ", "))")
  }
}

/// `engram rm DIR@NAME…`.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove checkpoints.", discussion: "What only they need goes with them. The last checkpoint of a line goes with --force only.")

  @Argument(help: "The checkpoints, as DIR@NAME.") var checkpoints: [CheckpointReference]
  @Flag(help: "Also where a line is left without any checkpoint.") var force = false
  @OptionGroup var json: JSONOption

  func run() throws {
    // All or none: what does not exist is told before anything goes.
    let names = try checkpoints.map { try $0.requiredName() }
    for (checkpoint, name) in zip(checkpoints, names) { try checkpoint.checkRemovable(name) }
    if !force { try checkRemaining(names) }
    var removed: [JSONText] = []
    for (checkpoint, name) in zip(checkpoints, names) {
      let directory = try checkpoint.openForWriting()
      defer { directory.close() }
      try directory.remove(name)
      removed.append(.object([("directory", .string(checkpoint.directory)), ("name", .string(name))]))
      if !json.isOn { try Output.standard.line("removed \(name)") }
    }
    if json.isOn { try tell([("removed", .list(removed))]) }
  }
}

extension RemoveCommand {
  /// Whoever removes the last checkpoint of a line removes all there is of it.
  private func checkRemaining(_ names: [String]) throws {
    for path in Set(checkpoints.map(\.directory)).sorted() {
      let directory = try RunDirectory.opened(path, .read)
      let going = Set(zip(checkpoints, names).filter { $0.0.directory == path }.compactMap { try? directory.info($0.1).id })
      let all = try directory.list()
      for line in try directory.lines() {
        let ids = all.filter { $0.line == line.name }.map(\.id)
        guard !ids.isEmpty, ids.allSatisfy({ going.contains($0) }) else { continue }
        throw CommandError(
          "\(ids.joined(separator: ", ")) \(ids.count == 1 ? "is the last checkpoint" : "are all checkpoints") of the line '\(line.name)' of '\(path)'"
            + (ids.count == all.count ? "; nothing could be continued or restored afterwards" : "") + "; to remove it all the same give --force")
      }
    }
  }
}

/// `engram gc DIR`.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Remove what no checkpoint needs any more.",
    discussion: """
      With --keep or --keep-per, automatic checkpoints that neither keeps go first. Named and tagged ones always stay, and the newest \
      of every line.
      """)

  @Argument(help: "The run directory.", completion: .directory) var directory: CheckpointReference
  @OptionGroup var retention: RetentionOptions
  @Flag(help: "Only say what would go.") var dryRun = false
  @OptionGroup var json: JSONOption

  func run() throws {
    let run = try dryRun ? directory.openForReading() : directory.openForWriting()
    defer { run.close() }
    run.onWarning { try? Output.error.line($0) }
    let before = try run.list().map(\.id)
    let found = try run.collection(retention.policy, isDryRun: dryRun)
    let going = Set(found.checkpoints)
    if json.isOn {
      let fields: [(String, JSONText)] = [
        ("directory", .string(directory.directory)), ("dry_run", .boolean(dryRun)), ("freed_bytes", .integer(found.byteCount)),
        ("removed", .list(found.checkpoints.map(JSONText.string))), ("kept", .list(before.filter { !going.contains($0) }.map(JSONText.string))),
        (
          "files",
          .list(found.files.map { .object([("path", .string($0.path)), ("bytes", .integer($0.byteCount))]) })
        ),
      ]
      return try tell(fields)
    }
    let what = found.checkpoints.isEmpty ? "" : ", \(dryRun ? "would remove" : "removed") \(found.checkpoints.joined(separator: ", "))"
    let size = byteText(Int(clamping: found.byteCount))
    try Output.standard.line("\(dryRun ? "would free" : "freed") \(size) in \(found.files.count == 1 ? "1 file" : "\(found.files.count) files")\(what)")
  }
}

extension CheckpointReference {
  /// Damaged ones can be removed by their id, although nothing is known of them.
  func checkRemovable(_ name: String) throws {
    let directory = try openForReading()
    _ = try directory.list()
    if directory.damagedCheckpoints[name] == nil { _ = try directory.info(name) }
  }

  func requiredName() throws -> String {
    guard let name else { throw ValidationError("a checkpoint is named as DIR@NAME; '\(directory)' names none") }
    return name
  }
}
