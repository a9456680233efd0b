/// A preference: its full name, default, documentation and validator (PRF-1).
public struct PreferenceKey<Value: PreferenceValue>: Sendable {
  public let name: String
  public let defaultValue: Value
  public let docs: String
  let validate: @Sendable (Value) -> Bool

  public init(_ name: String, default defaultValue: Value, docs: String, validate: @Sendable @escaping (Value) -> Bool = { _ in true }) {
    self.name = name
    self.defaultValue = defaultValue
    self.docs = docs
    self.validate = validate
  }
}

/// A preference without its type, for registration and listing.
public struct AnyPreference: Sendable {
  /// Within its category.
  public let name: String
  public let docs: String
  let defaultValue: any PreferenceValue
  let read: @Sendable (PreferenceLiteral) -> (any PreferenceValue)?
  let accepts: @Sendable (any PreferenceValue) -> Bool
  let kind: String

  public init<Value>(_ key: PreferenceKey<Value>) {
    name = parsePreferenceName(key.name).name
    docs = key.docs
    defaultValue = key.defaultValue
    kind = Value.preferenceKind
    read = { Value(preference: $0) }
    accepts = { value in
      guard let value = value as? Value else { return false }
      return key.defaultValue.accepts(value) && key.validate(value)
    }
  }

  func value(from literal: PreferenceLiteral, name: String, text: String) throws(PreferenceError) -> any PreferenceValue {
    guard let value = read(literal), accepts(value) else { throw .invalidValue(name: name, value: text, expected: kind) }
    return value
  }
}
