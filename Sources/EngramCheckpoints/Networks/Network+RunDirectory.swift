public import EngramSimulation
public import EngramStorage
package import FoundationEssentials

extension Network {
  /// From now on checkpoints go to that run directory, which this process alone may write, and arrays are in files there while
  /// the network runs.
  ///
  /// - Parameters:
  ///   - format: what is written there.
  ///   - storage: where arrays are instead; nil: as ``Network/storage`` says.
  package func useRunDirectory(
    at url: URL, format: CheckpointFormat, storage: ArrayStorage? = nil, keeping: RetentionPolicy = RetentionPolicy()
  ) throws {
    try checkIdle("change the run directory")
    var options = RunDirectory.Options()
    options.retention = keeping
    try wrappingStorage { use(try RunDirectory(at: url.standardizedFileURL.path, format: format, options: options), isOwn: true) }
    if let storage { self.storage = storage }
  }

  /// Which automatic checkpoints stay when newer ones are made in the run directory (CKP-19).
  public var keptCheckpoints: RetentionPolicy {
    get { kept.home?.directory.retention ?? RetentionPolicy() }
    set { kept.home?.directory.retention = newValue }
  }

  /// - Parameter isOwn: whether the network closes it, with its scope at the latest.
  package func use(_ directory: RunDirectory, isOwn: Bool = false) {
    kept.home?.directory.close()
    kept.status = nil
    kept.home = CheckpointHome(directory, isOwn: isOwn)
    if isOwn { environment.closeAtEnd(directory) }
    for source in kept.unverified { source.isAwaited(by: directory) }
    // Who captures the directory here keeps it, and its open files, for ever.
    directory.onWarning { [path = directory.path, messages = environment.messages] in messages.emit(.warning, "directory", "\(path): \($0)") }
    // What was done before belongs to checkpoints elsewhere.
    if directory.currentID == nil { kept.log.begin(at: nil) }
  }

  /// Ends the use of the run directory and gives its lock back.
  public func closeRunDirectory() {
    kept.home?.directory.close()
    (kept.home, kept.status) = (nil, nil)
  }

  package var runDirectory: RunDirectory? { kept.home?.directory }
  /// The run directory that checkpoints go to; nil: they stay in memory.
  public var runDirectoryPath: String? { kept.home?.directory.path }
}
