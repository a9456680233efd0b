import EngramExpressions
import EngramScalars
import Synchronization
import Testing
@testable import EngramKernels

@Suite("Functions in kernels") struct FunctionTests {
  final class Counter: Sendable {
    private let state = Atomic<Int>(0)
    var value: Int { state.load(ordering: .relaxed) }
    func add(_ amount: Int) { state.add(amount, ordering: .relaxed) }
  }

  @Test("FUN-8: a function may be an operation of the machine or Swift code")
  func implementations() throws {
    let bench = Bench()
    bench.column("x", (0..<700).map(Double.init))
    bench.symbols["f"] = .function(.closure(BlockFunction(name: "f") { $0 * 3 + 1 }))
    bench.symbols["g"] = .function(.builtin(.sqrt))
    #expect(try bench.evaluate("f(x) + g(x)", 0..<700).values == (0..<700).map { Double($0) * 3 + 1 + Double($0).squareRoot() })
  }

  @Test("FUN-8: two functions are told apart by their names in the code, whatever they call themselves")
  func sameName() throws {
    let bench = Bench()
    bench.symbols["f"] = .function(.closure(BlockFunction(name: "lookup") { $0 + 1 }))
    bench.symbols["g"] = .function(.closure(BlockFunction(name: "lookup") { $0 + 2 }))
    bench.column("x", [10])
    #expect(try bench.evaluate("f(x)*1000 + g(x)").values == [11_012])
  }

  @Test("FUN-5: a function receives the numbers of the elements it is asked for")
  func elementNumbers() throws {
    let bench = Bench()
    bench.column("v", [Double](repeating: -1, count: 700))
    bench.symbols["own"] = .function(
      .closure(
        BlockFunction(
          name: "own", argumentTypes: [], resultType: .lane(.integer), dependsOnlyOnArguments: false
        ) { block in
          for lane in 0..<block.count { block.integerResult[lane] = block.elements[lane] * 10 }
        }))
    try bench.run("v = own()", 3..<700)
    #expect(bench["v"] == [-1, -1, -1] + (3..<700).map { Double($0) * 10 })
    try bench.run("v = own() + 1", indices: [650, 2])
    #expect(bench["v"][650] == 6501 && bench["v"][2] == 21)
  }

