internal import ArgumentParser
internal import EngramModelFiles
internal import Foundation
internal import Glibc

/// From arguments to an exit status: the whole of the executable, so that tests can call it.
package enum Program {
  /// What a command can end with (beside 64 for wrong usage, which the argument parser gives).
  package enum Status {
    package static let fine: Int32 = 0
    package static let error: Int32 = 1
    package static let stoppedEarly: Int32 = 75
  }

  /// - Parameter arguments: without the name of the program.
  package static func run(_ arguments: [String]) -> Int32 {
    // A reader that went away is an error of the write that notices it, not a silent death.
    signal(SIGPIPE, SIG_IGN)
    let command: any ParsableCommand
    do { command = try EngramCommand.parseAsRoot(arguments) } catch { return explain(usage: error) }
    do {
      var command = command
      try command.run()
      return Status.fine
    } catch let error as ExitCode {
      return error.rawValue
    } catch let error where error is ValidationError || EngramCommand.exitCode(for: error).isSuccess {
      return explain(usage: error)
    } catch {
      try? Output.error.line(ErrorText.paragraph(error))
      return Status.error
    }
  }

  /// Wrong usage, or a wish for help, which is not wrong.
  private static func explain(usage error: any Error) -> Int32 {
    let code = EngramCommand.exitCode(for: error)
    let text = EngramCommand.fullMessage(for: error)
    do {
      if code.isSuccess {
        try Output.standard.line(text)
      } else {
        try Output.error.line(ErrorText.lowercased(text))
      }
    } catch {
      try? Output.error.line(ErrorText.paragraph(error))
      return Status.error
    }
    return code.rawValue
  }
}

/// How errors look on standard error.
enum ErrorText {
  /// One paragraph that begins with `error: `.
  static func paragraph(_ error: any Error) -> String {
    "error: " + text(error)
  }

  /// The error's own sentence; never a dump of its parts.
  static func text(_ error: any Error) -> String {
    if let error = error as? ModelFileError {
      let count = error.problems.count == 1 ? "a problem" : "\(error.problems.count) problems"
      return "the model file has \(count)\n\(error)"
    }
    return type(of: error) is AnyClass ? error.localizedDescription : "\(error)"
  }

  /// The argument parser writes `Error: `; here every error begins alike.
  static func lowercased(_ text: String) -> String { text.hasPrefix("Error: ") ? "error: " + text.dropFirst("Error: ".count) : text }
}
