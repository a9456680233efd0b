/// One expression of model code, such as a threshold or an initial value.
///
/// A literal can hold values (see ``ModelTextInterpolation``). It can be wrong: that shows when it is first used, in an
/// error that draws the place.
public struct ModelExpression: Hashable, Sendable, Codable {
  /// The text with where it stands.
  public let source: SourceText

  /// An expression from a text that was made elsewhere.
  public init(_ text: String) { source = SourceText(text) }
  /// An expression from a text with a known place.
  public init(_ source: SourceText) { self.source = source }

  /// The text alone.
  public var text: String { source.text }

  /// The same text with the place of the call that received it, unless it has a place already.
  public func located(fileID: String, line: Int) -> ModelExpression {
    ModelExpression(source.located(fileID: fileID, line: line))
  }

  /// The expression as a tree.
  ///
  /// - Throws: every problem of the text.
  public func parsed() throws(Problems) -> Expression { try ExpressionParser.parse(source) }
}

extension ModelExpression: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self.init(value) }
  /// An expression with values from Swift in it.
  public init(stringInterpolation: ModelTextInterpolation) { self.init(stringInterpolation.text) }
}

extension ModelExpression: CustomStringConvertible {
  public var description: String { text }
}
