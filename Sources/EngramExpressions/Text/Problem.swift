public import EngramScalars

/// One thing that is wrong with a model text: what, where, what was expected and found, and how to mend it.
public struct Problem: ExplainedError, Hashable, Sendable {
  /// What sort of mistake it is; callers choose the error they wrap it in by this.
  public enum Kind: String, Hashable, Sendable, Codable {
    /// The text does not follow the grammar, or uses something the language leaves out.
    case syntax
    /// A name that means nothing here.
    case unresolvedName
    /// Units do not agree.
    case dimensions
    /// Booleans, integers and floats, functions and variables are mixed up.
    case type
    /// A write to something that code may not write.
    case readOnly
    /// Larger or deeper than the language allows.
    case limit
    /// Allowed, but the result depends on the order in which elements are handled (COD-12).
    case orderDependence
  }

  /// Whether a text can be used in spite of it.
  public enum Severity: String, Hashable, Sendable, Codable { case error, warning }

  /// What sort of mistake it is.
  public var kind: Kind
  /// An error, or a warning about something that is allowed.
  public var severity: Severity
  /// What is wrong, in one sentence.
  public var message: String
  /// What the message is about.
  public var span: SourceSpan
  /// What would have been accepted here; empty when the message says it all.
  public var expected: [String]
  /// What stands there instead.
  public var found: String?
  /// How to mend it.
  public var hint: String?
  /// The name the problem is about, where it is about one.
  public var name: String?

  /// A problem at a place.
  public init(
    _ kind: Kind, _ message: String, at span: SourceSpan, expected: [String] = [], found: String? = nil, hint: String? = nil,
    name: String? = nil, severity: Severity = .error
  ) {
    self.kind = kind
    self.severity = severity
    self.message = message
    self.span = span
    self.expected = expected
    self.found = found
    self.hint = hint
    self.name = name
  }
}

extension Problem {
  /// One sentence per fact, without the source line; `Problems` draws that.
  public var description: String {
    var parts = [message]
    if !expected.isEmpty { parts.append("expected " + Self.list(expected)) }
    if let found { parts.append("found " + found) }
    if let hint { parts.append(hint) }
    return parts.joined(separator: "; ")
  }

  /// `a, b or c`.
  static func list(_ words: [String], lastWord: String = "or") -> String {
    guard let last = words.last else { return "" }
    if words.count == 1 { return last }
    return words.dropLast().joined(separator: ", ") + " \(lastWord) " + last
  }
}
