package import EngramScalars

/// What kind of number a value is. Ordered: arithmetic gives the higher of its operands' kinds.
public enum ValueType: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  /// True or false.
  case boolean
  /// An integer of 64 bits.
  case integer
  /// A number with fractions; all numbers with units are.
  case float

  private var rank: Int {
    switch self {
    case .boolean: 0
    case .integer: 1
    case .float: 2
    }
  }

  public static func < (lhs: ValueType, rhs: ValueType) -> Bool { lhs.rank < rhs.rank }

  /// The kind of the values of an array, which are doubles or integers of 64 bits while they are computed (COD-9).
  package init(_ type: ScalarType) {
    switch type {
    case .float64, .float32: self = .float
    case .int32, .int64: self = .integer
    case .bool: self = .boolean
    }
  }

  /// With its article, for messages.
  var readable: String {
    switch self {
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .float: "a float"
    }
  }
}
