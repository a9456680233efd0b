import EngramExpressions
import EngramScalars
import Testing
@testable import EngramKernels

/// What becomes of a value on its way into another type (COD-9).
@Suite("Conversions in kernels") struct ConversionTests {
  @Test("COD-9: a formula declared with a type has the value that a variable of that type would hold, wherever it is used")
  func declaredFormulas() throws {
    let bench = Bench()
    bench.column("v", [0.4, -1.9, 3e9, -.infinity, .nan])
    bench.column("n", [7, -7, 3, 0, 1], type: .int64)
    func formula(_ text: String, _ type: ScalarType) throws { bench.symbols["f"] = .subexpression(try ExpressionParser.parse(text), as: type) }
    try formula("n // 2", .float64)
    #expect(try bench.evaluate("f", 0..<2).type == .float)
    #expect(try bench.evaluate("f + 0.5", 0..<2).values == [3.5, -3.5])
    try formula("v", .int32)
    let cut = try bench.evaluate("f", 0..<5)
    #expect(cut.type == .integer && cut.values == [0, -1, Double(Int32.max), Double(Int32.min), 0])
    try formula("v*1.7", .int64)
    #expect(try bench.evaluate("f", 0..<3).values == [0, -3, 5_100_000_000])
    // Integers lose their upper half, as when they are stored.
    try formula("n*1000000000", .int32)
    #expect(try bench.evaluate("f", 0..<2).values == [Double(Int32(truncatingIfNeeded: 7_000_000_000)), Double(Int32(truncatingIfNeeded: -7_000_000_000))])
    try formula("v > 0", .float64)
    #expect(try bench.evaluate("f*2", 0..<2).values == [2, 0])
    try formula("n", .bool)
    #expect(try bench.evaluate("f", 2..<4).values == [1, 0])
  }

  @Test("COD-9: a float becomes the nearest integer towards zero, at the ends of the range the end, and NaN 0; integers wrap")
  func assignments() throws {
    let bench = Bench()
    bench.column("v", [2.7, -2.7, 3e9, -1e300, .infinity, .nan])
    bench.column("n", [Double](repeating: 9, count: 6), type: .int32)
    bench.column("m", [Double](repeating: 9, count: 6), type: .int64)
    try bench.run("n = v; m = v", 0..<6)
    #expect(bench["n"] == [2, -2, Double(Int32.max), Double(Int32.min), Double(Int32.max), 0])
    #expect(bench["m"] == [2, -2, 3e9, Double(Int64.min), Double(Int64.max), 0])
    bench["n"] = [Double](repeating: Double(Int32.max), count: 6)
    try bench.run("n += 1", 0..<6)
    #expect(bench["n"] == [Double](repeating: Double(Int32.min), count: 6))
    bench.name("n_post", for: "n", access: .gather([IndexStep(column: nil)]))
    try bench.run("n_post = v", 2..<4)
    #expect(bench["n"][2...3] == [Double(Int32.max), Double(Int32.min)])
  }

  @Test("COD-9, MDL-20: a number that cannot be what is left of it is refused before the run: out of range, NaN, infinite")
  func literals() throws {
    let bench = Bench()
    bench.column("n", [1], type: .int32)
    bench.column("m", [1], type: .int64)
    bench.column("x", [1], type: .float32)
    bench.constant("big", .float(3e9))
    for code in ["n = 3000000000", "n = 3e9", "n = big", "n = 2*big - 1", "n = -inf", "n = 0*inf", "m = 1e30", "x = 1e300"] {
      #expect(throws: KernelError.self, "\(code)") { try bench.run(code, 0..<1) }
    }
    let error = #expect(throws: KernelError.self) { try bench.run("n = 3000000000", 0..<1) }
    #expect(error?.description == "'n' is an integer of 32 bits (-2147483648 to 2147483647) and cannot hold 3000000000")
    // A fraction is cut like any other float of model code; what fits is stored.
    try bench.run("n = 2.7; m = 3000000000; x = inf", 0..<1)
    #expect(bench["n"] == [2] && bench["m"] == [3e9] && bench["x"] == [.infinity])
  }
}
