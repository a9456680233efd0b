/// Placeholder for the first version of the interface.
final class MessageCenter {}
public enum MessageLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
  case diagnostic, debug, info, warning, error, critical
  public static func < (a: MessageLevel, b: MessageLevel) -> Bool { a.rawValue < b.rawValue }
}
public enum Messages {
  /// - Parameter category: dotted name, without the leading "engram.".
  package static func emit(_ level: MessageLevel, _ category: String, _ text: String, once: Bool = false) {}
  static func unusedObject(name: String, type: String, createdAt: SourceLocation) {}
}
