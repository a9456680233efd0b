import EngramSimulation
import EngramStorage

/// The run directory of a network.
final class CheckpointHome {
  let directory: RunDirectory
  /// Whether the network has opened it, and closes it; else whoever handed it over does.
  let isOwn: Bool
  /// Whether the directory has its first checkpoint.
  var hasInitial = false
  /// Since when nothing has been stored.
  var cadence = Cadence()
  /// Stores that nobody waited for.
  private var unawaited: [CommitHandle] = []

  init(_ directory: RunDirectory, isOwn: Bool) { (self.directory, self.isOwn) = (directory, isOwn) }

  /// A store that returns before its end: its failure is told at the next opportunity.
  func watch(_ handle: CommitHandle) {
    unawaited.removeAll { if case .success? = $0.outcome { true } else { false } }
    unawaited.append(handle)
    handle.whenDone { result in
      guard case .failure(let error) = result else { return }
      Messages.emit(.error, "checkpoint.store", "a checkpoint that nobody waited for was not stored; earlier ones are intact: \(error)")
    }
  }

  /// - Throws: the failure of an earlier store that nobody waited for, once.
  func throwUnawaitedFailure() throws(StorageError) {
    for (place, handle) in unawaited.enumerated() {
      guard case .failure(let error)? = handle.outcome else { continue }
      unawaited.remove(at: place)
      throw error
    }
  }
}
