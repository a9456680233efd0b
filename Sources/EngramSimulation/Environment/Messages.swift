/// Messages of the current environment: for those who have no object at hand, which knows its own.
public enum Messages {
  /// - Parameters:
  ///   - category: dotted name, without the leading `engram.`
  ///   - once: whether the message appears only once per process. Captured messages always appear.
  package static func emit(_ level: MessageLevel, _ category: String, _ text: String, once: Bool = false) {
    Environment.current.messages.emit(level, category, text, once: once)
  }

  /// Drops messages of a category and of those below it, in the current scope and for all of its tasks (LOG-2).
  public static func suppress(_ category: String) { Environment.current.messages.suppress(category) }
  /// Ends what ``suppress(_:)`` began.
  public static func unsuppress(_ category: String) { Environment.current.messages.unsuppress(category) }

  /// Runs `body` and returns what it had to say instead of showing it (LOG-3).
  public static func capturing<R>(_ body: () throws -> R) rethrows -> (result: R, messages: [Message]) {
    let collector = MessageCollector()
    let result = try MessageCenter.$collector.withValue(collector) { try body() }
    return (result, collector.messages)
  }

  /// The same for work that waits.
  public static func capturing<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> (result: R, messages: [Message]) {
    let collector = MessageCollector()
    let result = try await MessageCenter.$collector.withValue(collector, operation: body, isolation: isolation)
    return (result, collector.messages)
  }
}
