import EngramScalars
import EngramUnits

/// What to say of a name that means nothing.
///
/// Suggestions are of the kind that is missing: a function for a call, a unit for what stands beside a number, else a variable or
/// constant, and a unit only where nothing but the case of a letter is wrong.
public enum UnresolvedNames {
  /// A name that has its meaning in other places only.
  public static func explanation(of name: String) -> String? {
    guard name == "xi" || name.hasPrefix("xi_") else { return nil }
    return "'\(name)' is white noise, which only differential equations (dx/dt = …) can contain; rand() and randn() give random numbers here"
  }

  /// How to mend it.
  ///
  /// - Parameters:
  ///   - name: the name that means nothing.
  ///   - isCall: whether it is called as a function.
  ///   - isUnit: whether the name stands beside a number, where a unit is expected.
  ///   - candidates: names of the kind that is wanted, except units.
  public static func hint(_ name: String, isCall: Bool, isUnit: Bool, candidates: some Sequence<String>) -> String? {
    let found = nearest(name, in: candidates)
    let near = found.map { "did you mean '\($0)'?" }
    if isCall { return knownSlips[name] ?? near }
    if let slip = knownSlips[name] {
      return name.utf8.count == 1 && near != nil ? "\(near ?? "") For the unit \(slip)" : slip
    }
    if isUnit, let unit = nearestUnit(name) { return "did you mean '\(unit)'?" }
    // Wrong capitals are the likeliest slip: they come before another letter.
    let lowered = name.lowercased()
    if let found, found.lowercased() == lowered { return near }
    let unit = UnitCatalogue.standard.names.filter { $0.lowercased() == lowered }.min()
    return unit.map { "did you mean '\($0)'?" } ?? near
  }

  /// The unit of model text that a word probably means.
  public static func nearestUnit(_ word: String) -> String? {
    if let unit = UnitCatalogue.foreignUnit(word) {
      return UnitCatalogue.standard.names.filter { UnitCatalogue.standard.lookup($0) == unit }.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }
    return nearest(word, in: UnitCatalogue.standard.names)
  }

  /// Names from Python and its libraries that the language has under another name.
  private static let knownSlips: [String: String] = [
    "ln": "the natural logarithm is 'log'", "asin": "write 'arcsin'", "acos": "write 'arccos'", "atan": "write 'arctan'",
    "fabs": "write 'abs'", "random": "write 'rand'", "normal": "write 'randn'", "max": "write 'clip(x, low, inf)' with units",
    "min": "write 'clip(x, -inf, high)' with units", "pow": "powers are written '**'", "true": "write 'True'", "false": "write 'False'",
    "nan": "a value that was inserted here is not a number", "heaviside": "write 'int(x > 0)'", "float": "multiply by 1.0",
    "bool": "compare with '!= 0'", "round": "write 'floor(x + 0.5)'", "V": "write 'volt'", "A": "write 'amp'", "s": "write 'second'",
    "F": "write 'farad'", "S": "write 'siemens'",
  ]
}
