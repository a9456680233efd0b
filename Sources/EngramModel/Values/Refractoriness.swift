public import EngramExpressions
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

extension Refractoriness: LocatedText {
  package func located(fileID: String, line: Int) -> Refractoriness {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
  }
}
