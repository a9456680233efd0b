import EngramSystem
import Synchronization

/// Watches stored arrays that columns show while a run goes on, so that nothing computed from a file that was damaged meanwhile is
/// taken for sound.
///
/// In long runs a thread that yields to everybody else reads them again and again, at a pace that nobody notices; whoever
/// acknowledges something has ``confirm(_:)`` read them once more.
///
/// Unchecked: everything that changes is behind `state`.
package final class SourceGuard: @unchecked Sendable {
  private struct State {
    var sources: [MappedBytes] = []
    var isWatching = false
    /// Whether the thread is at work.
    var isReading = false
    var damage: (source: MappedBytes, error: StorageError)?
  }
  private let state = Mutex(State())
  private let lock = Lock()
  private let queue = BackgroundQueue(isModest: true)
  private let pace: Pace

  /// How much is read in the background.
  package struct Pace: Sendable {
    /// Wall time from the beginning of one reading of everything to that of the next one [s].
    package var secondsPerPass: Double
    /// Time of rest per time of work.
    package var restPerWork: Double
    package static let modest = Pace(secondsPerPass: 60, restPerWork: 50)

    package init(secondsPerPass: Double, restPerWork: Double) {
      (self.secondsPerPass, self.restPerWork) = (secondsPerPass, restPerWork)
    }
  }

  package init(pace: Pace = .modest) { self.pace = pace }

  /// From now on also what these columns show. Arrays stay watched until they have been confirmed, whatever becomes of their columns.
  package func watch(_ columns: [Column]) {
    let found = columns.compactMap(\.unsettled)
    guard !found.isEmpty else { return }
    state.withLock { state in
      let known = Set(state.sources.map(ObjectIdentifier.init))
      state.sources += found.filter { !known.contains(ObjectIdentifier($0)) }
    }
  }

  /// Whether there is anything to watch.
  package var isIdle: Bool { state.withLock { $0.sources.isEmpty } }

  /// What was found in the background.
  package var damage: StorageError? { state.withLock { $0.damage?.error } }

  /// Begins to read in the background, unless that goes on.
  ///
  /// - Parameter newest: the newest checkpoint that there is; asked from another thread.
  package func begin(newest: @escaping @Sendable () -> UInt64) {
    let mustBegin = state.withLock { state in
      defer { state.isWatching = true }
      return !state.isWatching && !state.sources.isEmpty
    }
    guard mustBegin else { return }
    queue.add { [self] in
      state.withLock { $0.isReading = $0.isWatching }
      while isWatching {
        let start = monotonicSeconds()
        pass(newest)
        rest(seconds: start + pace.secondsPerPass - monotonicSeconds())
      }
      lock.withLock { state.withLock { $0.isReading = false } }
      lock.wakeAll()
    }
  }

  /// Ends that, and waits until it has ended.
  package func end() {
    guard isWatching else { return }
    lock.withLock { state.withLock { $0.isWatching = false } }
    lock.wakeAll()
    _ = lock.wait { state.withLock { $0.isReading ? nil : true } }
  }

  /// Reads everything that is watched, at once. From then on only what these columns show is watched.
  ///
  /// - Throws: the first damage; ``soundSequence`` tells what was made before it.
  package func confirm(_ columns: [Column], newest: UInt64) throws(StorageError) {
    watch(columns)
    let sources = state.withLock { $0.sources }
    for source in sources {
      do throws(StorageError) {
        if let damage = source.damage { throw damage }
        try source.check()
      } catch {
        note(error, in: source)
        throw error
      }
      source.soundSequence = newest
    }
    let present = Set(columns.compactMap(\.unsettled).map(ObjectIdentifier.init))
    state.withLock { state in state.sources.removeAll { !present.contains(ObjectIdentifier($0)) } }
  }

  /// The newest checkpoint before which what turned out to be damaged was known to be intact.
  package var soundSequence: UInt64? { state.withLock { $0.damage?.source.soundSequence } }

  /// A state from elsewhere has taken the place of everything that was computed.
  package func forget() {
    state.withLock {
      $0.sources = []; $0.damage = nil
    }
  }

  private var isWatching: Bool { state.withLock { $0.isWatching } }

  private func pass(_ newest: @Sendable () -> UInt64) {
    for source in state.withLock({ $0.sources }) {
      let sound = newest()
      var before = monotonicSeconds()
      do throws(StorageError) {
        let isWhole = try source.check { [self] _ in
          let now = monotonicSeconds()
          rest(seconds: (now - before) * pace.restPerWork)
          before = monotonicSeconds()
          return isWatching
        }
        guard isWhole else { return }
        source.soundSequence = sound
      } catch { note(error, in: source) }
    }
  }

  private func note(_ error: StorageError, in source: MappedBytes) {
    state.withLock { $0.damage = $0.damage ?? (source, error) }
  }

  /// Sleeps, unless the watch ends.
  private func rest(seconds: Double) { lock.wait(seconds: seconds, or: { !isWatching }) }
}

/// Time of a clock that nobody sets [s].
private func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
