/// The backend that is always there and defines the meaning: a register machine over blocks of elements.
package struct InterpreterCompiler: Sendable {
  package let threads: Int
  private let pool: WorkerPool?

  /// - Parameter threads: workers that share ranges worth sharing. Results do not depend on it.
  package init(threads: Int = 1) {
    self.threads = max(1, threads)
    pool = threads > 1 ? WorkerPool(threads: threads) : nil
  }

  package func compile(_ program: KernelProgram) throws(KernelError) -> any Kernel {
    InterpreterKernel(program, pool: program.isParallel ? pool : nil)
  }
}
