import EngramExpressions

extension KernelProgram: CustomStringConvertible {
  /// The program as `explain` shows it: one line per operation.
  package var description: String {
    var lines = ["kernel \(purpose)" + (isSequential ? ", one element after the other" : "")]
    describe("reads", reads, &lines)
    describe("writes", writes.subtracting(accumulates), &lines)
    describe("accumulates", accumulates, &lines)
    describe("once per run:", runPart, letter: "r", &lines)
    describe("once per call:", callPart, letter: "c", &lines)
    describe("per element:", body, letter: "x", &lines)
    if let result, let resultType { lines.append("  gives x\(result) : \(resultType.rawValue)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func describe(_ title: String, _ ids: Set<Int>, _ lines: inout [String]) {
    let names = columns.filter { ids.contains($0.id) }.map(\.name).sorted()
    if !names.isEmpty { lines.append("  \(title) \(names.joined(separator: ", "))") }
  }

  private func describe(_ title: String, _ operations: [Operation], letter: String, _ lines: inout [String]) {
    guard !operations.isEmpty else { return }
    lines.append("  \(title)")
    for (number, operation) in operations.enumerated() {
      let target = operation.opcode.changesColumn ? "" : "\(letter)\(number) = "
      lines.append("    \(target)\(describe(operation))")
    }
  }

  private func describe(_ operation: Operation) -> String {
    let operands = operation.operands.map(describe)
    let column = operation.column.map { columns[$0].name } ?? ""
    switch operation.opcode {
    case .load, .loadScalar: return "\(operation.opcode.rawValue) \(column)"
    case .gather: return "gather \(column)[\(operands[0])]"
    case .store, .storeScalar:
      let mask = operands.count > 1 ? " where \(operands[1])" : ""
      return "\(operation.opcode.rawValue) \(column) <- \(operands[0])\(mask)"
    case .scatter, .scatterAdd, .scatterSubtract, .scatterMultiply, .scatterDivide:
      let mask = operands.count > 2 ? " where \(operands[2])" : ""
      return "\(operation.opcode.rawValue) \(column)[\(operands[1])] <- \(operands[0])\(mask)"
    case .randomUniform, .randomNormal, .randomPoisson, .randomBinomial:
      return ([operation.opcode.rawValue] + operands).joined(separator: " ") + " (site \(operation.number ?? 0))"
    case .call:
      let name = functions[operation.number ?? 0].name
      return "call \(name)(\(operands.joined(separator: ", "))) : \(operation.type.rawValue)"
    default: return ([operation.opcode.rawValue] + operands).joined(separator: " ")
    }
  }

  private func describe(_ operand: Operand) -> String {
    switch operand {
    case .constant(let number):
      switch constants[number] {
      case .float(let value): "\(value)"
      case .integer(let value): "\(value)"
      case .boolean(let value): "\(value)"
      }
    case .run(let number): "r\(number)"
    case .call(let number): "c\(number)"
    case .body(let number): "x\(number)"
    }
  }
}
