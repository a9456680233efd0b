internal import EngramExpressions
internal import EngramScalars
internal import EngramUnits

/// What is wrong with a text of equations; each sentence is written once.
extension Problem {
  // MARK: Grammar (EQN-1, EQN-2)

  static func missingUnit(_ range: Range<Int>, head: String, hasRightSide: Bool) -> Problem {
    let end = SourceSpan(range.upperBound, range.upperBound)
    if hasRightSide {
      return Problem(
        .syntax, "this equation has no unit", at: end, expected: ["':' and a unit after the right-hand side"],
        hint: "write 1 for a number without unit, as in x = 2*y : 1")
    }
    if head.isName {
      return Problem(.syntax, "'\(head)' has no unit", at: end, expected: ["':' and a unit"], hint: "a parameter is declared as \(head) : volt", name: head)
    }
    return Problem(
      .syntax, "this is not an equation", at: SourceSpan(range.lowerBound, range.upperBound),
      expected: ["dx/dt = expression : unit", "x = expression : unit", "x : unit"])
  }

  static func semicolon(at offset: Int) -> Problem {
    Problem(.syntax, "';' does not separate equations", at: SourceSpan(offset, offset + 1), hint: "write each equation on a line of its own")
  }

  static func secondColon(at offset: Int) -> Problem {
    Problem(.syntax, "there is a second ':' on this line", at: SourceSpan(offset, offset + 1), hint: "write each equation on a line of its own")
  }

  static func secondEqualSign(at offset: Int) -> Problem {
    Problem(.syntax, "there is a second '=' in this equation", at: SourceSpan(offset, offset + 1), hint: "a comparison is written ==")
  }

  static func augmentedAssignment(_ span: SourceSpan, text: String) -> Problem {
    Problem(
      .syntax, "equations define variables with '='", at: span, found: "'\(text)'", hint: "assignments such as x \(text) y belong into reset or event code")
  }

  static func emptyRightSide(_ span: SourceSpan, head: String) -> Problem {
    Problem(.syntax, "the right-hand side of '\(head)' is missing", at: span, hint: head.isName ? "a parameter has no '=': \(head) : unit" : nil)
  }

  static func emptyUnit(at colon: Int) -> Problem {
    Problem(.syntax, "the unit after ':' is missing", at: SourceSpan(colon, colon + 1), expected: ["a unit such as volt", "1", "integer", "boolean"])
  }

  static func unbalancedFlags(_ span: SourceSpan) -> Problem {
    Problem(.syntax, "the parentheses after ':' do not match", at: span, hint: "unit and flags stand on one line, as in volt (unless refractory)")
  }

  static func comparisonAsDefinition(at offset: Int) -> Problem {
    Problem(
      .syntax, "an equation defines its variable with a single '='", at: SourceSpan(offset, offset + 2),
      expected: ["dx/dt = expression : unit", "x = expression : unit"])
  }

  static func missingName(at offset: Int) -> Problem {
    Problem(.syntax, "the name of the variable is missing", at: SourceSpan(offset, offset + 1), expected: ["dx/dt", "x"])
  }

  static func derivativeWithoutRightSide(_ span: SourceSpan, name: String) -> Problem {
    Problem(.syntax, "the differential equation of '\(name)' has no right-hand side", at: span, expected: ["d\(name)/dt = expression : unit"], name: name)
  }

  static func notWithRespectToTime(_ span: SourceSpan, name: String, found: String) -> Problem {
    Problem(.syntax, "differential equations are derivatives with respect to t", at: span, expected: ["d\(name)/dt"], found: "'\(found)'", name: name)
  }

  static func higherDerivative(_ span: SourceSpan, order: Int, name: String) -> Problem {
    Problem(
      .syntax, "differential equations are of first order; this one is of order \(order)", at: span,
      hint: "write it with another variable for the derivative: d\(name)/dt = \(name)_rate : unit, and d\(name)_rate/dt = … : unit/second", name: name)
  }

