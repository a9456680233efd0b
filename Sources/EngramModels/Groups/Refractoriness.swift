public import EngramExpressions
internal import EngramSimulation
public import EngramUnits

/// How long elements are refractory after a spike (REF-1): `.duration(2 * ms)`, or a text, `"5*ms"`, `"v > -40*mV"`.
///
/// A refractory element does not spike, and its variables flagged `unless refractory` stand still.
public enum Refractoriness: Sendable, Hashable, ExpressibleByStringLiteral {
  /// Never.
  case none
  /// The same time for all [s], not negative; 0 without a unit is allowed.
  case duration(Quantity)
  /// A time, or a condition that holds while the element stays refractory.
  case expression(ModelExpression)

  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
}

extension Refractoriness {
  /// A text without names that vary is a time like any other.
  var simplified: Refractoriness {
    guard case .expression(let text) = self, let expression = try? text.parsed(),
      let value = expression.closedValue(besides: ["i", "N", "t", "dt", "t_in_timesteps", "lastspike"])
    else { return self }
    return .duration(value)
  }
}

extension Refractoriness: LocatedText {
  package func located(fileID: String, line: Int) -> Refractoriness {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
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
