public import EngramScalars

/// What is wrong with an input: a Poisson group, a spike generator, a timed array.
public enum InputError: ExplainedError, Hashable, Sendable {
  /// A number of elements or inputs that is not at least 1.
  case notPositive(name: String, what: String, found: String)
  /// As many elements as times are needed.
  case lengthMismatch(name: String, indices: Int, times: Int)
  /// A spike of an element that does not exist.
  case indexOutOfRange(name: String, index: Int, count: Int)
  /// A spike before the beginning.
  case negativeTime(name: String, seconds: Double)
  /// A period that is less than nothing.
  case negativePeriod(name: String, seconds: Double)
  /// A time or period without end, or that is no number.
  case notFinite(name: String, what: String)
  /// An element spikes at most once in a step.
  case twoSpikesInOneStep(name: String, index: Int, step: Int64, stepSeconds: Double)
  /// The last spike would lie behind the end of the period.
  case periodTooShort(name: String, periodSeconds: Double, lastSeconds: Double)
  /// A period has to be a whole number of steps.
  case periodNotMultipleOfStep(name: String, periodSeconds: Double, stepSeconds: Double)
  /// A period has to have one step at least.
  case periodShorterThanStep(name: String, periodSeconds: Double, stepSeconds: Double)
  /// Rates of another unit than Hz.
  case rateIsNotFrequency(name: String, found: String)
  /// A rate that is less than nothing.
  case negativeRate(name: String, hertz: Double)
  /// One rate for each element is needed.
  case wrongRateCount(name: String, found: Int, expected: Int)
  /// A variable that the target of a Poisson input does not have, or that cannot be written.
  case unknownTarget(name: String, variable: String, group: String, nearest: String?)
  /// What a spike adds has another unit than the variable that it is added to.
  case weightUnit(name: String, variable: String, expected: String, found: String)
  /// A timed array without values.
  case emptyTimedArray(name: String)
  /// Rows of different lengths.
  case raggedTimedArray(name: String, row: Int, found: Int, expected: Int)
  /// Rows of different dimensions.
  case mixedTimedArray(name: String)
  /// A timed array called with a column that it does not have, or without one that it needs.
  case wrongTimedArrayCall(name: String, expected: Int, found: Int)
  /// A column that does not exist.
  case columnOutOfRange(name: String, column: Int, count: Int)
  /// A probability outside of 0 … 1; of a Poisson input more than one spike of each neuron in a step.
  case probabilityOutOfRange(name: String, found: Double)
  /// Fewer than no trials.
  case negativeTrials(name: String, found: Int)

  public var description: String {
    switch self {
    case .notPositive(let name, let what, let found): "'\(name)': \(what) must be an integer of at least 1, found \(found)"
    case .lengthMismatch(let name, let indices, let times):
      "'\(name)': \(indices) indices but \(times) times were given; each spike needs one of both"
    case .indexOutOfRange(let name, let index, let count):
      "'\(name)': spike index \(index) is not in 0 … \(count - 1)"
    case .negativeTime(let name, let seconds): "'\(name)': spike time \(seconds) s is negative"
    case .negativePeriod(let name, let seconds): "'\(name)': period \(seconds) s is negative"
    case .notFinite(let name, let what): "'\(name)': \(what) must be finite"
    case .twoSpikesInOneStep(let name, let index, let step, let dt):
      "'\(name)': element \(index) has more than one spike in step \(step) (\(Double(step) * dt) s at dt \(dt) s); an element spikes at most once per step: use a smaller dt, or remove a spike"
    case .periodTooShort(let name, let period, let last):
      "'\(name)': the period \(period) s must be longer than the time of the last spike, \(last) s"
    case .periodNotMultipleOfStep(let name, let period, let dt):
      "'\(name)': the period \(period) s is not a multiple of dt, \(dt) s"
    case .periodShorterThanStep(let name, let period, let dt):
      "'\(name)': the period \(period) s is shorter than dt, \(dt) s"
    case .rateIsNotFrequency(let name, let found): "'\(name)': rates must have the unit Hz, found \(found)"
    case .negativeRate(let name, let hertz): "'\(name)': the rate \(hertz) Hz is negative"
    case .wrongRateCount(let name, let found, let expected): "'\(name)': \(found) rates for \(expected) elements"
    case .unknownTarget(let name, let variable, let group, let nearest):
      "'\(name)': '\(group)' has no variable '\(variable)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .weightUnit(let name, let variable, let expected, let found):
      "'\(name)': the weight must have the unit of '\(variable)', \(expected), found \(found)"
    case .emptyTimedArray(let name): "timed array '\(name)' has no values"
    case .raggedTimedArray(let name, let row, let found, let expected):
      "timed array '\(name)': row \(row) has \(found) values, the first row has \(expected)"
    case .mixedTimedArray(let name): "timed array '\(name)': the rows have different units"
    case .wrongTimedArrayCall(let name, let expected, let found):
      "timed array '\(name)' takes \(expected == 1 ? "a time" : "a time and an index"), called with \(found) argument\(found == 1 ? "" : "s")"
    case .columnOutOfRange(let name, let column, let count):
      "timed array '\(name)': column \(column) is not in 0 … \(count - 1)"
    case .probabilityOutOfRange(let name, let found): "'\(name)': the probability \(found) is not between 0 and 1"
    case .negativeTrials(let name, let found): "'\(name)': the number of trials must not be negative, found \(found)"
    }
  }
}
