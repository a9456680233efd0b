import EngramExpressions
import EngramScalars
import Testing
@testable import EngramKernels

@Suite("Arithmetic of kernels") struct ArithmeticTests {
  private func check(
    _ text: String, _ expected: Double, _ type: ValueType, location: SourceLocation = #_sourceLocation
  ) throws {
    let bench = Bench()
    bench.column("x", [2.5])
    bench.column("y", [-0.5])
    bench.column("z", [0])
    bench.column("n", [7], type: .int32)
    bench.column("m", [-7], type: .int64)
    bench.column("two", [2], type: .int64)
    bench.column("yes", [1], type: .bool)
    bench.column("no", [0], type: .bool)
    let found = try bench.evaluate(text)
    #expect(found.values[0] == expected || (found.values[0].isNaN && expected.isNaN), "\(text)", sourceLocation: location)
    #expect(found.type == type, "\(text)", sourceLocation: location)
  }

  @Test("FUN-27: floor division and remainder take the sign of the divisor; / is true division")
  func floorSemantics() throws {
    try check("-7 // 2", -4, .integer)
    try check("m // two", -4, .integer)
    try check("-7 % 2", 1, .integer)
    try check("m % two", 1, .integer)
    try check("7 % -2", -1, .integer)
    try check("n % -two", -1, .integer)
    try check("7.5 % -2", -0.5, .float)
    try check("(n + 0.5) % -2", -0.5, .float)
    try check("(n + 0.5) // 2", 3, .float)
    try check("7/2", 3.5, .float)
    try check("n/two", 3.5, .float)
    try check("yes/two", 0.5, .float)
  }

  @Test("COD-9: arithmetic gives the highest type of its operands")
  func promotion() throws {
    try check("n + two", 9, .integer)
    try check("n - 0.5", 6.5, .float)
    try check("n * two", 14, .integer)
    try check("n * x", 17.5, .float)
    try check("yes + yes", 2, .integer)
    try check("yes * 3", 3, .integer)
    try check("-yes", -1, .integer)
    try check("+no", 0, .integer)
    try check("-n", -7, .integer)
    try check("-x", -2.5, .float)
    try check("+x", 2.5, .float)
    try check("9007199254740993 + 0*n", 9_007_199_254_740_992, .integer)  // Exact in the lane; the test reads a double.
    try check("(9007199254740993 + 0*n) - 9007199254740992", 1, .integer)
  }

  @Test("COD-9: comparisons and logic give booleans, int() of a boolean gives 0 or 1")
  func logic() throws {
    try check("n < 8", 1, .boolean)
    try check("n > 7", 0, .boolean)
    try check("n >= 7", 1, .boolean)
    try check("n <= 6.5", 0, .boolean)
    try check("n == 7.0", 1, .boolean)
    try check("x != 2.5", 0, .boolean)
    try check("x > y", 1, .boolean)
    try check("x >= 2.5", 1, .boolean)
    try check("x < y", 0, .boolean)
    try check("yes and no", 0, .boolean)
    try check("yes or no", 1, .boolean)
    try check("not no", 1, .boolean)
    try check("not (x > 1 and n == 7)", 0, .boolean)
    try check("yes == True", 1, .boolean)
    try check("int(x > 1)", 1, .integer)
    try check("int(no)", 0, .integer)
    try check("int(yes) * 2 + int(no)", 2, .integer)
  }

  @Test("COD-9: no comparison but != holds for a value that is not a number")
  func notANumber() throws {
    try check("z/z < 1", 0, .boolean)
    try check("z/z >= 1", 0, .boolean)
    try check("z/z == z/z", 0, .boolean)
    try check("z/z != z/z", 1, .boolean)
    try check("not (z/z > 1)", 1, .boolean)
  }

  @Test("FUN-23: int truncates towards zero")
  func truncation() throws {
    try check("int(x)", 2, .integer)
    try check("int(-x)", -2, .integer)
    try check("int(-0.999*yes)", 0, .integer)
    try check("int(n)", 7, .integer)
    try check("int(2.9)", 2, .integer)
  }

