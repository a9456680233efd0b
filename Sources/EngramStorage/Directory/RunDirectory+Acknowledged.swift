import Synchronization

/// What may be told as durable: an answer of the disk, never a memory of what was meant to be there.
extension RunDirectory {
  /// The newest checkpoint of the line that is being continued, from which a new process would go on; nil where there is none.
  ///
  /// Waits for the commit under way, then reads the manifest from the disk again.
  package func acknowledged() throws(StorageError) -> CheckpointInfo? {
    settle()
    if access == .read { try refresh() }
    guard let newest = state.withLock({ $0.newest(of: $0.line) }) else { return nil }
    return try confirmed(newest)
  }

  /// The checkpoint with that id, whose manifest is on the disk under its name now and is intact.
  package func acknowledged(_ id: String) throws(StorageError) -> CheckpointInfo {
    settle()
    if access == .read { try refresh() }
    guard let sequence = CheckpointName.sequence(ofID: id), state.withLock({ $0.isVisible(sequence) }) else {
      throw .unknownCheckpoint(name: id, path: path, nearest: nil)
    }
    return try confirmed(sequence)
  }

  private func confirmed(_ sequence: UInt64) throws(StorageError) -> CheckpointInfo {
    _ = try readManifest(sequence)
    return info(sequence)
  }
}

/// Failures to stream recordings, seen from a step loop at the cost of a look at a flag.
final class RecordingFaults: Sendable {
  private let isThere = Atomic<Bool>(false)
  private let first = Mutex<StorageError?>(nil)

  func note(_ fault: StorageError) {
    first.withLock { $0 = $0 ?? fault }
    isThere.store(true, ordering: .releasing)
  }

  @inline(__always)
  func take() -> StorageError? {
    guard isThere.load(ordering: .acquiring) else { return nil }
    isThere.store(false, ordering: .relaxed)
    return first.withLock { fault in
      defer { fault = nil }
      return fault
    }
  }
}

extension RunDirectory {
  func noteRecordingFault(_ fault: StorageError) { recordingFaults.note(fault) }

  /// The first failure to write a recording since the last call. Its rows are in memory; they reach the disk with the next checkpoint
  /// that succeeds.
  package func takeRecordingFault() -> StorageError? { recordingFaults.take() }
}
