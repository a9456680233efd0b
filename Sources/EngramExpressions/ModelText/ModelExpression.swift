/// One expression of model code, such as a threshold or an initial value.
///
/// A literal can hold values (see ``ModelTextInterpolation``). It can be wrong: that shows when it is first used, in an
/// error that draws the place.
public struct ModelExpression: Hashable, Sendable, Codable {
  public let source: SourceText

  public init(_ text: String) { source = SourceText(text) }
  public init(_ source: SourceText) { self.source = source }

  public var text: String { source.text }

  /// The same text with the place of the call that received it, unless it has a place already.
  public func located(fileID: String, line: Int) -> ModelExpression {
    ModelExpression(source.located(fileID: fileID, line: line))
  }

  /// - Throws: every problem of the text.
  public func parsed() throws(Problems) -> Expression { try ExpressionParser.parse(source) }
}

extension ModelExpression: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self.init(value) }
  public init(stringInterpolation: ModelTextInterpolation) { self.init(stringInterpolation.text) }
}

extension ModelExpression: CustomStringConvertible {
  public var description: String { text }
}
