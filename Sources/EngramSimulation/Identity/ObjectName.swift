public import EngramModel
public import EngramScalars

/// A name, or a pattern for one: letters, digits and underscores, not beginning with a digit, optionally followed by
/// one `*` that asks for a unique name (NAM-1).
public struct ObjectName: ExpressibleByStringLiteral, Hashable, Sendable {
  /// The text as written, with the star if there is one.
  public let text: String

  /// The text without the star.
  public var base: String { wantsUnique ? String(text.dropLast()) : text }
  /// Whether a number may be appended to make the name unique.
  public var wantsUnique: Bool { text.hasSuffix("*") }

  /// A name that was made elsewhere.
  ///
  /// - Throws: ``NameError`` for what is no name.
  public init(validating text: String) throws(NameError) {
    guard ObjectName.isValid(text) else { throw NameError(text: text) }
    self.text = text
  }

  /// A malformed literal is a mistake in the program text, found in the first run: it stops there with the rule.
  public init(stringLiteral text: String) {
    precondition(ObjectName.isValid(text), NameError(text: text).description)
    self.text = text
  }

  /// The pattern for something of a kind that was given no name.
  public static func usual(_ kind: ModelKind) -> ObjectName { ObjectName(stringLiteral: kind.usualName) }

  private static func isValid(_ text: String) -> Bool { (text.hasSuffix("*") ? text.dropLast() : text[...]).isName }
}

/// A text that cannot name an object.
public struct NameError: ExplainedError, Hashable, Sendable {
  /// The text that was given.
  public let text: String

  /// An error about this text.
  public init(text: String) { self.text = text }

  public var description: String {
    "'\(text)' is not a valid name: a name consists of ASCII letters, digits and underscores, does not begin with a digit, "
      + "and may end in one '*' that asks for a unique name"
  }
}

/// The name that `pattern` stands for when the names `taken` exist already (NAM-2…4): as written without a star;
/// with a star the base if it is free, else the base with the smallest free number.
public func findName(_ pattern: ObjectName, taken: Set<String>) -> String {
  findName(pattern, isTaken: taken.contains)
}

func findName(_ pattern: ObjectName, firstNumber: Int = 1, isTaken: (String) -> Bool) -> String {
  guard pattern.wantsUnique else { return pattern.text }
  let base = pattern.base
  if !isTaken(base) { return base }
  var number = firstNumber
  while isTaken("\(base)_\(number)") { number += 1 }
  return "\(base)_\(number)"
}
