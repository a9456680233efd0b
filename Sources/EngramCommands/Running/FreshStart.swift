internal import EngramExport
internal import EngramStorage
internal import Foundation

/// `--fresh` (MDL-67): a run that makes room for a new one under its name.
///
/// Until it is moved nobody else can write it, and whoever does so already is not disturbed.
final class FreshStart {
  private let path: String
  private let directory: RunDirectory?

  /// Takes hold of what is there; nil where there is nothing.
  ///
  /// - Throws: where the directory is no run, or another process writes it.
  init?(_ path: String) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: path) else { return nil }
    let names = try? files.contentsOfDirectory(atPath: path)
    guard let names, names.contains("FORMAT") || names.isEmpty else {
      throw CommandError("'\(path)' is not a run directory, so --fresh does not move it; choose another directory with --in")
    }
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    do { directory = names.isEmpty ? nil : try RunDirectory(at: path, creating: false, format: .hdf5) } catch {
      if case .locked(_, let owner) = error {
        throw CommandError(
          "'\(path)' is being written by \(owner.isEmpty ? "another process" : owner), so --fresh does not move it; end that process, or choose another directory with --in"
        )
      }
      // What cannot be opened, nobody writes; that is no reason to keep it in the way.
      directory = nil
    }
  }

  /// - Returns: where the old run is now.
  func moveAside() throws -> String {
    let files = FileManager.default
    var number = 1
    while files.fileExists(atPath: "\(path).old-\(number)") { number += 1 }
    try files.moveItem(atPath: path, toPath: "\(path).old-\(number)")
    directory?.close()
    return "\(path).old-\(number)"
  }

  deinit { directory?.close() }
}
