import EngramSimulation

/// Preferences that decide what a model means (CKP-20). Only those that are not at their default are stored.
enum StoredPreferences {
  static func notAtDefault(_ preferences: Preferences) -> [DescriptionField] {
    func field<Value: PreferenceValue & Equatable>(_ key: PreferenceKey<Value>) -> DescriptionField? {
      let value = preferences[key]
      return value == key.defaultValue ? nil : DescriptionField(key.name, .text(value.preferenceText))
    }
    return [field(.defaultFloatType), field(.defaultIntegerType), field(.refractoryTiming), field(.defaultSchedule)].compactMap(\.self)
  }
}
