import CEngramMath
import EngramExpressions

/// The body's operations as the machine will see them: where one pass over a block can do the work of several, it does.
///
/// Each joint instruction rounds after every operation it stands for, so no bit changes. Three kinds:
/// - a sum, difference, product or quotient joins the one that its result goes to, when nobody else needs it;
/// - `float(a) * b + float(1 - a) * c`, the form that equations with `unless refractory` take, is one instruction;
/// - a value that nobody needs before it is stored is computed right there, so that the machine can compute it in the
///   column itself.
struct Selection {
  struct Chosen {
    var operation: KernelProgram.Operation
    /// The value of the body that it computes.
    var value: Int
    /// The machine's operation where it is not that of the opcode.
    var joint: engram_opcode?
  }

  private(set) var operations: [Chosen] = []
  let valueCount: Int
  private let program: KernelProgram

  init(_ program: KernelProgram) {
    self.program = program
    valueCount = program.body.count
    operations = program.body.enumerated().map { Chosen(operation: $1, value: $0) }
    findMixtures()
    dropUnused()
    findPairs()
    moveToStores()
  }

  /// By value: how many operands it is, the program's result included.
  private func uses() -> [Int] {
    var uses = [Int](repeating: 0, count: valueCount)
    for case .body(let value) in operations.lazy.flatMap(\.operation.operands) { uses[value] += 1 }
    if let result = program.result { uses[result] += 1 }
    return uses
  }

  private mutating func dropUnused() {
    var uses = uses()
    var kept: [Chosen] = []
    for chosen in operations.reversed() {
      if uses[chosen.value] == 0, chosen.operation.opcode.isPure {
        for case .body(let value) in chosen.operation.operands { uses[value] -= 1 }
      } else {
        kept.append(chosen)
      }
    }
    operations = kept.reversed()
  }

  // MARK: Mixtures

  private mutating func findMixtures() {
    let uses = uses()
    for (position, chosen) in operations.enumerated() {
      if chosen.operation.opcode == .integerToFloat, type(of: chosen.operation.operands[0]) == .boolean {
        operations[position].joint = ENGRAM_BOOL_TO_FLOAT
      }
      guard chosen.operation.opcode == .add, case .body(let left) = chosen.operation.operands[0],
        case .body(let right) = chosen.operation.operands[1], uses[left] == 1, uses[right] == 1,
        let (mask, first) = product(left, with: mask), let (rest, second) = product(right, with: complement), mask == rest
      else { continue }
      operations[position].operation.operands = [mask, first, second]
      operations[position].joint = ENGRAM_MIX
    }
  }

  /// What a product multiplies with a factor of the given form, and what that factor is made of.
  private func product(
    _ value: Int, with form: (KernelProgram.Operand) -> KernelProgram.Operand?
  ) -> (made: KernelProgram.Operand, other: KernelProgram.Operand)? {
    let operation = program.body[value]
    guard operation.opcode == .multiply else { return nil }
    if let made = form(operation.operands[0]) { return (made, operation.operands[1]) }
    return form(operation.operands[1]).map { ($0, operation.operands[0]) }
  }

  /// The boolean whose value as a float `factor` is.
  private func mask(_ factor: KernelProgram.Operand) -> KernelProgram.Operand? {
    guard case .body(let value) = factor, program.body[value].opcode == .integerToFloat else { return nil }
    let mask = program.body[value].operands[0]
    return type(of: mask) == .boolean ? mask : nil
  }

  /// The boolean whose complement as a float `factor` is.
  private func complement(_ factor: KernelProgram.Operand) -> KernelProgram.Operand? {
    guard case .body(let value) = factor, program.body[value].opcode == .integerToFloat,
      case .body(let difference) = program.body[value].operands[0], program.body[difference].opcode == .integerSubtract,
      case .constant(let one) = program.body[difference].operands[0], program.constants[one] == .integer(1)
    else { return nil }
    let mask = program.body[difference].operands[1]
    return type(of: mask) == .boolean ? mask : nil
  }

  private func type(of operand: KernelProgram.Operand) -> ValueType? {
    if case .body(let value) = operand { program.body[value].type } else { nil }
  }

  // MARK: Pairs

  private mutating func findPairs() {
    let uses = uses()
    var place = [Int?](repeating: nil, count: valueCount)
    for (position, chosen) in operations.enumerated() { place[chosen.value] = position }
    var isGone = [Bool](repeating: false, count: operations.count)
    for (position, chosen) in operations.enumerated() where chosen.joint == nil {
      for (number, operand) in chosen.operation.operands.enumerated() {
        guard case .body(let value) = operand, uses[value] == 1, let first = place[value], operations[first].joint == nil,
          let joint = Selection.pair(operations[first].operation.opcode, chosen.operation.opcode, isReversed: number == 1)
        else { continue }
        operations[position].operation.operands = operations[first].operation.operands + [chosen.operation.operands[1 - number]]
        operations[position].joint = joint
        isGone[first] = true
        break
      }
    }
    operations = zip(operations, isGone).filter { !$1 }.map(\.0)
  }

  /// The instruction for `(a first b) second c`, or `c second (a first b)` when reversed.
  private static func pair(_ first: Opcode, _ second: Opcode, isReversed: Bool) -> engram_opcode? {
    let start: engram_opcode
    switch first {
    case .add: start = ENGRAM_ADD_ADD
    case .subtract: start = ENGRAM_SUB_ADD
    case .multiply: start = ENGRAM_MUL_ADD
    case .divide: start = ENGRAM_DIV_ADD
    default: return nil
    }
    let offset: UInt32
    switch second {
    case .add: offset = 0
    case .subtract: offset = isReversed ? 2 : 1
    case .multiply: offset = 3
    case .divide: offset = isReversed ? 5 : 4
    default: return nil
    }
    return engram_opcode(rawValue: start.rawValue + offset)
  }

  // MARK: Stores

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
