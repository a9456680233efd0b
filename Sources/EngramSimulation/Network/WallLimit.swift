import EngramScalars
import EngramSystem
import Synchronization

/// The time at which this process has to be gone: a stop is asked for so early that a checkpoint fits in.
///
/// What a checkpoint takes is measured at those that are made; twice the longest one is left, and half a second more.
package enum WallLimit {
  private static let longest = Atomic<Int64>(0)
  /// Left for everything but the checkpoint [ns].
  private static let margin: Int64 = 500_000_000
  private static let end = Mutex<ContinuousClock.Instant?>(nil)

  /// Until the process has to be gone [s]; nil: nobody has said.
  package static var secondsLeft: Double? { end.withLock { $0.map { ($0 - .now).inSeconds } } }

  /// Begins to watch the clock, for the rest of the process.
  package static func begin(secondsLeft: Double) {
    let end = ContinuousClock.now + .nanoseconds(Int64(max(0, min(secondsLeft, 9e9)) * 1e9))
    Self.end.withLock { $0 = end }
    _ = SystemThread.start {
      while ContinuousClock.now < end - .nanoseconds(reserve) {
        // The reserve may have grown meanwhile.
        let left = end - ContinuousClock.now - .nanoseconds(reserve)
        usleep(UInt32(max(1_000, min(200_000, left.microseconds))))
      }
      // Like a scheduler that asks for an end, and heard wherever that is heard.
      kill(getpid(), SIGTERM)
    }
  }

  /// A checkpoint took this long, from the state's being taken to its being durable.
  ///
  /// - Parameter atLeisure: nobody waited for it, so that it took longer than it has to: counts where nothing better is known.
  package static func noteCheckpoint(_ duration: Duration, atLeisure: Bool = false) {
    if atLeisure, longest.load(ordering: .relaxed) > 0 { return }
    longest.max(duration.nanoseconds, ordering: .relaxed)
  }

  /// Time kept for the last checkpoint [ns].
  private static var reserve: Int64 {
    let (twice, overflow) = longest.load(ordering: .relaxed).multipliedReportingOverflow(by: 2)
    return overflow ? .max / 4 : min(.max / 4, twice + margin)
  }

  /// The longest checkpoint of this process so far [s]; nil: none was made.
  package static var longestCheckpointSeconds: Double? {
    let nanoseconds = longest.load(ordering: .relaxed)
    return nanoseconds > 0 ? Double(nanoseconds) * 1e-9 : nil
  }
}

extension Duration {
  fileprivate var nanoseconds: Int64 {
    let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max / 4 : seconds + components.attoseconds / 1_000_000_000
  }
  fileprivate var microseconds: Int64 { nanoseconds / 1000 }
}
