/// How one step of the clock is divided into smaller ones, for each element as it needs (``StateUpdate/adaptive``).
///
/// The statements of the update try a step of length `_trial` from `_elapsed` on, and write new values and an estimate of their error
/// into columns; the caller accepts or repeats with another length until the step of the clock is over.
public struct AdaptiveStep: Sendable, Hashable {
  /// The differential variables; the trial writes `_new_x` and `_error_x` for each `x`.
  public var variables: [String]
  /// The order of the less precise of the two solutions that are compared.
  public var order: Int
  /// Error per trial that is allowed: this [SI units] …
  public var absoluteError: Double
  /// … plus this part of the value.
  public var relativeError: Double
  /// Trials in one step of the clock, after which it is given up.
  public var maximumTrials: Int

  /// The columns that a trial reads.
  public static let trial = "_trial"
  public static let elapsed = "_elapsed"
  /// The columns that it writes for a variable.
  public static func newValue(_ variable: String) -> String { "_new_\(variable)" }
  public static func error(_ variable: String) -> String { "_error_\(variable)" }
}
