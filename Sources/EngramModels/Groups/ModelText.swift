internal import EngramExpressions

/// Statements with the text they came from.
struct ParsedCode {
  let text: String
  let statements: [Statement]

  init(_ code: ModelCode) throws {
    text = code.text
    statements = try code.parsed()
  }
}
