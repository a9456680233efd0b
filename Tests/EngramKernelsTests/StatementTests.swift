import EngramExpressions
import EngramScalars
import Testing
@testable import EngramKernels

@Suite("Statements of kernels") struct StatementTests {
  @Test("COD-4: each element sees the effect of previous lines")
  func order() throws {
    let bench = Bench()
    bench.column("v", (0..<1000).map(Double.init))
    bench.column("w", [Double](repeating: 0, count: 1000))
    try bench.run("v += 1; w = v; v *= v; w = v - w", 0..<1000)
    for element in 0..<1000 {
      let x = Double(element + 1)
      #expect(bench["v"][element] == x * x)
      #expect(bench["w"][element] == x * x - x)
    }
  }

  @Test("COD-4: a temporary keeps the value a variable had before it was overwritten")
  func temporariesAreValues() throws {
    let bench = Bench()
    bench.column("v", (0..<600).map(Double.init))
    bench.column("w", [Double](repeating: 0, count: 600))
    try bench.run("old = v; v = 100 - v; w = old", 0..<600)
    #expect(bench["w"] == (0..<600).map(Double.init))
    #expect(bench["v"] == (0..<600).map { 100 - Double($0) })
    // A swap, each value in the other's place.
    try bench.run("old = v; v = w; w = old", 0..<600)
    #expect(bench["v"] == (0..<600).map(Double.init))
    #expect(bench["w"] == (0..<600).map { 100 - Double($0) })
  }

  @Test("COD-3: a temporary has the type of its first value")
  func temporaryTypes() throws {
    let bench = Bench()
    bench.column("v", [0])
    try bench.run("k = 7; k /= 2; v = k", 0..<1)
    #expect(bench["v"] == [3])
    try bench.run("k = 7.0; k /= 2; v = k", 0..<1)
    #expect(bench["v"] == [3.5])
    try bench.run("k = v > 1; v = int(k)", 0..<1)
    #expect(bench["v"] == [1])
  }

  @Test(
    "COD-3: all augmented assignments",
    arguments: [
      ("v += 2", 9.5), ("v -= 2", 5.5), ("v *= 2", 15), ("v /= 2", 3.75), ("v %= 2", 1.5), ("v = 2", 2),
    ])
  func augmented(code: String, expected: Double) throws {
    let bench = Bench()
    bench.column("v", [7.5])
    try bench.run(code, 0..<1)
    #expect(bench["v"] == [expected])
  }

  @Test(
    "VAR-29: assignment converts to the variable's type",
    arguments: [
      (ScalarType.float64, 2.7), (.float32, Double(Float(2.7))), (.int32, 2), (.int64, 2), (.bool, 1),
    ])
  func conversion(type: ScalarType, expected: Double) throws {
    let bench = Bench()
    bench.column("v", [0, 0, 0], type: type)
    try bench.run("v = 2.7", 0..<3)
    #expect(bench["v"] == [expected, expected, expected])
    bench.column("x", [2.7, -2.7, 0])
    try bench.run("v = x", 0..<3)
    let negative: Double = type.isFloat ? -expected : type == .bool ? 1 : -2
    #expect(bench["v"] == [expected, negative, 0])
    try bench.run("v = x > 0", 0..<3)
    #expect(bench["v"] == [1, 0, 0])
  }

  @Test("VAR-29: a later line sees the value as it was stored")
  func storedPrecision() throws {
    let bench = Bench()
    bench.column("f", [0], type: .float32)
    bench.column("i", [0], type: .int32)
    bench.column("b", [0], type: .bool)
    bench.column("out", [0, 0, 0, 0])
    try bench.run("f = 0.1; out = f", 0..<1)
    #expect(bench["out"][0] == Double(Float(0.1)))
    try bench.run("i = 2.9; out = i", 0..<1)
    #expect(bench["out"][0] == 2)
    bench.column("large", [4294967296], type: .int64)
    try bench.run("i = large + 5; out = i", 0..<1)  // Cut to 32 bits.
    #expect(bench["out"][0] == 5)
    #expect(throws: (any Error).self) { try bench.run("i = 4294967296 + 5", 0..<1) }
    try bench.run("b = 7; out = int(b)", 0..<1)
    #expect(bench["out"][0] == 1)
  }

  @Test("REF-6: a conditional write leaves elements alone where the condition is false")
  func conditionalWrites() throws {
    let bench = Bench()
    let count = 700
    bench.column("active", (0..<count).map { Double($0 % 2) }, type: .bool)
    bench.column("v", [Double](repeating: 1, count: count), where: "active")
    bench.column("w", [Double](repeating: 1, count: count))
    bench.column("seen", [Double](repeating: 0, count: count))
    try bench.run("v += 1; w += 1; seen = v", 0..<count)
    #expect(bench["v"] == (0..<count).map { $0 % 2 == 1 ? 2 : 1 })
    #expect(bench["w"] == [Double](repeating: 2, count: count))
    #expect(bench["seen"] == bench["v"])
    // A list of elements obeys too.
    try bench.run("v = 9", indices: [0, 1, 5])
    #expect(Array(bench["v"][..<6]) == [1, 9, 1, 2, 1, 9])
    // Reset code is given the variable without its condition.
    bench.name("v", for: "v", access: .element)
    try bench.run("v = 0", 0..<count)
    #expect(bench["v"] == [Double](repeating: 0, count: count))
  }

