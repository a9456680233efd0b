internal import EngramModelFiles
internal import EngramScalars
internal import Foundation

/// What a command can end with (beside 64 for wrong usage, which the argument parser gives).
package enum ExitStatus {
  package static let fine: Int32 = 0
  package static let error: Int32 = 1
  package static let stoppedEarly: Int32 = 75
  /// A watchdog has ended a run; the same command stops there again.
  package static let watchdog: Int32 = 76
  /// Another process writes what was to be written (EX_CANTCREAT).
  package static let busy: Int32 = 73
  /// As the shell reports a program that wrote into a closed pipe: `engram show … | head` has nothing to complain of.
  package static let readerGone: Int32 = 141
}

/// An error of a command, already in the words of a person.
package struct CommandError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description.visibleLine }
}

/// How errors look.
enum ErrorText {
  /// The error's own sentence; never a dump of its parts.
  static func text(_ error: any Error) -> String {
    if let error = error as? ModelFileError {
      let count = error.problems.count == 1 ? "a problem" : "\(error.problems.count) problems"
      return "\(error.subject) has \(count)\n\(error)"
    }
    if let error = error as? ExperimentError { return error.text(for: .modelFile) }
    return type(of: error) is AnyClass ? error.localizedDescription : "\(error)"
  }
}

/// A command whose errors have another exit status than those of others.
protocol FailingInItsOwnWay {
  static var failureStatus: Int32 { get }
}
