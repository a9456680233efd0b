import EngramExpressions
import EngramUnits
import Foundation
import Testing

/// SplitMix64: the same inputs on every machine.
struct FuzzRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Writes random model code: mostly right, with names and units that exist.
struct CodeGenerator {
  var random: FuzzRandom

  private static let names = ["v", "w", "x", "y", "n", "flag", "I", "g", "tau", "mV", "ms", "pi", "inf", "s", "dt", "new", "_t1", "foo"]
  private static let functions = ["exp", "sin", "sqrt", "abs", "clip", "rand", "int", "floor", "exprel", "bar", "timestep", "poisson"]
  private static let numbers = ["0", "1", "2", "10", "0.5", "1e-3", "3.25e10", "1_000", ".5", "7."]
  private static let operators = BinaryOperator.allCases.map(\.rawValue)

  mutating func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }

  mutating func expression(_ depth: Int = 5) -> String {
    let kind = depth == 0 ? Int.random(in: 0..<3, using: &random) : Int.random(in: 0..<12, using: &random)
    switch kind {
    case 0, 1: return pick(Self.names)
    case 2: return pick(Self.numbers)
    case 3: return "(" + expression(depth - 1) + ")"
    case 4: return pick(["-", "+", "not ", "- "]) + expression(depth - 1)
    case 5:
      let count = Int.random(in: 0..<4, using: &random)
      return pick(Self.functions) + "(" + (0..<count).map { _ in expression(depth - 1) }.joined(separator: ", ") + ")"
    default: return expression(depth - 1) + pick([" ", "", "\n "]) + pick(Self.operators) + " " + expression(depth - 1)
    }
  }

  mutating func statements() -> String {
    (0..<Int.random(in: 1..<5, using: &random)).map { _ in
      pick(Self.names) + " " + pick(["=", "+=", "-=", "*=", "/=", "%=", "**=", "=="]) + " " + expression(3)
    }.joined(separator: pick(["\n", "; ", " # note\n"]))
  }

  private static let insertions = [
    "(", ")", "[", "]", ",", ".", "=", "^", "&", "'", "\\", "#", ";", "\n", "\r\n", "\t", "µ", "\u{200B}", "é", "𝔳", "\0", "not", "if",
    "lambda", "0x", "1e", "99999999999999999999", "::", "**", "<>", "@", "!", "?", "{", "}", "…",
  ]

  /// Deletes, doubles, replaces and inserts pieces.
  mutating func mutated(_ text: String) -> String {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1..<6, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where at < bytes.count: bytes.remove(at: at)
      case 1 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2:
        let end = min(bytes.count, at + Int.random(in: 0..<8, using: &random))
        bytes.insert(contentsOf: bytes[at..<end], at: at)
      default: bytes.insert(contentsOf: Array(pick(Self.insertions).utf8), at: at)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

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
      let simple = tree.simplified()
      #expect(simple.simplified() == simple, "\(text.debugDescription)")
      _ = try? tree.derivative(of: "x").description
      _ = tree.linearDecomposition(in: ["v", "w"])
      _ = tree.evaluate(with: ["x": 2])
      _ = try checker.check(tree, in: source)
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
    var generator = CodeGenerator(random: FuzzRandom(state: 20_261_125))
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
