@testable import EngramEquations
import EngramExpressions
import EngramUnits
import Testing

@Suite("Limits of the algebra") struct AlgebraBudgetTests {
  private func sum(_ names: String, _ count: Int) -> String { "(" + (0..<count).map { "\(names)\($0)" }.joined(separator: " + ") + ")" }
  private func declared(_ names: String, _ count: Int) -> String { (0..<count).map { "\(names)\($0) : 1" }.joined(separator: "\n") }

  /// Products and quotients of long sums, powers of sums, sums below fractions: texts that take forever to multiply out.
  private var heavyTexts: [String] {
    let parameters = ["a", "b", "c", "d"].map { declared($0, 20) }.joined(separator: "\n")
    let product = ["a", "b", "c", "d"].map { sum($0, 20) }.joined(separator: "*")
    let others = (0..<12).map { "(v + a\($0))**8" }.joined(separator: "*")
    let fractions = (0..<20).map { "v*a\($0)/(\(sum("b", 20)) + c\($0))" }.joined(separator: " + ")
    let calls = (0..<30).reduce("v") { text, n in "(\(text) + a\(n % 20))**2/(b\(n % 20) + exp(\(text.count < 3000 ? text : "v")))" }
    return ["v*\(product)", others, fractions, "(\(fractions))*(\(product))", calls, "v*((\(product)) - (\(product)))"].map {
      "dv/dt = (\($0))/second : 1\n\(parameters)"
    }
  }

  // Without the budget these take hours: a test that does not come to an end has failed.
  @Test("STU-2: however long a text is to multiply out, a method is chosen or refused with a reason")
  func bounded() throws {
    for text in heavyTexts {
      let equations = try read(text)
      #expect(try !MethodChoice.automatic.update(for: equations, context: context()).statements.isEmpty)
      for method in [MethodChoice.exact, .exponentialEuler] {
        do throws(UnsupportedEquationsError) {
          #expect(try !method.update(for: equations, context: context()).statements.isEmpty)
        } catch { #expect(!error.description.isEmpty) }
      }
    }
  }

  @Test("STU-2: what the algebra cannot decide is a refusal that says so, and the next method is taken")
  func undecided() throws {
    let product = ["a", "b", "c", "d"].map { sum($0, 19) }.joined(separator: "*")
    let names = ["a", "b", "c", "d"].map { declared($0, 19) }.joined(separator: "\n")
    let text = "dv/dt = ((v + \(product))**2*(w + \(product))**3)/second : 1\ndw/dt = (v + \(product))**3*(v - \(product))**4/second : 1\n\(names)"
    let update = try MethodChoice.automatic.update(for: read(text), context: context())
    #expect(update.methodName == "euler")
    let budget = AlgebraBudget(100)
    _ = Polynomial(try ExpressionParser.parse(SourceText("(a+b+c+d)*(e+f+g+h)*(k+l+m+n)")), budget: budget)
    #expect(budget.isExhausted)
    let error = #expect(throws: UnsupportedEquationsError.self) { try budget.check(method: "exact", "the equation of 'v'") }
    #expect(
      error?.description
        == "method 'exact' cannot integrate these equations: the equation of 'v' is too long for the algebra that decides how it can be integrated")
  }

  @Test(
    "STU-5: squares and products that cancel leave a linear equation",
    arguments: [
      "((v + a)**2 - v**2)/(2*a)", "(v + a)*(v - a) - v*v + b*v", "(v + w)**2 - (v - w)**2 - 4*v*w - v", "(v - a)**3 - v**3 + 3*a*v**2",
      "-(v**2 - (v - a)*(v + b))",
    ])
  func cancelling(rightSide: String) throws {
    let text = "dv/dt = (\(rightSide))/second : 1\ndw/dt = -w/second : 1\na : 1\nb : 1"
    #expect(try update(text, .exact).methodName == "exact")
  }

  @Test("EQN-1, STU-5: a hundred coupled linear equations are taken apart, and are too many to be solved in numbers")
  func manyEquations() throws {
    let count = 100
    let text = (0..<count).map { row in
      "dx\(row)/dt = (" + (0..<count).map { $0 == row ? "-\(count)*x\($0)" : "x\($0)*k" }.joined(separator: " + ") + ")/second : 1"
    }.joined(separator: "\n")
    let equations = try read(text)
    #expect(try !MethodChoice.automatic.update(for: equations, context: context(constants: ["k": 0.1])).methodName.isEmpty)
    let error = #expect(throws: UnsupportedEquationsError.self) { try MethodChoice.exact.update(for: equations, context: context(constants: ["k": 0.1])) }
    #expect(error?.description.contains("100 coupled equations are more than it solves in numbers (64)") == true)
  }
}
