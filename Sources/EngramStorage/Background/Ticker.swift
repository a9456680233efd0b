import Glibc
import Synchronization

/// Tells a step loop that a second has passed, without the loop ever looking at a clock.
///
/// One thread for the process, which is there only while somebody is: runs may be many and short.
package final class Ticker {
  private static let seconds = Atomic<UInt64>(0)
  private static let users = Mutex((count: 0, isRunning: false))
  private var seen: UInt64

  package init() {
    seen = Ticker.seconds.load(ordering: .relaxed)
    let mustStart = Ticker.users.withLock { users in
      users.count += 1
      defer { users.isRunning = true }
      return !users.isRunning
    }
    if mustStart { BackgroundQueue(isModest: true).add(Ticker.tick) }
  }

  deinit { Ticker.users.withLock { $0.count -= 1 } }

  /// Whether the process's second has changed since the last call.
  @inline(__always)
  package func take() -> Bool {
    let now = Ticker.seconds.load(ordering: .relaxed)
    guard now != seen else { return false }
    seen = now
    return true
  }

  @Sendable private static func tick() {
    while true {
      var nap = timespec(tv_sec: 1, tv_nsec: 0)
      nanosleep(&nap, nil)
      seconds.add(1, ordering: .relaxed)
      let isWanted = users.withLock { users in
        users.isRunning = users.count > 0
        return users.isRunning
      }
      if !isWanted { return }
    }
  }
}
