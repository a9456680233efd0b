import EngramExpressions
import EngramScalars

extension Lowering {
  mutating func execute(_ statement: Statement) throws(KernelError) {
    switch symbols[statement.target] {
    case nil:
      try assignTemporary(statement)
    case .column(let column, .scalar, _):
      try assignShared(statement, column)
    case .column(let column, .element, let condition):
      let value = try assignedValue(statement)
      try checkFits(value, statement, as: column.type)
      let mask = condition.map { current($0).id }
      writeElement(column, value, mask: mask)
    case .column(let column, .gather(let steps), let condition):
      try assignThroughIndex(statement, column, steps, condition)
    case .constant, .subexpression, .elementIndex, .function:
      throw .notWritable(statement.target, at: statement.targetSpan)
    }
  }

  private mutating func assignTemporary(_ statement: Statement) throws(KernelError) {
    var value = try assignedValue(statement)
    if let earlier = temporaries[statement.target] {
      value = TypedValue(id: converted(value, to: earlier.type), type: earlier.type)
    }
    temporaries[statement.target] = value
  }

  private mutating func assignShared(_ statement: Statement, _ column: ColumnReference) throws(KernelError) {
    guard !hasElementWrites else { throw .sharedAfterElements(statement.target, at: statement.targetSpan) }
    isSharedStatement = true
    inlined = [:]  // Draws of a shared statement are not those of the elements.
    defer { isSharedStatement = false }
    let value = try assignedValue(statement)
    guard builder[value.id].stage <= .call else { throw .sharedFromElements(statement.target, at: statement.targetSpan) }
    try checkFits(value, statement, as: column.type)
    let stored = self.stored(value, as: column.type)
    builder.write(.storeScalar, column, [stored.id], type: stored.type)
    inlined = [:]
    written[WrittenPlace(column: column.id, isScalar: true)] = readBack(stored, of: column)
  }

  private mutating func writeElement(_ column: ColumnReference, _ value: TypedValue, mask: ValueID?) {
    var stored = self.stored(value, as: column.type)
    var storeMask = mask
    if let mask, let readable = readBack(stored, of: column) {
      // What an element holds afterwards where the write is suppressed.
      let before = current(column)
      let after = TypedValue(
        id: builder.operation(.select, mask, readable.id, before.id, type: stored.type), type: stored.type)
      written[WrittenPlace(column: column.id, isScalar: false)] = after
      // Where lanes and elements are the same eight bytes, storing that to all is one pass less.
      if column.type == .float64 || column.type == .int64 { (stored, storeMask) = (after, nil) }
    } else {
      written[WrittenPlace(column: column.id, isScalar: false)] = mask == nil ? readBack(stored, of: column) : nil
    }
    builder.write(.store, column, [stored.id] + (storeMask.map { [$0] } ?? []), type: stored.type)
    inlined = [:]
    hasElementWrites = true
  }

  private mutating func assignThroughIndex(
    _ statement: Statement, _ column: ColumnReference, _ steps: [IndexStep], _ condition: ColumnReference?
  ) throws(KernelError) {
    let opcode: Opcode
    let value: TypedValue
    if let accumulation = accumulation(statement.operator, into: column) {
      let addend = try self.value(of: statement.value)
      let laneType = ValueType(column.type)
      if addend.type <= laneType {
        (opcode, value) = (accumulation, TypedValue(id: converted(addend, to: laneType), type: laneType))
      } else {
        // An integer variable plus a float: computed as float, then truncated.
        (opcode, value) = (.scatter, self.stored(try assignedValue(statement), as: column.type))
      }
    } else {
      let assigned = try assignedValue(statement)
      try checkFits(assigned, statement, as: column.type)
      (opcode, value) = (.scatter, self.stored(assigned, as: column.type))
    }
    let index = self.index(steps)
    let mask = condition.map { builder.gather($0, at: index) }
    builder.write(opcode, column, [value.id, index] + (mask.map { [$0] } ?? []), type: value.type)
    inlined = [:]
    hasElementWrites = true
    written[WrittenPlace(column: column.id, isScalar: false)] = nil
  }

  /// The machine's operation for an operator whose repeated use may come in any order of elements.
  private func accumulation(_ op: Statement.Operator, into column: ColumnReference) -> Opcode? {
    guard column.type != .bool else { return nil }
    return switch op {
    case .add: .scatterAdd
    case .subtract: .scatterSubtract
    case .multiply: .scatterMultiply
    case .divide: column.type.isFloat ? .scatterDivide : nil
    case .assign, .modulo: nil
    }
  }

  /// The right-hand side, including the target's old value for `+=` and the like.
  private mutating func assignedValue(_ statement: Statement) throws(KernelError) -> TypedValue {
    let op: BinaryOperator
    switch statement.operator {
    case .assign: return try value(of: statement.value)
    case .add: op = .add
    case .subtract: op = .subtract
    case .multiply: op = .multiply
    case .divide: op = .divide
    case .modulo: op = .modulo
    }
    let old = try name(statement.target, at: statement.targetSpan, depth: 0)
    return try binary(op, old, try value(of: statement.value))
  }

  /// What a read gives after `value` went into the column; nil: it has to be loaded again.
  private mutating func readBack(_ value: TypedValue, of column: ColumnReference) -> TypedValue? {
    switch column.type {
    case .float64, .int64, .bool: value
    case .float32: TypedValue(id: builder.operation(.roundToFloat32, value.id, type: .float), type: .float)
    case .int32: nil  // Truncated to 32 bits on the way.
    }
  }
}
