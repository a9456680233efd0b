public import EngramScalars
public import EngramStorage
public import EngramUnits

/// A watchdog has ended a run.
public struct WatchdogError: ExplainedError, Sendable {
  /// What was found.
  public enum Finding: Sendable, Hashable {
    /// A value that is not allowed. `element` counts in the group; values and bounds are SI.
    case value(variable: String, element: Int, value: Double, lower: Double?, upper: Double?, unit: String)
    /// Spikes of a group, more than a window may have [1/s].
    case rate(group: String, hertz: Double, above: Double, windowSeconds: Double)
    /// Room on the disk [bytes].
    case freeSpace(byteCount: Int, below: Int, directory: String)
  }

  /// What was found.
  public let finding: Finding
  /// Time of the step that left it, which is that of the state before it [s].
  package let stepSeconds: Double
  /// The checkpoint that holds the state before the step; nil: none does.
  public package(set) var checkpoint: CheckpointInfo?
  /// Why no checkpoint holds it, as far as somebody has tried to make one.
  package var obstacle: String?

  package init(_ finding: Finding, stepSeconds: Double) { (self.finding, self.stepSeconds) = (finding, stepSeconds) }

  /// Time of the step that left it, which is that of the state before it.
  public var time: Time { Time(si: stepSeconds) }

  /// Whether a step left a state that no checkpoint may hold; a disk that fills is no such thing.
  package var isAboutStep: Bool { if case .freeSpace = finding { false } else { true } }

  /// What was found, in one sentence without what to do about it.
  package var sentence: String {
    switch finding {
    case .value(let variable, let element, let value, let lower, let upper, let unit):
      let text = Self.text(value, unit)
      let bounds =
        switch (lower, upper) {
        case (nil, nil): "which is no finite number"
        case (let lower?, nil): "below \(Self.text(lower, unit))"
        case (nil, let upper?): "above \(Self.text(upper, unit))"
        case (let lower?, let upper?): "outside of \(Self.text(lower, unit)) to \(Self.text(upper, unit))"
        }
      return "the step at t = \(time) made '\(variable)[\(element)]' \(text), \(value.isFinite ? bounds : "which is no finite number")"
    case .rate(let group, let hertz, let above, let window):
      return "with the step at t = \(time) '\(group)' has \(shortText(hertz, digits: 4)) spikes per second and element, more than "
        + "\(shortText(above, digits: 4)) Hz, in the window of \(Time(si: window)) that goes on"
    case .freeSpace(let count, let below, let directory):
      return "'\(directory)' has room for \(byteText(count)) more, less than \(byteText(below))"
    }
  }

  private static func text(_ value: Double, _ unit: String) -> String { unit == "1" ? "\(value)" : "\(value) \(unit)" }

  public var description: String {
    let place =
      if let checkpoint {
        isAboutStep ? "; the state before that step is stored in \(checkpoint.id)" : "; everything up to t = \(time) is stored in \(checkpoint.id)"
      } else { obstacle.map { "; the state before that step could not be stored: \($0)" } ?? "" }
    return "a watchdog has ended the run: \(sentence)\(place)"
  }
}

/// What a watchdog is to look at does not exist, or is something else.
public enum WatchdogSetUpError: ExplainedError, Hashable {
  case unknown(String, what: String, nearest: String?)
  case notStored(String)
  case noPart(String, why: String)
  case wrongUnit(String, expected: String, found: String)
  case noBounds(String)
  case noEvents(String)
  case notPositive(String)

  public var description: String {
    switch self {
    case .unknown(let name, let what, let nearest):
      "a watchdog is to look at '\(name)', but there is no \(what)" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .noPart(let name, let why): "a watchdog is to look at '\(name)': \(why)"
    case .notStored(let name): "'\(name)' is computed whenever it is read; a watchdog looks at stored values: watch what it is computed from"
    case .wrongUnit(let name, let expected, let found): "the bounds of '\(name)' should be in \(expected), found \(found)"
    case .noBounds(let name): "the bounds of '\(name)' leave no value: the lower one is not below the upper one, or one of them is no number"
    case .noEvents(let name): "'\(name)' has no spikes whose rate could be watched; name a group with a threshold or another source of spikes"
    case .notPositive(let name): "the rate of '\(name)' and the window that it is counted in are finite numbers above 0"
    }
  }
}
