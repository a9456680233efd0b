import EngramExpressions
import CEngramMath

/// Values that depend on constants only, computed before there is a kernel.
enum RunConstants {
  static func value(of value: ValueID, type: ValueType, in builder: ProgramBuilder) -> ConstantValue? {
    let program = builder.program(purpose: "constant", result: value)
    guard let result = program.result, let operand = program.body[result].operands.first else { return nil }
    let layout = SlotLayout(program)
    guard let slot = layout.slot(of: operand), program.callPart.isEmpty else { return nil }
    let code = LoadedCode(MachineCode(uniform: program.runPart, isCallPart: false, layout: layout))
    var slots = program.constants.map(\.bits) + [UInt64](repeating: 0, count: layout.count - program.constants.count)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: max(64, code.scratchBytes), alignment: 64)
    defer { scratch.deallocate() }
    slots.withUnsafeMutableBufferPointer { slots in
      var frame = engram_frame()
      frame.scalars = slots.baseAddress
      frame.scratch = scratch
      _ = engram_run_uniform(code.program, &frame, Int32(layout.run))
    }
    return ConstantValue(bits: slots[slot], type: type)
  }
}
