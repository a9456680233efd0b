public import EngramExpressions
public import EngramUnits

/// The rates of a Poisson group: one for all, one per element, or an expression evaluated in every step.
public enum Rates: Sendable, Hashable, ExpressibleByStringInterpolation {
  case quantity(Quantity)
  case array(QuantityArray)
  case expression(ModelExpression)

  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

extension Rates: LocatedText {
  package func located(fileID: String, line: Int) -> Rates {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
  }
}
