import EngramScalars
public import EngramStorage
public import FoundationEssentials

/// The checkpoints of a run directory, to be looked at and arranged without their network.
///
/// ```swift
/// let store = try CheckpointStore(at: URL(filePath: "week1.engram"), mode: .open)
/// for checkpoint in try store.list() { print(checkpoint.id, checkpoint.names, checkpoint.writtenByteCount) }
/// try store.branch("trial 2", from: "trained")
/// try store.branch("condition 7", from: "trained", to: URL(filePath: "condition7.engram"))
/// let sound = try store.verify().isSound
/// store.close()
/// ```
///
/// Names are those given at `store`, ids such as `ck-7`, `latest` and `initial`. A name that several lines have is refused with the
/// spellings that mean one of them.
public final class CheckpointStore {
  /// What the directory is opened for.
  public enum Mode: Sendable {
    /// For arranging; makes the directory where there is none. Only one writer at a time, networks included.
    case createOrOpen
    /// For arranging what is there.
    case open
    /// For looking only: possible while a run writes (CKP-30).
    case read
  }

  package let directory: RunDirectory

  /// Opens a run directory.
  ///
  /// - Parameters:
  ///   - url: the directory, `NAME.engram`.
  ///   - mode: for arranging or for looking only.
  ///   - format: what is written there.
  /// - Throws: `StorageError` where it is no run directory, somebody else writes it, or the system refuses.
  package init(at url: URL, mode: Mode, format: CheckpointFormat) throws(StorageError) {
    directory = try RunDirectory(
      at: url.standardizedFileURL.path, access: mode == .read ? .read : .write, creating: mode == .createOrOpen, format: format)
  }

  /// Oldest first, without loading data (CKP-17).
  ///
  /// - Throws: `StorageError` where the directory cannot be read.
  public func list() throws(StorageError) -> [CheckpointInfo] { try directory.list() }
  /// What is known about one checkpoint without loading data.
  ///
  /// - Throws: `StorageError` for a name that means none, with the nearest one.
  public func info(_ name: String) throws(StorageError) -> CheckpointInfo { try directory.info(name) }

  /// Reads everything and compares it with its checksums (CKP-28 a).
  ///
  /// - Throws: `StorageError` where there is nothing to verify; damage is in the report.
  /// - Complexity: reads every byte that a checkpoint refers to.
  public func verify() throws(StorageError) -> VerificationReport { try directory.verify() }

  /// What differs between two checkpoints (CKP-26).
  ///
  /// - Throws: `StorageError` for an unknown name, or where an array is damaged.
  public func diff(_ first: String, _ second: String) throws -> StateDifference {
    try StateDifference(directory.look(at: first), directory.look(at: second))
  }

  /// One hash over all values (CKP-46); equals `Network.digest` of the network that was stored.
  ///
  /// - Throws: `StorageError` for an unknown name, or where an array is damaged.
  public func digest(_ name: String = "latest") throws -> String { "\(try stateDigest(of: directory.look(at: name)))" }

  /// Begins a line of checkpoints inside the directory; costs metadata only (CKP-27), and the reading of what it refers to.
  ///
  /// - Parameters:
  ///   - name: what the line is called.
  ///   - source: the checkpoint that it begins at, which stays as it is.
  /// - Returns: the first checkpoint of the line.
  /// - Throws: `StorageError` for an unknown checkpoint, a name that is taken, and a damaged source.
  @discardableResult
  public func branch(_ name: String, from source: String) throws(StorageError) -> CheckpointInfo { try directory.branch(name, from: source) }

  /// Begins a run directory of its own, for branches that run at the same time; arrays are shared by hard links where the file system allows.
  ///
  /// - Parameters:
  ///   - name: what its first checkpoint is called.
  ///   - source: the checkpoint that it begins at.
  ///   - url: the new directory, which must not exist.
  /// - Throws: `StorageError` for an unknown checkpoint, an existing directory, and a damaged source.
  public func branch(_ name: String, from source: String, to url: URL) throws(StorageError) {
    _ = try directory.branch(toDirectory: url.standardizedFileURL.path, name: name, from: source)
  }

  /// Gives a named checkpoint another name.
  ///
  /// - Throws: `StorageError` for an unknown name, and for a new one that is taken or no name.
  public func rename(_ name: String, to newName: String) throws(StorageError) { try directory.rename(name, to: newName) }
  /// Replaces the tags of a checkpoint; one with tags is kept by every retention rule.
  ///
  /// - Throws: `StorageError` for an unknown name.
  public func setTags(_ tags: [String], of name: String) throws(StorageError) { try directory.tag(name, tags) }
  /// Removes a checkpoint. The space is given back by ``collectGarbage(_:)``.
  ///
  /// - Throws: `StorageError` for an unknown name.
  public func remove(_ name: String) throws(StorageError) { try directory.remove(name) }

  /// Removes the checkpoints that the policy does not keep, and what no checkpoint needs any more; returns the bytes freed.
  @discardableResult
  public func collectGarbage(_ policy: RetentionPolicy = .everything) throws(StorageError) -> Int64 { try directory.collectGarbage(policy) }

  /// Gives the lock back.
  public func close() { directory.close() }
}
