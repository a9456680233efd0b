/// What somebody should be told about a directory although nothing failed; each sentence once.
struct Warnings: Sendable {
  private var told: Set<String> = []
  private var waiting: [String] = []
  /// Who tells it; until there is somebody, it waits.
  private var handler: (@Sendable (String) -> Void)?

  mutating func add(_ text: String) {
    guard told.insert(text).inserted else { return }
    waiting.append(text)
  }

  mutating func listen(_ handler: @escaping @Sendable (String) -> Void) { self.handler = handler }

  /// What is to be told now, and by whom.
  mutating func take() -> (texts: [String], handler: @Sendable (String) -> Void)? {
    guard let handler, !waiting.isEmpty else { return nil }
    defer { waiting = [] }
    return (waiting, handler)
  }
}
