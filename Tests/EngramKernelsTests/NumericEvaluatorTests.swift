import EngramExpressions
import Testing
@testable import EngramKernels

@Suite("Numbers before a run") struct NumericEvaluatorTests {
  private func evaluate(_ text: String) throws -> ConstantValue {
    let constants: [String: ConstantValue] = ["tau": .float(0.01), "dt": .float(0.0001), "n": .integer(7), "on": .boolean(true)]
    return try NumericEvaluator(constants: constants).evaluate(ExpressionParser.parse(text))
  }

  @Test("COD-9: expressions of constants give the type and value they would have in a program")
  func values() throws {
    #expect(try evaluate("7 // 2") == .integer(3))
    #expect(try evaluate("n % -4") == .integer(-1))
    #expect(try evaluate("n/2") == .float(3.5))
    #expect(try evaluate("n > 3 and on") == .boolean(true))
    #expect(try evaluate("not on") == .boolean(false))
    #expect(try evaluate("2**n") == .integer(128))
    #expect(try evaluate("tau") == .float(0.01))
    #expect(try evaluate("-n") == .integer(-7))
    #expect(try evaluate("int(tau/dt + 0.5)") == .integer(100))
    #expect(try evaluate("2*pi*tau") == .float(2 * Double.pi * 0.01))
  }

  @Test("COD-13: a constant has the bits it gets inside a program")
  func sameBits() throws {
    let bench = Bench()
    bench.column("x", [0.01])
    bench.column("h", [0.0001])
    let inside = try bench.evaluate("exp(-h/x)**0.7 + sin(h)").values[0]
    #expect(try evaluate("exp(-dt/tau)**0.7 + sin(dt)") == .float(inside))
  }

  @Test("COD-6: what is not constant is refused", arguments: ["rand()", "nowhere", "tau + randn()"])
  func refusals(text: String) { #expect(throws: KernelError.self) { try evaluate(text) } }
}
