import CEngramMath

/// Instructions of the register machine for one part of a program.
struct MachineCode {
  var instructions: [engram_instruction] = []
  /// Argument lists of calls.
  var extra: [Int32] = []
  var registerCount = 0
  /// The register of the program's result.
  var result: Int32 = 0

  /// Everywhere: the mask operand of unconditional writes.
  static let noMask = Int32.min

  /// The run or call part: a register per operation, copied to its slot in the end.
  init(uniform operations: [KernelProgram.Operation], isCallPart: Bool, layout: SlotLayout) {
    registerCount = operations.count
    for (position, operation) in operations.enumerated() {
      append(operation, register: Int32(position), layout: layout) { operand in
        switch operand {
        case .run(let number) where !isCallPart: Int32(number)
        case .call(let number) where isCallPart: Int32(number)
        case .constant, .run, .call, .body: layout.slot(of: operand).map { ~Int32($0) } ?? 0
        }
      }
    }
  }

  /// The body: few registers, so that their blocks stay in the first-level cache.
  init(body program: KernelProgram, layout: SlotLayout) {
    let selected = Selection(program)
    var allocation = RegisterAllocation(selected, resultValue: program.result)
    for (position, chosen) in selected.operations.enumerated() {
      let registers = allocation.assign(at: position)
      append(chosen.operation, register: registers.result, layout: layout, isAlias: registers.isAlias, joint: chosen.joint) { operand in
        if case .body(let value) = operand { return allocation.register(of: value) }
        return layout.slot(of: operand).map { ~Int32($0) } ?? 0
      }
    }
    registerCount = allocation.registerCount
    if let value = program.result { result = allocation.register(of: value) }
  }

  private mutating func append(
    _ operation: KernelProgram.Operation, register: Int32, layout: SlotLayout, isAlias: Bool = false, joint: engram_opcode? = nil,
    encode: (KernelProgram.Operand) -> Int32
  ) {
    let operands = operation.operands.map(encode)
    func operand(_ number: Int, or missing: Int32 = 0) -> Int32 { number < operands.count ? operands[number] : missing }
    let column = Int32(operation.column ?? 0)
    var instruction = engram_instruction(
      opcode: operation.opcode.machineOpcode, dst: register, a: operand(0), b: operand(1), c: operand(2))
    switch operation.opcode {
    case .load:
      instruction.a = column
      if isAlias { instruction.opcode = Int32(bitPattern: ENGRAM_LOAD_ALIAS.rawValue) }
    case .loadScalar: instruction.a = column
    case .gather: (instruction.a, instruction.b) = (column, operand(0))
    case .store: (instruction.dst, instruction.b, instruction.c) = (column, 0, operand(1, or: Self.noMask))
    case .storeScalar: (instruction.dst, instruction.b, instruction.c) = (column, 0, Self.noMask)
    case .scatter, .scatterAdd, .scatterSubtract, .scatterMultiply, .scatterDivide:
      (instruction.dst, instruction.c) = (column, operand(2, or: Self.noMask))
    case .randomUniform, .randomNormal, .randomPoisson, .randomBinomial:
      instruction.b = Int32(layout.keys + (operation.number ?? 0))
      instruction.c = operand(1)
    case .call:
      instruction.a = Int32(extra.count)
      instruction.b = Int32(operation.number ?? 0)
      instruction.c = Int32(operands.count)
      extra += operands
    default: if let joint { instruction.opcode = Int32(bitPattern: joint.rawValue) }
    }
    instructions.append(instruction)
  }
}
