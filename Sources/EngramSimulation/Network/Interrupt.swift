public import EngramScalars
import EngramSystem
import Synchronization

/// Signals that ask a run to stop after its step, or to make a checkpoint (CPR-1).
///
/// A library listens during its runs only, and to SIGINT only: the first one ends the run in progress after its step, the second one
/// terminates as usual. One that came too late for any run to hear it is raised again when the run has ended.
///
/// A program that is there for running (``listen()``) listens from its first line to its last, and never forgets: what came in set-up or
/// between two runs is heard at the next boundary.
package enum Interrupt {
  /// Signals that mean "come to an end": a key, a scheduler, a closed terminal, a limit on processor time, a failing power supply.
  package static let stops: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR2] + [Signals.powerFailure].compactMap(\.self)

  /// The signal that came first, and when it came: 0, or microseconds × 256 + its number.
  private static let first = Atomic<UInt64>(0)
  private static let checkpoint = Atomic<Bool>(false)
  private static let isListening = Atomic<Bool>(false)
  /// Whether some run has ended because of the signal.
  private static let wasHeard = Atomic<Bool>(false)
  private static let settingUp = Atomic<Int>(0)

  /// Whether a stop has been asked for.
  package static var isPending: Bool { first.load(ordering: .relaxed) != 0 }

  // ------------------------------------------------------------------------------------------------------- whole programs

  /// From now on the first of ``stops`` ends what is going on at the next boundary, and SIGUSR1 asks for a checkpoint. A second stop ends
  /// the process at once, except that
  ///
  /// - the same signal within a twentieth of a second is the same wish: `timeout` sends to the process, then to its group;
  /// - the limit on processor time repeats its signal every second, which is no wish to hurry.
  ///
  /// A SIGINT or SIGHUP that was to be ignored when the program started (`&` in scripts, `nohup`) is ignored.
  package static func listen() {
    // The first use of a global must not happen inside a handler.
    _ = (isPending, checkpoint.load(ordering: .relaxed), wasHeard.load(ordering: .relaxed))
    isListening.store(true, ordering: .relaxed)
    let all = stops + [SIGUSR1]
    for number in stops {
      if number == SIGINT || number == SIGHUP, Signals.isIgnored(number) { continue }
      Signals.handle(number, blocking: all, programHandler)
    }
    Signals.handle(SIGUSR1, blocking: all, checkpointHandler)
    Signals.unblock(all)
  }

  private static let programHandler: Signals.Handler = { number in
    let now = Interrupt.microseconds()
    let (isFirst, known) = Interrupt.first.compareExchange(
      expected: 0, desired: now << 8 | UInt64(number), ordering: .relaxed)
    if isFirst || number == SIGXCPU { return }
    if known & 0xff == UInt64(number), now &- known >> 8 < 50_000 { return }
    // Delivered when this handler returns.
    signal(number, SIG_DFL)
    raise(number)
  }

  private static let checkpointHandler: Signals.Handler = { _ in Interrupt.checkpoint.store(true, ordering: .relaxed) }

  /// On a clock that only goes forward.
  private static func microseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) &* 1_000_000 &+ UInt64(now.tv_nsec) / 1000
  }

  // ------------------------------------------------------------------------------------------------------------------ runs

  /// Runs in progress that listen, and whether the handler is this library's.
  private static let users = Mutex((count: 0, isOurs: false))

  /// Whether a run listens: as the preference says in somebody's program, always in a program that listens by itself.
  static func isHeeded(preference: Bool) -> Bool { preference || isListening.load(ordering: .relaxed) }

  /// A run begins that wants to hear SIGINT. A handler of the program's own, or a deliberate "ignore", stays.
  static func begin() {
    users.withLock { users in
      users.count += 1
      guard users.count == 1, !isListening.load(ordering: .relaxed) else { return }
      _ = (isPending, wasHeard.load(ordering: .relaxed))
      let previous = signal(SIGINT, runHandler)
      users.isOurs = unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_DFL, to: Int.self)
      if !users.isOurs { signal(SIGINT, previous) }
    }
  }

  static func end() {
    let isTooLate = users.withLock { users in
      users.count -= 1
      guard users.count == 0, users.isOurs else { return false }
      users.isOurs = false
      let previous = signal(SIGINT, SIG_DFL)
      let ours = [unsafeBitCast(runHandler, to: Int.self), unsafeBitCast(SIG_DFL, to: Int.self)]
      if !ours.contains(unsafeBitCast(previous, to: Int.self)) { signal(SIGINT, previous) }
      let wasHeard = wasHeard.exchange(false, ordering: .relaxed)
      return first.exchange(0, ordering: .relaxed) != 0 && !wasHeard
    }
    if isTooLate { raise(SIGINT) }
  }

  private static let runHandler: Signals.Handler = { number in
    Interrupt.first.store(Interrupt.microseconds() << 8 | UInt64(number), ordering: .relaxed)
    signal(SIGINT, SIG_DFL)
  }

  /// Whether a run has to end now; it is then taken to have heard.
  @inline(__always)
  static func endsRun() -> Bool {
    guard isPending else { return false }
    wasHeard.store(true, ordering: .relaxed)
    return true
  }

  package static func takeCheckpointRequest() -> Bool {
    checkpoint.load(ordering: .relaxed) && checkpoint.exchange(false, ordering: .relaxed)
  }

  // ---------------------------------------------------------------------------------------------------------------- set-up

  /// Work that may be given up half-way, because nothing of it is kept.
  package static func duringSetUp<R>(_ body: () throws -> R) rethrows -> R {
    settingUp.add(1, ordering: .relaxed)
    defer { settingUp.subtract(1, ordering: .relaxed) }
    return try body()
  }

  /// Whether set-up is going on that a stop has been asked for.
  package static var endsSetUp: Bool { isPending && settingUp.load(ordering: .relaxed) > 0 }

  /// Called now and then by what takes long: gives set-up up where a stop has been asked for.
  package static func check() throws(Interruption) { if endsSetUp { throw Interruption() } }
}

/// What was going on was given up because a signal asked for it, and nothing of it was kept.
public struct Interruption: ExplainedError {
  package init() {}
  public var description: String { "a signal ended this before it was done; nothing was changed" }
}
