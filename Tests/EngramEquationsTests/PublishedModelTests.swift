@testable import EngramEquations
import EngramExpressions
import EngramUnits
import Foundation
import Testing

/// Equations from the literature: `fixtures/equations`. What is expected was found out with Brian 2
/// (tools/reference/equation_sets.py).
@Suite("Published models") struct PublishedModelTests {
  struct Model: CustomTestStringConvertible {
    var name: String
    var text: String
    var head: [String: String]
    var testDescription: String { name }
    var owner: EquationContext { head["owner"]?.hasPrefix("synapses") == true ? .synapses : .neurons }

    /// Constants with their units, written as formulas.
    func constants() throws -> [String: Quantity] {
      var result: [String: Quantity] = [:]
      for part in (head["constants"] ?? "").components(separatedBy: "; ") where !part.isEmpty {
        let sides = part.components(separatedBy: " = ")
        let expression = try ExpressionParser.parse(sides[1])
        let dimension = try ExpressionChecker(DefaultSymbols()).check(expression).dimension
        result[sides[0]] = Quantity(si: try Evaluator(values: [:]).value(of: expression), dimension: dimension)
      }
      return result
    }
  }

  static let models: [Model] = {
    let folder = fixtures.appending(path: "equations")
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }.compactMap { file in
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
      var head: [String: String] = [:]
      for line in text.components(separatedBy: "\n") where line.hasPrefix("# ") {
        if let colon = line.range(of: ": ") {
          head[String(line[line.index(line.startIndex, offsetBy: 2)..<colon.lowerBound])] = String(line[colon.upperBound...])
        }
      }
      return Model(name: file.deletingPathExtension().lastPathComponent, text: text, head: head)
    }
  }()

  @Test("EQN-1: at least forty models with their sources are on file")
  func count() { #expect(Self.models.count >= 40 && Self.models.allSatisfy { $0.head["source"]?.isEmpty == false }) }

  @Test("EQN-18, STU-4, STU-6: a published model is accepted with its units, and integrated by the reference's choice", arguments: models)
  func accepted(_ model: Model) throws {
    let checked = try CheckedEquations(read(model.text), context: model.owner)
    let constants = try model.constants()
    var symbols = DictionarySymbols(constants.mapValues { .constant(ConstantSymbol($0)) })
    symbols.symbols["t"] = .variable(VariableSymbol(.time, isScalar: true, isReadOnly: true))
    try checked.equations.checkDimensions(symbols: symbols)
    let context = context(constants: constants.mapValues(\.si), refractory: model.head["owner"]?.contains("refractory") == true)
    if checked.eventDrivenNames.isEmpty {
      // `ours` is there where we deviate, with the reason.
      let expected = (model.head["ours"] ?? model.head["automatic"])?.components(separatedBy: ",").first
      #expect(try checked.stateUpdate(.automatic, context: context).methodName == expected)
    } else {
      #expect(try checked.eventDrivenUpdate(context: context).methodName == model.head["automatic"])
    }
    var takesExponentialEuler = true
    do throws(UnsupportedEquationsError) {
      _ = try MethodChoice.named(.exponentialEuler).update(for: checked.equations, context: context)
    } catch { takesExponentialEuler = false }
    let expected = model.head["exponential_euler of ours"]?.components(separatedBy: ",").first ?? model.head["exponential_euler"]
    #expect((takesExponentialEuler ? "yes" : "no") == expected)
  }

  @Test("EQN-17: a published model survives printing and reading", arguments: models)
  func printed(_ model: Model) throws {
    let equations = try read(model.text)
    #expect(try read(equations.description) == equations)
  }
}
