#if canImport(Glibc)
import Glibc
#endif
import Synchronization

/// The first interrupt signal during a run ends it after the current step; the second one terminates as usual (CPR-1).
package enum Interrupt {
  private static let pending = Atomic<Bool>(false)
  private static let users = Mutex(0)

  /// Ends the run in progress after its step, as the signal does. May be called from a signal handler.
  package static func request() { pending.store(true, ordering: .relaxed) }

  /// Asks the run in progress for a checkpoint, and a view of it, at the next step boundary. May be called from a signal handler.
  package static func requestCheckpoint() { checkpoint.store(true, ordering: .relaxed) }

  static func takeCheckpointRequest() -> Bool {
    checkpoint.load(ordering: .relaxed) && checkpoint.exchange(false, ordering: .relaxed)
  }

  private static let checkpoint = Atomic<Bool>(false)

  static var isPending: Bool { pending.load(ordering: .relaxed) }

  /// Runs `body` with the handler installed, unless the program has one of its own.
  static func handled<R>(enabled: Bool, _ body: () throws -> R) rethrows -> R {
    guard enabled else { return try body() }
    begin()
    defer { end() }
    return try body()
  }

  static func begin() {
    users.withLock { count in
      count += 1
      guard count == 1 else { return }
      pending.store(false, ordering: .relaxed)
      let previous = signal(SIGINT, handler)
      // A handler of the program's own, or a deliberate "ignore", stays.
      if unsafeBitCast(previous, to: Int.self) != unsafeBitCast(SIG_DFL, to: Int.self) { signal(SIGINT, previous) }
    }
  }

  static func end() {
    users.withLock { count in
      count -= 1
      guard count == 0 else { return }
      let previous = signal(SIGINT, SIG_DFL)
      if unsafeBitCast(previous, to: Int.self) != unsafeBitCast(handler, to: Int.self) { signal(SIGINT, previous) }
    }
  }

  private static let handler: @convention(c) (Int32) -> Void = { _ in
    pending.store(true, ordering: .relaxed)
    signal(SIGINT, SIG_DFL)
  }
}
