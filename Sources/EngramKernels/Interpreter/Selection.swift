/// The body's operations as the machine will see them: a product that is used once, by a sum, joins it.
///
/// The joint instruction rounds twice, so no bit changes; it saves a pass over the block. And a value that nobody needs
/// before it is stored is computed right there, so that the machine can compute it in the column itself.
struct Selection {
  struct Chosen {
    var operation: KernelProgram.Operation
    /// The value of the body that it computes.
    var value: Int
    /// a * b + c: a multiplication with three operands.
    var isFused = false
  }

  private(set) var operations: [Chosen] = []
  let valueCount: Int

  init(_ program: KernelProgram) {
    valueCount = program.body.count
    var uses = [Int](repeating: 0, count: program.body.count)
    for operation in program.body {
      for case .body(let value) in operation.operands { uses[value] += 1 }
    }
    if let result = program.result { uses[result] += 1 }

    var joined = [Bool](repeating: false, count: program.body.count)
    var fused: [Int: KernelProgram.Operation] = [:]
    for (position, operation) in program.body.enumerated() where operation.opcode == .add {
      for (number, operand) in operation.operands.enumerated() {
        guard case .body(let factor) = operand, program.body[factor].opcode == .multiply, uses[factor] == 1 else { continue }
        var together = program.body[factor]
        together.operands.append(operation.operands[1 - number])
        fused[position] = together
        joined[factor] = true
        break
      }
    }
    for (position, operation) in program.body.enumerated() where !joined[position] {
      operations.append(Chosen(operation: fused[position] ?? operation, value: position, isFused: fused[position] != nil))
    }
    moveToStores()
  }

  private mutating func moveToStores() {
    var firstUse = [Int](repeating: Int.max, count: valueCount)
    for (position, chosen) in operations.enumerated().reversed() {
      for case .body(let value) in chosen.operation.operands { firstUse[value] = position }
    }
    // By position of the store: the operation that goes in front of it.
    var moved: [Int: Chosen] = [:]
    var isMoved = [Bool](repeating: false, count: operations.count)
    for (position, chosen) in operations.enumerated() where chosen.operation.opcode.isPure {
      let use = firstUse[chosen.value]
      guard use < operations.count, operations[use].operation.opcode == .store, moved[use] == nil else { continue }
      guard operations[use].operation.operands == [.body(chosen.value)] else { continue }
      moved[use] = chosen
      isMoved[position] = true
    }
    operations = operations.enumerated().flatMap { position, chosen in
      isMoved[position] ? [] : (moved[position].map { [$0] } ?? []) + [chosen]
    }
  }
}
