internal import EngramSimulation
package import Testing

/// What the models of a test have to say on purpose, or besides the point, is kept from the log. Everything else is shown as ever, when
/// the test has ended.
///
/// A test about a message captures it itself (`Messages.capturing`), which goes on as without this.
package struct ExpectedMessages: TestTrait, SuiteTrait, TestScoping {
  let categories: [String]

  package var isRecursive: Bool { true }

  package func provideScope(for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void) async throws {
    let (result, messages) = await Messages.capturing { () async -> Result<Void, any Error> in
      do { return .success(try await function()) } catch { return .failure(error) }
    }
    for message in messages where !isExpected(message) { Messages.emit(message.level, message.category, message.text) }
    try result.get()
  }

  private func isExpected(_ message: Message) -> Bool {
    categories.contains { message.category == $0 || message.category.hasPrefix($0 + ".") }
  }
}

extension Trait where Self == ExpectedMessages {
  /// Messages of these categories, and of those below them, are expected: `.expecting("base.unused_brian_object")`.
  package static func expecting(_ categories: String...) -> Self { ExpectedMessages(categories: categories) }
}
