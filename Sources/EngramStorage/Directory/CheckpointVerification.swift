import Synchronization

/// The comparison of everything a checkpoint refers to with its hashes: begun in the background, or made by who needs it first.
final class CheckpointVerification: Sendable {
  private let extents: [StoredExtent]
  private let promise = Promise<Bool>()
  private let isBegun = Mutex(false)

  init(_ extents: [StoredExtent]) { self.extents = extents }

  private var mustBegin: Bool {
    isBegun.withLock { isBegun in
      defer { isBegun = true }
      return !isBegun
    }
  }

  func begin(on queue: BackgroundQueue) { if mustBegin { queue.add { self.perform() } } }

  /// Throws the first damage with object, variable and place.
  func wait() throws(StorageError) {
    if mustBegin { perform() }
    _ = try promise.wait()
  }

  /// Calls back if everything is intact.
  func whenSound(_ body: @escaping @Sendable () -> Void) { promise.whenDone { if case .success = $0 { body() } } }

  /// Nil while it is under way.
  var outcome: Result<Bool, StorageError>? { promise.present }

  private func perform() {
    do throws(StorageError) {
      for extent in extents { try extent.verify() }
      promise.fulfil(.success(true))
    } catch {
      promise.fulfil(.failure(error))
    }
  }
}
