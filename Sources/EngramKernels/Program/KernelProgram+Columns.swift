import EngramExpressions

extension KernelProgram {
  /// One way in which a program uses a column.
  package enum ColumnUse: Hashable, Sendable {
    /// Of the element being computed.
    case reads, writes
    /// Of the only element.
    case readsScalar, writesScalar
    /// Of an element that an index leads to: what another column says of the element being computed, and a number added; nil: something else.
    case readsThrough(Index?)
    case writesThrough(Index?)
  }

  /// An element by the value of a column, with a number added.
  package struct Index: Hashable, Sendable {
    /// Its id.
    package let column: Int
    package let offset: Int64
  }

  /// Every use of every column, by column ids, in the order of the operations.
  package var columnUses: [(column: Int, use: ColumnUse)] {
    (callPart + body).compactMap { operation in
      guard let number = operation.column else { return nil }
      let use: ColumnUse =
        switch operation.opcode {
        case .load: .reads
        case .loadScalar: .readsScalar
        case .store: .writes
        case .storeScalar: .writesScalar
        case .gather: .readsThrough(index(operation.operands[0]))
        default: .writesThrough(operation.opcode.isScatter ? index(operation.operands[1]) : nil)
        }
      return (columns[number].id, use)
    }
  }

  private func index(_ operand: Operand) -> Index? {
    var (operand, offset) = (operand, Int64(0))
    while case .body(let place) = operand {
      let operation = body[place]
      switch operation.opcode {
      case .load: return operation.type == .integer ? operation.column.map { Index(column: columns[$0].id, offset: offset) } : nil
      case .copy: operand = operation.operands[0]
      case .integerAdd:
        var varying: Operand?
        for part in operation.operands {
          if case .constant(let number) = part, case .integer(let value) = constants[number] {
            offset &+= value
          } else if varying == nil {
            varying = part
          } else {
            return nil
          }
        }
        guard let varying else { return nil }
        operand = varying
      default: return nil
      }
    }
    return nil
  }
}
