import EngramUnits

extension Parser {
  /// An expression that fills the whole text.
  mutating func wholeExpression() -> Expression {
    if current.kind == .end {
      report("an expression is missing", at: current.span)
      return placeholder
    }
    var result = expression()
    while current.kind != .end {
      if current.kind == .separator {
        report("an expression cannot hold ';'", at: current.span)
        while current.kind != .end { advance() }
      } else {
        reportRest()
        skipToDelimiter()
        if current.kind == .symbol { advance() }
      }
      if current.kind != .end, current.kind != .separator { result = expression() }
    }
    return result
  }

  mutating func expression() -> Expression { expression(from: .or) }

  /// Operands joined by operators that bind at least as tightly as `lowest`.
  mutating func expression(from lowest: Precedence) -> Expression {
    var left = operand(lowest)
    var isChain = false
    while let op = binaryOperator(), op.precedence >= lowest {
      let symbol = current
      consume(op)
      let right: Expression
      switch op {
      case .power: right = nested { $0.expression(from: .sign) }
      default: right = expression(from: Precedence(rawValue: op.precedence.rawValue + 1) ?? .atom)
      }
      left = Expression(.binary(op, left, right), span: left.span.union(right.span))
      guard left.height <= Expression.maximumHeight else { return abort(tooManyTerms(at: symbol.span)) }
      if op.isComparison, !isChain, let second = binaryOperator(), second.isComparison {
        isChain = true
        report(
          "comparisons cannot be chained", at: current.span,
          hint: "write '\(source[left.span]) and \(source[right.span]) \(second.rawValue) …'")
      }
    }
    return left
  }

  private func tooManyTerms(at span: SourceSpan) -> Problem {
    Problem(
      .limit, "the expression has too many terms in a row", at: span,
      expected: ["at most \(Expression.maximumHeight) levels of operators"],
      hint: "split it with temporary variables or subexpressions")
  }

  // MARK: - Operators

  /// The operator at hand, with slips read as what they mean; nil if there is none.
  private func binaryOperator() -> BinaryOperator? {
    switch current.kind {
    case .keyword: current.text == "and" ? .and : current.text == "or" ? .or : nil
    case .reserved: current.text == "is" ? .equal : nil
    case .symbol: BinaryOperator(rawValue: current.text) ?? Self.slips[current.text]?.meaning
    default: nil
    }
  }

  private static let slips: [String: (meaning: BinaryOperator, message: String, hint: String?)] = [
    "^": (.power, "'^' is not an operator of the language", "powers are written '**'"),
    "&": (.and, "'&' is not an operator of the language", "write 'and'"),
    "&&": (.and, "'&&' is not an operator of the language", "write 'and'"),
    "|": (.or, "'|' is not an operator of the language", "write 'or'"),
    "||": (.or, "'||' is not an operator of the language", "write 'or'"),
    "===": (.equal, "'===' is not an operator of the language", "comparisons are written '=='"),
    "!==": (.notEqual, "'!==' is not an operator of the language", "comparisons are written '!='"),
    "<>": (.notEqual, "'<>' is not an operator of the language", "write '!='"),
    "=": (.equal, "'=' assigns and cannot stand inside an expression", "comparisons are written '=='"),
    ":=": (.equal, "':=' cannot stand inside an expression", "assign in a statement of its own"),
    "<<": (.multiply, "bit operators such as '<<' are not part of the language", "multiply by a power of 2"),
    ">>": (.floorDivide, "bit operators such as '>>' are not part of the language", "divide with '//' by a power of 2"),
    "@": (.multiply, "'@' is not an operator of the language", "products are written '*'"),
  ]

  private mutating func consume(_ op: BinaryOperator) {
    if current.kind == .reserved {
      report("'is' is not an operator of the language", at: current.span, hint: "comparisons are written '=='")
    } else if let slip = Self.slips[current.text] {
      let again = isInStatement && current.text == "="
      report(
        again ? "a statement assigns only once" : slip.message, at: current.span,
        hint: again ? "write one assignment a line; comparisons are written '=='" : slip.hint)
    }
    advance()
  }

  // MARK: - Operands

  private mutating func operand(_ lowest: Precedence) -> Expression {
    let token = current
    switch token.kind {
    case .integer(let value):
      advance()
      return postfix(Expression(.integer(value), span: token.span))
    case .float(let value):
      advance()
      return postfix(Expression(.float(value), span: token.span))
    case .name:
      advance()
      return current.isSymbol("(") ? postfix(call(token)) : postfix(Expression(.name(token.text), span: token.span))
    case .keyword:
      if token.text == "not" { return negation(lowest) }
      guard token.text == "True" || token.text == "False" else { return missingOperand() }
      advance()
      return postfix(Expression(.boolean(token.text == "True"), span: token.span))
    case .symbol: return symbolOperand(token)
    case .unreadable, .string:
      advance()
      return postfix(Expression(.name("?"), span: token.span))
    case .reserved: return reservedOperand(token)
    case .separator, .end: return missingOperand()
    }
  }

