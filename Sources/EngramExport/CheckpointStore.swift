public import EngramSimulation
public import EngramStorage
public import FoundationEssentials

/// The checkpoints of a run directory, to be looked at and arranged without their network.
///
/// Names are those given at `store`, ids such as `ck-7`, `latest` and `initial`.
public final class CheckpointStore {
  public enum Mode: Sendable {
    /// For arranging; makes the directory where there is none. Only one writer at a time, networks included.
    case createOrOpen
    /// For arranging what is there.
    case open
    /// For looking only: possible while a run writes (CKP-30).
    case read
  }

  package let directory: RunDirectory

  public init(at url: URL, mode: Mode = .createOrOpen) throws(StorageError) {
    directory = try RunDirectory(
      at: url.standardizedFileURL.path, access: mode == .read ? .read : .write, creating: mode == .createOrOpen, format: .hdf5)
  }

  /// Oldest first, without loading data (CKP-17).
  public func list() throws(StorageError) -> [CheckpointInfo] { try directory.list() }
  public func info(_ name: String) throws(StorageError) -> CheckpointInfo { try directory.info(name) }

  /// Reads everything and compares it with its checksums (CKP-28 a).
  public func verify() throws(StorageError) -> VerificationReport { try directory.verify() }

  /// What differs between two checkpoints (CKP-26).
  public func diff(_ first: String, _ second: String) throws -> StateDifference {
    try StateDifference(directory.look(at: first), directory.look(at: second))
  }

  /// One hash over all values (CKP-46); equals `Network.digest` of the network that was stored.
  public func digest(_ name: String = "latest") throws -> String { "\(try stateDigest(of: directory.look(at: name)))" }

  /// Begins a line of checkpoints inside the directory; costs metadata only (CKP-27), and the reading of what it refers to.
  @discardableResult
  public func branch(_ name: String, from source: String) throws(StorageError) -> CheckpointInfo { try directory.branch(name, from: source) }

  /// Begins a run directory of its own, for branches that run at the same time; arrays are shared.
  public func branch(_ name: String, from source: String, to url: URL) throws(StorageError) {
    _ = try directory.branch(toDirectory: url.standardizedFileURL.path, name: name, from: source)
  }

  public func rename(_ name: String, to newName: String) throws(StorageError) { try directory.rename(name, to: newName) }
  public func setTags(_ tags: [String], of name: String) throws(StorageError) { try directory.tag(name, tags) }
  public func remove(_ name: String) throws(StorageError) { try directory.remove(name) }

  /// Removes the checkpoints that the policy does not keep, and what no checkpoint needs any more; returns the bytes freed.
  @discardableResult
  public func collectGarbage(_ policy: RetentionPolicy = .everything) throws(StorageError) -> Int64 { try directory.collectGarbage(policy) }

  /// Writes one flat HDF5 file (HDF-1…12).
  public func exportHDF5(_ name: String = "latest", to url: URL, options: ExportOptions = ExportOptions()) throws {
    let checkpoint = try directory.look(at: name)
    try ExportFile.write(to: url.path, [(nil, ExportedNetwork(try StoredNetwork(checkpoint)), CheckpointArrays(checkpoint))], options: options) {
      try checkpoint.waitForVerification()
    }
  }

  /// Gives the lock back.
  public func close() { directory.close() }
}
