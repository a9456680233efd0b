import EngramExpressions
import EngramScalars

/// Writes the body of a program as C.
///
/// For each block: columns are asked whether they have its elements, and indices whether they stay inside; a block that would leave a
/// column is left to the machine, which tells where. Then comes the loop. Accumulations through an index are part of it where it is
/// short; where it is long they have loops of their own behind it, in element order, so that the rest can be done several elements at a
/// time.
struct BodyPrinter {
  private let program: KernelProgram
  private let layout: SlotLayout
  private let body: [KernelProgram.Operation]
  /// Numbers of columns that the body changes.
  private let changed: Set<Int>
  /// Whether accumulations come after the loop.
  private let splits: Bool
  /// The column (its number) that a block of its own reads as numbers of two bytes.
  private let brief: Int?

  /// What a block gets.
  private enum Kind {
    case range, list
    /// A range, where indices are there as numbers of two bytes that are known to stay inside.
    case brief
  }

  init(_ program: KernelProgram, layout: SlotLayout) {
    self.program = program
    self.layout = layout
    body = program.body
    brief = program.briefColumn
    changed = Set(body.filter(\.opcode.changesColumn).compactMap(\.column))
    let isLong = body.contains(where: \.opcode.isHeavy) || body.count > 24
    splits = isLong && body.contains(where: \.opcode.isScatter)
  }

  /// The two blocks and the entry; `nil` where the body cannot be printed.
  var text: String? {
    guard !program.isSequential, program.functions.isEmpty, !body.isEmpty, body.allSatisfy(isPrintable) else { return nil }
    return block(.range) + block(.list) + (brief == nil ? "" : block(.brief)) + entry
  }

  // MARK: What can be printed

  private func isPrintable(_ operation: KernelProgram.Operation) -> Bool {
    switch operation.opcode {
    case .load, .store, .element, .copy, .select, .randomUniform, .randomNormal: return true
    case .gather, .scatterAdd, .scatterSubtract, .scatterMultiply, .scatterDivide: return index(of: operation).map(isKnownBefore) ?? false
    case .loadScalar: return !changed.contains(operation.column ?? 0)
    case .storeScalar, .scatter: return false
    default: return operation.opcode.nativeName != nil
    }
  }

  private func index(of operation: KernelProgram.Operation) -> KernelProgram.Operand? {
    operation.opcode == .gather ? operation.operands.first : operation.operands.count > 1 ? operation.operands[1] : nil
  }

  /// Whether a value is the same before the block has run as in the middle of it, so that indices can be looked at first.
  private func isKnownBefore(_ operand: KernelProgram.Operand) -> Bool {
    guard case .body = operand else { return true }
    return slice(of: operand).allSatisfy { number in
      let operation = body[number]
      switch operation.opcode {
      case .load, .gather, .loadScalar: return !changed.contains(operation.column ?? 0)
      case .element: return true
      default: return operation.opcode.isPure
      }
    }
  }

  /// The operations that a value comes from, in order.
  private func slice(of operand: KernelProgram.Operand) -> [Int] {
    var found: Set<Int> = []
    var waiting = [operand]
    while let next = waiting.popLast() {
      guard case .body(let number) = next, found.insert(number).inserted else { continue }
      waiting += body[number].operands
    }
    return found.sorted()
  }

  // MARK: Values

  private func name(_ operand: KernelProgram.Operand) -> String {
    if case .body(let number) = operand { return "x\(number)" }
    return "s\(layout.slot(of: operand) ?? 0)"
  }

  private func type(of operand: KernelProgram.Operand) -> ValueType {
    switch operand {
    case .constant(let number): program.constants[number].type
    case .run(let number): program.runPart[number].type
    case .call(let number): program.callPart[number].type
    case .body(let number): body[number].type
    }
  }

  private func scalarType(_ operation: KernelProgram.Operation) -> ScalarType { program.columns[operation.column ?? 0].type }

  /// The line that computes a value; `nil` for what gives none.
  private func line(_ number: Int, _ kind: Kind) -> String? {
    let operation = body[number]
    let column = operation.column ?? 0
    let operands = operation.operands.map(name)
    let value: String
    switch operation.opcode {
    case .load: value = scalarType(operation).lane("e\(column)[\(kind == .list ? "list[i]" : "i")]")
    case .loadScalar: value = "q\(number)"
    case .gather: value = scalarType(operation).lane("c\(column)[\(operands[0])]")
    case .element: value = kind == .list ? "(int64_t)list[i]" : "first + i"
    case .copy: value = operands[0]
    case .select: value = "CHOOSE(\(operands.joined(separator: ", ")))"
    case .randomUniform, .randomNormal: value = "d\(number)[i]"
    case .integerToFloat where type(of: operation.operands[0]) == .boolean: value = "op_BOOL_TO_FLOAT(\(operands[0]))"
    default:
      guard let function = operation.opcode.nativeName else { return nil }
      value = "op_\(function)(\(operands.joined(separator: ", ")))"
    }
    return "const \(operation.type.laneType) x\(number) = \(value);"
  }