  private mutating func symbolOperand(_ token: Token) -> Expression {
    switch token.text {
    case "(": return postfix(parenthesised())
    case "-", "+":
      advance()
      let inner = nested { $0.expression(from: .sign) }
      return Expression(.unary(token.text == "-" ? .minus : .plus, inner), span: token.span.union(inner.span))
    case "!", "~":
      report("'\(token.text)' is not an operator of the language", at: token.span, hint: "write 'not'")
      advance()
      return nested { $0.expression(from: .not) }
    case "[" where readsArrays: return postfix(list(token))
    case "[":
      report("lists are not part of model code", at: token.span)
      return skipped(token)
    case "{":
      report("'{' has no meaning in model code", at: token.span, hint: "group with '(' and ')'")
      return skipped(token)
    default: return missingOperand()
    }
  }

  /// Leaves a construct out and goes on behind it.
  private mutating func skipped(_ first: Token) -> Expression {
    advance()
    skipToDelimiter()
    while current.isSymbol(",") {
      advance()
      skipToDelimiter()
    }
    let closes = current.isSymbol("]") || current.isSymbol("}")
    if closes { advance() }
    return Expression(.name("?"), span: SourceSpan(first.span.lower, endOfPrevious))
  }

  private mutating func negation(_ lowest: Precedence) -> Expression {
    let token = current
    advance()
    if lowest > .not {
      report("'not' needs parentheses here", at: token.span, hint: "write '(not …)'")
    }
    let inner = nested { $0.expression(from: .not) }
    return Expression(.unary(.not, inner), span: token.span.union(inner.span))
  }

  private mutating func reservedOperand(_ token: Token) -> Expression {
    switch token.text {
    case "lambda": report("'lambda' functions are not part of the language", at: token.span, hint: "define the function outside and call it by name")
    case "None": report("'None' is not a value of the language", at: token.span)
    case "if", "for", "while", "def", "return", "import", "from", "del", "pass", "with", "try":
      report("'\(token.text)' is not part of the language", at: token.span, hint: isInStatement ? "a statement is 'name = expression'" : nil)
    default: report("'\(token.text)' is a reserved word and cannot be a name", at: token.span)
    }
    skipToDelimiter()
    return Expression(.name("?"), span: token.span)
  }

  private mutating func missingOperand() -> Expression {
    let after = endOfPrevious
    let isAtEnd = isAtEndOfStatement
    let span = isAtEnd ? SourceSpan(after, after) : current.span
    report("a value is missing here", at: span, expected: ["a number, a name, a call or '('"], found: current.readable)
    let missing = Expression(.name("?"), span: SourceSpan(after, after))
    if !isAtEnd, binaryOperator() == nil, ![")", "]", "}", ","].contains(current.text) { advance() }
    return missing
  }

  private mutating func parenthesised() -> Expression {
    let open = current
    advance()
    if current.isSymbol(")") {
      report("the parentheses are empty", at: open.span.union(current.span))
      advance()
      return Expression(.name("?"), span: open.span)
    }
    var inner = nested { $0.expression() }
    while !isAtEndOfStatement, !current.isSymbol(")") {
      if current.isSymbol(",") {
        report("tuples are not part of the language", at: current.span)
        advance()
        if current.isSymbol(")") { break }
        inner = nested { $0.expression() }
      } else {
        reportRest()
        skipToDelimiter()
        if current.isSymbol("]") || current.isSymbol("}") { advance() }
      }
    }
    closeParenthesis(open)
    return inner.at(SourceSpan(open.span.lower, endOfPrevious))
  }

  private mutating func closeParenthesis(_ open: Token) {
    if take(")") { return }
    report("this '(' is never closed", at: open.span)
  }

  private mutating func call(_ name: Token) -> Expression {
    let open = current
    advance()
    var arguments: [Expression] = []
    while !isAtEndOfStatement, !current.isSymbol(")") {
      arguments.append(argument(of: name))
      if current.isSymbol(",") {
        advance()
        if current.isSymbol(")") { missingArgument(name) }
      } else if !current.isSymbol(")"), !isAtEndOfStatement {
        reportRest()
        skipToDelimiter()
        if current.isSymbol("]") || current.isSymbol("}") { advance() }
      }
    }
    closeParenthesis(open)
    let result = Expression(.call(name.text, arguments), span: SourceSpan(name.span.lower, endOfPrevious))
    return result.height <= Expression.maximumHeight ? result : abort(tooManyTerms(at: name.span))
  }

