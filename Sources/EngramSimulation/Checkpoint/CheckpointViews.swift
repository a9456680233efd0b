package import EngramStorage

/// Makes the files beside checkpoints that other programs read; restoring never looks at them.
package protocol CheckpointViews: Sendable {
  /// The view beside the checkpoint, and `live.h5`, which shows the same: the newest state that others can see.
  func publish(_ checkpoint: CheckpointInfo, in directory: RunDirectory) throws
}

extension RunDirectory {
  /// Commits, and has a view made in the background once the checkpoint is durable. A view that fails is reported; the
  /// checkpoint stands.
  ///
  /// - Parameters:
  ///   - copying: false where the caller waits for the outcome before the state changes.
  ///   - wantsView: false for checkpoints that others will soon replace: a view costs more than they do.
  func commitWithView(_ state: StateToStore, _ options: CommitOptions, copying: Bool, wantsView: Bool = true) throws -> CommitHandle {
    let handle = try commit(state, options, copying: copying)
    guard wantsView, let views = (try? CheckpointServices.current)?.views else { return handle }
    handle.whenDone { [self] result in
      guard case .success(let info) = result else { return }
      do { try views.publish(info, in: self) } catch {
        Messages.emit(
          .warning, "checkpoint.view",
          "the HDF5 view of \(info.id) was not made (`engram export --rebuild-views` makes it); the checkpoint itself is complete: \(error)")
      }
    }
    return handle
  }
}
