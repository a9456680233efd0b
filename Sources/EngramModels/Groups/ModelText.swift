internal import EngramExpressions

/// Statements with the text they came from.
struct ParsedCode {
  let source: SourceText
  let statements: [Statement]
  var text: String { source.text }

  init(_ code: ModelCode) throws {
    source = code.source
    statements = try code.parsed()
  }
}
