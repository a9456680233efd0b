internal import EngramExpressions
internal import EngramModel
internal import EngramSimulation
internal import EngramUnits

extension Refractoriness {
  /// A text without names that vary is a time like any other.
  var simplified: Refractoriness {
    guard case .expression(let text) = self, let expression = try? text.parsed(),
      let value = expression.closedValue(besides: ["i", "N", "t", "dt", "t_in_timesteps", "lastspike"])
    else { return self }
    return .duration(value)
  }
}

extension Refractoriness {
  /// What happens to `not_refractory` at the beginning of the state update (REF-3, 4).
  ///
  /// - Parameters:
  ///   - duration: the time, or nil when it is a condition.
  static func update(duration: Expression?, condition: Expression?, isLegacy: Bool) -> Statement? {
    if let condition {
      // Once free, free until the next spike.
      let free = Expression(.binary(.or, .name("not_refractory"), Expression(.unary(.not, condition))))
      return Statement("not_refractory", .assign, free)
    }
    guard let duration else { return nil }
    let since = Expression.name("t") - .name("lastspike")
    if isLegacy { return Statement("not_refractory", .assign, Expression(.binary(.greater, since, duration))) }
    // Whole steps are compared, so that rounding of times cannot add or lose a step.
    return Statement(
      "not_refractory", .assign,
      Expression(.binary(.greaterOrEqual, .call("timestep", since, .name("dt")), .call("timestep", duration, .name("dt")))))
  }
}
