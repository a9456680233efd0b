package import EngramScalars

/// A directory that holds checkpoints of one run.
package final class RunDirectory {
  package enum Access: Sendable { case write, read }
  package let path: String
  package init(at path: String, access: Access = .write, creating: Bool = true, headers: any PayloadHeaderWriter) throws(StorageError) {
    self.path = path
  }
  /// Line that new checkpoints continue.
  package var line: String { "main" }
  /// From now on the recording streams to segment files here.
  package func attach(_ recording: Recording) {}
  /// Takes the state at a step boundary; returns when the live state may change again. `wait()` on the handle for durability.
  package func commit(_ state: StateToStore, _ options: CommitOptions) throws(StorageError) -> CommitHandle { throw .readOnly(path: path) }
  package func list() throws(StorageError) -> [CheckpointInfo] { throw .readOnly(path: path) }
  package func info(_ name: String) throws(StorageError) -> CheckpointInfo { throw .readOnly(path: path) }
  /// By name, id, `latest` or `initial`. Continues its line from there.
  package func load(_ name: String) throws(StorageError) -> LoadedCheckpoint { throw .readOnly(path: path) }
  package func close() {}
}

/// A checkpoint on its way to the disk.
package final class CommitHandle: Sendable {
  /// Blocks until the checkpoint survives a power cut, or throws why it does not exist.
  @discardableResult
  package func wait() throws(StorageError) -> CheckpointInfo { throw .readOnly(path: "") }
}

/// A committed checkpoint, opened: its description is verified; large payloads are verified in the background.
package final class LoadedCheckpoint {
  package let info: CheckpointInfo
  init(info: CheckpointInfo) { self.info = info }
  /// What is stored, in byte order.
  package var columnKeys: [StoredKey] { [] }
  package var recordingKeys: [StoredKey] { [] }
  package func metadata(_ key: StoredKey) -> StoredMetadata? { nil }
  package func shape(_ key: StoredKey) -> (scalarType: ScalarType, rows: Int, rowLength: Int)? { nil }
  package var sections: [String: [UInt8]] { [:] }
  /// A new column over the stored bytes: mapped privately where large.
  package func column(_ key: StoredKey, growable: Bool = false) throws(StorageError) -> Column { throw .readOnly(path: "") }
  /// Puts the stored bytes into an existing column (whose pointers others hold); type and row length must agree.
  package func fill(_ column: Column, from key: StoredKey) throws(StorageError) {}
  /// The stored rows; hand them to `Recording.assign`. Reading is lazy.
  package func recording(_ key: StoredKey) throws(StorageError) -> RecordingContents { throw .readOnly(path: "") }
  /// Waits until every payload has been verified; throws the first damage with object, variable and place.
  package func waitForVerification() throws(StorageError) {}
}
