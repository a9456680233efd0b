internal import EngramSimulation
package import EngramStorage

/// Branches that differ from their parent (CKP-27).
extension Experiment {
  /// Begins a line of checkpoints inside a run directory, with changes; atomically: it is there with them or not at all.
  ///
  /// - Parameters:
  ///   - name: the line, and its first checkpoint.
  ///   - source: where it begins.
  /// - Returns: the first checkpoint of the line.
  package static func branch(
    _ directory: RunDirectory, from source: String, as name: String, changing changes: BranchChanges, files: any ArrayFileReader
  ) throws -> CheckpointInfo {
    let info = try directory.info(source)
    return try begin(directory, at: info.id, newLine: name, name: name, changes, files)
  }

  /// The same as a run directory of its own, which appears complete or not at all.
  ///
  /// - Parameter needed: names of checkpoints that come along, since later steps go back to them.
  /// - Returns: names of damaged checkpoints that stay behind, and why; the first checkpoint of the branch.
  package static func branch(
    _ source: RunDirectory, from checkpoint: String, as name: String, to target: String, changing changes: BranchChanges, needed: [String],
    files: any ArrayFileReader
  ) throws -> (left: [(name: String, problem: StorageError)], first: CheckpointInfo) {
    var first: CheckpointInfo?
    let left = try source.branch(toDirectory: target, name: name, from: checkpoint, needed: needed) { path in
      let copy = try RunDirectory(at: path, creating: false, format: source.format)
      defer { copy.close() }
      first = try begin(copy, at: "latest", newLine: nil, name: name, changes, files)
    }
    guard let first else { preconditionFailure("it has been completed") }
    return (left, first)
  }

  private static func begin(
    _ directory: RunDirectory, at checkpoint: String, newLine: String?, name: String, _ changes: BranchChanges, _ files: any ArrayFileReader
  ) throws -> CheckpointInfo {
    try Environment.opening {
      var options = Options()
      options.changes = changes
      let loaded = try directory.load(checkpoint)
      let record = try record(of: loaded, in: directory.path)
      let file = try FileReader.read(Array(record.text.utf8), fileName: record.fileName)
      let start = try Start(continuing: file, record, loaded, newLine: newLine, changing: true, in: directory, files: files, options: options)
      let experiment = Experiment(start)
      guard let first = try experiment.beginLine(named: name) else { return loaded.info }
      return first
    }
  }
}
