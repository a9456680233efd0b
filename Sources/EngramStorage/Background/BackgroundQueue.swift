import EngramSystem

/// Runs blocking jobs one after another on a thread of its own, which exists only while there are jobs.
///
/// A thread and not a task: the jobs wait for the disk, and the few threads behind tasks must not.
///
/// Unchecked: `jobs` and `isRunning` are touched under `lock` only.
final class BackgroundQueue: @unchecked Sendable {
  private let lock = Lock()
  private var jobs: [@Sendable () -> Void] = []
  private var isRunning = false
  private let isModest: Bool

  /// - Parameter isModest: whether the thread takes only the time that nobody else wants; its jobs may then be left undone.
  init(isModest: Bool = false) { self.isModest = isModest }

  /// - Returns: whether the job will be, or has been, done; false only where no thread is to be had for a modest one.
  @discardableResult
  func add(_ job: @escaping @Sendable () -> Void) -> Bool {
    let mustStart = lock.withLock {
      jobs.append(job)
      defer { isRunning = true }
      return !isRunning
    }
    guard mustStart else { return true }
    if SystemThread.start({ self.workAlone() }) { return true }
    // No thread to be had: the caller does the work, unless it is not worth waiting for.
    if isModest {
      lock.withLock { (jobs, isRunning) = ([], false) }
      return false
    }
    work()
    return true
  }

  private func workAlone() {
    if isModest { engram_yield_to_others() }
    work()
  }

  private func work() {
    while true {
      let job: (@Sendable () -> Void)? = lock.withLock {
        guard !jobs.isEmpty else {
          isRunning = false
          return nil
        }
        return jobs.removeFirst()
      }
      guard let job else { return }
      job()
    }
  }
}

/// A mutex with a condition.
///
/// Unchecked: both parts are made for being shared, and never move.
final class Lock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func withLock<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Waits, inside the lock, until `ready` gives a value.
  func wait<Result>(until ready: () -> Result?) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = ready() { return result }
      pthread_cond_wait(condition, mutex)
    }
  }

  /// Waits, inside the lock, until that is so, but no longer than so many seconds.
  func wait(seconds: Double, or isDone: () -> Bool) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let nanoseconds = Double(end.tv_nsec) + max(0, min(seconds, 1e6)) * 1e9
    end.tv_sec += Int(nanoseconds / 1e9)
    end.tv_nsec = Int(nanoseconds.truncatingRemainder(dividingBy: 1e9))
    while !isDone() {
      if pthread_cond_timedwait(condition, mutex, &end) != 0 { return }
    }
  }

  func wakeAll() { pthread_cond_broadcast(condition) }
}

/// A result that arrives once.
///
/// Unchecked: everything is behind `lock`.
final class Promise<Value: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  private var result: Result<Value, StorageError>?
  private var followers: [@Sendable (Result<Value, StorageError>) -> Void] = []

  func fulfil(_ value: Result<Value, StorageError>) {
    let called = lock.withLock {
      guard result == nil else { return [] as [@Sendable (Result<Value, StorageError>) -> Void] }
      result = value
      defer { followers = [] }
      return followers
    }
    lock.wakeAll()
    for follower in called { follower(value) }
  }

  /// The result, if it has arrived.
  var present: Result<Value, StorageError>? { lock.withLock { result } }

  func wait() throws(StorageError) -> Value { try lock.wait { result }.get() }

  /// Calls back once, at once where the result is there.
  func whenDone(_ follower: @escaping @Sendable (Result<Value, StorageError>) -> Void) {
    let present = lock.withLock {
      if result == nil { followers.append(follower) }
      return result
    }
    if let present { follower(present) }
  }
}
