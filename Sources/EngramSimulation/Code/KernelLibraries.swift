import EngramKernels
import EngramNative
import EngramSystem
import Synchronization

extension KernelMode {
  /// What kernels are made with; `nil` for the interpreter alone.
  func kernels(telling messages: MessageCenter) -> NativeKernels? {
    if self == .interpreted { return nil }
    let isEager = self == .native
    return NativeKernels(libraries: KernelLibraries(isModest: !isEager), isEager: isEager) { problem in
      switch problem {
      case .unavailable(let reason):
        let text = "model code runs on the interpreter, with the same results: \(reason)"
        messages.emit(isEager ? .warning : .info, "codegen.kernels", text, once: true)
      case .differs(let purpose):
        let text = "compiled code for '\(purpose)' did not do what the interpreter does and is not used; please report this"
        messages.emit(.warning, "codegen.kernels", text, once: true)
      }
    }
  }
}

/// Kernels that the C compiler of this machine has made or makes, kept from process to process.
///
/// Neither the compiler nor the folder is one that a preference names: preferences may lie in a folder that comes from elsewhere, and
/// whoever runs a model there must not run a program of that folder.
struct KernelLibraries: NativeLibraries {
  /// Whether the compiler leaves processors to others: nobody waits for it.
  let isModest: Bool

  func code(for text: String, entry: String, compiles: Bool) -> NativeAnswer {
    do throws(NativeCodeError) {
      let source = LibrarySource(kernel: text, entry: entry, instructionSet: KernelInstructionSet.current)
      let found = try LibraryCache(ofKernelsIn: "").address(
        of: source, compiler: try CCompiler(forKernels: ""), compiles: compiles, isModest: isModest)
      return found.map { .code($0) } ?? .missing
    } catch {
      // A run that is too short for a compiler need not hear of it.
      return compiles ? .failed(reason: error.description) : .missing
    }
  }

  /// One after the other, on a thread of their own that ends when nothing is left.
  func inBackground(_ body: @escaping @Sendable () -> Void) {
    let starts = Self.waiting.withLock { waiting in
      waiting.bodies.append(body)
      defer { waiting.isWorking = true }
      return !waiting.isWorking
    }
    guard starts, !SystemThread.start(Self.work) else { return }
    // Without a thread nothing comes, and the interpreter goes on.
    Self.waiting.withLock { $0 = Waiting() }
  }

  private struct Waiting {
    var bodies: [@Sendable () -> Void] = []
    var isWorking = false
  }

  private static let waiting = Mutex(Waiting())

  @Sendable private static func work() {
    while true {
      let next = waiting.withLock { waiting -> (@Sendable () -> Void)? in
        guard !waiting.bodies.isEmpty else {
          waiting.isWorking = false
          return nil
        }
        return waiting.bodies.removeFirst()
      }
      guard let next else { return }
      next()
    }
  }
}
