import EngramExpressions
import Foundation
import Testing

/// Texts that are refused, with the whole message, in files that people read: `fixtures/diagnostics/expressions`.
@Suite("Diagnostics of expressions") struct DiagnosticsTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures/diagnostics/expressions")

  private struct Case {
    var input: String
    var answer: String
  }

  private static func read(_ text: String) -> (head: [String], cases: [Case]) {
    var head: [String] = []
    var cases: [(input: [String], answer: [String])] = []
    var isInInput = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix(">") {
        if !isInInput { cases.append(([], [])) }
        isInInput = true
        cases[cases.count - 1].input.append(String(line.dropFirst(line.hasPrefix("> ") ? 2 : 1)))
      } else {
        isInInput = false
        if cases.isEmpty { head.append(line) } else { cases[cases.count - 1].answer.append(line) }
      }
    }
    return (head, cases.map { Case(input: $0.input.joined(separator: "\n"), answer: $0.answer.joined(separator: "\n")) })
  }

  /// What the room says about a text: nil if it accepts it.
  private static func answer(_ input: String, mode: String) throws -> String? {
    let source = SourceText(input)
    let checker = ExpressionChecker(sampleSymbols)
    do throws(Problems) {
      switch mode {
      case "expression": _ = try ExpressionParser.parse(source)
      case "statements": _ = try ExpressionParser.parseStatements(source)
      case "check": _ = try checker.check(try ExpressionParser.parse(source), in: source)
      default:
        let statements = try ExpressionParser.parseStatements(source)
        let code = try checker.checkStatements(statements, context: mode == "partial" ? .partial : .perElement, in: source)
        return code.orderDependence?.drawn(in: source)
      }
    } catch {
      return error.description
    }
    return nil
  }

  @Test(
    "COD-2, COD-5, COD-8, NSP-3: refused texts are answered with place, reason and remedy",
    arguments: ["expression-syntax", "statement-syntax", "expression-checks", "statement-checks", "synapse-checks"])
  func messages(name: String) throws {
    let url = Self.folder.appendingPathComponent(name + ".txt")
    let (head, cases) = Self.read(try String(contentsOf: url, encoding: .utf8))
    let mode = try #require(head.first { $0.hasPrefix("mode: ") }).dropFirst(6)
    var rewritten = head.joined(separator: "\n") + "\n"
    for example in cases {
      let answer = try Self.answer(example.input, mode: String(mode))
      let text = answer ?? "ACCEPTED"
      #expect(answer != nil, "accepted: \(example.input)")
      if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == nil {
        #expect(text == example.answer.trimmingCharacters(in: .newlines), "\(example.input)")
      }
      rewritten += example.input.split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)\n" }.joined() + text + "\n\n"
    }
    #expect(cases.count > 15)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try rewritten.write(to: url, atomically: true, encoding: .utf8)
    }
  }
}
