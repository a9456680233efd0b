/// Statements of model code, such as a reset or what a synapse does at a spike: one a line, or separated by `;`.
///
/// ```swift
/// let rest = -70 * mV
/// let reset: ModelCode = "v = \(rest); spike_count += 1"   // the value goes in with all its digits and its unit
/// let statements = try reset.parsed()
/// ```
///
/// A literal can hold values (see ``ModelTextInterpolation``). It can be wrong: that shows when it is first used, in an
/// error that draws the place.
public struct ModelCode: Hashable, Sendable, Codable {
  /// The text with where it stands.
  public let source: SourceText

  /// Code from a text that was made elsewhere.
  public init(_ text: String) { source = SourceText(text) }
  /// Code from a text with a known place.
  public init(_ source: SourceText) { self.source = source }

  /// The text alone.
  public var text: String { source.text }
  /// No character but white space.
  public var isBlank: Bool { text.allSatisfy(\.isWhitespace) }

  /// The same text with the place of the call that received it, unless it has a place already.
  public func located(fileID: String, line: Int) -> ModelCode {
    ModelCode(source.located(fileID: fileID, line: line))
  }

  /// The statements of the text.
  ///
  /// - Throws: every problem of the text.
  public func parsed() throws(Problems) -> [Statement] { try ExpressionParser.parseStatements(source) }
}

extension ModelCode: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self.init(value) }
  /// Code with values from Swift in it.
  public init(stringInterpolation: ModelTextInterpolation) { self.init(stringInterpolation.text) }
}

extension ModelCode: CustomStringConvertible {
  public var description: String { text }
}