  @Test("FUN-24: timestep counts steps with a tolerance of a thousandth")
  func timestep() throws {
    try check("timestep(0.0999e-3, 0.1e-3)", 1, .integer)
    try check("timestep(0.09989e-3, 0.1e-3)", 0, .integer)
    try check("timestep(0.15e-3, 0.1e-3)", 1, .integer)
    try check("timestep(0.3e-3, 0.1e-3)", 3, .integer)
    try check("timestep(-0.1e-3, 0.1e-3)", 0, .integer)
    try check("timestep(-1e4, 0.1e-3)", -99_999_999, .integer)
    try check("timestep(x*0 + 0.3e-3, 0.1e-3)", 3, .integer)
  }

  @Test("FUN-21: sqrt, ceil and floor give floats; abs, sign and clip keep or raise the type")
  func shapes() throws {
    try check("sqrt(n + 2)", 3, .float)
    try check("ceil(x)", 3, .float)
    try check("floor(-x)", -3, .float)
    try check("floor(n)", 7, .float)
    try check("abs(m)", 7, .integer)
    try check("abs(-x)", 2.5, .float)
    try check("abs(yes)", 1, .boolean)
    try check("sign(m)", -1, .integer)
    try check("sign(y)", -1, .float)
    try check("sign(0.0*x)", 0, .float)
    try check("sign(no)", 0, .boolean)
    try check("clip(n, 0, 5)", 5, .integer)
    try check("clip(n, 0, 5.5)", 5.5, .float)
    try check("clip(x, -1, 1)", 1, .float)
    try check("clip(y, -1, 1)", -0.5, .float)
    try check("clip(m, -3, 3)", -3, .integer)
  }

  @Test("FUN-25: exprel is 1 at zero and infinite far out")
  func exprel() throws {
    try check("exprel(z)", 1, .float)
    try check("exprel(1e-17 + z)", 1, .float)
    try check("exprel(718 + z)", .infinity, .float)
    let found = try Bench().evaluate("exprel(1.0)").values[0]
    #expect(abs(found - 1.718281828459045) < 1e-15)
  }

  @Test("FUN-26: pi, e and inf are known by name")
  func constants() throws {
    try check("pi", 3.141592653589793, .float)
    try check("e", 2.718281828459045, .float)
    try check("inf", .infinity, .float)
    try check("-inf", -.infinity, .float)
    try check("x < inf", 1, .boolean)
  }

  @Test(
    "FUN-20: elementary functions agree with known values",
    arguments: [
      ("sin(x)", 0.5984721441039564), ("cos(x)", -0.8011436155469337), ("tan(x)", -0.7470222972386603),
      ("sinh(x)", 6.0502044810397875), ("cosh(x)", 6.132289479663686), ("tanh(x)", 0.9866142981514303),
      ("exp(x)", 12.182493960703473), ("log(x)", 0.9162907318741551), ("log10(x)", 0.3979400086720376),
      ("expm1(x)", 11.182493960703473), ("log1p(x)", 1.252762968495368), ("arccos(y)", 2.0943951023931957),
      ("arcsin(y)", -0.5235987755982989), ("arctan(x)", 1.1902899496825317),
    ])
  func elementary(text: String, expected: Double) throws {
    let bench = Bench()
    bench.column("x", [2.5])
    bench.column("y", [-0.5])
    let found = try bench.evaluate(text)
    #expect(abs(found.values[0] - expected) <= 2 * expected.ulp)
    #expect(found.type == .float)
  }

