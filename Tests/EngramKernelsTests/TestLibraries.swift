import EngramNative
import EngramSystem
import Foundation
import Synchronization

@testable import EngramKernels

/// Compiled code made here and now, in a folder that goes with the tests.
final class TestLibraries: NativeLibraries {
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
final class Reports: Sendable {
  let problems = Mutex<[NativeProblem]>([])
  func kernels(_ libraries: any NativeLibraries, isEager: Bool = true) -> NativeKernels {
    NativeKernels(libraries: libraries, isEager: isEager, worthCompilingNanoseconds: 1e5, leastBriefCount: 4096) { problem in
      self.problems.withLock { $0.append(problem) }
    }
  }
}
