import EngramScalars

extension KernelProgram {
  /// The same program for elements each of which has a time of its own, instead of one time for all elements of a call: what has to be
  /// done at several times can then be done in one call, and gives the same bits.
  ///
  /// - Parameters:
  ///   - timeID: the column with the time for all; `nil`: the program reads none.
  ///   - times: a column of floats with the time of each element, which is none of this program.
  /// - Returns: `nil` where elements depend on more than themselves and the time, or change anything but themselves: other shared
  ///   variables, elements of others, random numbers, functions of users.
  package func withTimes(_ times: ColumnReference, inPlaceOf timeID: Int?) -> KernelProgram? {
    guard result == nil, callSiteCount == 0, functions.isEmpty, !isSequential, accumulates.isEmpty, times.type == .float64 else { return nil }
    let timeColumns = Set(columns.indices.filter { columns[$0].id == timeID })
    func isElementwise(_ operation: Operation) -> Bool {
      switch operation.opcode {
      case .load, .store: !timeColumns.contains(operation.column ?? 0)
      case .loadScalar: timeColumns.contains(operation.column ?? -1) && columns[operation.column ?? 0].type == .float64
      case .element: true
      default: operation.opcode.isPure
      }
    }
    guard callPart.allSatisfy({ isElementwise($0) && !$0.opcode.changesColumn }), body.allSatisfy(isElementwise) else { return nil }
    func moved(_ operand: Operand) -> Operand {
      switch operand {
      case .constant, .run: operand
      case .call(let number): .body(number)
      case .body(let number): .body(callPart.count + number)
      }
    }
    let whole = (callPart + body).map { operation in
      var operation = operation
      operation.operands = operation.operands.map(moved)
      if operation.opcode == .loadScalar { (operation.opcode, operation.column) = (.load, columns.count) }
      return operation
    }
    let allColumns = columns + [times]
    let effects = Effects(callPart: [], body: whole, columns: allColumns)
    guard !effects.isSequential else { return nil }
    return KernelProgram(
      purpose: purpose, columns: allColumns, constants: constants, functions: [], callSiteCount: 0, runPart: runPart, callPart: [], body: whole,
      result: nil, resultType: nil, reads: effects.reads, writes: effects.writes, accumulates: effects.accumulates,
      isSequential: false, isParallel: effects.isParallel && isParallel)
  }
}
