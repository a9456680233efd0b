/// The backend that is always there and defines the meaning: a register machine over blocks of elements.
package struct InterpreterCompiler: Sendable {
  package let threads: Int
  /// The threads; `nil` where there is one.
  package let pool: WorkerPool?
  private let native: NativeKernels?

  /// - Parameters:
  ///   - threads: workers that share ranges worth sharing. Results do not depend on it.
  ///   - native: where compiled code comes from that takes the place of the machine's; `nil`: there is none. Results do not depend on it.
  package init(threads: Int = 1, native: NativeKernels? = nil) {
    self.threads = max(1, threads)
    self.native = native
    pool = threads > 1 ? WorkerPool(threads: threads) : nil
  }

  /// A compiler of kernels that share their work with nobody.
  ///
  /// - Parameter tells: whether they tell why they go on without compiled code. Only the thread of the run may tell something.
  package func alone(telling tells: Bool) -> InterpreterCompiler { InterpreterCompiler(native: tells ? native : native?.silent) }

  /// Decides for all kernels of this compiler, in a run of them, whether they share their work; `nil` where they cannot.
  package func threadChoice() -> ThreadChoice? { pool.map { ThreadChoice($0) } }

  package func compile(_ program: KernelProgram) throws(KernelError) -> any Kernel {
    InterpreterKernel(program, pool: program.isParallel || program.ownerColumn != nil ? pool : nil, native: native)
  }
}
