package import EngramExpressions
package import EngramScalars

/// The type of the eight-byte lanes in which values are computed: doubles, integers, or booleans as 0 and 1.
package typealias LaneType = ValueType

/// A number known before the run, in SI units.
package enum ConstantValue: Hashable, Sendable {
  case float(Double)
  case integer(Int64)
  case boolean(Bool)

  package var type: ValueType {
    switch self {
    case .float: .float
    case .integer: .integer
    case .boolean: .boolean
    }
  }

  /// The value as a double; booleans give 0 and 1.
  package var doubleValue: Double {
    switch self {
    case .float(let value): value
    case .integer(let value): Double(value)
    case .boolean(let value): value ? 1 : 0
    }
  }

  /// The eight bytes that a scalar slot holds.
  package var bits: UInt64 {
    switch self {
    case .float(let value): value.bitPattern
    case .integer(let value): UInt64(bitPattern: value)
    case .boolean(let value): value ? 1 : 0
    }
  }

  package init(bits: UInt64, type: ValueType) {
    switch type {
    case .float: self = .float(Double(bitPattern: bits))
    case .integer: self = .integer(Int64(bitPattern: bits))
    case .boolean: self = .boolean(bits != 0)
    }
  }
}

extension ConstantValue {
  // Bit patterns: 0.0 and -0.0 differ, a NaN equals itself. Merging equal constants must not change a bit.
  package static func == (lhs: ConstantValue, rhs: ConstantValue) -> Bool { lhs.type == rhs.type && lhs.bits == rhs.bits }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(type)
    hasher.combine(bits)
  }
}

/// A column as a program sees it: an identity, an element type and a name for messages. Memory is bound later.
package struct ColumnReference: Hashable, Sendable {
  /// Chosen by the caller; one number per column, however many names lead to it.
  package let id: Int
  package let type: ScalarType
  /// For printing and for faults.
  package let name: String

  package init(id: Int, type: ScalarType, name: String) {
    self.id = id
    self.type = type
    self.name = name
  }

  package static func == (lhs: ColumnReference, rhs: ColumnReference) -> Bool { lhs.id == rhs.id }
  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// One step of the way from the element being computed to the element of another column.
package struct IndexStep: Hashable, Sendable {
  /// Integer column looked up at the index reached so far; `nil` takes that index itself.
  package let column: ColumnReference?
  /// Added after the look-up.
  package let offset: Int64

  package init(column: ColumnReference?, offset: Int64 = 0) {
    self.column = column
    self.offset = offset
  }
}

/// Which element of a column a name means.
package enum Access: Hashable, Sendable {
  /// The element being computed.
  case element
  /// The only element (shared variables, clocks).
  case scalar
  /// The element reached from the one being computed through index columns (`v_post`, linked variables).
  case gather([IndexStep])
}

/// What a name in model code stands for, to the machine.
package enum KernelSymbol: Sendable {
  /// `conditionalWrite` is a boolean column read with the same access: only where it is true are writes done (REF-6).
  case column(ColumnReference, access: Access, conditionalWrite: ColumnReference?)
  case constant(ConstantValue)
  /// Put in place of the name; its own names are looked up in the same symbols. The value has the type declared, as if it had
  /// been assigned to a variable of that type; `nil` leaves the type of the formula.
  case subexpression(Expression, as: ScalarType?)
  /// The number of the element being computed plus an offset.
  case elementIndex(offset: Int64)
  case function(KernelFunction)

  /// A column without conditional writes.
  package static func column(_ column: ColumnReference, access: Access) -> KernelSymbol {
    .column(column, access: access, conditionalWrite: nil)
  }

  /// A formula that keeps its own type.
  package static func subexpression(_ expression: Expression) -> KernelSymbol { .subexpression(expression, as: nil) }
}
