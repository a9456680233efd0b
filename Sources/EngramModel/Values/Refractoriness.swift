public import EngramExpressions
public import EngramUnits

/// How long elements are refractory after a spike (REF-1).
public enum Refractoriness: Sendable, Hashable, ExpressibleByStringLiteral {
  case none
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
