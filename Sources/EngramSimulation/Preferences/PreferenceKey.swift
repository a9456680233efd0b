/// A preference: its full name, default, documentation and validator (PRF-1).
public struct PreferenceKey<Value: PreferenceValue>: Sendable {
  /// The full name, such as `core.network.default_schedule`.
  public let name: String
  /// The value where nobody says otherwise.
  public let defaultValue: Value
  /// What it is about, for listings.
  public let docs: String
  /// What the validator accepts, in words that continue "expected …".
  public let rule: String?
  let validate: (@Sendable (Value) -> Bool)?

  /// A preference, which is registered before it is used.
  ///
  /// - Parameters:
  ///   - name: the full name, such as `core.network.default_schedule`.
  ///   - defaultValue: the value where nobody says otherwise.
  ///   - docs: what it is about, for listings.
  ///   - rule: what `validate` accepts, for messages, such as `an integer above 0`.
  ///   - validate: which values of the type may be set; all without it.
  public init(
    _ name: String, default defaultValue: Value, docs: String, rule: String? = nil, validate: (@Sendable (Value) -> Bool)? = nil
  ) {
    self.name = name
    self.defaultValue = defaultValue
    self.docs = docs
    self.rule = rule
    self.validate = validate
  }
}

/// A preference without its type, for registration and listing.
public struct AnyPreference: Sendable {
  /// Within its category.
  public let name: String
  /// What it is about, for listings.
  public let docs: String
  let defaultValue: any PreferenceValue
  let read: @Sendable (PreferenceLiteral) -> (any PreferenceValue)?
  let accepts: @Sendable (any PreferenceValue) -> Bool
  /// What may be set, for messages: the rule where there is one, not only the type.
  let expected: String

  /// Forgets the type of a preference.
  public init<Value>(_ key: PreferenceKey<Value>) {
    name = parsePreferenceName(key.name).name
    docs = key.docs
    defaultValue = key.defaultValue
    let kind = key.defaultValue.acceptedKind
    expected = key.rule ?? (key.validate == nil ? kind : "\(kind) that fits its rule (\(key.docs))")
    read = { Value(preference: $0) }
    accepts = { value in
      guard let value = value as? Value else { return false }
      return key.defaultValue.accepts(value) && key.validate?(value) ?? true
    }
  }

  func value(from literal: PreferenceLiteral, name: String, text: String) throws(PreferenceError) -> any PreferenceValue {
    guard let value = read(literal), accepts(value) else { throw .invalidValue(name: name, value: text, expected: expected) }
    return value
  }
}
