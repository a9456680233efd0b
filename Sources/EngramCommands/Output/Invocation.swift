internal import EngramModelFiles
internal import Synchronization

/// How this program was called, for messages that say what to type next.
enum Invocation {
  private static let words = Mutex<[String]>([])

  /// - Parameter arguments: without the name of the program.
  static func remember(_ arguments: [String]) { words.withLock { $0 = arguments } }

  /// The command that goes on with what this one has begun, ready for a shell; without `--fresh`, which would begin anew.
  static var continued: String {
    let program = CommandLine.arguments.first ?? "engram"
    return ([program] + words.withLock { $0 }.filter { $0 != "--fresh" }).map(shellQuoted).joined(separator: " ")
  }
}