  @Test("REF-6: inputs of +1 each step do not move a refractory variable, while an unflagged one accumulates")
  func refractoryInput() throws {
    let bench = Bench()
    bench.column("active", [1, 0, 1], type: .bool)
    bench.column("v", [0, 0, 0], where: "active")
    bench.column("total", [0, 0, 0])
    bench.column("target", [0, 1, 1, 2], type: .int32)
    let path = Access.gather([IndexStep(column: bench.reference("target"))])
    bench.name("v_post", for: "v", access: path, where: "active")
    bench.name("total_post", for: "total", access: path)
    for step in 0..<5 { try bench.run("v_post += 1; total_post += 1", 0..<4, step: Int64(step)) }
    #expect(bench["v"] == [5, 0, 5])
    #expect(bench["total"] == [5, 10, 5])
  }

  @Test("COD-8: statements for shared variables run once and come first")
  func sharedVariables() throws {
    let bench = Bench()
    bench.column("s", [3], access: .scalar)
    bench.column("v", [Double](repeating: 0, count: 800))
    let program = try bench.program("s += 1; v = s; k = s*2; v += k")
    let kernel = try bench.kernel(program)
    #expect(kernel.run(range: 0..<800, step: 0) == nil)
    #expect(bench["s"] == [4])
    #expect(bench["v"] == [Double](repeating: 12, count: 800))
    #expect(kernel.run(range: 0..<0, step: 0) == nil)
    #expect(bench["s"] == [5])
    try bench.run("s = 0", 0..<0)
    #expect(bench["s"] == [0])

    #expect(throws: KernelError.sharedAfterElements("s", at: SourceSpan(7, 8))) { try bench.program("v = 1; s = 2") }
    #expect(throws: KernelError.sharedFromElements("s", at: SourceSpan(0, 1))) { try bench.program("s = v") }
  }

  @Test("COD-8: constants, subexpressions, indices and functions cannot be assigned to", arguments: ["k", "sub", "i", "f"])
  func readOnly(name: String) throws {
    let bench = Bench()
    bench.constant("k", .float(1))
    bench.symbols["sub"] = .subexpression(try ExpressionParser.parse("1 + 1"))
    bench.symbols["i"] = .elementIndex(offset: 0)
    bench.symbols["f"] = .function(.builtin(.exp))
    do {
      _ = try bench.program("\(name) = 2")
      Issue.record("nothing was thrown")
    } catch { #expect("\(error)" == "'\(name)' cannot be assigned to") }
  }

  @Test("COD-4: a subexpression is computed from the values of the moment")
  func subexpressions() throws {
    let bench = Bench()
    bench.column("v", [1, 2])
    bench.column("w", [0, 0])
    bench.symbols["twice"] = .subexpression(try ExpressionParser.parse("2*v"))
    bench.symbols["more"] = .subexpression(try ExpressionParser.parse("twice + 1"))
    try bench.run("w = more; v = 10; w += more", 0..<2)
    #expect(bench["w"] == [3 + 21, 5 + 21])
  }

  @Test("VAR-25: an expression is evaluated per element, with its number")
  func elementNumbers() throws {
    let bench = Bench()
    bench.symbols["i"] = .elementIndex(offset: -3)
    bench.constant("N", .integer(5))
    bench.constant("mV", .float(0.001))
    #expect(try bench.evaluate("i*mV", 3..<8).values == [0, 1, 2, 3, 4].map { $0 * 0.001 })
    #expect(try bench.evaluate("5 + i/N", 3..<8).values == [5, 5.2, 5.4, 5.6, 5.8])
    #expect(try bench.evaluate("i", 3..<8).type == .integer)
  }

  @Test("VAR-25: a value that is the same for all elements is given for each")
  func uniformValues() throws {
    let bench = Bench()
    bench.column("s", [4], access: .scalar)
    #expect(try bench.evaluate("1 + 1", 0..<3).values == [2, 2, 2])
    #expect(try bench.evaluate("s", 0..<3).values == [4, 4, 4])
    #expect(try bench.evaluate("True", 0..<2).values == [1, 1])
    #expect(try bench.select("s > 3", 0..<600) == (0..<600).map(Int32.init))
    #expect(try bench.select("False", 0..<600) == [])
    #expect(try bench.evaluate("2.9", 0..<2, as: .integer).values == [2, 2])
  }

  @Test("EVT-1: select gives the elements for which the condition holds, in order, after the statements")
  func selection() throws {
    let bench = Bench()
    bench.column("v", (0..<2000).map { Double($0 % 7) })
    #expect(try bench.select("v > 5", 0..<2000) == (0..<2000).filter { $0 % 7 > 5 }.map(Int32.init))
    #expect(try bench.select("v > 5", after: "v += 1", 100..<600) == (100..<600).filter { $0 % 7 > 4 }.map(Int32.init))
  }
}
