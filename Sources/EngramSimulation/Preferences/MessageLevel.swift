/// How urgent a message is (LOG-1).
public enum MessageLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
  case diagnostic, debug, info, warning, error, critical

  public static func < (a: MessageLevel, b: MessageLevel) -> Bool { a.rawValue < b.rawValue }

  /// By its name in upper case, as in preferences.
  public init?(named name: String) {
    guard let level = MessageLevel.allCases.first(where: { "\($0)" == name.lowercased() }) else { return nil }
    self = level
  }

  /// All of them, for messages.
  static let names = allCases.map { "\($0)".uppercased() }.joined(separator: ", ")
}
