internal import EngramExpressions
internal import EngramUnits

/// Which names variables may have (EQN-5). Every rule has its own sentence.
enum EquationNames {
  /// Kept free so that a model could be read as Python.
  static let pythonKeywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
  ]
  static let specialSymbols: Set<String> = ["t", "dt", "t_in_timesteps", "i", "N"]
  static let refractoryNames: Set<String> = ["not_refractory", "refractory", "refractory_until"]
  /// The rules that hold everywhere.
  static func check(_ name: String, at span: SourceSpan, into problems: inout [Problem]) {
    if let problem = violation(name, at: span) { problems.append(problem) }
  }

  private static func violation(_ name: String, at span: SourceSpan) -> Problem? {
    if let first = name.utf8.first, (48...57).contains(first) { return .name(name, at: span, "names do not begin with a digit") }
    if name.hasPrefix("_") { return .name(name, at: span, "names that begin with an underscore are used internally") }
    if pythonKeywords.contains(name) { return .name(name, at: span, "it is a word of the language") }
    if specialSymbols.contains(name) { return .name(name, at: span, "it has a fixed meaning", hint: meaning(name)) }
    if Equations.isNoiseName(name) { return .name(name, at: span, "xi and names that begin with xi_ stand for noise") }
    if refractoryNames.contains(name) { return .name(name, at: span, "it belongs to the refractory mechanism") }
    if DefaultFunctions.byName[name] != nil { return .name(name, at: span, "it is a function") }
    if DefaultConstants.byName[name] != nil { return .name(name, at: span, "it is a constant") }
    if UnitCatalogue.standard.lookup(name) != nil { return .name(name, at: span, "it is a unit") }
    return nil
  }

  private static func meaning(_ name: String) -> String {
    switch name {
    case "t": "t is the time"
    case "dt": "dt is the step length"
    case "t_in_timesteps": "t_in_timesteps is the number of the step"
    case "i": "i is the number of the element"
    default: "N is the number of elements"
    }
  }

  /// The rules of the owner.
  static func check(_ equation: SingleEquation, context: EquationContext, into problems: inout [Problem]) {
    let name = equation.name
    let hasSuffix = name.hasSuffix("_pre") || name.hasSuffix("_post")
    switch context {
    case .neurons, .compartments:
      if hasSuffix { problems.append(.name(name, at: equation.nameSpan, "names that end in _pre or _post refer to the groups that synapses connect")) }
    case .synapses:
      if name == "j" || name == "delay" {
        problems.append(.name(name, at: equation.nameSpan, name == "j" ? "it is the number of the target element" : "it is the delay of the synapse"))
      }
      if hasSuffix, !equation.flags.contains(.summed) {
        problems.append(
          .name(
            name, at: equation.nameSpan, "names that end in _pre or _post refer to the groups that the synapses connect",
            hint: "only a summed variable has the name of a variable of these groups"))
      }
      if equation.flags.contains(.summed), !hasSuffix {
        problems.append(
          .name(
            name, at: equation.nameSpan, "a summed variable is named after a variable of the connected groups",
            hint: "'\(name)_post' sums into '\(name)' of the target"))
      }
    }
  }
}

extension Equations {
  /// `xi`, `xi_1`, `xi_left`, …: unit white noise (EQN-13).
  static func isNoiseName(_ name: String) -> Bool { name == "xi" || name.hasPrefix("xi_") }
}
