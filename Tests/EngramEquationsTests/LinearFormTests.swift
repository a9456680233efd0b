@testable import EngramEquations
import EngramExpressions
import EngramTestSupport
import Testing

@Suite("Linear forms") struct LinearFormTests {
  private func form(_ text: String, in name: String, freezing: Bool = false) throws -> LinearForm? {
    LinearForm.decompose(try ExpressionParser.parse(text), in: name, freezing: freezing, budget: AlgebraBudget())
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
    let formula = try ExpressionParser.parse(text)
    let found = try #require(try form(text, in: "v"))
    var random = SplitMix(state: 7)
    for _ in 0..<3 {
      var evaluator = Evaluator(values: [:])
      for name in formula.identifiers.sorted() { evaluator.values[name] = Double.random(in: 0.5..<2, using: &random) }
      let v = evaluator.values["v"] ?? 1.1
      let sum = try evaluator.value(of: found.coefficient) * v + evaluator.value(of: found.rest)
      #expect(try abs(sum - evaluator.value(of: formula)) < 1e-12 * max(1, abs(sum)))
    }
    #expect(!found.coefficient.mentions("v") && !found.rest.mentions("v"))
  }

  @Test(
    "FUN-28: what is not linear is not called linear",
    arguments: [
      "v*v", "v**2", "exp(v)", "1/v", "w/(v + 1)", "sin(v)*w", "v**w", "2**v", "v > 3", "abs(v)", "f(v)", "v % 2", "v // 2", "clip(v, 0, 1)",
      "v**0.5", "not v", "v*(w + v)",
    ])
  func nonlinear(text: String) throws {
    #expect(try form(text, in: "v") == nil)
  }

  @Test("FUN-28: conditionally linear equations are linear in their own variable, and not in several at once")
  func conditionallyLinear() throws {
    let membrane = "(gl*(El - v) - gna*m**3*h*(v - ENa) - gk*n**4*(v - EK))/C"
    #expect(try form(membrane, in: "v") != nil && form(membrane, in: "h") != nil)
    #expect(try form(membrane, in: "m") == nil && form(membrane, in: "m", freezing: true) == nil)
    let gated = "(El - v)/tau + exp((v - vt)/delta)"
    #expect(try form(gated, in: "v") == nil && form(gated, in: "v", freezing: true) != nil)
    #expect(LinearForms(try ExpressionParser.parse(membrane), in: ["v", "h"]) == nil)
    let both = try #require(LinearForms(ExpressionParser.parse("(a - v)/tau + 2*h"), in: ["v", "h"]))
    #expect(both.coefficients.keys.sorted() == ["h", "v"] && both.coefficients["h"] == Expression(.integer(2)))
  }
}
