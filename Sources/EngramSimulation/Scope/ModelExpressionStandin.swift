public import EngramExpressions
public struct ModelExpression: ExpressibleByStringLiteral, Sendable {
  public let source: SourceText
  public let expression: Expression
  public init(_ text: String) throws { source = SourceText(text); expression = try ExpressionParser.parse(text) }
  public init(stringLiteral: String) { try! self.init(stringLiteral) }
}
