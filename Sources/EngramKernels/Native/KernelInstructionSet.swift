import CEngramMath

/// The instruction set that kernels run on; no bit of any result depends on it.
package enum KernelInstructionSet {
  /// `avx512`, `avx2` or `baseline`.
  package static var current: String { String(cString: engram_instruction_set()) }
}
