import EngramExpressions
import EngramScalars

extension Lowering {
  mutating func value(of expression: Expression) throws(KernelError) -> TypedValue {
    try value(of: expression, depth: 0)
  }

  mutating func value(of expression: Expression, depth: Int) throws(KernelError) -> TypedValue {
    guard depth < Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit, at: expression.span) }
    switch expression.node {
    case .float(let number): return constant(.float(number))
    case .integer(let number): return constant(.integer(number))
    case .boolean(let truth): return constant(.boolean(truth))
    case .name(let identifier): return try name(identifier, at: expression.span, depth: depth)
    case .unary(let op, let operand): return unary(op, try value(of: operand, depth: depth + 1))
    case .binary(let op, let left, let right):
      let left = try value(of: left, depth: depth + 1)
      return try binary(op, left, try value(of: right, depth: depth + 1))
    case .call(let function, let arguments):
      return try call(function, arguments, at: expression.span, depth: depth)
    }
  }

  mutating func constant(_ value: ConstantValue) -> TypedValue {
    TypedValue(id: builder.constant(value), type: value.type)
  }

  // MARK: Names

  mutating func name(_ identifier: String, at span: SourceSpan, depth: Int) throws(KernelError) -> TypedValue {
    switch symbols[identifier] {
    case .constant(let value): return constant(value)
    case .elementIndex(let offset): return shifted(builder.elementNumber(), by: offset)
    case .column(let column, .element, _): return current(column)
    case .column(let column, .scalar, _):
      return written[WrittenPlace(column: column.id, isScalar: true)]
        ?? TypedValue(id: builder.load(column, scalar: true), type: ValueType(column.type))
    case .column(let column, .gather(let steps), _):
      return TypedValue(id: builder.gather(column, at: index(steps)), type: ValueType(column.type))
    case .subexpression(let expression, let type): return try inline(identifier, expression, as: type, depth: depth)
    case .function: throw .notAValue(identifier, at: span)
    case nil: break
    }
    if let temporary = temporaries[identifier] { return temporary }
    if let value = DefaultConstants.byName[identifier] { return constant(.float(value)) }
    if BuiltinFunction(rawValue: identifier) != nil { throw .notAValue(identifier, at: span) }
    throw .unknownName(identifier, at: span, nearest: nearest(identifier, in: Array(symbols.keys) + Array(temporaries.keys)))
  }

  /// The element's value of a column as the statements so far have left it.
  mutating func current(_ column: ColumnReference) -> TypedValue {
    written[WrittenPlace(column: column.id, isScalar: false)]
      ?? TypedValue(id: builder.load(column), type: ValueType(column.type))
  }

  /// The element number that a path of index columns leads to.
  mutating func index(_ steps: [IndexStep]) -> ValueID {
    var index: ValueID?
    for step in steps {
      if let column = step.column {
        let found = index.map { TypedValue(id: builder.gather(column, at: $0), type: ValueType(column.type)) } ?? current(column)
        index = toInteger(found)
      }
      index = shifted(index ?? builder.elementNumber(), by: step.offset).id
    }
    return index ?? builder.elementNumber()
  }

  private mutating func shifted(_ index: ValueID, by offset: Int64) -> TypedValue {
    guard offset != 0 else { return TypedValue(id: index, type: .integer) }
    let offset = builder.constant(.integer(offset))
    return TypedValue(id: builder.operation(.integerAdd, index, offset, type: .integer), type: .integer)
  }

  private mutating func inline(
    _ name: String, _ expression: Expression, as type: ScalarType?, depth: Int
  ) throws(KernelError) -> TypedValue {
    if let known = inlined[name] { return known }
    let outer = currentSubexpression
    currentSubexpression = SubexpressionSite(name: name, ordinal: 0)
    var value = try value(of: expression, depth: depth + 1)
    currentSubexpression = outer
    if let type { value = declared(value, as: type) }
    inlined[name] = value
    return value
  }

  // MARK: Operators

  mutating func unary(_ op: UnaryOperator, _ operand: TypedValue) -> TypedValue {
    let number = operand.type == .boolean ? TypedValue(id: operand.id, type: .integer) : operand
    switch op {
    case .plus: return number
    case .not: return TypedValue(id: builder.operation(.not, toBoolean(operand), type: .boolean), type: .boolean)
    case .minus:
      // Exact, so literals may be negated here.
      switch builder[operand.id].constant {
      case .float(let value)?: return constant(.float(-value))
      case .integer(let value)?: return constant(.integer(0 &- value))
      case .boolean(let value)?: return constant(.integer(value ? -1 : 0))
      case nil: break
      }
      let opcode: Opcode = number.type == .float ? .negate : .integerNegate
      return TypedValue(id: builder.operation(opcode, number.id, type: number.type), type: number.type)
    }
  }

  mutating func binary(_ op: BinaryOperator, _ left: TypedValue, _ right: TypedValue) throws(KernelError) -> TypedValue {
    switch op {
    case .add: arithmetic(.add, .integerAdd, left, right)
    case .subtract: arithmetic(.subtract, .integerSubtract, left, right)
    case .multiply: arithmetic(.multiply, .integerMultiply, left, right)
    case .floorDivide: arithmetic(.floorDivide, .integerFloorDivide, left, right)
    case .modulo: arithmetic(.floorModulo, .integerFloorModulo, left, right)
    case .divide: float(.divide, left, right)
    case .power: power(left, right)
    case .less: comparison(.less, .integerLess, left, right)
    case .lessOrEqual: comparison(.lessOrEqual, .integerLessOrEqual, left, right)
    case .greater: comparison(.less, .integerLess, right, left)
    case .greaterOrEqual: comparison(.lessOrEqual, .integerLessOrEqual, right, left)
    case .equal: comparison(.equal, .integerEqual, left, right)
    case .notEqual: comparison(.notEqual, .integerNotEqual, left, right)
    case .and: boolean(.and, left, right)
    case .or: boolean(.or, left, right)
    }
  }

  private mutating func float(_ opcode: Opcode, _ left: TypedValue, _ right: TypedValue) -> TypedValue {
    TypedValue(id: builder.operation(opcode, toFloat(left), toFloat(right), type: .float), type: .float)
  }

  private mutating func integer(_ opcode: Opcode, _ left: TypedValue, _ right: TypedValue) -> TypedValue {
    TypedValue(id: builder.operation(opcode, left.id, right.id, type: .integer), type: .integer)
  }

  private mutating func arithmetic(
    _ floatOpcode: Opcode, _ integerOpcode: Opcode, _ left: TypedValue, _ right: TypedValue
  ) -> TypedValue {
    max(left.type, right.type) == .float ? float(floatOpcode, left, right) : integer(integerOpcode, left, right)
  }

  private mutating func comparison(
    _ floatOpcode: Opcode, _ integerOpcode: Opcode, _ left: TypedValue, _ right: TypedValue
  ) -> TypedValue {
    let result = arithmetic(comparing: floatOpcode, integerOpcode, left, right)
    return TypedValue(id: result, type: .boolean)
  }

  private mutating func arithmetic(
    comparing floatOpcode: Opcode, _ integerOpcode: Opcode, _ left: TypedValue, _ right: TypedValue
  ) -> ValueID {
    if max(left.type, right.type) == .float {
      return builder.operation(floatOpcode, toFloat(left), toFloat(right), type: .boolean)
    }
    if integerOpcode == .integerLessOrEqual, let reached = reached(step: left.id, at: right.id) { return reached }
    return builder.operation(integerOpcode, left.id, right.id, type: .boolean)
  }

  /// `step <= timestep(t, dt)` for a step known before the run: the time at which that step begins is found once, and times
  /// are compared, which spares a division per element.
  private mutating func reached(step: ValueID, at timestep: ValueID) -> ValueID? {
    let node = builder[timestep]
    guard node.opcode == .timestep, node.stage == .element, builder[step].stage <= .run,
      case .float(let dt)? = builder[node.operands[1]].constant, dt > 0, dt.isFinite
    else { return nil }
    let start = builder.operation(.stepStart, step, node.operands[1], type: .float)
    return builder.operation(.hasReached, node.operands[0], start, type: .boolean)
  }

  private mutating func boolean(_ opcode: Opcode, _ left: TypedValue, _ right: TypedValue) -> TypedValue {
    TypedValue(id: builder.operation(opcode, toBoolean(left), toBoolean(right), type: .boolean), type: .boolean)
  }
}
