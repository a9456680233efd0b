public import EngramExpressions
public import EngramUnits

/// What each input spike adds: a quantity, or an expression of the target.
public enum Weight: Sendable, Hashable, ExpressibleByStringInterpolation {
  case quantity(Quantity)
  case expression(ModelExpression)

  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

extension Weight: LocatedText {
  package func located(fileID: String, line: Int) -> Weight {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
  }
}
