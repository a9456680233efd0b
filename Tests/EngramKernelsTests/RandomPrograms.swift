@testable import EngramKernels

/// Makes model code at random, the same for the same number.
struct RandomPrograms {
  private var state: UInt64
  private var temporaries: [String] = []

  init(number: UInt64) { state = number &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  private mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  private mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }

  /// Columns v, u (float64), f (float32), n (int32), m (int64), b (boolean) by element; s shared; x_post, k_post through
  /// an index; tau, h and count constant; i the element.
  mutating func code(throughIndex: Bool) -> String {
    var lines: [String] = []
    if below(2) == 0 { lines.append("s \(pick(["=", "+="])) \(pick(["s*0.5", "tau + 1", "exp(-s*s)", "rand()"]))") }
    for _ in 0..<3 + below(5) {
      switch below(throughIndex ? 8 : 6) {
      case 0:
        let name = "t\(temporaries.count)"
        lines.append("\(name) = \(number(3))")
        temporaries.append(name)
      case 1: lines.append("b = \(condition(2))")
      case 2, 3: lines.append("\(pick(["v", "u", "f", "g"])) \(pick(["=", "=", "+=", "-=", "*=", "/=", "%="])) \(number(3))")
      case 4: lines.append("\(pick(["n", "m"])) \(pick(["=", "+=", "-="])) \(integer(2))")
      case 5: lines.append("\(pick(["n", "m"])) = clip(\(number(2)), -1000, 1000)")
      case 6: lines.append("x_post \(pick(["+=", "+=", "-=", "*=", "="])) \(number(2))")
      default: lines.append("k_post \(pick(["+=", "-=", "="])) \(integer(2))")
      }
    }
    temporaries = []
    return lines.joined(separator: "\n")
  }

  mutating func number(_ depth: Int) -> String {
    if depth == 0 {
      return pick(["v", "u", "f", "g", "n", "m", "s", "tau", "0.5", "3", "i", "count", "x_post", "dt"] + temporaries)
    }
    let a = number(depth - 1)
    switch below(17) {
    case 0, 1: return "(\(a) + \(number(depth - 1)))"
    case 2: return "(\(a) - \(number(depth - 1)))"
    case 3, 4: return "(\(a) * \(number(depth - 1)))"
    case 5: return "(\(a) / \(number(depth - 1)))"
    case 6: return "(\(a) // \(number(depth - 1)))"
    case 7: return "(\(a) % \(number(depth - 1)))"
    case 8: return "(\(a))**\(pick(["2", "3", "4", "-1", "-2", "0", "1.5"]))"
    case 9: return "\(pick(["exp", "tanh", "sin", "log1p", "exprel", "sqrt", "floor", "ceil"]))(\(a))"
    case 10: return "\(pick(["abs", "sign"]))(\(a))"
    case 11: return "clip(\(a), \(number(0)), \(number(depth - 1)))"
    case 12: return "int(\(condition(depth - 1)))"
    case 13: return pick(["rand()", "randn()", "poisson(2.5)", "poisson(\(a))"])
    case 14: return "timestep(\(a), \(pick(["dt", "h"])))"
    case 15:
      let b = condition(0)
      return pick(["int(\(b))*\(a) + (1 - int(\(b)))*\(number(depth - 1))", "\(number(0))*int(\(b)) + (1 - int(\(b)))*\(a)"])
    default: return "-\(a)"
    }
  }

  mutating func integer(_ depth: Int) -> String {
    if depth == 0 { return pick(["n", "m", "i", "count", "2", "-3", "int(v)"]) }
    return "(\(integer(depth - 1)) \(pick(["+", "-", "*", "//", "%"])) \(integer(depth - 1)))"
  }

  mutating func condition(_ depth: Int) -> String {
    if depth == 0 { return pick(["b", "v > 0", "n < m", "i % 2 == 0", "True", "u != f"]) }
    switch below(5) {
    case 4: return "(timestep(\(number(depth - 1)), h) \(pick([">=", ">", "<="])) \(pick(["3", "-2", "timestep(tau, h)", "count", "n"])))"
    case 0: return "(\(number(depth - 1)) \(pick(["<", "<=", ">", ">=", "==", "!="])) \(number(depth - 1)))"
    case 1: return "(\(condition(depth - 1)) and \(condition(depth - 1)))"
    case 2: return "(\(condition(depth - 1)) or \(condition(depth - 1)))"
    default: return "(not \(condition(depth - 1)))"
    }
  }
}
