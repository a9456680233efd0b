internal import EngramExpressions
internal import EngramScalars
internal import EngramUnits

/// What is wrong between equations that were understood one by one; each sentence is written once.
extension Problem {
  static func sharedUses(_ name: String, other: String, at span: SourceSpan) -> Problem {
    Problem(
      .type, "the shared subexpression '\(name)' refers to '\(other)', which has a value per element", at: span, expected: ["shared variables only"], name: name
    )
  }

  static func statefulSubexpression(_ name: String, function: String, at span: SourceSpan) -> Problem {
    Problem(
      .type, "the subexpression '\(name)' calls '\(function)()', which gives another value each time", at: span,
      hint: "with the flag (constant over dt) it is computed once per step: \(name) = ... : unit (constant over dt)", name: name)
  }

  static func eventDrivenDependence(
    _ name: String, _ other: String, kind: CheckedEquations.Updating, otherKind: CheckedEquations.Updating, path: [String], at span: SourceSpan
  ) -> Problem {
    let way = path.count > 2 ? " (through \(path.dropFirst().dropLast().map { "'\($0)'" }.joined(separator: ", ")))" : ""
    let what = kind == .eventDriven || kind == .clockDriven ? "equation of " : "variable "
    let hint =
      kind == .eventDriven || kind == .clockDriven
      ? nil : "an event-driven variable is up to date only when a spike arrives; flag the equation of '\(other)' (clock-driven)"
    return Problem(
      .type, "the \(kind.rawValue) \(what)'\(name)' depends on the \(otherKind.rawValue) variable '\(other)'\(way)", at: span, hint: hint, name: name)
  }

  static func wrongDimension(_ equation: SingleEquation, found: Dimension, at span: SourceSpan) -> Problem {
    let what = equation.kind == .differential ? "the right-hand side of d\(equation.name)/dt" : "the subexpression '\(equation.name)'"
    let text = equation.expression.map { LinearSystem.shown($0) } ?? ""
    return Problem(
      .dimensions, "\(what), \(text), has the wrong unit", at: span, expected: [equation.rightSideDimension.readableUnit], found: found.readableUnit,
      hint: equation.kind == .differential ? "it must be the unit of '\(equation.name)' divided by second" : nil, name: equation.name)
  }

  static func wrongType(_ equation: SingleEquation, found: ValueType, at span: SourceSpan) -> Problem {
    Problem(
      .type, "the \(equation.kind.title) '\(equation.name)' is declared as \(equation.type.rawValue)", at: span, expected: [equation.type.rawValue],
      found: found.rawValue,
      name: equation.name)
  }
}
