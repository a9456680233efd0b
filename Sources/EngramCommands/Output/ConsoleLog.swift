internal import ArgumentParser
internal import EngramScalars
internal import Foundation
internal import Logging
internal import Synchronization

/// In which form messages go to standard error.
enum LogFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// Sentences, for people.
  case text
  /// One object on each line, for machines.
  case json
}

/// Shows what the simulator has to say: `warning: …` for people, or a JSON object per line with time, level and category.
struct ConsoleLog: LogHandler {
  private static let chosen = Mutex(LogFormat.text)

  /// For everything that follows in this process.
  static func choose(_ format: LogFormat) { chosen.withLock { $0 = format } }

  /// For the whole program; to be called once.
  static func begin() { LoggingSystem.bootstrap { ConsoleLog(category: $0) } }

  let category: String
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel: Logger.Level = .info

  private init(category: String) { self.category = category }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    // Who reads messages may have gone away; that is no reason to end a simulation.
    switch Self.chosen.withLock({ $0 }) {
    case .text:
      try? Output.error.paragraph(("\(Self.word(event.level)):", Self.tone(event.level)), "\(event.message)")
    case .json:
      let time = Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
      let line = JSONText.object([
        ("time", .string(time)), ("level", .string(event.level.rawValue)), ("category", .string(category)), ("message", .string("\(event.message)")),
      ])
      try? Output.error.line(line.text)
    }
  }

  private static func tone(_ level: Logger.Level) -> Tone {
    switch level {
    case .trace, .debug, .info, .notice: .quiet
    case .warning: .warning
    case .error, .critical: .error
    }
  }

  private static func word(_ level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "detail"
    case .info, .notice: "note"
    case .warning: "warning"
    case .error, .critical: "error"
    }
  }
}
