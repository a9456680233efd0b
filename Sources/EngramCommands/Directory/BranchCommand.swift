internal import ArgumentParser
internal import EngramImport
internal import EngramModelFiles
internal import EngramStorage
internal import Foundation

/// `engram branch DIR@NAME NEW`: a new line of checkpoints (CKP-27).
struct BranchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "branch", abstract: "Begin a new line at a checkpoint, perhaps with other values.",
    discussion: """
      Costs no copy. With --to the branch is a run directory of its own, for runs at the same time.

      Changes are made at the first checkpoint of the branch, in the order constants, dt, seed, values; ls, log, show and diff tell them. \
      What was used up when objects were made, such as the size of a group, stays.
      """)

  @Argument(help: "Where to begin, as DIR@NAME; without a name the newest.") var checkpoint: CheckpointReference
  @Argument(help: "The name of the branch; without one that of --to, or the first free one of branch-1, branch-2, …") var name: String?
  @Option(help: "The run directory to make.", completion: .directory) var to: String?
  @OptionGroup var change: ChangeOptions
  @Flag(name: .customLong("leave-files"), help: "Files that later steps restore from are brought by hand.") var leavesFiles = false
  @OptionGroup var json: JSONOption

  func run() throws {
    let changes = try change.changes()
    if let to {
      let source = try checkpoint.openForReading()
      let needed = try Needed(by: [checkpoint.nameOrLatest], in: source)
      try needed.checkFiles(beside: to, leaving: leavesFiles)
      let name = name ?? Self.name(ofDirectory: to)
      let (left, first) = try Self.make(checkpoint, to, as: name, changes, from: source, needed)
      for (name, problem) in left { try Output.error.line("warning: '\(name)' stays behind: \(problem.sentence)") }
      try report(
        [("directory", .string(to)), ("name", .string(name))], "\(to) begins as '\(name)', at \(checkpoint.nameOrLatest) of \(checkpoint.directory)",
        first)
    } else {
      let directory = try checkpoint.openForWriting()
      defer { directory.close() }
      let name = try name ?? Self.freeName(in: directory)
      let info = try changes.isEmpty ? directory.branch(name, from: checkpoint.nameOrLatest) : begin(name, changes, in: directory)
      try report(
        [("directory", .string(checkpoint.directory)), ("name", .string(name)), ("id", .string(info.id))],
        "\(name) begins at \(checkpoint.nameOrLatest); continue it with: engram resume \(shellQuoted("\(checkpoint.directory)@\(name)"))", info)
    }
  }

  /// A branch that is a run directory of its own.
  ///
  /// - Returns: what stays behind because a file of it is missing or too short; the first checkpoint, where something was changed.
  static func make(
    _ checkpoint: CheckpointReference, _ target: String, as name: String, _ changes: BranchChanges, from source: RunDirectory, _ needed: Needed
  ) throws -> (left: [(name: String, problem: StorageError)], first: CheckpointInfo?) {
    guard !changes.isEmpty else {
      return (try source.branch(toDirectory: target, name: name, from: checkpoint.nameOrLatest, needed: needed.names), nil)
    }
    try checkpoint.checkChangeable(in: source)
    return try Experiment.branch(
      source, from: checkpoint.nameOrLatest, as: name, to: target, changing: changes, needed: needed.names, files: ImportedFiles(relativeTo: nil))
  }

  private func begin(_ name: String, _ changes: BranchChanges, in directory: RunDirectory) throws -> CheckpointInfo {
    try checkpoint.checkChangeable(in: directory)
    return try Experiment.branch(directory, from: checkpoint.nameOrLatest, as: name, changing: changes, files: ImportedFiles(relativeTo: nil))
  }

  /// `trials/noisy.engram` → `noisy`.
  private static func name(ofDirectory path: String) -> String {
    let last = URL(fileURLWithPath: path).lastPathComponent
    return last.hasSuffix(".engram") && last.count > ".engram".count ? String(last.dropLast(".engram".count)) : last
  }

  private static func freeName(in directory: RunDirectory) throws -> String {
    let taken = Set(try directory.list().flatMap { $0.names + [$0.line] })
    var number = 1
    while taken.contains("branch-\(number)") { number += 1 }
    return "branch-\(number)"
  }

  private func report(_ fields: [(String, JSONText)], _ text: String, _ first: CheckpointInfo?) throws {
    let lines = first.flatMap(ChangedBranch.init)?.lines ?? []
    if json.isOn { return try tell(fields + [("changes", .list(lines.map(JSONText.string)))]) }
    try Output.standard.line(text)
    for line in lines { try Output.standard.line("  \(line)") }
  }
}
