import Synchronization

/// How fast the machine's memory is.
package enum MemoryBandwidth {
  /// Bytes that are read or written per second when memory beyond all caches is copied; the best of several copies.
  ///
  /// Takes about a tenth of a second, and 128 MB of memory per thread.
  ///
  /// - Parameter threads: how many copy at the same time.
  /// - Returns: nil where there is no memory or thread for it.
  package static func measured(threads: Int) -> Double? {
    let byteCount = 64 << 20
    let rounds = 5
    let places = (0..<max(1, threads)).compactMap { _ in CopyPlace(byteCount) }
    guard places.count == max(1, threads) else { return nil }
    var best = Double.infinity
    for _ in 0..<rounds {
      let began = ContinuousClock.now
      let others = places.dropFirst().map { place in
        place.isDone.withLock { $0 = false }
        return SystemThread.start {
          place.copy()
          place.isDone.withLock { $0 = true }
        }
      }
      places[0].copy()
      guard others.allSatisfy({ $0 }) else { return nil }
      while places.dropFirst().contains(where: { place in !place.isDone.withLock { $0 } }) { sched_yield() }
      let took = (ContinuousClock.now - began).components
      best = min(best, Double(took.seconds) + Double(took.attoseconds) / 1e18)
    }
    return best > 0 ? Double(2 * byteCount * places.count) / best : nil
  }
}

/// Two pieces of memory, one of which is copied into the other by one thread at a time.
private final class CopyPlace: @unchecked Sendable {
  let isDone = Mutex(true)
  private let source: UnsafeMutableRawPointer
  private let target: UnsafeMutableRawPointer
  private let byteCount: Int

  init?(_ byteCount: Int) {
    guard let source = malloc(byteCount), let target = malloc(byteCount) else { return nil }
    (self.source, self.target, self.byteCount) = (source, target, byteCount)
    // Pages are there before anything is measured.
    memset(source, 1, byteCount)
    memset(target, 2, byteCount)
  }

  deinit {
    free(source)
    free(target)
  }

  func copy() { memcpy(target, source, byteCount) }
}
