internal import EngramModelFiles
internal import EngramSimulation
internal import EngramStorage
internal import Foundation

/// What later steps of checkpoints that are carried elsewhere go back to: it comes along, or carrying is refused.
struct Needed {
  /// Names of checkpoints, all of which are there.
  private(set) var names: [String] = []
  /// Files beside the run directory, by their names in the steps.
  private let files: [String]

  /// - Throws: where a name is neither there nor stored by an earlier step.
  init(by checkpoints: [String], in directory: RunDirectory) throws {
    var files: [String] = []
    for checkpoint in checkpoints {
      let loaded = try directory.look(at: checkpoint)
      let later = try LaterRestores(behind: loaded)
      for name in later.names where !names.contains(name) {
        do throws(StorageError) { _ = try directory.info(name) } catch {
          guard case .unknownCheckpoint = error else { throw error }
          throw CommandError(
            "a later step of \(loaded.info.names.first ?? loaded.info.id) restores '\(name)', and '\(directory.path)' has no checkpoint of that name; "
              + "the run could not go on elsewhere (nor here)")
        }
        names.append(name)
      }
      files += later.files.filter { !files.contains($0) }
    }
    self.files = files
  }

  /// Files are found below the folder that the run directory lies in.
  ///
  /// - Parameter target: where the run is to go on; nil: not known yet.
  func checkFiles(beside target: String?, leaving: Bool) throws {
    let missing = files.filter { file in
      guard let target else { return true }
      let folder = URL(fileURLWithPath: target).deletingLastPathComponent()
      return !FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path)
    }
    guard !missing.isEmpty, !leaving else { return }
    let list = missing.map { "'\($0)'" }.joined(separator: ", ")
    throw CommandError(
      "later steps restore from \(list), which lies beside the run directory and does not come along; "
        + "with --leave-files it is left out: bring it yourself, to the folder that the run directory will be in")
  }
}
