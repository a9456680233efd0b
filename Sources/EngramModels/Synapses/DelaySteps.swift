/// Delays in seconds as whole steps (SYN-41).
enum DelaySteps {
  /// The longest delay: every coming step has a place of its own in the queue (256 MiB at this limit).
  static let limit: Double = 0x1p24

  /// Steps of one delay: `Int(delay/dt + 0.5)`; nil when negative, not finite or beyond `limit`.
  static func steps(ofSeconds delay: Double, stepSeconds: Double) -> Int32? {
    let position = delay / stepSeconds + 0.5
    guard delay >= 0, position.isFinite, position < limit else { return nil }
    return Int32(position)
  }

  /// Whether rounding changes the delay by more than 1e-4 of a step.
  static func isRounded(_ delay: Double, stepSeconds: Double, steps: Int32) -> Bool {
    abs(Double(steps) - delay / stepSeconds) > 1e-4
  }
}
