import EngramExpressions
import EngramSystem
import EngramTestSupport
import Testing

/// The value of a formula in plain double arithmetic, independent of the room's own evaluation.
func value(_ expression: Expression, _ names: [String: Double]) -> Double {
  func truth(_ flag: Bool) -> Double { flag ? 1 : 0 }
  switch expression.node {
  case .float(let number): return number
  case .integer(let number): return Double(number)
  case .boolean(let flag): return truth(flag)
  case .name(let name): return names[name] ?? .nan
  case .unary(let op, let operand):
    let inner = value(operand, names)
    return op == .minus ? -inner : op == .plus ? inner : truth(inner == 0)
  case .binary(let op, let lhs, let rhs):
    let a = value(lhs, names)
    let b = value(rhs, names)
    switch op {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .floorDivide: return (a / b).rounded(.down)
    case .modulo: return a - b * (a / b).rounded(.down)
    case .power: return pow(a, b)
    case .less: return truth(a < b)
    case .lessOrEqual: return truth(a <= b)
    case .greater: return truth(a > b)
    case .greaterOrEqual: return truth(a >= b)
    case .equal: return truth(a == b)
    case .notEqual: return truth(a != b)
    case .and: return truth(a != 0 && b != 0)
    case .or: return truth(a != 0 || b != 0)
    }
  case .call(let name, let arguments):
    let x = arguments.map { value($0, names) }
    switch name {
    case "sin": return sin(x[0])
    case "cos": return cos(x[0])
    case "tan": return tan(x[0])
    case "sinh": return sinh(x[0])
    case "cosh": return cosh(x[0])
    case "tanh": return tanh(x[0])
    case "exp": return exp(x[0])
    case "log": return log(x[0])
    case "log10": return log10(x[0])
    case "expm1": return expm1(x[0])
    case "log1p": return log1p(x[0])
    case "exprel": return abs(x[0]) < 1e-16 ? 1 : expm1(x[0]) / x[0]
    case "arcsin": return asin(x[0])
    case "arccos": return acos(x[0])
    case "arctan": return atan(x[0])
    case "sqrt": return sqrt(x[0])
    case "abs": return abs(x[0])
    case "sign": return x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0
    case "floor": return floor(x[0])
    case "ceil": return ceil(x[0])
    case "int": return trunc(x[0])
    case "clip": return min(max(x[0], x[1]), x[2])
    case "timestep": return trunc((x[0] + 1e-3 * x[1]) / x[1])
    default: return .nan
    }
  }
}

@Suite("Algebra") struct AlgebraTests {
  private func parse(_ text: String) throws -> Expression { try ExpressionParser.parse(text) }

  @Test("FUN-28: what is simplified once needs no second time, as random texts have shown", arguments: [
    "-(-7. - w % v) >= flag", "-(-ms - 1e-3 // s)", "-(-a - b)", "-(a - -b)",
  ])
  func simplifiedOnce(text: String) throws {
    let simple = try ExpressionParser.parse(SourceText(text)).simplified()
    #expect(simple.simplified() == simple)
  }

  @Test(
    "FUN-28: derivatives agree with difference quotients, for every default function",
    arguments: [
      "sin(x)", "cos(2*x)", "tan(x)", "sinh(x)", "cosh(x)", "tanh(x/2)", "exp(-x**2)", "log(x)", "log10(3*x)", "expm1(x)", "log1p(x)",
      "exprel(x)", "exprel(-3*x)", "arcsin(x)", "arccos(x)", "arctan(x)", "sqrt(x)", "abs(x - 1)", "sign(x)*x", "floor(x)*x", "ceil(x)",
      "int(x)*x", "clip(x, 0.1, 2)*x", "clip(x, x**2, 5)", "clip(0.5, 0, x/2)", "timestep(x, 10.0)*x", "x**3", "x**-2", "x**0.5", "2**x", "x**x",
      "x*y/(1 + x)", "-x/(y - x)", "(x + y)*(x - y)", "x % 0.3", "y % x", "x // 3 + x", "x*(x > 0.1)", "y", "1/(1 + exp(-(x - y)/0.3))",
      "+x", "x - -x", "(x*x + y)**2", "exp(x)**y",
    ])
  func derivatives(text: String) throws {
    let formula = try parse(text)
    let derivative = try formula.derivative(of: "x")
    for x in [0.37, 0.71] {
      let h = 1e-6
      let names = ["x": x, "y": 1.3]
      let quotient = (value(formula, ["x": x + h, "y": 1.3]) - value(formula, ["x": x - h, "y": 1.3])) / (2 * h)
      #expect(abs(value(derivative, names) - quotient) <= 1e-7 * max(1, abs(quotient)), "\(derivative)")
    }
  }

  @Test("FUN-28: the derivative of exprel is 1/2 at 0 and has no gap around it")
  func exprelAtZero() throws {
    let derivative = try parse("exprel(x)").derivative(of: "x")
    for x in [0.0, 1e-300, -1e-9, 1e-6, -9e-6, 2e-5] {
      #expect(abs(value(derivative, ["x": x]) - (0.5 + x / 3)) < 1e-8)
    }
  }

