package import EngramStorage
internal import Foundation

/// A run directory that a call opens when it needs it, and that leaves nothing behind where nothing was begun.
package final class RunPlace {
  package let path: String
  private let creating: Bool
  private let format: CheckpointFormat
  private let access: RunDirectory.Access
  private var isNew = false
  /// What has been opened.
  package private(set) var directory: RunDirectory?

  /// - Parameter access: to read where another process writes for this one.
  package init(_ path: String, creating: Bool = true, format: CheckpointFormat, access: RunDirectory.Access = .write) {
    (self.path, self.creating, self.format, self.access) = (path, creating, format, access)
  }

  /// Opens it, and makes it where that was allowed.
  package func open() throws -> RunDirectory {
    isNew = access == .write && !FileManager.default.fileExists(atPath: path)
    let opened = try RunDirectory(at: path, access: access, creating: creating, format: format)
    directory = opened
    return opened
  }

  /// Closes what was opened, and removes it where the call has made it and nothing was begun.
  package func close() {
    guard let directory else { return }
    self.directory = nil
    directory.close()
    if isNew, (try? directory.list().isEmpty) == true { try? FileManager.default.removeItem(atPath: path) }
  }
}
