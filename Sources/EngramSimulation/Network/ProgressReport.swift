import EngramScalars
import EngramSystem
public import EngramUnits

/// How a run tells its progress (NET-35).
public enum ProgressReport {
  /// Nothing is told.
  case none
  /// Lines on standard output.
  case text
  /// Lines on standard error.
  case standardError
  /// Lines to a stream of one's own.
  case stream(any TextOutputStream)
  /// Lines that a reporter words, written by `write`; each ends with a line break.
  case lines(any TextReporter, write: (String) -> Void)
  /// Calls of a closure, with numbers instead of words.
  case callback((RunProgress) -> Void)

  /// The kinds by their names in the reference.
  public init(named name: String) throws(NetworkError) {
    switch name {
    case "text", "stdout": self = .text
    case "stderr": self = .standardError
    default: throw .unknownReport(name)
    }
  }

  func makeReporter(period: Duration) throws -> Reporter? {
    switch self {
    case .none: return nil
    case .callback(let body): return Reporter(period: period, tell: body)
    case .text: return Reporter(period: period, lines: TextReport(), write: { standardWrite($0, to: 1) })
    case .standardError: return Reporter(period: period, lines: TextReport(), write: { standardWrite($0, to: 2) })
    case .stream(let stream):
      var stream = stream
      return Reporter(period: period, lines: TextReport(), write: { stream.write($0) })
    case .lines(let reporter, let write): return Reporter(period: period, lines: reporter, write: write)
    }
  }
}

/// Unbuffered, so that a line is there when it was told; a closed pipe loses the line and nothing else.
private func standardWrite(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let written = write(descriptor, rest.baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
  }
}

/// How far a run has come.
public struct RunProgress: Sendable, Hashable {
  /// Wall time since the run began.
  public let elapsed: Duration
  /// 0…1.
  public let completedFraction: Double
  /// Simulated time at which the run began.
  public let start: Time
  /// Simulated time that the run takes.
  public let duration: Time
}

/// Calls a report at the beginning, every period of wall time, and at the end (NET-36).
final class Reporter: StepObserver {
  private let period: Duration
  private let tell: (RunProgress) -> Void
  private var nextAt = ContinuousClock.now

  var wallInterval: Duration? { period }

  init(period: Duration, tell: @escaping (RunProgress) -> Void) {
    self.period = period
    self.tell = tell
  }

  convenience init(period: Duration, lines: some TextReporter, write: @escaping (String) -> Void) {
    var isFirst = true
    self.init(period: period) { progress in
      if isFirst, let header = lines.header(progress) { write(header + "\n") }
      if let line = lines.line(progress, isFirst: isFirst) { write(line + "\n") }
      isFirst = false
    }
  }

  func begin(_ run: PreparedRun) {
    tell(progress(run, fraction: 0))
    nextAt = .now + period
  }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) {
    guard wall >= nextAt else { return }
    nextAt = wall + period
    tell(progress(run, fraction: run.completedFraction))
  }

  func end(_ run: PreparedRun) {
    tell(progress(run, fraction: run.stopReason == nil ? 1 : run.completedFraction))
  }

  private func progress(_ run: PreparedRun, fraction: Double) -> RunProgress {
    RunProgress(
      elapsed: run.elapsed, completedFraction: fraction, start: Time(si: run.startSeconds), duration: Time(si: run.durationSeconds))
  }
}

/// Words the lines of a progress report (NET-37).
///
/// Own reporters change what they like; the rest is worded as by ``TextReport``:
///
/// ```swift
/// struct Terse: TextReporter {
///   func line(_ progress: RunProgress, isFirst: Bool) -> String { "\(Int(progress.completedFraction*100)) %" }
/// }
/// try run(1*second, report: .lines(Terse(), write: { print($0, terminator: "") }))
/// ```
public protocol TextReporter {
  /// The line before all others; nil: none.
  func header(_ progress: RunProgress) -> String?
  /// One line per report: the first at the beginning of the run, the last at its end; nil: none.
  func line(_ progress: RunProgress, isFirst: Bool) -> String?
}

extension TextReporter {
  /// The line in front of all others.
  public func header(_ progress: RunProgress) -> String? {
    "Starting simulation at t=\(progress.start) for duration \(progress.duration)"
  }

  /// One line of progress.
  public func line(_ progress: RunProgress, isFirst: Bool) -> String? {
    let fraction = progress.completedFraction
    let simulated = Time(si: fraction * progress.duration.si)
    var text = "\(simulated) (\(Int((fraction * 100).rounded(.towardZero)))%) simulated in \(TextReport.text(progress.elapsed))"
    if let remaining = progress.estimatedRemaining { text += ", estimated \(TextReport.text(remaining)) remaining" }
    return text
  }
}

extension RunProgress {
  /// Wall time until the end if the run goes on as fast as until now, in whole seconds; nil before the first step and at the end.
  public var estimatedRemaining: Duration? {
    guard completedFraction > 0, completedFraction < 1 else { return nil }
    return .seconds(((1 - completedFraction) / completedFraction * elapsed.inSeconds).rounded())
  }
}

/// The sentences of the standard report (NET-37).
public struct TextReport: TextReporter, Sendable {
  /// The usual words.
  public init() {}

  /// `< 1s`, `59s`, `2m 3s`, `3h 25m 45s`, `1d 3h 46m 40s`.
  public static func text(_ duration: Duration) -> String { wallTimeText(duration.inSeconds) }
}
