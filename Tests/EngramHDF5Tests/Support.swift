import EngramHDF5
import EngramTestSupport
import Foundation

/// The independent reader, if this machine has it.
enum H5Dump {
  private static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    .map { $0 + "/h5dump" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  static let isInstalled = path != nil

  static func output(_ arguments: String...) throws -> String {
    let outcome = try Program(path: path ?? "/usr/bin/h5dump").run(arguments)
    guard outcome.status == 0 else { throw Failure(text: outcome.output + outcome.errors) }
    return outcome.output
  }

  struct Failure: Error { let text: String }
}