  private func change(_ operation: KernelProgram.Operation, _ kind: Kind) -> String {
    let column = operation.column ?? 0
    let type = scalarType(operation)
    let operands = operation.operands.map(name)
    guard operation.opcode == .store else { return accumulation(operation, value: operands[0], mask: operands.count > 2 ? operands[2] : nil) }
    let place = "e\(column)[\(kind == .list ? "list[i]" : "i")]"
    let element = type.element(operands[0])
    return operands.count > 1 ? "\(place) = \(operands[1]) != 0 ? \(element) : \(place);" : "\(place) = \(element);"
  }

  private func accumulation(_ operation: KernelProgram.Operation, value: String, mask: String?) -> String {
    let type = scalarType(operation)
    let place = "c\(operation.column ?? 0)[\(name(operation.operands[1]))]"
    let old = type.lane("old")
    let made =
      switch (operation.opcode, type) {
      case (.scatterDivide, .bool): old
      case (.scatterDivide, .int32), (.scatterDivide, .int64): "float_to_int((double)\(old) / (double)\(value))"
      default: "op_\(operation.opcode.accumulated(type.isFloat))(\(old), \(value))"
      }
    let kept = mask.map { "\($0) != 0 ? \(type.element(made)) : old" } ?? type.element(made)
    return "{ const \(type.cType) old = \(place); \(place) = \(kept); }"
  }

  // MARK: Blocks

  private func block(_ kind: Kind) -> String {
    var lines = [
      "",
      "static bool \(kind)_block(const engram_column *columns, const uint64_t *scalars, int64_t step, "
        + "\(kind == .list ? "const int32_t *list" : "int64_t first"), int32_t n, int32_t *out, int64_t *found) {",
    ]
    lines += declarations(kind) + checks(kind)
    for (number, operation) in body.enumerated() {
      switch operation.opcode {
      case .randomUniform, .randomNormal:
        let (distribution, key) = (operation.opcode == .randomUniform ? "uniform" : "normal", layout.keys + (operation.number ?? 0))
        lines.append("double r\(number)[ENGRAM_BLOCK + 2];")
        lines.append(
          "const double *d\(number) = \(distribution)_\(kind == .list ? "list" : "range")(r\(number), scalars[\(key)], \(kind == .list ? "list" : "first"), step, n);"
        )
      case .loadScalar:
        let value = scalarType(operation).lane("c\(operation.column ?? 0)[0]")
        lines.append("const \(operation.type.laneType) q\(number) = \(value);")
      default: break
      }
    }
    lines += loop(kind)
    if program.result != nil {
      lines.append("if (out != NULL) *found += pick_elements(chosen, \(kind == .list ? "0, list" : "first, NULL"), n, out + *found);")
    }
    return (lines + ["return true;", "}", ""]).joined(separator: "\n")
  }

  /// Uniform values and columns.
  private func declarations(_ kind: Kind) -> [String] {
    var lines = ["(void)columns, (void)scalars, (void)step, (void)out, (void)found;"]
    var slots: [Int: ValueType] = [:]
    for operand in body.flatMap(\.operands) {
      if let slot = layout.slot(of: operand) { slots[slot] = type(of: operand) }
    }
    for (slot, type) in slots.sorted(by: { $0.key < $1.key }) {
      lines.append(type == .float ? "const double s\(slot) = from_bits(scalars[\(slot)]);" : "const int64_t s\(slot) = (int64_t)scalars[\(slot)];")
    }
    for column in Set(body.compactMap(\.column)).sorted() {
      let isBrief = kind == .brief && column == brief
      let type = isBrief ? "const uint16_t" : program.columns[column].type.cType
      lines.append("\(type) *const c\(column) = columns[\(column)].\(isBrief ? "brief" : "base");")
      lines.append("\(type) *const e\(column) = c\(column)\(kind == .list ? "" : " + first"); (void)e\(column);")
    }
    return lines
  }

  /// What would leave a column, by element and by index.
  private func checks(_ kind: Kind) -> [String] {
    var lines: [String] = []
    for column in Set(body.filter { $0.opcode == .load || $0.opcode == .store }.compactMap(\.column)).sorted() {
      lines.append(
        kind == .list
          ? "if (!are_inside(list, n, columns[\(column)].count)) return false;"
          : "if (first < 0 || first > columns[\(column)].count - n) return false;")
    }
    for operation in body where operation.opcode == .loadScalar { lines.append("if (columns[\(operation.column ?? 0)].count < 1) return false;") }
    var seen: Set<String> = []
    for operation in body {
      guard operation.opcode == .gather || operation.opcode.isScatter, let index = index(of: operation) else { continue }
      let count = "columns[\(operation.column ?? 0)].count"
      guard seen.insert("\(name(index)) \(count)").inserted else { continue }
      guard case .body(let number) = index else {
        lines.append("if (\(count) < 1 || leaves(\(name(index)), \(count)) >> 63 != 0) return false;")
        continue
      }
      if body[number].opcode == .load, scalarType(body[number]) == .int32, kind != .list {
        let column = body[number].column ?? 0
        lines.append(
          kind == .brief && column == brief
            ? "if (columns[\(column)].limit > \(count)) return false;" : "if (!are_inside(e\(column), n, \(count))) return false;")
        continue
      }
      lines += ["{", "uint64_t outside = 0;", "const int64_t limit = \(count);", "INDEPENDENT for (int32_t i = 0; i < n; i++) {"]
      lines += slice(of: index).compactMap { line($0, kind) }
      lines += ["outside |= leaves(\(name(index)), limit);", "}", "if (limit < 1 || outside >> 63 != 0) return false;", "}"]
    }
    return lines
  }

