internal import EngramSystem

/// Ends this process like a signal to stop, with a checkpoint, once the one that waits for it has gone.
enum ParentWatch {
  /// - Parameter parent: the number of the process that waits for this one. Where it has not started this one itself, but a script that
  ///   did, its number is watched.
  static func begin(_ parent: Int32) {
    let hasStartedThis = getppid() == parent
    // Given up at the process's end; a thread of its own, so that set-up is watched as well.
    _ = SystemThread.start {
      while hasStartedThis ? getppid() == parent : exists(parent) { usleep(100_000) }
      kill(getpid(), SIGTERM)
    }
  }

  /// Begins where the environment names a process in `ENGRAM_PARENT`, as the Python package does for each program that it calls.
  ///
  /// Programs that this one starts do not see it.
  static func beginIfWished() {
    guard let text = getenv("ENGRAM_PARENT").map({ String(cString: $0) }) else { return }
    unsetenv("ENGRAM_PARENT")
    if let parent = Int32(text), parent > 0 { begin(parent) }
  }

  private static func exists(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }
}
