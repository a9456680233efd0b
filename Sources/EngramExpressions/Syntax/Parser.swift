/// The state of reading one text: tokens, where we are, and what was wrong so far.
///
/// A construct that cannot be read is reported and stands in the tree as a placeholder; reading goes on behind it. A tree
/// with placeholders never leaves the parser, because its problems are thrown first. Mistakes whose meaning is clear (`^`,
/// `&&`, `=` for `==`) are reported and read as what was meant.
struct Parser {
  let source: SourceText
  private let tokens: [Token]
  private var position = 0
  private var nesting = 0
  private var problems: ProblemCollector
  /// Set when a limit was exceeded: what follows would only be noise.
  private var isAborted = false
  private var lastProblemAt = -1
  /// Inside the value of a statement, where `=` is a second assignment and not a comparison.
  var isInStatement = false
  /// Lists, selections and dotted names are read as well (``ArrayForm``).
  var readsArrays = false

  init(_ source: SourceText, span: SourceSpan, breaksMatter: Bool) throws(Problems) {
    let length = span.upper - span.lower
    guard length <= SourceText.maximumByteCount else {
      throw Problems(
        Problem(
          .limit, "the text is too long", at: SourceSpan(span.lower, span.lower),
          expected: ["at most \(SourceText.maximumByteCount) bytes"], found: "\(length) bytes"), in: source)
    }
    self.source = source
    var lexer = Lexer(source, span: span, breaksMatter: breaksMatter)
    tokens = lexer.run()
    problems = lexer.problems
  }

  func throwProblems() throws(Problems) { try problems.throwIfAny(in: source) }

  var current: Token { tokens[position] }
  var next: Token { tokens[min(position + 1, tokens.count - 1)] }
  var previousText: String { position > 0 ? tokens[position - 1].text : "" }
  /// Where the last token read ended.
  var endOfPrevious: Int { position > 0 ? tokens[position - 1].span.upper : current.span.lower }

  mutating func advance() { if position < tokens.count - 1 { position += 1 } }

  mutating func take(_ symbol: String) -> Bool {
    guard current.isSymbol(symbol) else { return false }
    advance()
    return true
  }

  var isAtEndOfStatement: Bool { current.kind == .separator || current.kind == .end }

  /// Reports unless the same place was already reported: one slip, one message.
  mutating func report(_ problem: Problem) {
    guard !isAborted, problem.span.lower != lastProblemAt else { return }
    lastProblemAt = problem.span.lower
    problems.report(problem)
  }

  mutating func report(_ message: String, at span: SourceSpan, expected: [String] = [], found: String? = nil, hint: String? = nil) {
    report(Problem(.syntax, message, at: span, expected: expected, found: found, hint: hint))
  }

  /// Reports a limit and gives up the rest of the text.
  mutating func abort(_ problem: Problem) -> Expression {
    report(problem)
    isAborted = true
    position = tokens.count - 1
    return placeholder
  }

  var placeholder: Expression { Expression(.name("?"), span: current.span) }

  /// Runs one level deeper; too deep gives nil.
  mutating func nested(_ body: (inout Parser) -> Expression) -> Expression {
    guard nesting < ExpressionParser.maximumNesting else {
      return abort(
        Problem(
          .limit, "the expression is nested too deeply", at: current.span,
          expected: ["at most \(ExpressionParser.maximumNesting) levels of parentheses, calls and signs"],
          hint: "split it with temporary variables or subexpressions"))
    }
    nesting += 1
    defer { nesting -= 1 }
    return body(&self)
  }

  /// Moves to the next `,` or closing parenthesis of the present level, or to the end of the statement.
  mutating func skipToDelimiter() {
    var open = 0
    while !isAtEndOfStatement {
      if current.kind == .symbol {
        switch current.text {
        case "(", "[", "{": open += 1
        case ")", "]", "}":
          if open == 0 { return }
          open -= 1
        case "," where open == 0: return
        default: break
        }
      }
      advance()
    }
  }

  mutating func skipStatement() { while !isAtEndOfStatement { advance() } }
}
