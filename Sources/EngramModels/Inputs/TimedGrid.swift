/// Which value of a timed array holds at a time, robust against rounding of the time (INP-21).
struct TimedGrid: Hashable, Sendable {
  /// Fine steps per value.
  let fineness: Double
  /// Length of a fine step [s].
  let fineSeconds: Double
  let count: Int

  /// - Parameters:
  ///   - valueSeconds: how long each value holds.
  ///   - stepSeconds: step length of the group that asks.
  init(valueSeconds: Double, stepSeconds: Double, count: Int) {
    var fineness = 1.0
    // The smallest power of two that is at least 8·dt/g; exact, without a logarithm.
    let wanted = 8 * valueSeconds / stepSeconds
    while fineness < wanted, fineness < 0x1p60 { fineness *= 2 }
    self.fineness = fineness
    fineSeconds = valueSeconds / fineness
    self.count = count
  }

  func index(atSeconds time: Double) -> Int {
    let fine = (time / fineSeconds).rounded(.toNearestOrEven)
    let position = (fine / fineness).rounded(.towardZero)
    if !(position > 0) { return 0 }
    return position >= Double(count - 1) ? count - 1 : Int(position)
  }

  /// Whether the value cannot change inside a step of the group (INP-30).
  static func isLocallyConstant(valueSeconds: Double, stepSeconds: Double) -> Bool {
    let ratio = valueSeconds / stepSeconds
    return ratio.rounded() >= 1 && abs(ratio - ratio.rounded()) <= 1e-9 * ratio
  }

  /// Whether the two grids do not fit together, which deserves a warning (INP-22).
  static func isMisaligned(valueSeconds: Double, stepSeconds: Double) -> Bool {
    valueSeconds / stepSeconds > 1 && !isLocallyConstant(valueSeconds: valueSeconds, stepSeconds: stepSeconds)
  }
}
