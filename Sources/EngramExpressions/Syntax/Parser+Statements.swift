extension Parser {
  /// All statements of the text.
  mutating func statements() -> [Statement] {
    isInStatement = true
    var statements: [Statement] = []
    while current.kind != .end {
      if current.kind == .separator {
        advance()
      } else if let statement = statement() {
        statements.append(statement)
      } else {
        skipStatement()
      }
    }
    return statements
  }

  /// `name op expression`; nil after a problem from which the rest of the line cannot be read.
  private mutating func statement() -> Statement? {
    let target = current
    guard target.kind == .name else {
      reportTarget(target)
      return nil
    }
    advance()
    guard let op = statementOperator(target) else { return nil }
    advance()
    if isAtEndOfStatement {
      report("the value of '\(target.text)' is missing", at: SourceSpan(endOfPrevious, endOfPrevious), expected: ["an expression"], found: current.readable)
      return nil
    }
    let value = expression()
    while !isAtEndOfStatement {
      reportRest()
      skipToDelimiter()
      if !isAtEndOfStatement {
        advance()
        if !isAtEndOfStatement { _ = expression() }
      }
    }
    return Statement(target.text, op, value, targetSpan: target.span)
  }

  private mutating func statementOperator(_ target: Token) -> Statement.Operator? {
    let token = current
    if token.kind == .symbol, let op = Statement.Operator(rawValue: token.text) { return op }
    let allowed = ["'='", "'+='", "'-='", "'*='", "'/='", "'%='"]
    switch (token.kind, token.text) {
    case (.symbol, "**="), (.symbol, "//="), (.symbol, "@="), (.symbol, "&="), (.symbol, "|="), (.symbol, "^="), (.symbol, "<<="), (.symbol, ">>="):
      let plain = token.text.dropLast()
      report(
        "the operator '\(token.text)' is not supported", at: token.span, expected: allowed,
        hint: ["**=", "//="].contains(token.text) ? "write '\(target.text) = \(target.text) \(plain) …'" : nil)
    case (.symbol, "=="):
      report("a comparison is not a statement", at: token.span, hint: "to assign, write '\(target.text) = …'")
    case (.symbol, ":="):
      report("':=' is not an operator of the language", at: token.span, hint: "write '='")
    case (.symbol, "["):
      report(
        "only whole variables can be assigned, not '\(target.text)[…]'", at: token.span, hint: "a model variable always means the value of the element at hand")
    case (.symbol, "."):
      report("only variables can be assigned, not attributes of '\(target.text)'", at: token.span)
    case (.symbol, ","):
      report("only one variable can be assigned at a time", at: token.span, hint: "write one assignment a line")
    case (.symbol, "("):
      report("a call is not a statement", at: target.span.union(token.span), hint: "assign its value: 'name = \(target.text)(…)'")
    case (.symbol, ":"):
      report("declarations such as '\(target.text) : …' are not statements", at: token.span, hint: "to assign, write '\(target.text) = …'")
    case (.symbol, "+") where next.isSymbol("+"), (.symbol, "-") where next.isSymbol("-"):
      report(
        "'\(token.text)\(token.text)' is not an operator of the language", at: token.span.union(next.span), hint: "write '\(target.text) \(token.text)= 1'")
    case (.unreadable, _): break
    default:
      report(
        "this is not an assignment", at: token.span == current.span && isAtEndOfStatement ? target.span : token.span, expected: allowed, found: token.readable)
    }
    return nil
  }

  private mutating func reportTarget(_ token: Token) {
    switch token.kind {
    case .reserved:
      let hint = ["if", "elif", "else"].contains(token.text) ? "write 'x = x*int(not condition) + value*int(condition)'" : "a statement is 'name = expression'"
      report("'\(token.text)' is not part of the language", at: token.span, hint: hint)
    case .keyword: report("'\(token.text)' cannot be assigned", at: token.span)
    case .integer, .float: report("a number cannot be assigned", at: token.span, expected: ["the name of a variable"], found: token.readable)
    case .unreadable, .string: break
    case .symbol, .name, .separator, .end:
      report("a statement begins with the name of a variable", at: token.span, expected: ["'name = expression'"], found: token.readable)
    }
  }
}
