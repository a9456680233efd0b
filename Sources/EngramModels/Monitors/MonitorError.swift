public import EngramScalars

/// What is wrong with a monitor or with a question to it.
public enum MonitorError: AddressedError, Hashable, Sendable {
  /// A variable that the source does not have.
  case unknownVariable(monitor: String, variable: String, source: String, nearest: String?)
  /// A variable that the source has and the monitor does not record.
  case notRecordedVariable(monitor: String, variable: String, recorded: [String])
  /// An element to record that does not exist.
  case indexOutOfRange(monitor: String, index: Int, count: Int)
  /// An element that is not recorded.
  case notRecordedIndex(monitor: String, index: Int)
  /// Times of a monitor that only counts.
  case noTimesRecorded(monitor: String, what: String)
  /// An event that the source does not have.
  case unknownEvent(monitor: String, source: String, event: String, known: [String])
  /// A variable that is named twice.
  case recordedTwice(monitor: String, variable: String)
  /// A single step recorded before it is known what variables are.
  case beforeFirstRun(monitor: String)
  /// A single step recorded while steps are executed.
  case duringRun(monitor: String)
  /// A variable without values of its own.
  case notRecordable(monitor: String, variable: String, why: String)
  /// A window that has no such name.
  case unknownWindow(String)
  /// A window without its width.
  case windowNeedsWidth(String)
  /// A width that is not positive.
  case windowWidth(seconds: Double)
  /// A width of more steps than can be counted.
  case windowTooWide(seconds: Double)
  /// An even number of weights, which has no middle.
  case evenWindow(Int)
  /// More bins than memory can hold.
  case tooManyBins(monitor: String, bins: Int, elements: Int)
  /// A recorded variable that has no value for an element that is recorded.
  case tooFewValues(monitor: String, variable: String, count: Int, element: Int)
  /// A bin that is not a whole number of steps.
  case binNotMultipleOfStep(monitor: String, binSeconds: Double, stepSeconds: Double)

  /// The sentence, with remedies as the reader writes them: in Swift, or in a model file.
  public func text(for audience: Audience) -> String {
    switch self {
    case .unknownVariable(let monitor, let variable, let source, let nearest):
      "'\(monitor)': '\(source)' has no variable '\(variable)' to record" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .notRecordedVariable(let monitor, let variable, let recorded):
      "'\(monitor)' does not record '\(variable)'; it records \(recorded.isEmpty ? "no variables" : recorded.joined(separator: ", "))"
    case .indexOutOfRange(let monitor, let index, let count):
      "'\(monitor)': index \(index) to record is not in 0 … \(count - 1)"
    case .notRecordedIndex(let monitor, let index): "'\(monitor)' does not record element \(index)"
    case .noTimesRecorded(let monitor, let what):
      "'\(monitor)' was made with record: false and only counts; \(what) is not available"
    case .unknownEvent(let monitor, let source, let event, let known):
      "'\(monitor)': '\(source)' does not define the event '\(event)'"
        + (event == "spike" ? "; did you forget its threshold?" : known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))")
    case .recordedTwice(let monitor, let variable): "'\(monitor)' is to record '\(variable)' twice; name it once"
    case .beforeFirstRun(let monitor):
      "'\(monitor)' can record a single time step only after the network was run"
        + (audience == .program ? ", run(0*s) at least" : "; begin with the step run: 0 s")
    case .duringRun(let monitor): "'\(monitor)' cannot record a single time step during a run"
    case .notRecordable(let monitor, let variable, let why): "'\(monitor)' cannot record '\(variable)': \(why)"
    case .unknownWindow(let name): "unknown smoothing window '\(name)'; use gaussian, flat, or weights of your own"
    case .windowNeedsWidth(let name): "the smoothing window '\(name)' needs a width"
    case .windowWidth(let seconds): "the width of a smoothing window must be positive and finite, not \(seconds) s"
    case .windowTooWide(let seconds): "a smoothing window of \(seconds) s has more than 10^8 steps"
    case .evenWindow(let count): "a smoothing window needs an odd number of weights, found \(count)"
    case .tooManyBins(let monitor, let bins, let elements):
      "'\(monitor)': \(bins) bins for each of \(elements) elements are more than fit into memory; use wider bins"
    case .tooFewValues(let monitor, let variable, let count, let element):
      "'\(monitor)' records element \(element) of '\(variable)', which has \(count) values now; make the monitor anew"
    case .binNotMultipleOfStep(let monitor, let bin, let step):
      "'\(monitor)': the bin width \(bin) s is not a multiple of dt, \(step) s"
    }
  }
}
