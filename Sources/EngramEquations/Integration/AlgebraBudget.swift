/// How much work the algebra may still spend on one set of equations.
///
/// Multiplying out can take time that grows without bound with the length of a text. Every operation pays here; once
/// nothing is left, answers come at once and mean nothing, and whoever asked must look at ``isExhausted`` before believing
/// them. A unit is about the cost of one factor of one term, so that a whole budget is spent in about a tenth of a second.
final class AlgebraBudget {
  private var left: Int

  init(_ work: Int = 400_000) { left = work }

  var isExhausted: Bool { left < 0 }

  /// Whether there was enough.
  @discardableResult
  func spend(_ work: Int) -> Bool {
    // Not below −1, so that nothing can overflow.
    left = work <= left ? left - max(work, 0) : -1
    return left >= 0
  }

  /// - Parameter what: names what was looked at.
  func check(method: String, _ what: @autoclosure () -> String) throws(UnsupportedEquationsError) {
    if isExhausted { throw UnsupportedEquationsError(method: method, .undecided(what())) }
  }
}
