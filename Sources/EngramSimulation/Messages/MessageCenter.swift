import EngramScalars
import Logging
import Synchronization

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

  var logLevel: Logger.Level {
    switch self {
    case .diagnostic: .trace
    case .debug: .debug
    case .info: .info
    case .warning: .warning
    case .error: .error
    case .critical: .critical
    }
  }
}

/// Something the simulator had to say.
public struct Message: Sendable, Hashable, CustomStringConvertible {
  public let level: MessageLevel
  /// Dotted name, such as `namespace.resolution_conflict` (LOG-2).
  public let category: String
  public let text: String

  public var description: String { "\("\(level)".uppercased()) \(category): \(text)" }
}

/// Where messages go: to `swift-log`, to the log file, or to whoever captures them.
public enum Messages {
  @TaskLocal static var collector: MessageCollector?
  /// Texts of messages that appear once per process.
  private static let shown = Mutex<Set<String>>([])

  /// - Parameters:
  ///   - category: dotted name, without the leading `engram.`
  ///   - once: whether the message appears only once per process. Captured messages always appear.
  package static func emit(_ level: MessageLevel, _ category: String, _ text: String, once: Bool = false) {
    if MagicScope.current.messages.isSuppressed(category) { return }
    let message = Message(level: level, category: category, text: text)
    if let collector { return collector.add(message) }
    if once, !shown.withLock({ $0.insert(category + "\n" + text).inserted }) { return }
    LogFile.shared.write(message)
    guard level >= (MessageLevel(named: prefs[.consoleLogLevel]) ?? .info) else { return }
    var logger = Logger(label: "engram." + category)
    logger.logLevel = min(logger.logLevel, level.logLevel)
    logger.log(level: level.logLevel, "\(text.visibleParagraph)")
  }

  /// Drops messages of a category and of those below it, in the current scope and for all of its tasks (LOG-2).
  public static func suppress(_ category: String) { MagicScope.current.messages.suppress(category) }
  public static func unsuppress(_ category: String) { MagicScope.current.messages.unsuppress(category) }

  /// Runs `body` and returns what it had to say instead of showing it (LOG-3).
  public static func capturing<R>(_ body: () throws -> R) rethrows -> (result: R, messages: [Message]) {
    let collector = MessageCollector()
    let result = try $collector.withValue(collector) { try body() }
    return (result, collector.messages)
  }

  public static func capturing<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> (result: R, messages: [Message]) {
    let collector = MessageCollector()
    let result = try await $collector.withValue(collector, operation: body, isolation: isolation)
    return (result, collector.messages)
  }

  static func unusedObject(name: String, type: String, createdAt: SourceLocation) {
    guard prefs[.warnForUnusedObjects] else { return }
    emit(
      .warning, "base.unused_brian_object",
      "object '\(name)' (\(type), created at \(createdAt)) was never part of a network")
  }
}

/// Keeps messages for a test or a tool.
final class MessageCollector: Sendable {
  private let store = Mutex<[Message]>([])
  var messages: [Message] { store.withLock { $0 } }
  func add(_ message: Message) { store.withLock { $0.append(message) } }
}

/// What a scope does not want to hear. Any task of the scope may ask and may change it.
final class MessageCenter: Sendable {
  private let suppressed = Mutex<Set<String>>([])

  func suppress(_ category: String) { _ = suppressed.withLock { $0.insert(category) } }
  func unsuppress(_ category: String) { _ = suppressed.withLock { $0.remove(category) } }

  func isSuppressed(_ category: String) -> Bool {
    suppressed.withLock { suppressed in
      if suppressed.isEmpty { return false }
      var rest = Substring(category)
      while true {
        if suppressed.contains(String(rest)) { return true }
        guard let dot = rest.lastIndex(of: ".") else { return false }
        rest = rest[..<dot]
      }
    }
  }
}
