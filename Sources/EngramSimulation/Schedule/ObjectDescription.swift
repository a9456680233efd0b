public import EngramUnits

/// A value in the description of an object.
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
  /// Numbers stored elsewhere by content, such as the values of a timed array.
  case numbers([Double])
}

/// One named value of a description.
public struct DescriptionField: Hashable, Sendable {
  public let key: String
  public let value: DescriptionValue

  public init(_ key: String, _ value: DescriptionValue) {
    self.key = key
    self.value = value
  }
}

/// An object in the vocabulary of model files (modelfile.md §4): what a checkpoint stores to rebuild it (CKP-20), what
/// fingerprints compare (CKP-24) and what `explain` prints.
public struct ObjectDescription: Hashable, Sendable {
  public var kind: String
  public var name: String
  /// In the order of the vocabulary; absent means default.
  public var fields: [DescriptionField]

  public init(kind: String, name: String, fields: [DescriptionField] = []) {
    self.kind = kind
    self.name = name
    self.fields = fields
  }

  public subscript(key: String) -> DescriptionValue? {
    get { fields.first { $0.key == key }?.value }
    set {
      let place = fields.firstIndex { $0.key == key }
      switch (place, newValue) {
      case (let place?, let value?): fields[place] = DescriptionField(key, value)
      case (let place?, nil): fields.remove(at: place)
      case (nil, let value?): fields.append(DescriptionField(key, value))
      case (nil, nil): break
      }
    }
  }
}
