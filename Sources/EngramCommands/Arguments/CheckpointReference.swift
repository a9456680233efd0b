internal import ArgumentParser
internal import EngramStorage
internal import EngramSystem

/// `DIR` or `DIR@NAME` on the command line: a run directory, and perhaps one of its checkpoints (CKP-44).
struct CheckpointReference: ExpressibleByArgument, Sendable {
  let directory: String
  let name: String?

  static var defaultCompletionKind: CompletionKind { Completions.checkpoint }

  init(directory: String, name: String?) {
    self.directory = directory
    self.name = name
  }

  /// Splits at the last `@`, unless a path of the whole name exists.
  init(argument: String) {
    if access(argument, F_OK) != 0, let at = argument.lastIndex(of: "@") {
      self.init(directory: String(argument[..<at]), name: String(argument[argument.index(after: at)...]))
    } else {
      self.init(directory: argument, name: nil)
    }
  }

  /// Opens the directory without its lock: what is committed can be read while a run writes.
  func openForReading() throws -> RunDirectory {
    try RunDirectory.opened(directory, .read)
  }

  func openForWriting() throws -> RunDirectory {
    try RunDirectory.opened(directory, .write)
  }

  /// The checkpoint meant: the one named, else the newest.
  var nameOrLatest: String { name ?? "latest" }

  var text: String { name.map { "\(directory)@\($0)" } ?? directory }
}

/// `--json`, which every command has.
struct JSONOption: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print one JSON object instead of text, errors too.")
  var isOn = false
}

extension ParsableCommand {
  /// The answer of the command as JSON.
  func tell(_ fields: [(String, JSONText)], status: Int32 = 0) throws {
    try Output.standard.line(JSONReport(command: Self.configuration.commandName ?? "", status: status, fields: fields).text)
  }
}
