import EngramSimulation
import EngramStorage

extension RunDirectory {
  /// Commits, and has a view made in the background once the checkpoint is durable, where the directory's format has views. A view that
  /// fails is reported; the checkpoint stands.
  ///
  /// - Parameters:
  ///   - copying: false where the caller waits for the outcome before the state changes.
  ///   - wantsView: false for checkpoints that others will soon replace: a view costs more than they do.
  func commitWithView(_ state: StateToStore, _ options: CommitOptions, copying: Bool, wantsView: Bool = true) throws -> CommitHandle {
    let handle = try commit(state, options, copying: copying)
    guard wantsView, let views = format.views else { return handle }
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
