import CEngramMath
import EngramExpressions
import EngramNative
import EngramScalars
import EngramSystem
import Foundation
import Synchronization
import Testing

@testable import EngramKernels

/// Compiled code made here and now, in a folder that goes with the tests.
private final class TestLibraries: NativeLibraries {
  static let folder = FileManager.default.temporaryDirectory.appending(path: "engram-kernels-\(UUID().uuidString)").path
  static let compiler = try? CCompiler(forKernels: "")

  let instructionSet: String
  /// In place of any text, where a test wants other code than was asked for.
  let text: String?
  private let waiting = Mutex<[@Sendable () -> Void]>([])

  init(instructionSet: String = KernelInstructionSet.current, text: String? = nil) {
    self.instructionSet = instructionSet
    self.text = text
  }

  func code(for text: String, entry: String, compiles: Bool) -> NativeAnswer {
    guard let compiler = Self.compiler else { return .failed(reason: "there is no compiler") }
    do throws(NativeCodeError) {
      let source = LibrarySource(kernel: self.text ?? text, entry: entry, instructionSet: instructionSet)
      let found = try LibraryCache(ofKernelsIn: Self.folder).address(of: source, compiler: compiler, compiles: compiles)
      return found.map { .code($0) } ?? .missing
    } catch { return .failed(reason: error.description) }
  }

  func inBackground(_ body: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(body) } }

  /// What would have been done on another thread meanwhile.
  func workInBackground() {
    for body in waiting.withLock({ waiting in
      defer { waiting = [] }
      return waiting
    }) { body() }
  }
}

/// What kernels told.
private final class Reports: Sendable {
  let problems = Mutex<[NativeProblem]>([])
  func kernels(_ libraries: TestLibraries, isEager: Bool = true) -> NativeKernels {
    NativeKernels(libraries: libraries, isEager: isEager, worthCompilingNanoseconds: 1e5) { problem in
      self.problems.withLock { $0.append(problem) }
    }
  }
}

/// Kernels as compiled code. Without a C compiler on the machine there is nothing to test.
@Suite("Compiled kernels", .enabled(if: TestLibraries.compiler != nil)) struct NativeKernelTests {
  /// Those of this machine.
  private static let instructionSets: [String] = {
    let all = ["avx512", "avx2", "baseline"]
    return Array(all[(all.firstIndex(of: KernelInstructionSet.current) ?? 2)...])
  }()
  /// 10000 of them take hours.
  private static let programCount = ProcessInfo.processInfo.environment["ENGRAM_NATIVE_PROGRAMS"].flatMap(Int.init) ?? 8

  private func isNative(_ kernel: any Kernel) -> Bool { (kernel as? InterpreterKernel)?.isNative ?? false }

  @Test("COD-13: random programs give the same bits as compiled code, on every instruction set of the machine", arguments: instructionSets)
  func randomPrograms(instructionSet: String) throws {
    let (libraries, reports) = (TestLibraries(instructionSet: instructionSet), Reports())
    var nativeCount = 0
    for number in 0..<Self.programCount {
      var programs = RandomPrograms(number: 6000 + UInt64(number))
      let code = programs.code(throughIndex: number % 2 == 0)
      let condition = programs.condition(1)
      let count = number % 3 == 0 ? 1100 : 75
      let (found, expected) = (Bench.mixed(count: count), Bench.mixed(count: count))
      found.compiler = InterpreterCompiler(native: reports.kernels(libraries))
      let program = try Lowering.lower(
        statements: ExpressionParser.parseStatements(code), condition: ExpressionParser.parse(condition), symbols: found.symbols, purpose: "test")
      let list = (0..<count).filter { $0 % 3 != 1 }.map(Int32.init)
      func run(_ bench: Bench) throws -> (chosen: [Int32], kernel: any Kernel) {
        let kernel = try bench.kernel(program)
        var out = [Int32](repeating: -1, count: count)
        let selected = out.withUnsafeMutableBufferPointer { kernel.select(range: 1..<count, step: 3, into: $0.baseAddress!) }
        #expect(selected.fault == nil)
        #expect(list.withUnsafeBufferPointer { kernel.run(indices: $0, step: 4) } == nil)
        return (Array(out[..<selected.count]), kernel)
      }
      let (left, right) = (try run(found), try run(expected))
      nativeCount += isNative(left.kernel) ? 1 : 0
      #expect(left.chosen == right.chosen, "\(code)\nwhere \(condition)")
      let (leftState, rightState) = (found.state, expected.state)
      let different = leftState.keys.sorted().filter { leftState[$0] != rightState[$0] }
      #expect(different == [], "\(code)")
    }
    #expect(reports.problems.withLock(\.count) == 0)
    #expect(nativeCount * 3 >= Self.programCount)
  }

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
