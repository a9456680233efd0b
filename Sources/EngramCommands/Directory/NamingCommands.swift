internal import ArgumentParser
internal import EngramScalars
internal import EngramStorage
internal import EngramSystem

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
    commandName: "rm", abstract: "Remove checkpoints.",
    discussion: """
      What only they need goes with them. Before the last checkpoint of a line goes, a person at a terminal is asked; without a terminal, and \
      with --json, it goes with --force only. --dry-run says what would go.
      """)

  @Argument(help: "The checkpoints, as DIR@NAME.") var checkpoints: [CheckpointReference]
  @Flag(help: "Also where a line is left without any checkpoint; nobody is asked.") var force = false
  @Flag(help: "Only say what would go.") var dryRun = false
  @OptionGroup var json: JSONOption

  func run() throws {
    // All or none: what does not exist is told before anything goes.
    let names = try checkpoints.map { try $0.requiredName() }
    for (checkpoint, name) in zip(checkpoints, names) { try checkpoint.checkRemovable(name) }
    if dryRun { return try tellRemoval(names) }
    if !force { try checkRemaining(names) }
    var removed: [JSONText] = []
    for (checkpoint, name) in zip(checkpoints, names) {
      let directory = try checkpoint.openForWriting()
      defer { directory.close() }
      try directory.remove(name)
      removed.append(.object([("directory", .string(checkpoint.directory)), ("name", .string(name))]))
      if !json.isOn { try Output.standard.line("removed \(name)") }
    }
    if json.isOn { try tell([("removed", .list(removed)), ("dry_run", .boolean(false))]) }
  }
}

extension RemoveCommand {
  private func tellRemoval(_ names: [String]) throws {
    var files: [JSONText] = []
    var freed: Int64 = 0
    var going: [String] = []
    let warnings = try remainders(names)
    for path in Set(checkpoints.map(\.directory)).sorted() {
      let directory = try RunDirectory.opened(path, .read)
      // Of a damaged one nothing is known but its manifest.
      let known = zip(checkpoints, names).filter { $0.0.directory == path && directory.damagedCheckpoints[$0.1] == nil }.map(\.1)
      let found = try directory.removal(of: known)
      (freed, going) = (freed + found.byteCount, going + found.checkpoints)
      files += found.files.map { .object([("path", .string("\(path)/\($0.path)")), ("bytes", .integer($0.byteCount))]) }
    }
    if json.isOn {
      let removed = zip(checkpoints, names).map { JSONText.object([("directory", .string($0.directory)), ("name", .string($1))]) }
      return try tell([
        ("removed", .list(removed)), ("dry_run", .boolean(true)), ("freed_bytes", .integer(freed)), ("files", .list(files)),
        ("last_of_line", .list(warnings.map(JSONText.string))),
      ])
    }
    try Output.standard.line(
      "would remove \(going.joined(separator: ", ")) and free \(byteText(Int(clamping: freed))) in \(files.count == 1 ? "1 file" : "\(files.count) files")")
    for warning in warnings { try Output.standard.line(warning) }
  }

  /// Whoever removes the last checkpoint of a line removes all there is of it.
  private func checkRemaining(_ names: [String]) throws {
    let warnings = try remainders(names)
    if warnings.isEmpty { return }
    let text = warnings.joined(separator: "; ")
    guard !json.isOn, isatty(STDIN_FILENO) == 1, Output.error.isTerminal else { throw CommandError("\(text); to remove it all the same give --force") }
    try Output.error.line(text)
    try Output.error.write("remove it all the same? [y/N] ")
    guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else { throw CommandError("nothing was removed") }
  }

  /// A sentence for each line that would be left without any checkpoint.
  private func remainders(_ names: [String]) throws -> [String] {
    var found: [String] = []
    for path in Set(checkpoints.map(\.directory)).sorted() {
      let directory = try RunDirectory.opened(path, .read)
      let going = Set(zip(checkpoints, names).filter { $0.0.directory == path }.compactMap { try? directory.info($0.1).id })
      let all = try directory.list()
      for line in try directory.lines() {
        let ids = all.filter { $0.line == line.name }.map(\.id)
        guard !ids.isEmpty, ids.allSatisfy({ going.contains($0) }) else { continue }
        found.append(
          "\(ids.joined(separator: ", ")) \(ids.count == 1 ? "is the last checkpoint" : "are all checkpoints") of the line '\(line.name)' of '\(path)'"
            + (ids.count == all.count ? ", and nothing could be continued or restored afterwards" : ""))
      }
    }
    return found
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

  @Argument(help: "The run directory.") var directory: CheckpointReference
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
        ), ("disk_bytes", .integer(try run.diskUsage().total)),
      ]
      return try tell(fields)
    }
    let what = found.checkpoints.isEmpty ? "" : ", \(dryRun ? "would remove" : "removed") \(found.checkpoints.joined(separator: ", "))"
    let size = byteText(Int(clamping: found.byteCount))
    try Output.standard.line("\(dryRun ? "would free" : "freed") \(size) in \(found.files.count == 1 ? "1 file" : "\(found.files.count) files")\(what)")
    try Output.standard.line(try run.diskUsage().sentence)
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
