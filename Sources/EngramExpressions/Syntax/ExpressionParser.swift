/// Turns text into trees (COD-1…3). All problems of a text are reported together.
///
/// The grammar is Python's for the operators the language has; what Python has and the language has not is recognised and
/// explained (COD-2).
public enum ExpressionParser {
  /// Parentheses, calls and signs may be nested this deep.
  public static let maximumNesting = 200

  /// Reads one expression.
  ///
  /// - Throws: every problem of the text.
  public static func parse(_ text: String) throws(Problems) -> Expression {
    try parse(SourceText(text))
  }

  /// Reads one expression; line breaks are blanks.
  ///
  /// - Parameters:
  ///   - source: the text with where it stands.
  ///   - span: the part of the source to read; nil for all of it. Spans in the tree count from the source's start.
  /// - Throws: every problem of the text.
  public static func parse(_ source: SourceText, in span: SourceSpan? = nil) throws(Problems) -> Expression {
    var parser = try Parser(source, span: span ?? source.wholeSpan, breaksMatter: false)
    let expression = parser.wholeExpression()
    try parser.throwProblems()
    return expression
  }

  /// Reads one expression that may hold lists, selections and dotted names, as values in model files do (``ArrayForm``).
  ///
  /// - Throws: every problem of the text.
  package static func parseArrays(_ source: SourceText) throws(Problems) -> Expression {
    var parser = try Parser(source, span: source.wholeSpan, breaksMatter: false)
    parser.readsArrays = true
    let expression = parser.wholeExpression()
    try parser.throwProblems()
    return expression
  }

  /// Reads statements, one a line or separated by `;`.
  ///
  /// - Throws: every problem of the text.
  public static func parseStatements(_ text: String) throws(Problems) -> [Statement] {
    try parseStatements(SourceText(text))
  }

  /// Reads statements, one a line or separated by `;`. An empty text is an empty list.
  ///
  /// - Throws: every problem of the text.
  public static func parseStatements(_ source: SourceText, in span: SourceSpan? = nil) throws(Problems) -> [Statement] {
    var parser = try Parser(source, span: span ?? source.wholeSpan, breaksMatter: true)
    let statements = parser.statements()
    try parser.throwProblems()
    return statements
  }
}
