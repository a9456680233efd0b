internal import EngramScalars
internal import Foundation

/// What another program said, once it has ended.
struct FinishedProgram {
  let status: Int32
  /// Its lines without blanks around them, one behind the other.
  let output: String
  let errors: String

  /// Runs it to its end, without input.
  init(_ program: String, _ arguments: [String]) throws(CommandError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError, process.standardInput) = (output, errors, FileHandle.nullDevice)
    do { try process.run() } catch { throw CommandError("'\(program)' cannot be started: \(error.localizedDescription)") }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let problem = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    (status, self.output, self.errors) = (process.terminationStatus, Self.oneLine(text), Self.oneLine(problem))
  }

  private static func oneLine(_ text: String) -> String { text.split(separator: "\n").map { String($0).trimmingWhitespace() }.joined(separator: "; ") }
}
