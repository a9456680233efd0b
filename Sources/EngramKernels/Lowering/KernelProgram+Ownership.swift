import EngramScalars

import EngramExpressions

extension KernelProgram {
  /// The column (its number) by which elements may be shared between workers although they change elements of others: whoever owns a range
  /// of its values does all elements that lead there, so each target gets what it gets in the same order as from one worker.
  ///
  /// `nil`: nothing is changed through an index, or not through one alone, or the order of all elements counts.
  var ownerColumn: Int? {
    guard !isParallel, !isSequential, isCallPartRepeatable else { return nil }
    let indices = Set(body.filter(\.opcode.isScatter).map { $0.operands[1] })
    guard indices.count == 1, var operand = indices.first else { return nil }
    // The number of a target, or the same with the first element of a part of the group added.
    while case .body(let place) = operand {
      let operation = body[place]
      switch operation.opcode {
      case .load: return operation.type == .integer ? operation.column : nil
      case .copy: operand = operation.operands[0]
      case .integerAdd:
        let varying = operation.operands.filter { if case .body = $0 { true } else { false } }
        guard varying.count == 1 else { return nil }
        operand = varying[0]
      default: return nil
      }
    }
    return nil
  }

  /// The column (its number) of indices that compiled code also reads as numbers of two bytes.
  var briefColumn: Int? { ownerColumn.flatMap { columns[$0].type == .int32 && !writes.contains(columns[$0].id) ? $0 : nil } }
}
