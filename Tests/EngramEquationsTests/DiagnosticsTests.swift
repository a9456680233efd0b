@testable import EngramEquations
import EngramExpressions
import Foundation
import Testing

/// What is said about equations that are refused: `fixtures/diagnostics/equations.txt`.
@Suite("Refused equations") struct DiagnosticsTests {
  struct Entry: CustomTestStringConvertible {
    var context: String
    var text: String
    var message: String
    var testDescription: String { "\(context): \(text.prefix(40))" }

    /// Nil when the text is accepted, which it must not be.
    var actual: String? {
      do throws(EquationError) {
        let equations = try Equations(source: SourceText(text))
        if let owner = EquationContext(rawValue: context) { _ = try CheckedEquations(equations, context: owner) }
        return nil
      } catch { return error.description }
    }
  }

  static let file = fixtures.appending(path: "diagnostics/equations.txt")

  static let entries: [Entry] = {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "\n=== ").dropFirst().map { block in
      let parts = block.components(separatedBy: "\n---\n")
      let lines = parts[0].components(separatedBy: "\n")
      let message = parts.dropFirst().joined(separator: "\n---\n").trimmingCharacters(in: .newlines)
      return Entry(context: lines[0], text: lines.dropFirst().joined(separator: "\n"), message: message)
    }
  }()

  @Test("EQN-2: at least 100 wrong texts are on file")
  func count() throws {
    #expect(Self.entries.count >= 100)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      let head =
        "# Equations that are refused, and what is said about them. `UPDATE_GOLDEN=1 swift test --filter EngramEquationsTests` rewrites the messages.\n"
      let blocks = Self.entries.map { "\n=== \($0.context)\n\($0.text)\n---\n\($0.actual ?? "ACCEPTED")\n" }
      try Data((head + blocks.joined()).utf8).write(to: Self.file)
    }
  }

  @Test("EQN-2: a wrong text is refused with its place and an explanation", arguments: entries)
  func message(_ entry: Entry) {
    #expect(entry.actual == entry.message)
  }
}