  @Test("FUN-28: what has no derivative is named, not guessed")
  func noDerivative() throws {
    #expect(throws: AlgebraError.noDerivative(function: "f")) { try parse("f(x)*x").derivative(of: "x") }
    #expect(throws: AlgebraError.drawsRandomNumbers(function: "rand")) { try parse("rand()*x").derivative(of: "x") }
    #expect(try parse("f(y) + rand()").derivative(of: "x") == .zero)
  }

  @Test(
    "FUN-28: formulas simplify to what a person would write",
    arguments: [
      ("x*1 + 0", "x"), ("0*x + y", "y"), ("--x", "x"), ("x - x", "0"), ("x/1", "x"), ("x**1", "x"), ("x**0", "1"), ("2 + 3", "5"),
      ("2*3*x", "6 * x"), ("x + -y", "x - y"), ("-1*x", "-x"), ("x - -y", "x + y"), ("(x*1)/(y*1)", "x / y"), ("-(x - y)", "y - x"),
      ("exp(x + 0)", "exp(x)"), ("x*(y - y)", "0"), ("+x", "x"), ("0.1 + 0.2", "0.1 + 0.2"), ("(a + b) + c", "a + b + c"),
    ])
  func simplification(text: String, expected: String) throws {
    #expect(try parse(text).simplified().description == expected)
  }

  @Test(
    "FUN-28: linear equations of real neurons are recognised, whatever their shape",
    arguments: [
      "-v/tau", "(El - v)/tau", "(gl*(El - v) + ge*(Ee - v) + gi*(Ei - v) + I)/C", "((v0 - (v + w))/tau)*2", "-(v - El)*gl/C - w/C",
      "a*(b*v - u)", "(I - v*(gl + ge*(1 - r)))/(C + 0.0)", "v*(a + b)*(c - d)", "(v + w)**1/tau", "v*exp(-t/tau)", "(El - v)*sin(2*pi*t)",
      "2**3*v - v/(1/tau)", "-(-(-(v)))", "+v*w0 - El*sqrt(a)", "m**3*h*gna*(ENa - v)/C", "v - v + El", "(v - w)/(a/(b/c))", "v*True",
      "int(not_refractory)*(El - v)/tau", "(v - v)**2 + w", "v*(w - w + 1)", "(a + b)*((c + d)*(v + (w - 3*(v + 1)))) + exprel(c)",
    ])
  func linear(text: String) throws {
    let formula = try parse(text)
    let form = try #require(formula.linearDecomposition(in: ["v", "w"]))
    var random = FuzzRandom(state: 7)
    for _ in 0..<3 {
      var names: [String: Double] = [:]
      for name in formula.identifiers.sorted() { names[name] = Double.random(in: 0.5..<2, using: &random) }
      names["v"] = names["v"] ?? 1.1
      names["w"] = names["w"] ?? 0.7
      let sum = value(form["v"], names) * (names["v"] ?? 0) + value(form["w"], names) * (names["w"] ?? 0) + value(form.rest, names)
      #expect(abs(sum - value(formula, names)) < 1e-12 * max(1, abs(sum)))
    }
    for part in Array(form.coefficients.values) + [form.rest] { #expect(!part.mentions(["v", "w"])) }
  }

  @Test(
    "FUN-28: what is not linear is not called linear",
    arguments: ["v*v", "v*w", "v**2", "exp(v)", "1/v", "w/(v + 1)", "sin(v)*w", "v**w", "2**v", "v > 3", "abs(v)", "f(v)", "v % 2", "clip(v, 0, 1)", "v**0.5", "not v"])
  func nonlinear(text: String) throws {
    #expect(try parse(text).linearDecomposition(in: ["v", "w"]) == nil)
  }

  @Test("FUN-28: conditionally linear equations are linear in their own variable")
  func conditionallyLinear() throws {
    let membrane = try parse("(gl*(El - v) - gna*m**3*h*(v - ENa) - gk*n**4*(v - EK))/C")
    #expect(membrane.isConditionallyLinear(in: "v"))
    #expect(membrane.isConditionallyLinear(in: "h"))
    #expect(!membrane.isConditionallyLinear(in: "m"))
    #expect(membrane.linearDecomposition(in: ["v", "h"]) == nil)
  }

  @Test("COD-10: substitution of substitutions stays bounded")
  func bounded() throws {
    var formula = try parse("x + x")
    let replacement = try parse("x*x + x*x")
    var failure: AlgebraError?
    while failure == nil {
      do throws(AlgebraError) { formula = try formula.substituting(["x": replacement]) } catch { failure = error }
    }
    #expect(failure == .tooLarge)
    #expect(formula.isWithinLimits)
  }

  @Test("FUN-28: repeated derivatives end with an answer or an error")
  func repeatedDerivatives() throws {
    var formula = try parse("exp(sin(x)*x)/(1 + x**2)")
    for _ in 0..<30 {
      do throws(AlgebraError) { formula = try formula.derivative(of: "x") } catch {
        #expect(error == .tooLarge)
        return
      }
    }
    Issue.record("thirty derivatives of this formula should exceed the limits")
  }
}
