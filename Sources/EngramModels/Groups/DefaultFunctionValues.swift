internal import CEngramMath

/// Default functions with the arithmetic that also runs the models, for coefficients known before the run.
enum DefaultFunctionValues {
  static func evaluate(_ function: String, _ arguments: [Double]) -> Double? {
    if function == "clip", arguments.count == 3 {
      return arguments[0] < arguments[1] ? arguments[1] : arguments[0] > arguments[2] ? arguments[2] : arguments[0]
    }
    guard arguments.count == 1, let x = arguments.first else { return nil }
    switch function {
    case "exp": return engram_exp(x)
    case "expm1": return engram_expm1(x)
    case "exprel": return engram_exprel(x)
    case "log": return engram_log(x)
    case "log10": return engram_log10(x)
    case "log1p": return engram_log1p(x)
    case "sin": return engram_sin(x)
    case "cos": return engram_cos(x)
    case "tan": return engram_tan(x)
    case "arcsin": return engram_asin(x)
    case "arccos": return engram_acos(x)
    case "arctan": return engram_atan(x)
    case "sinh": return engram_sinh(x)
    case "cosh": return engram_cosh(x)
    case "tanh": return engram_tanh(x)
    case "sqrt": return x.squareRoot()
    case "abs": return abs(x)
    case "floor": return x.rounded(.down)
    case "ceil": return x.rounded(.up)
    case "sign": return x > 0 ? 1 : x < 0 ? -1 : x
    default: return nil
    }
  }
}
