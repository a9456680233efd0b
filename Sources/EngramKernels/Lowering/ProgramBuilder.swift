import EngramExpressions
import EngramScalars

/// How often a value has to be computed.
enum Stage: Int, Comparable {
  case constant, run, call, element

  static func < (lhs: Stage, rhs: Stage) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A value under construction: the number of a node.
struct ValueID: Hashable {
  let number: Int
}

/// Collects operations in program order, each value once (common subexpressions), and sorts them into parts.
///
/// Invariants: operands come before their users; two nodes with the same key are the same node; a load carries the
/// version of its column, so that loads before and after a store differ.
struct ProgramBuilder {
  struct Node: Hashable {
    var opcode: Opcode?  // nil: a constant
    var operands: [ValueID] = []
    var type: ValueType
    var stage: Stage
    var column: ColumnReference?
    var columnVersion = 0
    var number: Int?
    var constant: ConstantValue?
  }

  private(set) var nodes: [Node] = []
  private var known: [Node: ValueID] = [:]
  private var versions: [Int: Int] = [:]
  private(set) var functions: [BlockFunction] = []
  private var functionNumbers: [String: Int] = [:]
  private(set) var callSiteCount = 0

  subscript(value: ValueID) -> Node { nodes[value.number] }

  // MARK: Values

  mutating func constant(_ value: ConstantValue) -> ValueID {
    add(Node(opcode: nil, type: value.type, stage: .constant, constant: value))
  }

  /// A value computed from others and nothing else.
  mutating func operation(_ opcode: Opcode, _ operands: ValueID..., type: ValueType) -> ValueID {
    add(Node(opcode: opcode, operands: operands, type: type, stage: computedStage(operands)))
  }

  mutating func load(_ column: ColumnReference, scalar: Bool = false) -> ValueID {
    add(
      Node(
        opcode: scalar ? .loadScalar : .load, type: ValueType(column.type), stage: scalar ? .call : .element, column: column,
        columnVersion: versions[column.id, default: 0]))
  }

  mutating func gather(_ column: ColumnReference, at index: ValueID) -> ValueID {
    add(
      Node(
        opcode: .gather, operands: [index], type: ValueType(column.type), stage: .element, column: column,
        columnVersion: versions[column.id, default: 0]))
  }

  mutating func elementNumber() -> ValueID { add(Node(opcode: .element, type: .integer, stage: .element)) }

  mutating func random(_ opcode: Opcode, _ operands: [ValueID], site: Int, stage: Stage) -> ValueID {
    let type: ValueType = opcode == .randomUniform || opcode == .randomNormal ? .float : .integer
    return add(Node(opcode: opcode, operands: operands, type: type, stage: stage, number: site))
  }

  mutating func newCallSite() -> Int {
    callSiteCount += 1
    return callSiteCount - 1
  }

  /// - Parameter name: what the code calls the function; calls of one name are merged when they depend on nothing but
  ///   their arguments.
  mutating func call(
    _ function: BlockFunction, named name: String, _ arguments: [ValueID], type: ValueType, shared: Bool
  ) -> ValueID {
    let number: Int
    if function.dependsOnlyOnArguments, let seen = functionNumbers[name] {
      number = seen
    } else {
      number = functions.count
      functions.append(function)
      functionNumbers[name] = number
    }
    let stage: Stage =
      if function.dependsOnlyOnArguments { max(.call, arguments.map { self[$0].stage }.max() ?? .call) } else { shared ? .call : .element }
    return add(Node(opcode: .call, operands: arguments, type: type, stage: stage, number: number))
  }

  private func computedStage(_ operands: [ValueID]) -> Stage {
    max(.run, operands.map { self[$0].stage }.max() ?? .run)
  }

  private mutating func add(_ node: Node) -> ValueID {
    if let value = known[node] { return value }
    let value = ValueID(number: nodes.count)
    nodes.append(node)
    if node.opcode?.changesColumn != true { known[node] = value }
    return value
  }

  // MARK: Writes

  mutating func write(_ opcode: Opcode, _ column: ColumnReference, _ operands: [ValueID], type: ValueType) {
    let stage: Stage = opcode == .storeScalar ? .call : .element
    _ = add(Node(opcode: opcode, operands: operands, type: type, stage: stage, column: column))
    versions[column.id, default: 0] += 1
  }

  // MARK: The finished program

  /// - Parameter type: the type of the result; `nil`: that of its node (a boolean node may serve as an integer).
  func program(purpose: String, result: ValueID?, type: ValueType? = nil) -> KernelProgram {
    var builder = self
    let resultNode = result.map { value in
      // The result has to be a register of the body.
      builder[value].stage == .element
        ? value : builder.add(Node(opcode: .copy, operands: [value], type: builder[value].type, stage: .element))
    }
    return builder.assemble(purpose: purpose, result: resultNode, type: type ?? resultNode.map { builder[$0].type })
  }

  private func assemble(purpose: String, result: ValueID?, type: ValueType?) -> KernelProgram {
    let needed = neededNodes(result: result)
    var operandOf = [KernelProgram.Operand?](repeating: nil, count: nodes.count)
    var columns: [ColumnReference] = []
    var constants: [ConstantValue] = []
    var parts: [Stage: [KernelProgram.Operation]] = [:]
    for (number, node) in nodes.enumerated() where needed[number] {
      guard let opcode = node.opcode else {
        operandOf[number] = .constant(constants.count)
        if let constant = node.constant { constants.append(constant) }
        continue
      }
      var column: Int?
      if let reference = node.column {
        column = columns.firstIndex(of: reference) ?? columns.count
        if column == columns.count { columns.append(reference) }
      }
      let position = parts[node.stage, default: []].count
      parts[node.stage, default: []].append(
        KernelProgram.Operation(
          opcode: opcode, operands: node.operands.compactMap { operandOf[$0.number] }, type: node.type, column: column,
          number: node.number))
      operandOf[number] =
        switch node.stage {
        case .constant, .run: .run(position)
        case .call: .call(position)
        case .element: .body(position)
        }
    }
    let effects = Effects(callPart: parts[.call] ?? [], body: parts[.element] ?? [], columns: columns)
    let resultPosition: Int? = if let result, case .body(let position)? = operandOf[result.number] { position } else { nil }
    return KernelProgram(
      purpose: purpose, columns: columns, constants: constants, functions: functions, callSiteCount: callSiteCount,
      runPart: parts[.run] ?? [], callPart: parts[.call] ?? [], body: parts[.element] ?? [],
      result: resultPosition, resultType: type,
      reads: effects.reads, writes: effects.writes, accumulates: effects.accumulates, isSequential: effects.isSequential,
      isParallel: effects.isParallel && functions.allSatisfy(\.dependsOnlyOnArguments))
  }

  /// What the writes and the result depend on; the rest was never asked for.
  private func neededNodes(result: ValueID?) -> [Bool] {
    var needed = nodes.map { $0.opcode?.changesColumn == true }
    if let result { needed[result.number] = true }
    for number in nodes.indices.reversed() where needed[number] {
      for operand in nodes[number].operands { needed[operand.number] = true }
    }
    return needed
  }
}
