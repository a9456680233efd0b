import EngramSystem
import Synchronization

/// Tells a step loop that a second has passed, without the loop ever looking at a clock.
///
/// One thread for the process, which is there only while somebody is: runs may be many and short.
package final class Ticker {
  private static let seconds = Atomic<UInt64>(0)
  private static let users = Mutex((count: 0, isRunning: false))
  private var seen: UInt64
  /// No thread was to be had: then it looks at a clock after all.
  private let isAlone: Bool

  package init() {
    let mustStart = Ticker.users.withLock { users in
      users.count += 1
      defer { users.isRunning = true }
      return !users.isRunning
    }
    isAlone = mustStart && !BackgroundQueue(isModest: true).add(Ticker.tick)
    if isAlone { Ticker.users.withLock { $0.isRunning = false } }
    seen = isAlone ? Ticker.clock : Ticker.seconds.load(ordering: .relaxed)
  }

  deinit { Ticker.users.withLock { $0.count -= 1 } }

  /// Whether the process's second has changed since the last call.
  @inline(__always)
  package func take() -> Bool {
    let now = isAlone ? Ticker.clock : Ticker.seconds.load(ordering: .relaxed)
    guard now != seen else { return false }
    seen = now
    return true
  }

  private static var clock: UInt64 { UInt64(engram_coarse_seconds()) }

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
