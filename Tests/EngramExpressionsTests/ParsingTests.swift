import EngramExpressions
import Testing

/// Fully parenthesised, so that a test sees how a text was grouped.
func grouped(_ expression: Expression) -> String {
  switch expression.node {
  case .float, .integer, .boolean, .name: expression.description
  case .unary(let op, let operand): "(\(op.rawValue)\(op == .not ? " " : "")\(grouped(operand)))"
  case .binary(let op, let lhs, let rhs): "(\(grouped(lhs)) \(op.rawValue) \(grouped(rhs)))"
  case .call(let name, let arguments): "\(name)(\(arguments.map(grouped).joined(separator: ", ")))"
  }
}

@Suite("Parsing") struct ParsingTests {
  @Test(
    "COD-1: operators bind as in Python",
    arguments: [
      ("a + b*c", "(a + (b * c))"), ("a - b - c", "((a - b) - c)"), ("a / b * c", "((a / b) * c)"),
      ("2**3**2", "(2 ** (3 ** 2))"), ("-x**2", "(-(x ** 2))"), ("2**-1", "(2 ** (-1))"), ("2**-x**2", "(2 ** (-(x ** 2)))"),
      ("-a*b", "((-a) * b)"), ("a*-b", "(a * (-b))"), ("- -a", "(-(-a))"), ("+a - +b", "((+a) - (+b))"),
      ("a // b % c", "((a // b) % c)"), ("a < b + 1", "(a < (b + 1))"), ("not a == b", "(not (a == b))"),
      ("not a and b", "((not a) and b)"), ("a or b and c", "(a or (b and c))"), ("a and b and c", "((a and b) and c)"),
      ("not not a", "(not (not a))"), ("(a < b) == (c < d)", "((a < b) == (c < d))"), ("f(a, b + 1) * 2", "(f(a, (b + 1)) * 2)"),
      ("rand()", "rand()"), ("True and False", "(True and False)"), ("a == (not b)", "(a == (not b))"),
    ])
  func precedence(text: String, expected: String) throws {
    #expect(grouped(try ExpressionParser.parse(text)) == expected)
  }

  @Test("COD-1: numbers are integers without point and exponent, floats with")
  func numbers() throws {
    func node(_ text: String) throws -> Expression.Node { try ExpressionParser.parse(text).node }
    #expect(try node("12") == .integer(12))
    #expect(try node("9223372036854775807") == .integer(.max))
    #expect(try node("1_000") == .integer(1000))
    #expect(try node("12.") == .float(12))
    #expect(try node(".5") == .float(0.5))
    #expect(try node("1e3") == .float(1000))
    #expect(try node("2.5E-3") == .float(0.0025))
    #expect(try node("0.1") == .float(0.1))
    #expect(try node("5e-324") == .float(.leastNonzeroMagnitude))
  }

  @Test("COD-1: an expression may hold comments and line breaks")
  func layout() throws {
    #expect(grouped(try ExpressionParser.parse("a # first\n  + b # second\r\n\\\n  * c")) == "(a + (b * c))")
  }

  @Test("COD-3: statements are separated by lines or semicolons and may carry comments")
  func statements() throws {
    let parsed = try ExpressionParser.parseStatements(
      """
      v += 1; w -= 2*v   # both
      # nothing here

      x *= (a +
            b)
      y /= 2;
      n %= 3
      z = v == 3
      """)
    #expect(
      parsed.map(\.description) == ["v += 1", "w -= 2 * v", "x *= a + b", "y /= 2", "n %= 3", "z = v == 3"])
    #expect(try ExpressionParser.parseStatements("").isEmpty)
    #expect(try ExpressionParser.parseStatements(" ; ;\n# only a comment").isEmpty)
  }

  @Test(
    "COD-1: printing gives text that parses to the same tree",
    arguments: [
      "(a + b)*c", "a - (b - c)", "(2**3)**2", "(-x)**2", "-(x**2)", "2**-1", "(a < b) == c", "a == (b == c)", "not (a and b)",
      "(not a) == b", "a and (b or c)", "-(a + b)", "- - 3", "a/(b*c)", "a % (b // c)", "f(g(x), -1.5e-7)", "1e300*1e16",
    ])
  func roundTrip(text: String) throws {
    let tree = try ExpressionParser.parse(text)
    #expect(try ExpressionParser.parse(tree.description) == tree)
  }

  @Test("COD-2: all problems of a text are reported at once, each at its place")
  func allAtOnce() throws {
    let problems = try #require(throws: Problems.self) {
      try ExpressionParser.parseStatements("v ^= 2\nw = a & b\nx = 3 +\ny = ok")
    }
    #expect(problems.problems.map { problems.source.place(of: $0.span.lower).line } == [1, 2, 3])
  }

  @Test("COD-3: a forgotten parenthesis does not swallow the statements below")
  func forgottenParenthesis() throws {
    let problems = try #require(throws: Problems.self) { try ExpressionParser.parseStatements("v = (3\nw = a &\n  b\nx += (1 +\n 2)\ny = [") }
    #expect(problems.problems.map(\.message).filter { $0.hasPrefix("this '('") }.count == 1)
    #expect(problems.problems.map { problems.source.place(of: $0.span.lower).line }.contains(6))
  }

  @Test("COD-3: a megabyte of statements is checked without delay, wrong ones too")
  func longBlocks() throws {
    let chain = (1...20_000).map { "a\($0) = a\($0 - 1) + 1" }.joined(separator: "\n")
    let checker = ExpressionChecker(sampleSymbols)
    let good = try ExpressionParser.parseStatements("a0 = x\n" + chain + "\nv_post += a20000*mV")
    let checked = try checker.checkStatements(good, context: .partial)
    #expect(checked.temporaries.count == 20_001 && !checked.isOrderDependent)
    let wrong = try ExpressionParser.parseStatements((1...20_000).map { "x = b\($0)" }.joined(separator: "\n"))
    let problems = try #require(throws: Problems.self) { try checker.checkStatements(wrong, context: .partial) }
    #expect(problems.problems.count == 50 && problems.omitted == 19_950)
  }

  @Test("COD-10: substitution of substitutions stays bounded")
  func substitutions() throws {
    var formula = try ExpressionParser.parse("x + x")
    let replacement = try ExpressionParser.parse("x*x + x*x")
    var failure: FormulaTooLarge?
    while failure == nil {
      do throws(FormulaTooLarge) { formula = try formula.substituting(["x": replacement]) } catch { failure = error }
    }
    #expect(formula.isWithinLimits)
  }

  @Test("COD-1: deep nesting and long texts are refused, never a crash")
  func limits() throws {
    let nested = { (depth: Int) in String(repeating: "(", count: depth) + "x" + String(repeating: ")", count: depth) }
    #expect(throws: Never.self) { try ExpressionParser.parse(nested(199)) }
    let hostile = [
      nested(201), nested(100_000), String(repeating: "-", count: 100_000) + "x", String(repeating: "x**", count: 50_000) + "x",
      String(repeating: "f(", count: 100_000), String(repeating: "x+", count: 100_000) + "x",
      String(repeating: "not ", count: 100_000) + "x",
    ]
    for text in hostile {
      let problems = try #require(throws: Problems.self) { try ExpressionParser.parse(text) }
      #expect(problems.problems.contains { $0.kind == .limit })
    }
    let long = try #require(throws: Problems.self) { try ExpressionParser.parse(String(repeating: " ", count: (1 << 20) + 1)) }
    #expect(long.problems.first?.kind == .limit)
  }
}
