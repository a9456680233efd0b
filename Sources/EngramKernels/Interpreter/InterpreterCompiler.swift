/// The backend that is always there: a register machine over blocks of elements.
package struct InterpreterCompiler: KernelCompiler {
  package let threads: Int

  package init(threads: Int = 1) { self.threads = max(1, threads) }

  package func compile(_ program: KernelProgram) throws(KernelError) -> any Kernel {
    throw .notConstant(program.purpose)
  }
}
