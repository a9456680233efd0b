/// Statements of model code, such as a reset or what a synapse does at a spike.
///
/// A literal can hold values (see ``ModelTextInterpolation``). It can be wrong: that shows when it is first used, in an
/// error that draws the place.
public struct ModelCode: Hashable, Sendable, Codable {
  public let source: SourceText

  public init(_ text: String) { source = SourceText(text) }
  public init(_ source: SourceText) { self.source = source }

  public var text: String { source.text }
  /// No character but white space.
  public var isBlank: Bool { text.allSatisfy(\.isWhitespace) }

  /// The same text with the place of the call that received it, unless it has a place already.
  public func located(fileID: String, line: Int) -> ModelCode {
    ModelCode(source.located(fileID: fileID, line: line))
  }

  /// - Throws: every problem of the text.
  public func parsed() throws(Problems) -> [Statement] { try ExpressionParser.parseStatements(source) }
}

extension ModelCode: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self.init(value) }
  public init(stringInterpolation: ModelTextInterpolation) { self.init(stringInterpolation.text) }
}

extension ModelCode: CustomStringConvertible {
  public var description: String { text }
}
