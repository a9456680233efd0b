public import EngramScalars

/// Everything that is wrong with a model text, sorted by place.
public struct Problems: ExplainedError, Hashable, Sendable {
  /// The text with the mistakes.
  public let source: SourceText
  /// Never empty; at most `Problems.limit` are kept.
  public let problems: [Problem]
  /// How many more there were.
  public let omitted: Int

  /// How many problems of one text are told at most.
  public static let limit = 50

  /// These problems of a text; those beyond the limit are counted.
  public init(_ problems: [Problem], in source: SourceText, omitted: Int = 0) {
    let sorted = problems.enumerated().sorted { ($0.element.span.lower, $0.offset) < ($1.element.span.lower, $1.offset) }
    self.source = source
    self.problems = sorted.prefix(Self.limit).map(\.element)
    self.omitted = omitted + max(0, problems.count - Self.limit)
  }

  /// One problem of a text.
  public init(_ problem: Problem, in source: SourceText) { self.init([problem], in: source) }
}

extension Problems {
  /// Each problem with its place, its source line, a caret under what it is about, and the facts.
  public var description: String {
    var parts = problems.map { $0.drawn(in: source) }
    if omitted > 0 { parts.append("… and \(omitted) more problem\(omitted == 1 ? "" : "s")") }
    return parts.joined(separator: "\n")
  }
}

extension Problem {
  /// The problem as a good compiler would show it.
  public func drawn(in source: SourceText) -> String {
    var lines = ["\(source.describePlace(of: span.lower)): \(severity.rawValue): \(message)"]
    if let (text, carets) = excerpt(of: source) { lines += ["    " + text, "    " + carets] }
    if !expected.isEmpty { lines.append("  expected: " + Self.list(expected)) }
    if let found { lines.append("  found: " + found) }
    if let hint { lines.append("  hint: " + hint) }
    return lines.joined(separator: "\n")
  }

  /// The source line and the carets below it; long lines are cut around the carets.
  private func excerpt(of source: SourceText) -> (String, String)? {
    guard source.byteCount > 0 else { return nil }
    let (line, start) = source.line(around: span.lower)
    let characters = line.map(Self.printable)
    let before = source[SourceSpan(start, span.lower)].count
    let end = min(max(span.upper, span.lower), start + line.utf8.count)
    let width = max(1, source[SourceSpan(span.lower, end)].count)
    let first = max(0, min(before - 60, characters.count - 120))
    let last = min(characters.count, first + 120)
    let text = (first > 0 ? "…" : "") + String(characters[first..<max(first, last)]) + (last < characters.count ? "…" : "")
    let blanks = characters[min(first, before)..<min(before, characters.count)].map { $0 == "\t" ? "\t" : " " }
    let carets = String(repeating: "^", count: max(1, min(width, last - before)))
    return (text, (first > 0 ? " " : "") + blanks.joined() + carets)
  }

  /// Control characters must not reach a terminal as such: they are shown by their picture.
  private static func printable(_ character: Character) -> Character {
    guard let scalar = character.unicodeScalars.first, character != "\t" else { return character }
    if scalar.value < 0x20, let picture = Unicode.Scalar(0x2400 + scalar.value) { return Character(picture) }
    if scalar.value == 0x7F { return "\u{2421}" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .nonspacingMark: return "\u{FFFD}"
    default: return character
    }
  }
}

/// Collects problems while a text is read; keeps memory bounded whatever the text holds.
struct ProblemCollector {
  private(set) var problems: [Problem] = []
  private(set) var omitted = 0

  var count: Int { problems.count + omitted }

  mutating func report(_ problem: Problem) {
    if problems.count < Problems.limit { problems.append(problem) } else { omitted += 1 }
  }

  func throwIfAny(in source: SourceText) throws(Problems) {
    if !problems.isEmpty { throw Problems(problems, in: source, omitted: omitted) }
  }
}
