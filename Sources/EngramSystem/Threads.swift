/// Threads of the process.
package enum SystemThread {
  /// A number that no other thread has that is there at the same time.
  package static var current: UInt { UInt(engram_thread_number()) }

  /// False where the system does not tell.
  package static var isMain: Bool { engram_is_main_thread() != 0 }

  /// Runs `body` on a thread of its own that nobody waits for.
  ///
  /// - Returns: false where no thread is to be had; then it has not been run.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let work = Unmanaged.passRetained(Work(body))
    let code = engram_start_thread(
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    if code == 0 { return true }
    work.release()
    return false
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
