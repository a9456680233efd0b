package import ArgumentParser
internal import EngramModelFiles
internal import EngramSimulation
internal import Glibc

/// The program `engram`: its subcommands, and how errors become words and exit statuses.
package struct EngramCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "engram", abstract: "Simulates networks of spiking neurons and never loses them.", version: EngramCommand.version,
    subcommands: [
      RunCommand.self, ResumeCommand.self, ListCommand.self, LogCommand.self, TagCommand.self, RenameCommand.self, RemoveCommand.self,
      CollectCommand.self,
    ])

  package static let version = "0.1.0"

  package init() {}

  /// Runs the program with the arguments of this process; does not return.
  package static func start() -> Never {
    do {
      var command = try parseAsRoot()
      try command.run()
      Glibc.exit(0)
    } catch {
      Glibc.exit(status(of: error))
    }
  }

  /// Tells about an error and gives its exit status: 64 for wrong usage, 75 for resumable, 1 for everything else.
  static func status(of error: any Error) -> Int32 {
    let code = exitCode(for: error)
    if let requested = error as? ExitCode { return requested.rawValue }
    if code == .success || code == .validationFailure || isParserError(error) {
      // Help, version and usage are worded by the argument parser.
      let message = fullMessage(for: error)
      do { try (code == .success ? Output.standard : Output.error).line(message) } catch { return 1 }
      return code == .success ? 0 : 64
    }
    try? Output.error.line("error: \(describe(error))")
    return 1
  }

  private static func isParserError(_ error: any Error) -> Bool {
    let name = String(reflecting: type(of: error))
    return error is ValidationError || name.hasPrefix("ArgumentParser.")
  }

  private static func describe(_ error: any Error) -> String {
    switch error {
    case let error as ModelFileError: "the model file has \(error.problems.count == 1 ? "a problem" : "\(error.problems.count) problems")\n\(error)"
    default: "\(error)"
    }
  }
}
