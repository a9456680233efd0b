import EngramSystem
import Synchronization

/// How fast a background job works: at leisure, so that the run beside it keeps its speed, or in a hurry once somebody
/// waits for it.
///
/// Writing takes memory bandwidth and cache from the run. At leisure the writer rests after each piece of work for a
/// multiple of the time the piece took. Leisure ends early enough for the next checkpoint not to wait.
final class Pace: Sendable {
  private let isUrgent = Atomic<Bool>(false)
  private let end: Int64
  private let clock: Clock
  /// Time of rest per time of work.
  static let restPerWork = 5.0

  /// Where time comes from, and how it is let pass [ns]. Tests have one of their own.
  struct Clock: Sendable {
    var now: @Sendable () -> Int64
    var nap: @Sendable (Int64) -> Void

    static let system = Clock(
      now: {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
      },
      nap: { nanoseconds in
        var nap = timespec(tv_sec: 0, tv_nsec: Int(nanoseconds))
        nanosleep(&nap, nil)
      })
  }

  /// - Parameter leisureSeconds: how long the work may take its time.
  init(leisureSeconds: Double, clock: Clock = .system) {
    self.clock = clock
    end = clock.now() + Int64(max(0, min(leisureSeconds, 1e6)) * 1e9)
  }

  /// From now on without rest.
  func hurry() { isUrgent.store(true, ordering: .relaxed) }

  /// Does a piece of work, then rests.
  func work<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
    let start = clock.now()
    let result = try body()
    let now = clock.now()
    var left = min(Int64(Double(now - start) * Pace.restPerWork), end - now)
    // In short naps, so that a hurry is noticed.
    while left > 0, !isUrgent.load(ordering: .relaxed) {
      clock.nap(min(left, 1_000_000))
      left -= 1_000_000
    }
    return result
  }
}
