package import EngramStorage
package import FoundationEssentials

/// Where checkpoints are, or will be: a run directory, or else a portable file.
package struct CheckpointLocation: Sendable {
  package let path: String
  /// What is written there.
  package let format: CheckpointFormat

  package init(_ url: URL, format: CheckpointFormat) {
    path = url.standardizedFileURL.path
    self.format = format
  }

  private var isRunDirectory: Bool { FileManager.default.fileExists(atPath: path + "/FORMAT") }

  /// Stores a state, and returns when it is durable. A portable file is made where there is none.
  func store(_ state: StateToStore, _ options: CommitOptions) throws {
    guard isRunDirectory else {
      try PortableFile.store(state, options, at: path, headers: format.headers)
      return
    }
    let directory = try RunDirectory(at: path, creating: false, format: format)
    defer { directory.close() }
    try directory.commitWithView(state, options, copying: false).wait()
  }

  /// A checkpoint to restore from.
  package func load(_ name: String) throws -> LoadedCheckpoint {
    try wrappingStorage { isRunDirectory ? try load(name, .read).checkpoint : try PortableFile(at: path).load(name) }
  }

  /// The same, with the run directory to go on in; nil where it is a portable file. Nobody else may be writing there.
  package func loadForWriting(_ name: String) throws -> (checkpoint: LoadedCheckpoint, directory: RunDirectory?) {
    try wrappingStorage { isRunDirectory ? try load(name, .write) : (try PortableFile(at: path).load(name), nil) }
  }

  private func load(_ name: String, _ access: RunDirectory.Access) throws -> (checkpoint: LoadedCheckpoint, directory: RunDirectory?) {
    let directory = try RunDirectory(at: path, access: access, creating: false, format: format)
    do { return (try directory.load(name), directory) } catch {
      directory.close()
      throw error
    }
  }
}
