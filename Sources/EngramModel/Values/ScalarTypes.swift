public import EngramScalars

/// The number types of a group's variables (GRP-4): one for all floats, or a type per variable, `["w": .float32]`.
///
/// Calculations are made in 64 bits whatever the type; it says what is stored, and how much memory a value takes.
public struct ScalarTypes: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// The type of all variables with a unit or of dimension 1 that have no entry in ``byName``; nil: that of the preference `core.default_float_dtype`.
  public var floats: ScalarType?
  /// The types of single variables.
  public var byName: [String: ScalarType]

  /// A type for all floats, and types for some variables.
  ///
  /// - Parameters:
  ///   - floats: the type of float variables without an entry; nil: that of the preference `core.default_float_dtype`.
  ///   - byName: types of variables by name. The group refuses names that it does not have, and types of another kind than the variable's.
  public init(floats: ScalarType? = nil, byName: [String: ScalarType] = [:]) {
    self.floats = floats
    self.byName = byName
  }

  /// Types of single variables; the others are as ever.
  public init(dictionaryLiteral elements: (String, ScalarType)...) {
    floats = nil
    byName = [:]
    for (name, type) in elements { byName[name] = type }
  }

  /// In descriptions: the type of all float variables that are not named.
  package static let allFloats = "*"

  /// What the preferences say: floats of 64 bits and integers of 32 bits, unless they were changed.
  public static let standard = ScalarTypes(floats: nil)
  /// All floats in 32 bits: half the memory, about 7 digits.
  public static let float32 = ScalarTypes(floats: .float32)
  /// All floats in 64 bits, about 16 digits.
  public static let float64 = ScalarTypes(floats: .float64)
}