  static func wrongHead(_ span: SourceSpan, found: String) -> Problem {
    let isPrimed = found.hasSuffix("'") && String(found.dropLast()).isName
    return Problem(
      .syntax, "this cannot stand on the left of an equation", at: span, expected: isPrimed ? ["d\(found.dropLast())/dt"] : ["dx/dt", "x"], found: "'\(found)'",
      hint: isPrimed ? nil : found.utf8.contains { $0 >= 0x80 } ? "names consist of the letters A-Z and a-z, digits and underscore" : nil)
  }

  // MARK: Names (EQN-5, EQN-6)

  static func name(_ name: String, at span: SourceSpan, _ reason: String, hint: String? = nil) -> Problem {
    Problem(.syntax, "'\(name)' cannot be the name of a variable: \(reason)", at: span, hint: hint, name: name)
  }

  static func duplicate(_ name: String, at span: SourceSpan) -> Problem {
    Problem(.syntax, "'\(name)' is defined more than once", at: span, name: name)
  }

  // MARK: Units and types (EQN-3, EQN-4)

  static func notFloat(_ name: String, type: ValueType, at span: SourceSpan) -> Problem {
    Problem(
      .type, "the differential equation of '\(name)' must define a float variable", at: span, expected: ["a unit, or 1"], found: type.rawValue, name: name)
  }

  // MARK: Flags (EQN-7, EQN-8)

  static func unknownFlag(_ text: String, at span: SourceSpan) -> Problem {
    let all = EquationFlag.allCases.map(\.rawValue)
    let hint = nearest(text, in: all).map { "did you mean '\($0)'?" }
    return Problem(.syntax, text.isEmpty ? "a flag is missing" : "there is no flag '\(text)'", at: span, expected: all, hint: hint)
  }

  static func repeatedFlag(_ flag: EquationFlag, at span: SourceSpan) -> Problem {
    Problem(.syntax, "the flag '\(flag.rawValue)' is given twice", at: span)
  }

  static func flagNotAllowed(_ flag: EquationFlag, _ equation: SingleEquation, context: EquationContext, at span: SourceSpan) -> Problem {
    let allowed = context.allowedFlags(for: equation.kind).map(\.rawValue)
    return Problem(
      .syntax, "a \(equation.kind.title) of \(context.title) cannot have the flag '\(flag.rawValue)'", at: span, expected: allowed, name: equation.name)
  }

  static func excludedFlags(_ flag: EquationFlag, _ other: EquationFlag, name: String, at span: SourceSpan) -> Problem {
    Problem(.syntax, "the flags '\(flag.rawValue)' and '\(other.rawValue)' of '\(name)' exclude each other", at: span, name: name)
  }

  // MARK: Meaning (EQN-9, EQN-10, EQN-13, EQN-19, SYN-52)

  static func cycle(_ names: [String], at span: SourceSpan) -> Problem {
    let path = (names + [names[0]]).map { "'\($0)'" }.joined(separator: " -> ")
    return Problem(
      .syntax, names.count == 1 ? "the subexpression '\(names[0])' refers to itself" : "subexpressions refer to each other in a circle: \(path)", at: span,
      name: names[0])
  }

  static func tooDeep(_ name: String, at span: SourceSpan) -> Problem {
    Problem(
      .limit, "'\(name)' becomes too large when its subexpressions are inserted", at: span,
      hint: "store an intermediate result with the flag 'constant over dt'", name: name)
  }

  static func noiseOutside(_ noise: String, equation: SingleEquation, at span: SourceSpan) -> Problem {
    Problem(
      .type, "the noise '\(noise)' may appear in differential equations only, not in the \(equation.kind.title) '\(equation.name)'", at: span,
      name: equation.name)
  }

  static func plainNoiseTwice(_ names: [String], at span: SourceSpan) -> Problem {
    Problem(
      .syntax, "'xi' appears in the equations of \(names.map { "'\($0)'" }.joined(separator: " and "))", at: span,
      hint: "name the noises: xi_1 and xi_2 for independent ones, xi_1 in both for a common one", name: "xi")
  }
}
