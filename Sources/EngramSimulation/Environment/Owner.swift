import EngramSystem

/// Who may use a scope: its task; outside of tasks its thread; anybody on the main thread if it was made there.
struct Owner {
  let task: Int?
  let thread: UInt
  let isMainThread: Bool

  static var current: Owner {
    Owner(task: withUnsafeCurrentTask { $0?.hashValue }, thread: SystemThread.current, isMainThread: SystemThread.isMain)
  }

  func isSame(as other: Owner) -> Bool {
    if let task, let theirs = other.task, task == theirs { return true }
    if isMainThread, other.isMainThread { return true }
    return task == nil && other.task == nil && thread == other.thread
  }
}
