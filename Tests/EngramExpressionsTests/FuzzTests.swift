import EngramExpressions
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@Suite("Random texts") struct FuzzTests {
  private var count: Int { ProcessInfo.processInfo.environment["ENGRAM_FUZZ"].flatMap(Int.init) ?? 2000 }

  /// Reads a text, and does everything the room can do with what was read.
  private func exercise(_ text: String) -> Bool {
    let source = SourceText(text)
    let checker = ExpressionChecker(sampleSymbols)
    var accepted = false
    do throws(Problems) {
      let tree = try ExpressionParser.parse(source)
      accepted = true
      let printed = tree.description
      #expect((try? ExpressionParser.parse(printed)) == tree, "\(text.debugDescription)")
      #expect(tree.hashValue == (try? ExpressionParser.parse(printed))?.hashValue)
      let info = try checker.check(tree, in: source)
      let explained = try checker.explain(tree, in: source)
      #expect(explained.info == info && !explained.drawing.isEmpty)
    } catch {
      #expect(!error.description.isEmpty && !error.problems.isEmpty)
    }
    do throws(Problems) {
      let code = try ExpressionParser.parseStatements(source)
      #expect((try? ExpressionParser.parseStatements(code.modelCode)) == code, "\(text.debugDescription)")
      _ = try checker.checkStatements(code, context: .perElement, in: source)
      _ = try checker.checkStatements(code, context: .partial, in: source).orderDependence?.drawn(in: source)
    } catch {
      #expect(!error.description.isEmpty && !error.problems.isEmpty)
    }
    return accepted
  }

  @Test("COD-1, COD-2: no text makes the room trap or hang, and what is printed parses to the same tree")
  func fuzz() {
    var generator = CodeGenerator(random: SplitMix(state: 20_261_125))
    var accepted = 0
    for round in 0..<count {
      let isCode = round % 3 == 2
      let text = isCode ? generator.statements() : generator.expression()
      let mutates = round % 2 == 1
      if exercise(mutates ? generator.mutated(text) : text) { accepted += 1 }
    }
    // The generator must not degenerate into writing only nonsense.
    #expect(accepted > count / 5)
  }
}
