#if canImport(Glibc)
import Glibc
#endif

/// Who may use a scope: its task; outside of tasks its thread; anybody on the main thread if it was made there.
struct Owner {
  let task: Int?
  let thread: UInt
  let isMainThread: Bool

  static var current: Owner {
    Owner(task: withUnsafeCurrentTask { $0?.hashValue }, thread: UInt(pthread_self()), isMainThread: onMainThread)
  }

  /// The main thread has the number of the process.
  private static var onMainThread: Bool {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      let count = readlink("/proc/thread-self", text.baseAddress!, 63)
      guard count > 0, count < 64 else { return false }
      text[count] = 0
      let link = String(cString: text.baseAddress!)
      return link.hasSuffix("/\(getpid())")
    }
  }

  func isSame(as other: Owner) -> Bool {
    if let task, let theirs = other.task, task == theirs { return true }
    if isMainThread, other.isMainThread { return true }
    return task == nil && other.task == nil && thread == other.thread
  }
}
