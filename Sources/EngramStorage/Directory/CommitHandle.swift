/// A checkpoint on its way to the disk.
package final class CommitHandle: Sendable {
  private let promise: Promise<CheckpointInfo>

  init(_ promise: Promise<CheckpointInfo>) { self.promise = promise }

  /// Blocks until the checkpoint survives a power cut, or throws why it does not exist.
  @discardableResult
  package func wait() throws(StorageError) -> CheckpointInfo { try promise.wait() }

  /// The same without blocking a thread.
  @discardableResult
  package func durable() async throws(StorageError) -> CheckpointInfo {
    let result = await withCheckedContinuation { continuation in promise.whenDone { continuation.resume(returning: $0) } }
    return try result.get()
  }

  /// Nil while it is under way.
  package var outcome: Result<CheckpointInfo, StorageError>? { promise.present }

  /// Calls back once, on the thread that finishes the work.
  package func whenDone(_ body: @escaping @Sendable (Result<CheckpointInfo, StorageError>) -> Void) { promise.whenDone(body) }
}
