public import EngramScalars

/// Full name of a preference: `category.name`, where categories may be nested (PRF-1…3).
public struct PreferenceName: Hashable, Sendable, CustomStringConvertible {
  /// What stands in front of the last dot.
  public let category: String
  /// What stands behind it.
  public let name: String

  /// A full name that was made elsewhere.
  ///
  /// - Throws: `PreferenceError` for what is no name.
  public init(validating text: String) throws(PreferenceError) {
    let (category, name) = parsePreferenceName(text)
    for part in (category.isEmpty ? [] : category.split(separator: ".", omittingEmptySubsequences: false).map(String.init)) + [name] {
      guard PreferenceName.isValid(part) else { throw .invalidName(text) }
    }
    // These words would hide an operation of the mapping of preferences.
    guard !PreferenceName.operations.contains(name) else { throw .reservedName(name) }
    self.category = category
    self.name = name
  }

  public var description: String { category.isEmpty ? name : "\(category).\(name)" }

  private static func isValid(_ text: String) -> Bool { text.isName && text.first != "_" }

  static let operations: Set<String> = [
    "keys", "values", "items", "get", "set", "load", "count", "category", "categories", "names", "documentation", "register", "pop", "update",
    "clear", "resetToDefaults", "asText", "defaultsAsText",
  ]
}

/// `("a.b", "c")` for `a.b.c`, and `("", "x")` for `x`.
public func parsePreferenceName(_ text: String) -> (category: String, name: String) {
  guard let dot = text.lastIndex(of: ".") else { return ("", text) }
  return (String(text[..<dot]), String(text[text.index(after: dot)...]))
}

/// A preference is unknown or invalid.
public enum PreferenceError: ExplainedError, Hashable, Sendable {
  case invalidName(String)
  case reservedName(String)
  case unknownPreference(String, nearest: String?)
  case unknownCategory(String, nearest: String?)
  case categoryExists(String)
  case preferenceExists(String)
  case invalidValue(name: String, value: String, expected: String)
  case isCategory(String)
  case unreadableLine(file: String, line: Int, text: String)
  case unreadableValue(String)
  case unreadableFile(String, reason: String)

  public var description: String {
    switch self {
    case .invalidName(let text):
      "'\(text)' cannot name a preference: each part begins with a letter and goes on with letters, digits and underscores"
    case .reservedName(let name): "'\(name)' cannot name a preference: it is the name of an operation on preferences"
    case .unknownPreference(let name, let nearest): "there is no preference '\(name)'" + hint(nearest)
    case .unknownCategory(let name, let nearest): "there is no category of preferences '\(name)'" + hint(nearest)
    case .categoryExists(let name): "preferences of the category '\(name)' are registered already"
    case .preferenceExists(let name): "'\(name)' is the name of a preference already"
    case .invalidValue(let name, let value, let expected): "\(value) is not a valid value for preference '\(name)': expected \(expected)"
    case .isCategory(let name): "'\(name)' is a category; values are given to the preferences in it"
    case .unreadableLine(let file, let line, let text): "\(file):\(line): expected 'name = value', '[category]' or a comment, found '\(text)'"
    case .unreadableValue(let text): "'\(text)' is not a value: expected a number, a quantity such as 3*mV, a text in quotes, true, false or a list"
    case .unreadableFile(let path, let reason): "cannot read preferences from '\(path)': \(reason)"
    }
  }

  private func hint(_ nearest: String?) -> String { nearest.map { "; did you mean '\($0)'?" } ?? "" }
}
