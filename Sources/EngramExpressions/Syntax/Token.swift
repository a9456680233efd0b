import EngramScalars

/// The smallest meaningful piece of model code.
struct Token: Equatable {
  enum Kind: Equatable {
    case integer(Int64)
    case float(Double)
    case name
    /// `and`, `or`, `not`, `True`, `False`.
    case keyword
    /// A word that Python reserves and this language does not use.
    case reserved
    /// Operators, parentheses and commas.
    case symbol
    /// A string literal, which the language does not have.
    case string
    /// What could not be read; reported when it was met.
    case unreadable
    /// A line break or `;`, where statements end.
    case separator
    case end
  }

  var kind: Kind
  var span: SourceSpan
  /// As written; for symbols, what it stands for after mending.
  var text: String

  func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

  /// What messages call it.
  var readable: String {
    switch kind {
    case .separator: text == ";" ? "';'" : "the end of the line"
    case .end: "the end of the text"
    case .string: "a string"
    default: "'\(text)'"
    }
  }
}

/// Words with a meaning of their own.
package enum ReservedWords {
  static let keywords: Set<String> = ["and", "or", "not", "True", "False"]
  /// Python's other keywords: kept free so that models stay portable (EQN-5).
  static let python: Set<String> = [
    "None", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally",
    "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "pass", "raise", "return", "try", "while",
    "with", "yield",
  ]
  /// Every word that cannot be a name.
  package static let all: Set<String> = keywords.union(python)

  /// Whether a text is a name of the model language: ASCII letters, digits and underscores, no digit first, no keyword.
  package static func isName(_ text: String) -> Bool { text.isName && !all.contains(text) }
}
