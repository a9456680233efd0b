@testable import EngramEquations
import EngramExpressions
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// Writes random sets of equations: mostly right, over a few names, with noise, flags and comments.
private struct EquationGenerator {
  var code: CodeGenerator

  private static let names = ["v", "w", "x", "y", "n", "g", "I"]
  private static let units = Array(repeating: "1", count: 12) + ["volt", "amp", "1/second", "siemens/metre**2", "boolean", "integer", "mV", "volt**"]
  private static let flags =
    Array(repeating: "", count: 16) + [
      " (constant)", " (shared)", " (constant over dt)", " (unless refractory)", " (event-driven)", " (summed)", " (linked)", " (nonsense)",
    ]

  mutating func text() -> String {
    let names = Self.names.shuffled(using: &code.random).prefix(Int.random(in: 1...5, using: &code.random))
    return names.map { line($0, Array(names)) }.joined(separator: code.pick(["\n", "\n", "\n", "\n", "\n# note\n", ";"]))
  }

  private mutating func line(_ name: String, _ all: [String]) -> String {
    let right = rightSide(all)
    let tail = " : " + code.pick(Self.units) + code.pick(Self.flags)
    switch Int.random(in: 0..<6, using: &code.random) {
    case 0: return name + tail
    case 1: return "\(name) = \(right)" + tail
    default: return "d\(name)/dt = (\(right))/\(code.pick(["ms", "second", "tau"]))" + tail
    }
  }

  /// Linear forms, products, noise, and whatever else the grammar gives.
  private mutating func rightSide(_ names: [String]) -> String {
    switch Int.random(in: 0..<5, using: &code.random) {
    case 0: return code.expression(3)
    case 1: return (["0"] + names).map { "\(code.pick(["k", "-2", "0.5", "a*b"]))*\($0)" }.joined(separator: " + ")
    case 2: return "(\(names.joined(separator: " + ")))**\(code.pick(["1", "2", "3", "0.5", "-1"])) - \(code.pick(names))*\(code.pick(names))"
    case 3: return "\(code.pick(names)) + \(code.pick(names + ["k"]))*\(code.pick(["xi", "xi_1", "xi*xi"]))*ms**0.5"
    default: return "(\(code.pick(names)) - k)/\(code.pick(names + ["a", "b", "(a + b)"]))"
    }
  }
}

@Suite("Random equations") struct EquationFuzzTests {
  private var count: Int { ProcessInfo.processInfo.environment["ENGRAM_FUZZ"].flatMap(Int.init).map { $0 / 4 } ?? 300 }

  private let context = IntegrationContext(
    ownerName: "group", stepSeconds: 1e-4, hasRefractoriness: true,
    identifiers: { name in
      switch name {
      case "k": IdentifierFacts(dimension: .dimensionless, value: 2)
      case "tau": IdentifierFacts(dimension: .time, value: 0.01)
      case "a", "b": IdentifierFacts(dimension: .dimensionless, isConstantOverRun: true)
      case "v", "w", "x", "y", "n", "g", "I": IdentifierFacts(dimension: .dimensionless)
      default: nil
      }
    })
  private let symbols = DictionarySymbols([
    "k": .constant(ConstantSymbol(2)), "tau": .constant(ConstantSymbol(0.01, .time)), "a": .variable(VariableSymbol()), "b": .variable(VariableSymbol()),
    "t": .variable(VariableSymbol(.time)), "dt": .constant(ConstantSymbol(1e-4, .time)),
  ])

  /// Reads a set of equations, and does everything the room can do with them.
  private func exercise(_ text: String) -> Bool {
    let equations = Equations(reading: SourceText(text))
    if let problem = equations.problem {
      #expect(!problem.description.isEmpty)
      return false
    }
    let printed = Equations(reading: SourceText(equations.description))
    #expect(printed == equations, "\(text.debugDescription)")
    _ = equations.stochasticType()
    for name in equations.names { _ = equations.dependencies(of: name) }
    do throws(EquationError) { _ = try equations.explained(symbols: symbols).map(\.tree?.drawing) } catch { #expect(!error.description.isEmpty) }
    for owner in EquationContext.allCases {
      guard let checked = try? CheckedEquations(equations, context: owner) else { continue }
      _ = try? checked.eventDrivenUpdate(context: context)
    }
    for choice in [MethodChoice.automatic] + Method.all.map(MethodChoice.named) {
      do throws(UnsupportedEquationsError) {
        let update = try choice.update(for: equations, context: context)
        for statement in update.statements {
          #expect((try? ExpressionParser.parseStatements(SourceText("\(statement)"))) == [statement], "\(statement) of \(text.debugDescription)")
        }
      } catch { #expect(!error.description.isEmpty) }
    }
    return true
  }

  @Test("EQN-2, STU-2: no set of equations makes the room trap or hang, and what is printed reads as the same equations")
  func fuzz() {
    var generator = EquationGenerator(code: CodeGenerator(random: SplitMix(state: 20_261_126)))
    var accepted = 0
    for round in 0..<count {
      let text = generator.text()
      if exercise(round % 4 == 3 ? generator.code.mutated(text) : text) { accepted += 1 }
    }
    #expect(accepted > count / 6)
  }
}
