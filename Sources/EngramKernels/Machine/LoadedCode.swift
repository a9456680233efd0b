import CEngramMath

/// Machine code in memory that does not move.
final class LoadedCode {
  let program: UnsafeMutablePointer<engram_program>
  let isEmpty: Bool
  let result: Int32
  private let instructions: UnsafeMutableBufferPointer<engram_instruction>
  private let extra: UnsafeMutableBufferPointer<Int32>

  init(_ code: MachineCode) {
    isEmpty = code.instructions.isEmpty
    result = code.result
    instructions = .allocate(capacity: max(1, code.instructions.count))
    _ = instructions.initialize(from: code.instructions)
    extra = .allocate(capacity: max(1, code.extra.count))
    _ = extra.initialize(from: code.extra)
    program = .allocate(capacity: 1)
    program.initialize(
      to: engram_program(
        instructions: UnsafePointer(instructions.baseAddress), instruction_count: Int32(code.instructions.count),
        register_count: Int32(code.registerCount), extra: UnsafePointer(extra.baseAddress)))
  }

  deinit {
    program.deallocate()
    instructions.deallocate()
    extra.deallocate()
  }

  var scratchBytes: Int { Int(engram_scratch_bytes(program)) }
  var tableBytes: Int { Int(engram_table_bytes(program)) }
}
