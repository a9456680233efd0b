import CEngramMath
import EngramExpressions
import EngramScalars
import Foundation
import Synchronization
import Testing

@testable import EngramKernels

/// Kernels as compiled code. Without a C compiler on the machine there is nothing to test.
@Suite("Compiled kernels", .enabled(if: TestLibraries.compiler != nil)) struct NativeKernelTests {
  private func isNative(_ kernel: any Kernel) -> Bool { (kernel as? InterpreterKernel)?.isNative ?? false }

  @Test("COD-13: an index out of bounds is told as the interpreter tells it, and leaves what it leaves")
  func faults() throws {
    for code in ["v = exp(x_post) + v", "x_post += v*u", "x_post += exp(v)"] {
      let (found, expected) = (Bench.mixed(count: 1500), Bench.mixed(count: 1500))
      for bench in [found, expected] { bench["post"][1200] = 99 }
      found.compiler = InterpreterCompiler(native: Reports().kernels(TestLibraries()))
      let (left, right) = (try found.run(code, 0..<1500), try expected.run(code, 0..<1500))
      #expect(left?.outOfRange == right?.outOfRange && left?.outOfRange?.element == 1200)
      #expect(found.state == expected.state, "\(code)")
    }
  }

  @Test("COD-13: compiled code takes over between two calls, once it is there, without a change of a bit; nothing waits for it")
  func takingOver() throws {
    let (libraries, reports) = (TestLibraries(), Reports())
    let count = 2000
    let (found, expected) = (Bench.mixed(count: count), Bench.mixed(count: count))
    found.compiler = InterpreterCompiler(native: reports.kernels(libraries, isEager: false))
    let code = "v = v*0.99 + 0.01*exp(-u) + 1e-3*randn()"
    let (left, right) = (try found.kernel(found.program(code)), try expected.kernel(expected.program(code)))
    var wasNative: [Bool] = []
    for step in 0..<100 as Range<Int64> where step < 5 || !isNative(left) {
      #expect(left.run(range: 0..<count, step: step) == nil && right.run(range: 0..<count, step: step) == nil)
      wasNative.append(isNative(left))
      // The first time it is only looked for.
      if step % 20 == 19 { libraries.workInBackground() }
    }
    for step in 2000..<2003 as Range<Int64> {
      #expect(left.run(range: 0..<count, step: step) == nil && right.run(range: 0..<count, step: step) == nil)
    }
    #expect(wasNative[..<20].allSatisfy { !$0 } && isNative(left))
    #expect(found.state == expected.state)
    #expect(reports.problems.withLock(\.count) == 0)
  }

  @Test(
    "COD-13: pieces that list their elements stay on the interpreter unless compiled code was asked for; pieces of neighbours do not", arguments: [true, false])
  func listedPieces(isListed: Bool) throws {
    let count = 1000
    let (libraries, reports) = (TestLibraries(), Reports())
    for isEager in [true, false] {
      let bench = Bench.mixed(count: count)
      bench.compiler = InterpreterCompiler(native: reports.kernels(libraries, isEager: isEager))
      let kernel = try bench.kernel(
        Lowering.lower(statements: ExpressionParser.parseStatements("v = v*0.5 + u"), symbols: bench.symbols, purpose: "test"))
      let (bounds, order) = ([Int32(0), Int32(count)], (0..<Int32(count)).map { $0 })
      for step in 0..<100 as Range<Int64> {
        let fault = kernel.run(pieces: [Int32(0)], bounds: bounds, elements: isListed ? order : nil, step: step)
        #expect(fault == nil)
        libraries.workInBackground()
      }
      #expect(isNative(kernel) == (isEager || !isListed))
    }
  }

  @Test(
    "COD-13: indices are read from a shorter copy once there is one, without a change of a bit; where they do not fit they are read as they are",
    arguments: [(targets: 5, threads: 1, far: nil as Int?), (5, 2, nil), (70_000, 1, 69_999), (5, 1, 6)])
  func briefIndices(targets: Int, threads: Int, far: Int?) throws {
    let libraries = TestLibraries()
    let (count, code) = (4096, "x_post += w + rand()")
    func bench(_ compiler: InterpreterCompiler) -> Bench {
      let bench = Bench()
      bench.column("w", [Double](repeating: 0.1, count: count))
      bench.column("post", (0..<count).map { Double($0 % 512 * min(targets, 5) / 512) }, type: .int32)
      bench.column("x", [Double](repeating: 0, count: targets))
      bench.name("x_post", for: "x", access: .gather([IndexStep(column: bench.reference("post"), offset: 0)]))
      if let far { bench["post"][count - 1] = Double(far) }
      bench.compiler = compiler
      return bench
    }
    let found = bench(InterpreterCompiler(threads: threads, native: Reports().kernels(libraries)))
    let expected = bench(InterpreterCompiler())
    let (left, right) = (try found.kernel(found.program(code)), try expected.kernel(expected.program(code)))
    let bounds = (0...Int32(count / 512)).map { $0 * 512 }
    for step in 0..<Int64(BriefIndices.leastReads + 2) {
      let pieces = (0..<Int32(count / 512)).map { $0 }
      let (one, other) = (
        left.run(pieces: pieces, bounds: bounds, elements: nil, step: step), right.run(pieces: pieces, bounds: bounds, elements: nil, step: step)
      )
      #expect(one?.outOfRange == other?.outOfRange && (one != nil) == (far == 6))
      libraries.workInBackground()
    }
    #expect(found.state == expected.state)
    #expect((left as? InterpreterKernel)?.readsBriefIndices == (targets == 5))
    left.runEnded()
    #expect((left as? InterpreterKernel)?.readsBriefIndices == false)
  }

  @Test("COD-13: a copy of indices that is asked for before a run ends is not made behind it") func lateCopy() throws {
    let column = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 4096)
    column.initialize(repeating: 3)
    let indices = try #require(
      BriefIndices(engram_column(base: column.baseAddress, count: 4096, type: ScalarType.int32.machineType, limit: 0, brief: nil), leastCount: 4096))
    indices.stop()
    column.deallocate()
    indices.make()
    guard case .isBeingMade = indices.state else {
      Issue.record("the copy was made of memory that is gone")
      return
    }
  }

  @Test("COD-13: code that does something else than the interpreter is not used, and that is told")
  func wrongCode() throws {
    let found = Bench.mixed(count: 1100)
    let other = NativeText(try found.program("v = u*2"), layout: SlotLayout(try found.program("v = u*2")))
    let reports = Reports()
    found.compiler = InterpreterCompiler(native: reports.kernels(TestLibraries(text: try #require(other).text)))
    let expected = Bench.mixed(count: 1100)
    for bench in [found, expected] { try bench.run("v = u + 2", 0..<1100) }
    #expect(found.state == expected.state)
    let problems = reports.problems.withLock { $0 }
    guard problems.count == 1, case .differs("test") = problems[0] else {
      Issue.record("\(problems)")
      return
    }
  }

  @Test("COD-13: where code cannot be compiled, the interpreter goes on, and the compiler's words are told")
  func noCode() throws {
    let reports = Reports()
    let (found, expected) = (Bench.mixed(count: 70), Bench.mixed(count: 70))
    found.compiler = InterpreterCompiler(native: reports.kernels(TestLibraries(text: "int f(void) { return nothing; }")))
    for bench in [found, expected] { try bench.run("v = u + 2", 0..<70) }
    #expect(found.state == expected.state)
    let problems = reports.problems.withLock { $0 }
    guard problems.count == 1, case .unavailable(let reason) = problems[0] else {
      Issue.record("\(problems)")
      return
    }
    #expect(reason.contains("nothing"))
  }

  @Test("COD-13: the text depends on what is computed, not on the values of constants")
  func values() throws {
    func text(_ tau: Double) throws -> String? {
      let bench = Bench.mixed(count: 3)
      bench.constant("tau", .float(tau))
      let program = try bench.program("v = v*exp(-dt/tau) + u*tau")
      return NativeText(program, layout: SlotLayout(program))?.text
    }
    #expect(try text(0.5) != nil)
    #expect(try text(0.5) == text(7))
  }

  @Test(
    "COD-12: elements that depend on each other, calls and draws from tables stay on the interpreter",
    arguments: ["x_post = x_post*2 + v", "v = poisson(2.5)", "x_post = v"])
  func whatIsNotPrinted(code: String) throws {
    let program = try Bench.mixed(count: 3).program(code)
    #expect(NativeText(program, layout: SlotLayout(program)) == nil)
  }
}
