import EngramScalars
import Logging
import Synchronization

/// Something the simulator had to say.
public struct Message: Sendable, Hashable, CustomStringConvertible {
  /// How important it is.
  public let level: MessageLevel
  /// Dotted name, such as `namespace.resolution_conflict` (LOG-2).
  public let category: String
  /// What it says, in words.
  public let text: String

  public var description: String { "\("\(level)".uppercased()) \(category): \(text)" }
}

/// Where messages go: to `swift-log`, to the log file, or to whoever captures them; and what is not wanted of them.
///
/// Any task of an environment may use its messages.
package final class MessageCenter: Sendable {
  @TaskLocal static var collector: MessageCollector?
  /// Texts of messages that appear once per process.
  private static let shown = Mutex<Set<String>>([])
  private let preferences: Preferences
  private let suppressed = Mutex<Set<String>>([])

  init(_ preferences: Preferences) { self.preferences = preferences }

  /// - Parameters:
  ///   - category: dotted name, without the leading `engram.`
  ///   - once: whether the message appears only once per process. Captured messages always appear.
  package func emit(_ level: MessageLevel, _ category: String, _ text: String, once: Bool = false) {
    if isSuppressed(category) { return }
    let message = Message(level: level, category: category, text: text)
    if let collector = MessageCenter.collector { return collector.add(message) }
    if once, !MessageCenter.shown.withLock({ $0.insert(category + "\n" + text).inserted }) { return }
    LogFile.shared.write(message, preferences)
    guard level >= (MessageLevel(named: preferences[.consoleLogLevel]) ?? .info) else { return }
    var logger = Logger(label: "engram." + category)
    logger.logLevel = min(logger.logLevel, level.logLevel)
    logger.log(level: level.logLevel, "\(text.visibleParagraph)")
  }

  func unusedObject(name: String, type: String, createdAt: SourceLocation) {
    guard preferences[.warnForUnusedObjects] else { return }
    emit(
      .warning, "base.unused_brian_object",
      "object '\(name)' (\(type), created at \(createdAt)) was never part of a network")
  }

  /// What there is to say of preferences, at each run: of their files, and one warning for values whose category nobody has
  /// registered (PRF-9).
  func tellOfPreferences() {
    for (level, text) in preferences.takeRemarks() { emit(level, "preferences.files", text) }
    let names = preferences.unvalidated
    if names.isEmpty { return }
    emit(
      .warning, "preferences.unvalidated",
      "these preferences belong to categories that nobody has registered: \(names.joined(separator: ", "))")
  }

  func suppress(_ category: String) { _ = suppressed.withLock { $0.insert(category) } }
  func unsuppress(_ category: String) { _ = suppressed.withLock { $0.remove(category) } }

  private func isSuppressed(_ category: String) -> Bool {
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

/// Keeps messages for a test or a tool.
final class MessageCollector: Sendable {
  private let store = Mutex<[Message]>([])
  var messages: [Message] { store.withLock { $0 } }
  func add(_ message: Message) { store.withLock { $0.append(message) } }
}

extension MessageLevel {
  fileprivate var logLevel: Logger.Level {
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
