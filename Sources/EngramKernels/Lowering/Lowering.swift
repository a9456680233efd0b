package import EngramExpressions
import EngramScalars

/// Turns checked model code into a kernel program.
///
/// Names are resolved by the caller: every identifier of the code, and of the subexpressions it mentions, is in
/// `symbols`; the default functions and the constants `pi`, `e`, `inf` need no entry. A name without a symbol that is
/// assigned to is a temporary (COD-3) of the type of its first value.
///
/// Meaning (COD-4, COD-9, COD-13): elements one after the other, each line by line, in Python's arithmetic. What is
/// shared or moved out of the loop is only what cannot change a bit of any result.
package struct Lowering {
  /// Levels of nesting in an expression, subexpressions included: whatever can be parsed, and what integrators add to it.
  package static let depthLimit = Int(Expression.maximumHeight) + 100

  let symbols: [String: KernelSymbol]
  var builder = ProgramBuilder()
  var temporaries: [String: TypedValue] = [:]
  /// What a later read of a column gives, where a statement before has written it.
  var written: [WrittenPlace: TypedValue] = [:]
  /// Values of subexpressions since the last write.
  var inlined: [String: TypedValue] = [:]
  /// Call sites inside subexpressions: a subexpression mentioned twice draws once (COD-10).
  var subexpressionSites: [SubexpressionSite: Int] = [:]
  var currentSubexpression: SubexpressionSite?
  /// While a statement for a shared variable is lowered, draws happen once instead of once per element.
  var isSharedStatement = false
  var hasElementWrites = false

  /// A value and its type. Boolean lanes serve as integers without conversion, hence the type beside the node.
  struct TypedValue {
    var id: ValueID
    var type: ValueType
  }

  struct WrittenPlace: Hashable {
    var column: Int
    var isScalar: Bool
  }

  struct SubexpressionSite: Hashable {
    var name: String
    var ordinal: Int
  }

  init(symbols: [String: KernelSymbol]) { self.symbols = symbols }

  /// A program that executes statements.
  package static func lower(
    statements: [Statement], symbols: [String: KernelSymbol], purpose: String
  ) throws(KernelError) -> KernelProgram {
    var lowering = Lowering(symbols: symbols)
    for statement in statements { try lowering.execute(statement) }
    return lowering.builder.program(purpose: purpose, result: nil)
  }

  /// A program that executes statements, then selects the elements for which `condition` holds.
  package static func lower(
    statements: [Statement] = [], condition: Expression, symbols: [String: KernelSymbol], purpose: String
  ) throws(KernelError) -> KernelProgram {
    var lowering = Lowering(symbols: symbols)
    for statement in statements { try lowering.execute(statement) }
    let condition = try lowering.value(of: condition)
    return lowering.builder.program(purpose: purpose, result: lowering.toBoolean(condition))
  }

  /// A program that executes statements, then gives a value for each element.
  ///
  /// - Parameter type: the type wanted; `nil` leaves the type of the expression.
  package static func lower(
    statements: [Statement] = [], value: Expression, as type: ValueType? = nil, symbols: [String: KernelSymbol],
    purpose: String
  ) throws(KernelError) -> KernelProgram {
    var lowering = Lowering(symbols: symbols)
    for statement in statements { try lowering.execute(statement) }
    let value = try lowering.value(of: value)
    let wanted = type ?? value.type
    let result = lowering.converted(value, to: wanted)
    return lowering.builder.program(purpose: purpose, result: result, type: wanted)
  }
}
