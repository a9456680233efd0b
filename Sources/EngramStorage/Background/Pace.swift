import Glibc
import Synchronization

/// How fast a background job works: at leisure, so that the run beside it keeps its speed, or in a hurry once somebody
/// waits for it.
///
/// Writing takes memory bandwidth and cache from the run. At leisure the writer rests after each piece of work for a
/// multiple of the time the piece took.
final class Pace: Sendable {
  private let isUrgent = Atomic<Bool>(false)
  /// Time of rest per time of work.
  static let restPerWork = 3.0

  /// From now on without rest.
  func hurry() { isUrgent.store(true, ordering: .relaxed) }

  /// Does a piece of work, then rests.
  func work<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
    if isUrgent.load(ordering: .relaxed) { return try body() }
    let start = Pace.now()
    let result = try body()
    var left = Double(Pace.now() - start) * Pace.restPerWork
    // In short naps, so that a hurry is noticed.
    while left > 0, !isUrgent.load(ordering: .relaxed) {
      var nap = timespec(tv_sec: 0, tv_nsec: Int(min(left, 1e6)))
      nanosleep(&nap, nil)
      left -= 1e6
    }
    return result
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
