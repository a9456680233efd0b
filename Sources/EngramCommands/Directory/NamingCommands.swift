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
    try directory.rename(name, to: newName)
    if json.isOn { return try tell([("directory", .string(checkpoint.directory)), ("checkpoint", directory.info(newName).json)]) }
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
    commandName: "rm", abstract: "Remove checkpoints.", discussion: "What only they need goes with the next 'engram gc'.")

  @Argument(help: "The checkpoints, as DIR@NAME.") var checkpoints: [CheckpointReference]
  @OptionGroup var json: JSONOption

  func run() throws {
    // All or none: what does not exist is told before anything goes.
    let names = try checkpoints.map { try $0.requiredName() }
    for (checkpoint, name) in zip(checkpoints, names) { try checkpoint.checkRemovable(name) }
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
  @OptionGroup var json: JSONOption

  func run() throws {
    let run = try directory.openForWriting()
    defer { run.close() }
    let before = try run.list()
    let freed = try run.collectGarbage(retention.policy)
    let after = Set(try run.list().map(\.id))
    let removed = before.filter { !after.contains($0.id) }
    if json.isOn {
      let fields: [(String, JSONText)] = [
        ("directory", .string(directory.directory)), ("freed_bytes", .integer(freed)), ("removed", .list(removed.map { .string($0.id) })),
        ("kept", .list(before.filter { after.contains($0.id) }.map { .string($0.id) })),
      ]
      return try tell(fields)
    }
    let what = removed.isEmpty ? "" : ", removed \(removed.map(\.id).joined(separator: ", "))"
    try Output.standard.line("freed \(byteText(Int(clamping: freed)))\(what)")
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
