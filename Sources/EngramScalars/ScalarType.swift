/// The element types an array can have, in memory and on disk.
///
/// The raw value is the canonical name (VAR-8). Booleans are one byte, 0 or 1.
public enum ScalarType: String, CaseIterable, Sendable, Hashable, Codable {
  /// Numbers with fractions, about 16 digits.
  case float64
  /// Numbers with fractions, about 7 digits.
  case float32
  /// Integers of 32 bits.
  case int32
  /// Integers of 64 bits.
  case int64
  /// Truth values, a byte each.
  case bool

  /// Bytes per element.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .bool: 1
    }
  }

  /// Whether it has fractions.
  public var isFloat: Bool { self == .float64 || self == .float32 }
  /// Whether it is a number without fractions; truth values are none.
  public var isInteger: Bool { self == .int32 || self == .int64 }
}

extension ScalarType: CustomStringConvertible {
  public var description: String { rawValue }
}

/// A Swift type whose values are the elements of arrays.
///
/// Booleans are `UInt8` in memory (0 or 1), so that a byte from a damaged file is never an invalid `Bool`.
public protocol ScalarElement: BitwiseCopyable, Sendable, Hashable {
  static var scalarType: ScalarType { get }
}

extension Double: ScalarElement { public static var scalarType: ScalarType { .float64 } }
extension Float: ScalarElement { public static var scalarType: ScalarType { .float32 } }
extension Int32: ScalarElement { public static var scalarType: ScalarType { .int32 } }
extension Int64: ScalarElement { public static var scalarType: ScalarType { .int64 } }
extension UInt8: ScalarElement { public static var scalarType: ScalarType { .bool } }
