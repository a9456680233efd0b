import EngramScalars
import OrderedCollections

/// What is registered and what is set.
struct PreferenceState: Sendable {
  struct Category: Sendable {
    var docs: String
    var preferences: OrderedDictionary<String, AnyPreference> = [:]
  }

  var categories: OrderedDictionary<String, Category> = [:]
  /// By full name; absent means default.
  var values: [String: any PreferenceValue] = [:]
  /// From files, for categories that nobody has registered yet: full name to text (PRF-9).
  var pending: OrderedDictionary<String, String> = [:]

  func preference(_ name: String) -> AnyPreference? {
    let (category, last) = parsePreferenceName(name)
    return categories[category]?.preferences[last]
  }

  func isCategory(_ name: String) -> Bool {
    categories[name] != nil || categories.keys.contains { $0.hasPrefix(name + ".") }
  }

  mutating func register(_ category: String, docs: String, _ preferences: [AnyPreference]) throws(PreferenceError) {
    if categories[category] != nil { throw .categoryExists(category) }
    if !category.isEmpty { _ = try PreferenceName(validating: category) }
    if preference(category) != nil { throw .preferenceExists(category) }
    var entry = Category(docs: docs)
    for preference in preferences {
      let name = try PreferenceName(validating: category.isEmpty ? preference.name : "\(category).\(preference.name)")
      if isCategory(name.description) { throw .categoryExists(name.description) }
      if entry.preferences[preference.name] != nil { throw .preferenceExists(name.description) }
      guard preference.accepts(preference.defaultValue) else {
        throw .invalidValue(name: name.description, value: preference.defaultValue.preferenceText, expected: preference.expected)
      }
      entry.preferences[preference.name] = preference
    }
    categories[category] = entry
    for (name, text) in pending where parsePreferenceName(name).category == category {
      pending[name] = nil
      try take(name, text)
    }
  }

  /// A value from a file.
  mutating func take(_ name: String, _ text: String) throws(PreferenceError) {
    let (category, _) = parsePreferenceName(name)
    guard let known = categories[category] else {
      if preference(name) == nil, isCategory(name) { throw .isCategory(name) }
      pending[name] = text
      return
    }
    guard let preference = preference(name) else {
      throw .unknownPreference(name, nearest: nearest(name, in: known.preferences.keys.map { "\(category).\($0)" }))
    }
    values[name] = try preference.value(from: PreferenceParser.parse(text), name: name, text: text)
  }
}