  @Test("COD-1: whole constant powers are products, others go through pow; integers stay integers")
  func powers() throws {
    try check("x**2", 6.25, .float)
    try check("x**3", 15.625, .float)
    try check("x**-1", 0.4, .float)
    try check("x**-2", 0.16, .float)
    try check("x**0", 1, .float)
    try check("n**2", 49, .integer)
    try check("m**3", -343, .integer)
    try check("n**0", 1, .integer)
    try check("two**-1", 0.5, .float)
    try check("two**two", 4, .integer)
    try check("(x - 0.25)**0.5", 1.5, .float)
    let root = try Bench().evaluate("2**0.5")
    #expect(abs(root.values[0] - 1.4142135623730951) <= 1.4142135623730951.ulp && root.type == .float)
    try check("2**10", 1024, .integer)
    try check("x**(3 - 1)", 6.25, .float)
    try check("two**n", 128, .integer)
  }

  @Test("COD-13: the order of products in a power is fixed")
  func powerOrder() throws {
    let bench = Bench()
    let x = 1.1234567890123457
    bench.column("x", [x])
    #expect(try bench.evaluate("x**3").values[0] == x * x * x)
    #expect(try bench.evaluate("x**4").values[0] == (x * x) * (x * x))
    #expect(try bench.evaluate("x**5").values[0] == (x * x) * (x * x) * x)
    #expect(try bench.evaluate("x**-3").values[0] == 1 / (x * x * x))
  }

  @Test("COD-13: a product joined with a sum rounds twice, division is not turned into a product")
  func roundings() throws {
    let bench = Bench()
    let (x, y, z) = (1.0 + 0x1p-30, 1.0 - 0x1p-30, -1.0)
    bench.column("x", [x])
    bench.column("y", [y])
    bench.column("z", [z])
    #expect(try bench.evaluate("x*y + z").values[0] == 0)  // One rounding would leave -2^-60.
    #expect(try bench.evaluate("z + x*y").values[0] == 0)
    let quotients = (1...200).map { Double($0) }
    bench.column("q", quotients)
    bench.constant("k", .float(49))
    #expect(try bench.evaluate("q/k", 0..<200).values == quotients.map { $0 / 49 })
  }

  @Test("COD-9: integers wrap, and division by zero is no trap")
  func extremes() throws {
    let bench = Bench()
    bench.column("n", [9.223372036854775e18], type: .int64)
    bench.column("zero", [0], type: .int64)
    #expect(try bench.evaluate("n + n + n").type == .integer)
    #expect(try bench.evaluate("1/zero").values[0] == .infinity)
    _ = try bench.evaluate("1 // zero")
    _ = try bench.evaluate("1 % zero")
    _ = try bench.evaluate("int(1/zero)")
  }

  @Test("FUN-12: calls with a wrong number of arguments, unknown names and misused functions are errors that teach")
  func errors() throws {
    let bench = Bench()
    bench.column("voltage", [1])
    func message(_ text: String) -> String {
      do {
        _ = try bench.evaluate(text)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message("exp(1, 2)") == "'exp' takes 1 argument, found 2")
    #expect(message("clip(1)") == "'clip' takes 3 arguments, found 1")
    #expect(message("voltag + 1") == "'voltag' is not defined here; did you mean 'voltage'?")
    #expect(message("exq(1)").contains("did you mean 'exp'"))
    #expect(message("voltage(1)") == "'voltage' is not a function")
    #expect(message("exp + 1") == "'exp' is a function and cannot be used as a value")
  }

  @Test("COD-1: code nested too deeply is an error, also through subexpressions that mention themselves")
  func depth() throws {
    let bench = Bench()
    bench.symbols["a"] = .subexpression(try ExpressionParser.parse("b + 1"))
    bench.symbols["b"] = .subexpression(try ExpressionParser.parse("a * 2"))
    #expect(throws: KernelError.self) { try bench.evaluate("a") }
    var deep = Expression(.float(1))
    for _ in 0..<Lowering.depthLimit + 50 { deep = Expression(.unary(.minus, deep)) }
    #expect(throws: KernelError.tooDeep(limit: Lowering.depthLimit, at: .none)) {
      try Lowering.lower(value: deep, symbols: [:], purpose: "test")
    }
  }
}
