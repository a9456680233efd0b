/// Gives each value of a body a register, reusing those whose value is no longer needed.
///
/// Invariants:
/// - An alias (a register that points into a column) is given only where nothing writes to the column while the value is needed.
/// - An operation may put its result in place of an operand, except calls, whose code is not ours.
struct RegisterAllocation {
  private let operations: [Selection.Chosen]
  /// By value: the last operation that needs it.
  private var lastUse: [Int]
  private var registers: [Int32]
  private var aliasValues: Set<Int> = []
  private var free: [Int32] = []
  private(set) var registerCount = 0

  init(_ selection: Selection, resultValue: Int?) {
    operations = selection.operations
    lastUse = [Int](repeating: -1, count: selection.valueCount)
    registers = [Int32](repeating: 0, count: selection.valueCount)
    for (position, chosen) in operations.enumerated() {
      for case .body(let value) in chosen.operation.operands { lastUse[value] = position }
    }
    if let resultValue { lastUse[resultValue] = operations.count }
    aliasValues = aliases()
  }

  func register(of value: Int) -> Int32 { registers[value] }

  /// Frees the operands that are needed for the last time at `position` and gives its result a register.
  mutating func assign(at position: Int) -> (result: Int32, isAlias: Bool) {
    let chosen = operations[position]
    let isCall = chosen.operation.opcode == .call
    if !isCall { release(at: position) }
    defer { if isCall { release(at: position) } }
    guard !chosen.operation.opcode.changesColumn else { return (0, false) }
    let register: Int32
    if let reused = free.popLast() {
      register = reused
    } else {
      register = Int32(registerCount)
      registerCount += 1
    }
    registers[chosen.value] = register
    return (register, aliasValues.contains(chosen.value))
  }

  private mutating func release(at position: Int) {
    var released: Set<Int> = []
    for case .body(let value) in operations[position].operation.operands
    where lastUse[value] == position && released.insert(value).inserted {
      free.append(registers[value])
    }
  }

  private func aliases() -> Set<Int> {
    var aliases: Set<Int> = []
    for (position, chosen) in operations.enumerated() where chosen.operation.opcode == .load {
      let needed = position...max(position, min(lastUse[chosen.value], operations.count - 1))
      let isOverwritten = operations[needed].contains {
        $0.operation.opcode.changesColumn && $0.operation.column == chosen.operation.column
      }
      if !isOverwritten { aliases.insert(chosen.value) }
    }
    return aliases
  }
}
