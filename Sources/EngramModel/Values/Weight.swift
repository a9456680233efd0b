public import EngramExpressions
public import EngramUnits

/// What each input spike adds: a quantity, or an expression of the target.
public enum Weight: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// The same for each spike, in the unit of the target's variable.
  case quantity(Quantity)
  /// A text with variables of the target, evaluated in every step.
  case expression(ModelExpression)

  /// A text such as `"w_mean"`.
  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  /// A text with values from Swift in it, which keep all their digits.
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

extension Weight: LocatedText {
  package func located(fileID: String, line: Int) -> Weight {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
  }
}