  private mutating func missingArgument(_ name: Token) {
    report("an argument of '\(name.text)' is missing after ','", at: current.span)
  }

  private mutating func argument(of function: Token) -> Expression {
    if current.kind == .name, next.isSymbol("=") {
      report(
        "arguments cannot be given by name", at: current.span.union(next.span),
        hint: "list the arguments of '\(function.text)' in order")
      advance()
      advance()
    } else if current.isSymbol("*") || current.isSymbol("**") {
      report("'\(current.text)' cannot unpack arguments", at: current.span, hint: "list the arguments of '\(function.text)' one by one")
      advance()
    }
    return nested { $0.expression() }
  }

  // MARK: - What may not follow an operand

  /// Reads and rejects indexing, attributes and calls of things that are not names.
  private mutating func postfix(_ base: Expression) -> Expression {
    var result = base
    while true {
      let token = current
      if readsArrays, token.isSymbol("[") {
        result = selection(of: result)
      } else if readsArrays, token.isSymbol("."), case .name(let name) = result.node, next.kind == .name {
        advance()
        result = Expression(.name(name + "." + current.text), span: result.span.union(current.span))
        advance()
      } else if token.isSymbol("[") {
        report("indexing is not part of model code", at: token.span, hint: "a model variable always means the value of the element at hand")
        _ = skipped(token)
      } else if token.isSymbol(".") {
        result = attribute(of: result)
      } else if token.isSymbol("(") {
        report(
          "only a function name can be called", at: token.span,
          hint: "for a product write '\(source[base.span])*(…)'")
        result = parenthesised()
      } else {
        return result
      }
    }
  }

  private mutating func attribute(of base: Expression) -> Expression {
    let dot = current
    advance()
    guard current.kind == .name else {
      report("'.' has no meaning here", at: dot.span)
      return base
    }
    let name = current
    let isModule = ["np", "numpy", "math", "sympy", "scipy"].contains(base.description)
    report(
      "attributes such as '\(source[base.span]).\(name.text)' are not part of the language", at: dot.span.union(name.span),
      hint: isModule ? "write '\(name.text)' alone" : nil)
    advance()
    return current.isSymbol("(") ? call(name) : Expression(.name("?"), span: base.span.union(name.span))
  }

  /// Says why reading cannot go on at the current token, which is neither an operator nor a delimiter that fits.
  mutating func reportRest() {
    let token = current
    switch token.kind {
    case .integer, .float, .name:
      let previous = previousText
      if token.kind == .name, previous.first?.isNumber == true, let unit = UnitCatalogue.meantUnit(token.text) {
        return report("'\(token.text)' is not a known unit", at: token.span, hint: "write '\(previous)*\(unit)'")
      }
      report(
        "an operator is missing before \(token.readable)", at: token.span, expected: ["an operator or the end of the expression"],
        hint: "for a product write '\(previous == ")" ? "(…)" : previous)*\(token.text)'")
    case .keyword:
      report("an operator is missing before '\(token.text)'", at: token.span)
    case .reserved: reportReservedRest(token)
    case .symbol: reportSymbolRest(token)
    case .unreadable, .string, .separator, .end: break
    }
  }

  private mutating func reportReservedRest(_ token: Token) {
    switch token.text {
    case "if", "else":
      report(
        "conditional expressions are not part of the language", at: token.span,
        hint: "write 'int(condition)*a + int(not condition)*b'")
    case "for": report("'for' is not part of the language", at: token.span)
    case "in": report("'in' is not part of the language", at: token.span, hint: "compare with '==' and join with 'or'")
    default: report("the reserved word '\(token.text)' has no meaning here", at: token.span)
    }
  }

  private mutating func reportSymbolRest(_ token: Token) {
    switch token.text {
    case ")": report("there is no '(' for this ')'", at: token.span)
    case "]", "}": report("there is no opening bracket for this '\(token.text)'", at: token.span)
    case ",": report("tuples are not part of the language", at: token.span)
    case "+=", "-=", "*=", "/=", "%=", "**=", "//=", "&=", "|=", "^=", "@=", "<<=", ">>=":
      report("'\(token.text)' cannot stand inside an expression", at: token.span)
    default: report("'\(token.text)' has no meaning here", at: token.span, expected: ["an operator or the end of the expression"])
    }
  }
}
