package import EngramTransport

/// Processes that exchange bytes, with the time that it takes: for runs with a profile, since it costs two looks at the clock for each exchange.
package final class TimedTransport: Transport {
  private let inner: any Transport
  /// Whether steps are being executed.
  var isInRun = false
  private var isStoring = false
  /// What exchanges between and in steps have taken, with the wait for those who come later.
  private(set) var exchanging = Duration.zero
  /// What checkpoints have taken: values come together, and the first process writes.
  private(set) var storing = Duration.zero
  /// The part of it that steps waited for.
  private(set) var storingInRun = Duration.zero

  package init(_ inner: any Transport) { self.inner = inner }

  package var rank: Int { inner.rank }
  package var size: Int { inner.size }

  package func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer) { measured { inner.gather(own, into: all) } }

  package func gather(inPlace all: UnsafeMutableRawPointer, byteCounts: [Int]) { measured { inner.gather(inPlace: all, byteCounts: byteCounts) } }

  package func collect(_ own: UnsafeRawBufferPointer, byteCounts: [Int], into all: UnsafeMutableRawPointer?) {
    measured { inner.collect(own, byteCounts: byteCounts, into: all) }
  }

  package func passOn(_ own: UnsafeRawBufferPointer, received: UnsafeMutableRawBufferPointer) { measured { inner.passOn(own, received: received) } }

  private func measured(_ exchange: () -> Void) {
    guard isInRun, !isStoring else { return exchange() }
    let before = ContinuousClock.now
    exchange()
    exchanging += .now - before
  }

  /// Counts all of it as the making of a checkpoint, exchanges included.
  func storing<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard !isStoring else { return try body() }
    isStoring = true
    let before = ContinuousClock.now
    defer {
      let taken = ContinuousClock.now - before
      storing += taken
      if isInRun { storingInRun += taken }
      isStoring = false
    }
    return try body()
  }
}
