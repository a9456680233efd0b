public import EngramScalars

/// The number types of a group's variables (GRP-4): one for all floats, or a type per variable.
public struct ScalarTypes: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  public var floats: ScalarType?
  public var byName: [String: ScalarType]

  public init(floats: ScalarType? = nil, byName: [String: ScalarType] = [:]) {
    self.floats = floats
    self.byName = byName
  }

  public init(dictionaryLiteral elements: (String, ScalarType)...) {
    floats = nil
    byName = [:]
    for (name, type) in elements { byName[name] = type }
  }

  /// In descriptions: the type of all float variables that are not named.
  package static let allFloats = "*"

  public static let standard = ScalarTypes(floats: nil)
  public static let float32 = ScalarTypes(floats: .float32)
  public static let float64 = ScalarTypes(floats: .float64)
}