  @Test("FUN-3: arguments and results have the declared types, 'highest' follows the arguments")
  func types() throws {
    let bench = Bench()
    bench.column("n", [7, 8], type: .int32)
    bench.column("b", [1, 0], type: .bool)
    bench.symbols["half"] = .function(
      .closure(
        BlockFunction(
          name: "half", argumentTypes: [.integer], resultType: .lane(.integer), dependsOnlyOnArguments: true
        ) { block in
          for lane in 0..<block.count { block.integerResult[lane] = block.integers(0)[lane] >> 1 }
        }))
    bench.symbols["pick"] = .function(
      .closure(
        BlockFunction(
          name: "pick", argumentTypes: [.boolean, nil, nil], resultType: .highestOfArguments, dependsOnlyOnArguments: true
        ) { block in
          for lane in 0..<block.count {
            block.floatResult[lane] = block.integers(0)[lane] != 0 ? block.floats(1)[lane] : block.floats(2)[lane]
          }
        }))
    let half = try bench.evaluate("half(n + 0.9)", 0..<2)
    #expect(half.values == [3, 4] && half.type == .integer)
    let integers = try bench.evaluate("pick(b, n, 5)", 0..<2)
    #expect(integers.values == [7, 5] && integers.type == .integer)
    let floats = try bench.evaluate("pick(b, n, 5.5)", 0..<2)
    #expect(floats.values == [7, 5.5] && floats.type == .float)
    #expect(throws: KernelError.argumentCount(function: "half", expected: 1, found: 2, at: SourceSpan(0, 10))) {
      try bench.evaluate("half(1, 2)")
    }
  }

  @Test("COD-10: a function that depends only on its arguments is called once per step where these are uniform")
  func hoisting() throws {
    let bench = Bench()
    let calls = Counter()
    bench.symbols["ta"] = .function(
      .closure(
        BlockFunction(name: "ta", argumentTypes: [.float], dependsOnlyOnArguments: true) {
          calls.add($0.count)
          for lane in 0..<$0.count { $0.floatResult[lane] = 2 * $0.floats(0)[lane] }
        }))
    bench.column("t", [5], access: .scalar)
    bench.column("v", [Double](repeating: 1, count: 2000))
    let kernel = try bench.kernel(bench.program("v += ta(t) + ta(t)"))
    #expect(kernel.run(range: 0..<2000, step: 0) == nil)
    #expect(calls.value == 1)
    #expect(bench["v"] == [Double](repeating: 21, count: 2000))
    bench["t"] = [6]
    #expect(kernel.run(range: 0..<2000, step: 1) == nil)
    #expect(calls.value == 2)
    #expect(bench["v"] == [Double](repeating: 45, count: 2000))
    let perElement = try bench.kernel(bench.program("v = ta(v)"))
    #expect(perElement.run(range: 0..<2000, step: 1) == nil)
    #expect(calls.value == 2002)
  }

  @Test("COD-10: a function with state is called for each textual call and element, on one thread")
  func stateful() throws {
    let bench = Bench()
    let calls = Counter()
    bench.symbols["next"] = .function(
      .closure(
        BlockFunction(name: "next", argumentTypes: [], dependsOnlyOnArguments: false) {
          calls.add($0.count)
          for lane in 0..<$0.count { $0.floatResult[lane] = 0 }
        }))
    bench.column("v", [Double](repeating: 1, count: 100))
    let program = try bench.program("v = next() + next()")
    #expect(!program.isParallel && program.isStateful)
    #expect(try bench.kernel(program).run(range: 0..<100, step: 0) == nil)
    #expect(calls.value == 200)
  }

  @Test("COD-10: two calls of a function with state differ, also in a shared statement: f() - f() is -1 for one that counts")
  func countingCalls() throws {
    let bench = Bench()
    let calls = Counter()
    bench.symbols["f"] = .function(
      .closure(
        BlockFunction(name: "f", argumentTypes: [], dependsOnlyOnArguments: false) { block in
          for lane in 0..<block.count {
            block.floatResult[lane] = Double(calls.value)
            calls.add(1)
          }
        }))
    bench.column("w", [9])
    bench.column("s", [9], access: .scalar)
    try bench.run("w = f() - f()", 0..<1)
    #expect(bench["w"] == [-1] && calls.value == 2)
    try bench.run("s = f()\nw = s + f()", 0..<1)
    #expect(bench["s"] == [2] && bench["w"] == [5] && calls.value == 4)
  }

  struct Refused: Error, Equatable { let value: Double }

  @Test("FUN-13, NET-27: an error of a body ends the program with the first element it was for, whatever the threads", arguments: [1, 2])
  func failing(threads: Int) throws {
    let bench = Bench()
    bench.compiler = InterpreterCompiler(threads: threads)
    bench.column("v", (0..<30_000).map(Double.init))
    bench.column("t", [5], access: .scalar)
    bench.symbols["f"] = .function(
      .closure(
        BlockFunction(name: "f", argumentTypes: [.float], dependsOnlyOnArguments: true) {
          block throws(FunctionFault) in
          for lane in 0..<block.count {
            let value = block.floats(0)[lane]
            if value > 25_000 || value == 12_345 {
              throw FunctionFault(function: "f", element: block.elements[lane], cause: Refused(value: value))
            }
            block.floatResult[lane] = -value
          }
        }))
    let fault = try bench.run("v = f(v)", 0..<30_000)?.failedFunction
    #expect(fault?.element == 12_345 && fault?.cause as? Refused == Refused(value: 12_345))
    // Code of values that are the same for all elements runs before them.
    #expect(try bench.run("v = f(20000*t)", 0..<30_000)?.failedFunction?.cause as? Refused == Refused(value: 100_000))
    #expect(throws: KernelFault.self) { try bench.evaluate("f(v + 30000)", 0..<3) }
    bench["v"] = (0..<30_000).map { _ in 1 }
    #expect(try bench.run("v = f(v)", 0..<30_000) == nil)
  }
}
