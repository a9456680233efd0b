import EngramExpressions

/// Writes random model code: mostly right, with names and units that exist.
public struct CodeGenerator {
  public var random: SplitMix

  public init(random: SplitMix) { self.random = random }

  private static let names = ["v", "w", "x", "y", "n", "flag", "I", "g", "tau", "mV", "ms", "pi", "inf", "s", "dt", "new", "_t1", "foo"]
  private static let functions = ["exp", "sin", "sqrt", "abs", "clip", "rand", "int", "floor", "exprel", "bar", "timestep", "poisson"]
  private static let numbers = ["0", "1", "2", "10", "0.5", "1e-3", "3.25e10", "1_000", ".5", "7."]
  private static let operators = BinaryOperator.allCases.map(\.rawValue)

  public mutating func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }

  public mutating func expression(_ depth: Int = 5) -> String {
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

  public mutating func statements() -> String {
    (0..<Int.random(in: 1..<5, using: &random)).map { _ in
      pick(Self.names) + " " + pick(["=", "+=", "-=", "*=", "/=", "%=", "**=", "=="]) + " " + expression(3)
    }.joined(separator: pick(["\n", "; ", " # note\n"]))
  }

  private static let insertions = [
    "(", ")", "[", "]", ",", ".", "=", "^", "&", "'", "\\", "#", ";", "\n", "\r\n", "\t", "µ", "\u{200B}", "é", "𝔳", "\0", "not", "if",
    "lambda", "0x", "1e", "99999999999999999999", "::", "**", "<>", "@", "!", "?", "{", "}", "…",
  ]

  /// Deletes, doubles, replaces and inserts pieces.
  public mutating func mutated(_ text: String) -> String {
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
