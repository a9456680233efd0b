/// What values in files have beside model code: lists, selections from lists, and dotted names.
///
/// In the tree they are calls of names that no text can write, so that everything else about trees holds for them, too.
package enum ArrayForm {
  /// `[a, b]`: its items are the arguments.
  package static let list = "[]"
  /// `a[1, 2:5]`: the first argument is what is selected from, the others are positions and ranges.
  package static let selection = "[…]"
  /// `2:5` or `2:5:2` in brackets: lower end, upper end, step.
  package static let range = "[:]"
  /// An end of a range that is not written.
  package static let open = "[open]"
}

extension Parser {
  /// `[a, b, c]`.
  mutating func list(_ open: Token) -> Expression {
    advance()
    var items: [Expression] = []
    while !isAtEndOfStatement, !current.isSymbol("]") {
      items.append(nested { $0.expression() })
      if !take(","), !current.isSymbol("]"), !isAtEndOfStatement {
        reportRest()
        skipToDelimiter()
        if !take(",") { break }
      }
    }
    if !take("]") { report("this '[' is never closed", at: open.span) }
    return checked(Expression(.call(ArrayForm.list, items), span: SourceSpan(open.span.lower, endOfPrevious)), at: open)
  }

  /// `[1]`, `[2:5]`, `[1, :]` behind what they select from.
  mutating func selection(of base: Expression) -> Expression {
    let open = current
    advance()
    var parts = [base]
    repeat { parts.append(selector()) } while take(",")
    if !take("]") {
      report("this '[' is never closed", at: open.span)
      skipToDelimiter()
      if current.isSymbol("]") { advance() }
    }
    return checked(Expression(.call(ArrayForm.selection, parts), span: SourceSpan(base.span.lower, endOfPrevious)), at: open)
  }

  private mutating func selector() -> Expression {
    let start = current.span.lower
    var ends: [Expression] = [end()]
    while ends.count < 3, take(":") { ends.append(end()) }
    guard ends.count > 1 else {
      if case .name(ArrayForm.open) = ends[0].node { report("a position or a range is missing here", at: current.span) }
      return ends[0]
    }
    return Expression(.call(ArrayForm.range, ends), span: SourceSpan(start, endOfPrevious))
  }

  /// An end of a range, which may be left out.
  private mutating func end() -> Expression {
    if current.isSymbol(":") || current.isSymbol("]") || current.isSymbol(",") || isAtEndOfStatement {
      return Expression(.name(ArrayForm.open), span: SourceSpan(current.span.lower, current.span.lower))
    }
    return nested { $0.expression() }
  }

  private mutating func checked(_ tree: Expression, at open: Token) -> Expression {
    tree.height <= Expression.maximumHeight
      ? tree
      : abort(Problem(.limit, "the lists are nested too deeply", at: open.span, expected: ["at most \(Expression.maximumHeight) levels"]))
  }
}
