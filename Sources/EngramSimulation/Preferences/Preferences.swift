import EngramScalars
public import FoundationEssentials
import OrderedCollections
import Synchronization

/// Preferences (PRF): what is registered, what is set, and what holds in one environment only.
///
/// Those of the process are shared by all environments, of which each may have values of its own beside. Reading and writing are
/// guarded by locks; a run reads what it needs when it starts.
public final class Preferences: Sendable {
  private let store: PreferenceStore
  /// Values that hold here only.
  private let ownValues = Mutex<[String: any PreferenceValue]>([:])
  @TaskLocal private static var overrides: [String: any PreferenceValue] = [:]

  /// A set of its own, with the standard preferences at their defaults.
  public init() {
    store = PreferenceStore()
    registerStandard()
  }

  /// What is registered and set there counts here too, unless ``setHere(_:fromText:)`` says otherwise.
  package init(sharing other: Preferences) { store = other.store }

  /// Those of the process, with the standard files read.
  package static let process: Preferences = {
    let preferences = Preferences()
    preferences.loadStandardFiles()
    return preferences
  }()

  // ------------------------------------------------------------------------------------------------------- registration

  /// Adds a category. A rejected registration leaves nothing behind (PRF-5).
  public func register(_ category: String, docs: String, _ preferences: [AnyPreference]) throws(PreferenceError) {
    let result = store.state.withLock { state -> Result<Void, PreferenceError> in
      do throws(PreferenceError) {
        var next = state
        try next.register(category, docs: docs, preferences)
        state = next
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
  }

  // ------------------------------------------------------------------------------------------------------------ reading

  /// The value in force: that of the task, else what was set, else the default.
  public subscript<V>(_ key: PreferenceKey<V>) -> V {
    if let value = Preferences.overrides[key.name] as? V { return value }
    if let value = ownValues.withLock({ $0[key.name] }) as? V { return value }
    return store.state.withLock { $0.values[key.name] as? V } ?? key.defaultValue
  }

  /// The value of a preference by its full name (PRF-6).
  public func value(_ name: String) throws(PreferenceError) -> any PreferenceValue {
    if let value = Preferences.overrides[name] ?? ownValues.withLock({ $0[name] }) { return value }
    let found = store.state.withLock { state in state.preference(name).map { state.values[name] ?? $0.defaultValue } }
    guard let found else { throw unknown(name) }
    return found
  }

  /// The preferences of one category.
  public func category(_ name: String) throws(PreferenceError) -> PreferenceCategory {
    guard store.state.withLock({ $0.isCategory(name) }) else {
      throw .unknownCategory(name, nearest: nearest(name, in: categories))
    }
    return PreferenceCategory(name: name, preferences: self)
  }

  /// Full names of all preferences, by category.
  public var names: [String] {
    store.state.withLock { state in
      state.categories.flatMap { category, content in content.preferences.keys.map { category.isEmpty ? $0 : "\(category).\($0)" } }
    }
  }
  /// Number of preferences.
  public var count: Int { names.count }
  /// Full names of all categories.
  public var categories: [String] { store.state.withLock { Array($0.categories.keys) } }
  /// Without the nested ones.
  public var topLevelCategories: [String] {
    var seen: OrderedSet<String> = []
    for name in categories { seen.append(String(name.prefix { $0 != "." })) }
    return Array(seen)
  }

  // ------------------------------------------------------------------------------------------------------------ writing

  /// Sets a value.
  ///
  /// - Throws: `PreferenceError` for a value that the preference refuses.
  public func set<V>(_ key: PreferenceKey<V>, to value: V) throws(PreferenceError) { try set(key.name, to: value) }

  /// Sets a value by the preference's full name.
  ///
  /// - Throws: `PreferenceError` for an unknown name, or a value that the preference refuses.
  public func set(_ name: String, to value: any PreferenceValue) throws(PreferenceError) {
    let preference = try registered(name)
    guard preference.accepts(value) else {
      throw .invalidValue(name: name, value: value.preferenceText, expected: preference.expected)
    }
    store.state.withLock { $0.values[name] = value }
  }

  /// The value as it would stand in a preferences file.
  public func set(_ name: String, fromText text: String) throws(PreferenceError) {
    let preference = try registered(name)
    let value = try preference.value(from: PreferenceParser.parse(text), name: name, text: text)
    store.state.withLock { $0.values[name] = value }
  }

  /// The same for this environment only: what a model file asks for must not reach other models of the process.
  package func setHere(_ name: String, fromText text: String) throws(PreferenceError) {
    let preference = try registered(name)
    let value = try preference.value(from: PreferenceParser.parse(text), name: name, text: text)
    ownValues.withLock { $0[name] = value }
  }

  /// Everything back to its default; values for categories that are not registered are dropped.
  public func resetToDefaults() {
    store.state.withLock { state in
      state.values = [:]
      state.pending = [:]
    }
  }

  /// Another value for the duration of `body`, in this task only.
  public func with<V, R>(_ key: PreferenceKey<V>, _ value: V, _ body: () throws -> R) throws -> R {
    let preference = AnyPreference(key)
    guard preference.accepts(value) else {
      throw PreferenceError.invalidValue(name: key.name, value: value.preferenceText, expected: preference.expected)
    }
    var overrides = Preferences.overrides
    overrides[key.name] = value
    return try Preferences.$overrides.withValue(overrides) { try body() }
  }

  // -------------------------------------------------------------------------------------------------------------- files

  /// Reads `key = value` lines with `[category]` headers and `#` comments (PRF-7). A file with an error changes nothing.
  public func load(from file: URL) throws(PreferenceError) {
    let text: String
    do { text = try String(contentsOf: file, encoding: .utf8) } catch {
      throw .unreadableFile(file.path, reason: "\(error)")
    }
    try load(text: text, file: file.path)
  }

  /// As `load(from:)`; `file` is for messages.
  public func load(text: String, file: String = "text") throws(PreferenceError) {
    let entries = try PreferenceFile.parse(text, file: file)
    let result = store.state.withLock { state -> Result<Void, PreferenceError> in
      do throws(PreferenceError) {
        var next = state
        for entry in entries { try next.take(entry.name, entry.value) }
        state = next
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
  }

  /// The user's file, then that of the working directory; missing ones are ignored (PRF-8).
  func loadStandardFiles() {
    for place in StandardPreferenceFile.places(ProcessInfo.processInfo.environment) {
      guard let file = place.present else { continue }
      if file == place.former {
        let notice =
          "preferences were read from '\(file.path)', a place of Brian 2; Engram's own place is '\(place.own.path)', which is read instead where it exists"
        Preferences.remarks.withLock { $0.append((.info, notice)) }
      }
      do { try load(from: file) } catch {
        Preferences.remarks.withLock { $0.append((.warning, "\(error)")) }
      }
    }
  }

  /// What there is to say of the standard files, told at the next run: nobody can catch an error of the first use of the library.
  private static let remarks = Mutex<[(MessageLevel, String)]>([])

  /// What there was to say of the standard files, once.
  func takeRemarks() -> [(MessageLevel, String)] {
    Preferences.remarks.withLock { remarks in
      defer { remarks = [] }
      return remarks
    }
  }

  /// Names with values whose category nobody has registered; those of devices may be registered by a device that is never made.
  var unvalidated: [String] { store.state.withLock { Array($0.pending.keys) }.filter { !$0.hasPrefix("devices.") } }

  // --------------------------------------------------------------------------------------------------------------- text

  /// Current values, by category with documentation as comments; reads back as the same set (PRF-10).
  public var asText: String { text { name, preference, state in state.values[name] ?? preference.defaultValue } }
  /// The text of a preferences file with all defaults.
  public var defaultsAsText: String { text { _, preference, _ in preference.defaultValue } }

  private func text(_ value: (String, AnyPreference, PreferenceState) -> any PreferenceValue) -> String {
    let state = store.state.withLock { $0 }
    var lines: [String] = []
    for (category, content) in state.categories {
      if !lines.isEmpty { lines.append("") }
      lines += content.docs.split(separator: "\n").map { "# \($0)" }
      lines += ["[\(category)]", ""]
      for (name, preference) in content.preferences {
        lines += preference.docs.split(separator: "\n").map { "# \($0)" }
        lines.append("\(name) = \(value("\(category).\(name)", preference, state).preferenceText)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Names, defaults and explanations of one category and those below it, or of all (PRF-11).
  public func documentation(of category: String? = nil) throws(PreferenceError) -> String {
    if let category { _ = try self.category(category) }
    let state = store.state.withLock { $0 }
    var lines: [String] = []
    for (name, content) in state.categories where category.map({ name == $0 || name.hasPrefix($0 + ".") }) ?? true {
      lines += ["\(name): \(content.docs)"]
      for (preference, details) in content.preferences {
        lines.append("  \(name).\(preference) = \(details.defaultValue.preferenceText)")
        lines += details.docs.split(separator: "\n").map { "    \($0)" }
      }
    }
    return lines.joined(separator: "\n")
  }

  // ------------------------------------------------------------------------------------------------------------ private

  private func registered(_ name: String) throws(PreferenceError) -> AnyPreference {
    let (found, isCategory) = store.state.withLock { ($0.preference(name), $0.isCategory(name)) }
    if let found { return found }
    if isCategory { throw .isCategory(name) }
    throw unknown(name)
  }

  private func unknown(_ name: String) -> PreferenceError {
    let category = parsePreferenceName(name).category
    if !category.isEmpty, !store.state.withLock({ $0.isCategory(category) }) {
      return .unknownCategory(category, nearest: nearest(category, in: categories))
    }
    return .unknownPreference(name, nearest: nearest(name, in: names))
  }
}

/// The preferences below a category, read and written by their short names (PRF-6).
public struct PreferenceCategory: Sendable {
  /// The full name of the category.
  public let name: String
  let preferences: Preferences

  /// Short names, nested categories included as dotted names.
  public var names: [String] {
    preferences.names.filter { $0.hasPrefix(name + ".") }.map { String($0.dropFirst(name.count + 1)) }
  }
  /// Number of preferences in it.
  public var count: Int { names.count }
  /// The value of a preference by its name in the category.
  public func value(_ short: String) throws(PreferenceError) -> any PreferenceValue { try preferences.value("\(name).\(short)") }
  /// Sets a value by the preference's name in the category.
  public func set(_ short: String, to value: any PreferenceValue) throws(PreferenceError) { try preferences.set("\(name).\(short)", to: value) }
}

/// What sets of preferences share.
private final class PreferenceStore: Sendable {
  let state = Mutex(PreferenceState())
}
