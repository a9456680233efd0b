import EngramExpressions
import EngramScalars

// What a value becomes on its way into something of another type: the one rule of model code (COD-9, VAR-29).
//
// - Integers have 64 bits while they are computed, and wrap. A variable or formula of 32 bits takes their lower half, as
//   arrays and C do.
// - A float becomes an integer by dropping its fraction. Beyond the range of the type it becomes the nearest end, and NaN 0,
//   which C leaves to the processor.
// - Non-zero is true; booleans are 0 and 1.
// - Floats are doubles while they are computed and round to 32 bits where they are stored.
extension Lowering {
  mutating func toFloat(_ value: TypedValue) -> ValueID {
    if value.type == .float { return value.id }
    if let known = builder[value.id].constant { return builder.constant(.float(known.doubleValue)) }
    return builder.operation(.integerToFloat, value.id, type: .float)
  }

  mutating func toInteger(_ value: TypedValue) -> ValueID {
    value.type == .float ? builder.operation(.floatToInteger, value.id, type: .integer) : value.id
  }

  mutating func toBoolean(_ value: TypedValue) -> ValueID {
    switch value.type {
    case .boolean: value.id
    case .integer: builder.operation(.integerToBoolean, value.id, type: .boolean)
    case .float: builder.operation(.floatToBoolean, value.id, type: .boolean)
    }
  }

  mutating func converted(_ value: TypedValue, to type: ValueType) -> ValueID {
    switch type {
    case .boolean: toBoolean(value)
    case .integer: toInteger(value)
    case .float: toFloat(value)
    }
  }

  /// A value in the form in which it goes into a column of this type; the machine drops the upper half of integers.
  mutating func stored(_ value: TypedValue, as type: ScalarType) -> TypedValue {
    let lane = ValueType(type)
    var id = converted(value, to: lane)
    if type == .int32, value.type == .float { id = clippedToInt32(id) }
    return TypedValue(id: id, type: lane)
  }

  /// The value of a formula that was declared with a type: what a variable of that type would hold.
  mutating func declared(_ value: TypedValue, as type: ScalarType) -> TypedValue {
    var result = stored(value, as: type)
    if type == .int32, value.type == .integer, !fitsInt32(value.id) {
      result.id = builder.operation(.wrapToInt32, value.id, type: .integer)
    }
    return result
  }

  private mutating func clippedToInt32(_ value: ValueID) -> ValueID {
    let low = builder.constant(.integer(Int64(Int32.min))), high = builder.constant(.integer(Int64(Int32.max)))
    return builder.operation(.integerClip, value, low, high, type: .integer)
  }

  /// Whether an integer is known to have no more than 32 bits.
  private func fitsInt32(_ value: ValueID) -> Bool {
    let node = builder[value]
    if let column = node.column { return column.type == .int32 || column.type == .bool }
    if case .integer(let number)? = node.constant { return Int32(exactly: number) != nil }
    switch node.opcode {
    case .element?, .wrapToInt32?, .integerSign?: return true
    case .integerFloorModulo?:
      guard case .integer(let divisor)? = builder[node.operands[1]].constant else { return false }
      return Int32(exactly: divisor) != nil
    default: return node.type == .boolean
    }
  }

  /// A number that is known before the run must fit where it goes: nobody means what would be left of it.
  func checkFits(_ value: TypedValue, _ statement: Statement, as type: ScalarType) throws(KernelError) {
    guard type != .float64, type != .bool, let constant = constantValue(value) else { return }
    let misfit: Misfit? =
      switch constant {
      case .boolean: nil
      case .integer(let number): type.misfit(number)
      // A fraction is cut, as for any other value in model code.
      case .float(let number): type.misfit(type.isInteger ? number.rounded(.towardZero) : number)
      }
    if let misfit { throw .doesNotFit(statement.target, misfit, at: statement.value.span) }
  }
}
