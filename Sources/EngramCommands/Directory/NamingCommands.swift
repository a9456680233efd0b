internal import ArgumentParser
internal import EngramScalars
internal import EngramStorage

/// `engram rename DIR@OLD NEW`.
struct RenameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a checkpoint another name.")

  @Argument(help: "The checkpoint, as DIR@NAME.") var checkpoint: CheckpointReference
  @Argument(help: "The new name.") var newName: String

  func run() throws {
    let name = try checkpoint.requiredName()
    try checkpoint.openForWriting().rename(name, to: newName)
    try Output.standard.line("\(name) is now \(newName)")
  }
}

/// `engram tag DIR@NAME TAG…`.
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Set the tags of a checkpoint.", discussion: "Tagged checkpoints are kept. Without tags, the present ones are removed.")

  @Argument(help: "The checkpoint, as DIR@NAME.") var checkpoint: CheckpointReference
  @Argument(help: "The tags.") var tags: [String] = []

  func run() throws {
    let name = try checkpoint.requiredName()
    try checkpoint.openForWriting().tag(name, tags)
    try Output.standard.line(tags.isEmpty ? "\(name) has no tags" : "\(name) has the tags \(tags.joined(separator: ", "))")
  }
}

/// `engram rm DIR@NAME…`.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove checkpoints.", discussion: "What only they need goes with the next 'engram gc'.")

  @Argument(help: "The checkpoints, as DIR@NAME.") var checkpoints: [CheckpointReference]

  func run() throws {
    for checkpoint in checkpoints {
      let name = try checkpoint.requiredName()
      try checkpoint.openForWriting().remove(name)
      try Output.standard.line("removed \(name)")
    }
  }
}

/// `engram gc DIR`.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Remove what no checkpoint needs any more.")

  @Argument(help: "The run directory.", completion: .directory) var directory: CheckpointReference
  @Option(help: "How many automatic checkpoints to keep.") var keep: Int?

  func validate() throws {
    if let keep, keep < 1 { throw ValidationError("--keep is at least 1") }
  }

  func run() throws {
    let run = try directory.openForWriting()
    let freed = try run.collectGarbage(keep.map { RetentionPolicy(automatic: $0) })
    try Output.standard.line("freed \(byteText(Int(clamping: freed)))")
  }
}

extension CheckpointReference {
  func requiredName() throws -> String {
    guard let name else { throw ValidationError("a checkpoint is named as DIR@NAME; '\(directory)' names none") }
    return name
  }
}
