public import EngramExpressions
public import EngramUnits

/// The rates of a Poisson group: one for all, one per element, or an expression evaluated in every step.
public enum Rates: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// The same rate for all [Hz].
  case quantity(Quantity)
  /// A rate for each element [Hz].
  case array(QuantityArray)
  /// A text of unit Hz, evaluated for each element in every step; it may use `i`, `t` and external names, timed arrays among them.
  case expression(ModelExpression)

  /// A text such as `"20*Hz"`.
  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  /// A text with values from Swift in it, which keep all their digits.
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

extension Rates: LocatedText {
  package func located(fileID: String, line: Int) -> Rates {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
  }
}
