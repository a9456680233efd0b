import EngramScalars
import EngramSystem

/// What one of several processes did with the time of a run that was profiled.
package struct ProcessTimes: Sendable, Hashable {
  /// Its steps, without the rest.
  package let computingSeconds: Double
  /// Exchanges in steps, most of which is waiting for slower processes.
  package let exchangeSeconds: Double
  /// Checkpoints in and between runs: handing over values, and waiting until the first process has written them, or writing.
  package let storingSeconds: Double
  /// The most memory that it has had, in bytes.
  package let peakByteCount: Int

  package init(computingSeconds: Double, exchangeSeconds: Double, storingSeconds: Double, peakByteCount: Int) {
    (self.computingSeconds, self.exchangeSeconds) = (computingSeconds, exchangeSeconds)
    (self.storingSeconds, self.peakByteCount) = (storingSeconds, peakByteCount)
  }

  /// How well the work is shared out: the time of the process that computes longest, in means of all. 1: all have the same.
  package static func balance(_ processes: [ProcessTimes]) -> Double {
    let sum = processes.reduce(0) { $0 + $1.computingSeconds }
    guard sum > 0, let longest = processes.map(\.computingSeconds).max() else { return 1 }
    return longest * Double(processes.count) / sum
  }
}

extension Distribution {
  /// The clocks, where this run is profiled.
  var timed: TimedTransport? { transport as? TimedTransport }

  /// What all processes did with their time so far, by rank. Collective.
  ///
  /// - Parameter loop: wall-clock time of the steps of this process.
  /// - Returns: nil where it was not measured.
  package func times(loop: Duration) -> [ProcessTimes]? {
    guard let timed else { return nil }
    let exchange = timed.exchanging.inSeconds
    let computing = max(0, loop.inSeconds - exchange - timed.storingInRun.inSeconds)
    return ofAll([computing, exchange, timed.storing.inSeconds, Double(ProcessFacts.peakMemory)]).map {
      ProcessTimes(computingSeconds: $0[0], exchangeSeconds: $0[1], storingSeconds: $0[2], peakByteCount: Int($0[3]))
    }
  }
}
