/// A checkpoint on its way to the disk.
package final class CommitHandle: Sendable {
  let promise = Promise<CheckpointInfo>()
  private let pace: Pace
  /// Whether there was no memory for a copy, so that the live state had to wait until everything was written.
  package let lackedMemory: Bool

  init(pace: Pace, lackedMemory: Bool) {
    self.pace = pace
    self.lackedMemory = lackedMemory
  }

  /// Blocks until the checkpoint survives a power cut, or throws why it does not exist.
  @discardableResult
  package func wait() throws(StorageError) -> CheckpointInfo {
    pace.hurry()
    return try promise.wait()
  }

  /// Has it written as fast as possible, as waiting for it does.
  package func hurry() { pace.hurry() }

  /// Nil while it is under way.
  package var outcome: Result<CheckpointInfo, StorageError>? { promise.present }

  /// Calls back once, on the thread that finishes the work.
  package func whenDone(_ body: @escaping @Sendable (Result<CheckpointInfo, StorageError>) -> Void) { promise.whenDone(body) }
}
