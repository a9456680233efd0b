import EngramScalars

extension KernelProgram {
  /// One program for two that would run directly after each other over the same elements: this one, then the selection of
  /// the elements for which `condition` holds. Saves a pass over memory and reads of what this program has just computed.
  ///
  /// - Parameter columnID: the number here of a column of the condition's.
  /// - Returns: `nil` where the two could differ: the condition has effects, draws or calls; elements are handled one after
  ///   the other; or the condition reads what this program writes for other elements.
  package func selecting(where condition: KernelProgram, columnID: (Int) -> Int) -> KernelProgram? {
    guard result == nil, let conditionResult = condition.result, condition.writes.isEmpty, condition.functions.isEmpty,
      condition.callSiteCount == 0, !isSequential, !condition.isSequential
    else { return nil }
    var columns = columns
    let numbers = condition.columns.map { column in
      let id = columnID(column.id)
      if let known = columns.firstIndex(where: { $0.id == id }) { return known }
      columns.append(ColumnReference(id: id, type: column.type, name: column.name))
      return columns.count - 1
    }
    for operation in condition.callPart + condition.body {
      guard let column = operation.column, writes.contains(columns[numbers[column]].id) else { continue }
      let isScattered = body.contains { $0.opcode.isScatter && self.columns[$0.column ?? 0].id == columns[numbers[column]].id }
      if operation.opcode != .load || isScattered { return nil }
    }

    var whole = body
    // By number in the condition: the place in the whole.
    var places: [Int] = []
    func moved(_ operand: Operand) -> Operand {
      switch operand {
      case .constant(let number): .constant(constants.count + number)
      case .run(let number): .run(runPart.count + number)
      case .call(let number): .call(callPart.count + number)
      case .body(let number): .body(places[number])
      }
    }
    func moved(_ operation: Operation) -> Operation {
      var operation = operation
      operation.operands = operation.operands.map(moved)
      operation.column = operation.column.map { numbers[$0] }
      return operation
    }
    for operation in condition.body {
      let new = moved(operation)
      if new.opcode == .load, let column = new.column, let known = finalValue(ofColumn: column, type: columns[column].type) {
        places.append(known)
      } else {
        places.append(whole.count)
        whole.append(new)
      }
    }
    let wholeCallPart = callPart + condition.callPart.map(moved)
    let effects = Effects(callPart: wholeCallPart, body: whole, columns: columns)
    return KernelProgram(
      purpose: purpose, columns: columns, constants: constants + condition.constants, functions: functions,
      callSiteCount: callSiteCount, runPart: runPart + condition.runPart.map(moved), callPart: wholeCallPart, body: whole, result: places[conditionResult],
      resultType: condition.resultType, reads: effects.reads, writes: effects.writes, accumulates: effects.accumulates,
      isSequential: effects.isSequential, isParallel: effects.isParallel && isParallel)
  }

  /// The value of the body that an element of a column has in the end, where the body has it: what was stored to all
  /// elements last, or what was loaded and never written.
  private func finalValue(ofColumn column: Int, type: ScalarType) -> Int? {
    guard let last = body.lastIndex(where: { $0.column == column && ($0.opcode.changesColumn || $0.opcode == .load) }) else { return nil }
    let operation = body[last]
    if operation.opcode == .load { return last }
    // Other types are rounded on their way into the column, masks leave some elements as they were.
    guard operation.opcode == .store, operation.operands.count == 1, type == .float64 || type == .int64 || type == .bool,
      case .body(let value) = operation.operands[0]
    else { return nil }
    return value
  }
}
