public import EngramUnits

/// The form in which descriptions and records are stored: a tree of values with names.
///
/// Descriptions of objects are read from it and written into it in this room only; see ``ObjectDescription``.
public indirect enum DescriptionValue: Hashable, Sendable {
  case text(String)
  case integer(Int64)
  case real(Double)
  case quantity(Quantity)
  case boolean(Bool)
  case list([DescriptionValue])
  /// Keys in a fixed order.
  case mapping([DescriptionField])
  /// Another object, by name; a subgroup by name and range.
  case reference(String)
  /// Many numbers in SI units.
  case numbers([Double])
}

/// One named value of a stored form.
public struct DescriptionField: Hashable, Sendable {
  /// The word under which the value is stored.
  public let key: String
  public let value: DescriptionValue

  public init(_ key: String, _ value: DescriptionValue) {
    self.key = key
    self.value = value
  }
}