  private func loop(_ kind: Kind) -> [String] {
    let scatters = body.indices.filter { body[$0].opcode.isScatter }
    let isFree = scatters.isEmpty || splits
    var lines: [String] = []
    if program.result != nil { lines.append("uint8_t chosen[ENGRAM_BLOCK + 8];") }
    if splits {
      for number in scatters {
        lines.append("\(type(of: body[number].operands[0]).laneType) a\(number)[ENGRAM_BLOCK];")
        if body[number].operands.count > 2 { lines.append("uint8_t m\(number)[ENGRAM_BLOCK];") }
      }
    }
    let pragma = isFree ? (body.contains(where: \.opcode.isHeavy) ? "INDEPENDENT_HEAVY " : "INDEPENDENT ") : ""
    lines.append("\(pragma)for (int32_t i = 0; i < n; i++) {")
    for (number, operation) in body.enumerated() {
      if !operation.opcode.changesColumn {
        if let line = line(number, kind) { lines.append("\(line) (void)x\(number);") }
      } else if splits, operation.opcode.isScatter {
        lines.append("a\(number)[i] = \(name(operation.operands[0]));")
        if operation.operands.count > 2 { lines.append("m\(number)[i] = (uint8_t)(\(name(operation.operands[2])) != 0);") }
      } else {
        lines.append(change(operation, kind))
      }
    }
    if let result = program.result { lines.append("chosen[i] = (uint8_t)(x\(result) != 0);") }
    lines.append("}")
    guard splits else { return lines }
    for number in scatters {
      lines.append("for (int32_t i = 0; i < n; i++) {")
      lines += slice(of: body[number].operands[1]).compactMap { line($0, kind) }
      lines.append(accumulation(body[number], value: "a\(number)[i]", mask: body[number].operands.count > 2 ? "m\(number)[i]" : nil))
      lines.append("}")
    }
    return lines
  }

  private var entry: String {
    let ofRange = "range_block(columns, scalars, step, start, n, out, found)"
    let isBrief = brief.map { "columns[\($0)].brief != NULL ? \(ofRange.replacing("range_", with: "brief_")) : " } ?? ""
    return """

      int64_t \(NativeText.entry)(const engram_column *columns, const uint64_t *scalars, int64_t step, int64_t first, const int32_t *list,
                            int64_t count, int32_t *out, int64_t *found) {
        for (int64_t done = 0; done < count; done += ENGRAM_BLOCK) {
          int32_t n = (int32_t)(count - done < ENGRAM_BLOCK ? count - done : ENGRAM_BLOCK);
          const int32_t *part = list != NULL ? list + done : NULL;
          int64_t start = first + done;
          if (part != NULL && is_run(part, n)) {
            start = part[0];
            part = NULL;
          }
          bool is_done = part != NULL ? list_block(columns, scalars, step, part, n, out, found)
                                      : \(isBrief)\(ofRange);
          if (!is_done) return done;
        }
        return count;
      }

      """
  }
}

extension ValueType {
  fileprivate var laneType: String { self == .float ? "double" : "int64_t" }
}

extension ScalarType {
  fileprivate var cType: String {
    switch self {
    case .float64: "double"
    case .float32: "float"
    case .int32: "int32_t"
    case .int64: "int64_t"
    case .bool: "uint8_t"
    }
  }

  /// An element as a lane.
  fileprivate func lane(_ element: String) -> String {
    switch self {
    case .float64, .int64: element
    case .float32: "(double)\(element)"
    case .int32: "(int64_t)\(element)"
    case .bool: "(int64_t)(\(element) != 0)"
    }
  }

  /// A lane as an element.
  fileprivate func element(_ lane: String) -> String {
    switch self {
    case .float64: lane
    case .float32: "(float)(\(lane))"
    case .int32: "(int32_t)(uint32_t)(uint64_t)(\(lane))"
    case .int64: "(int64_t)(\(lane))"
    case .bool: "(uint8_t)((\(lane)) != 0)"
    }
  }
}

extension Opcode {
  /// What an accumulation does to the element.
  fileprivate func accumulated(_ isFloat: Bool) -> String {
    switch self {
    case .scatterSubtract: isFloat ? "SUB" : "ISUB"
    case .scatterMultiply: isFloat ? "MUL" : "IMUL"
    case .scatterDivide: "DIV"
    default: isFloat ? "ADD" : "IADD"
    }
  }
}
