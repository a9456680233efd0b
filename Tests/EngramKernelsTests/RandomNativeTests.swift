import CEngramMath
import EngramExpressions
import EngramNative
import EngramScalars
import Foundation
import Synchronization
import Testing

@testable import EngramKernels

/// Random programs as compiled code, many in one library: a compiler takes longer to begin than to compile one.
@Suite("Random programs, compiled", .enabled(if: TestLibraries.compiler != nil)) struct RandomNativeTests {
  /// Those of this machine.
  private static let instructionSets: [String] = {
    let all = ["avx512", "avx2", "baseline"]
    return Array(all[(all.firstIndex(of: KernelInstructionSet.current) ?? 2)...])
  }()
  /// 10000 of them take three quarters of an hour of a processor, nearly all of it in the compiler; it is told how far they are.
  private static let programCount = number("ENGRAM_NATIVE_PROGRAMS") ?? 24
  /// Where to go on.
  private static let firstProgram = number("ENGRAM_NATIVE_FIRST") ?? 0
  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap(Int.init) }
  /// Few enough for the compiler's patience, also where others come first.
  private static let librarySize = 8

  /// One program, and how it is called.
  private struct Case {
    let number: Int
    let code: String
    let condition: String
    let program: KernelProgram
    var count: Int { number % 3 == 0 ? 1100 : 75 }

    /// - Returns: nil where chance has made a program that assigns NaN to an integer, which is refused before it is one.
    init?(number: Int) throws {
      var programs = RandomPrograms(number: 6000 + UInt64(number))
      self.number = number
      code = programs.code(throughIndex: number % 2 == 0)
      condition = programs.condition(1)
      do {
        program = try Lowering.lower(
          statements: ExpressionParser.parseStatements(code), condition: ExpressionParser.parse(condition), symbols: Bench.mixed(count: 1).symbols,
          purpose: "test")
      } catch KernelError.doesNotFit { return nil }
    }

    /// All that a range and a list of elements leave behind.
    func outcome(_ native: NativeKernels?) throws -> (chosen: [Int32], state: [String: [UInt8]], isNative: Bool) {
      let bench = Bench.mixed(count: count)
      bench.compiler = InterpreterCompiler(native: native)
      let kernel = try bench.kernel(program)
      var out = [Int32](repeating: -1, count: count)
      let selected = out.withUnsafeMutableBufferPointer { kernel.select(range: 1..<count, step: 3, into: $0.baseAddress!) }
      #expect(selected.fault == nil)
      let list = (0..<count).filter { $0 % 3 != 1 }.map(Int32.init)
      #expect(list.withUnsafeBufferPointer { kernel.run(indices: $0, step: 4) } == nil)
      return (Array(out[..<selected.count]), bench.state, (kernel as? InterpreterKernel)?.isNative ?? false)
    }
  }

  @Test("COD-13: random programs give the same bits as compiled code, on every instruction set of the machine", arguments: instructionSets)
  func randomPrograms(instructionSet: String) throws {
    let reports = Reports()
    var nativeCount = 0
    let end = Self.firstProgram + Self.programCount
    for start in stride(from: Self.firstProgram, to: end, by: Self.librarySize) {
      let cases = try (start..<min(start + Self.librarySize, end)).compactMap(Case.init)
      let texts = cases.compactMap { NativeText($0.program, layout: SlotLayout($0.program)) }
      let library = try ManyKernels(texts, instructionSet: instructionSet)
      for one in cases {
        let (found, expected) = (try one.outcome(reports.kernels(library)), try one.outcome(nil))
        nativeCount += found.isNative ? 1 : 0
        #expect(found.chosen == expected.chosen, "\(one.number): \(one.code)\nwhere \(one.condition)")
        let different = expected.state.keys.sorted().filter { found.state[$0] != expected.state[$0] }
        #expect(different == [], "\(one.number): \(one.code)")
        if one.number % 500 == 499 { print("\(instructionSet): \(nativeCount) of \(one.number + 1) programs ran as compiled code") }
      }
    }
    #expect(reports.problems.withLock(\.count) == 0)
    #expect(nativeCount * 3 >= Self.programCount)
  }
}

/// One library with the code of many kernels, each as it is printed, under names of its own.
private struct ManyKernels: NativeLibraries {
  private let addresses: [String: UInt]

  init(_ texts: [NativeText], instructionSet: String) throws {
    var text = texts.first?.support ?? ""
    for (number, kernel) in texts.enumerated() {
      for name in Self.names { text += "\n#define \(name) \(name)_\(number)" }
      text += "\n\(kernel.kernel)"
      for name in Self.names { text += "\n#undef \(name)" }
    }
    let entries = texts.indices.map { "(void *)\(NativeText.entry)_\($0)" }
    text += "\nvoid *kernels[\(texts.count + 1)] = {\((entries + ["0"]).joined(separator: ", "))};\n"
    let source = LibrarySource(kernel: text, entry: "kernels", instructionSet: instructionSet)
    let cache = LibraryCache(ofKernelsIn: TestLibraries.folder)
    let compiler = try #require(TestLibraries.compiler)
    let table = try #require(try cache.address(of: source, compiler: compiler))
    let kernels = try #require(UnsafePointer<UInt>(bitPattern: table))
    addresses = Dictionary(texts.enumerated().map { ($1.text, kernels[$0]) }) { first, _ in first }
  }

  private static let names = ["range_block", "list_block", "brief_block", NativeText.entry]

  func code(for text: String, entry: String, compiles: Bool) -> NativeAnswer {
    addresses[text].map { .code($0) } ?? .failed(reason: "it is not among the kernels of the library")
  }

  func inBackground(_ body: @escaping @Sendable () -> Void) {}
}
