import EngramMagic
import EngramScalars
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Preferences") struct PreferenceTests {
  private func make() -> BrianGlobalPreferences { BrianGlobalPreferences() }

  @Test("PRF-1, CPR-1, CPR-2, CPR-3: core and legacy preferences with their defaults") func defaults() throws {
    let preferences = make()
    #expect(preferences[.defaultFloatType] == .float64)
    #expect(preferences[.defaultIntegerType] == .int32)
    #expect(preferences[.outdatedDependencyError] && preferences[.stopOnKeyboardInterrupt])
    #expect(preferences[.defaultSchedule] == ["start", "groups", "thresholds", "synapses", "resets", "end"])
    #expect(!preferences[.refractoryTiming])
    #expect(try preferences.value("core.default_float_dtype").preferenceText == "float64")
  }

  @Test("CPR-1, CPR-4: float types only for floats, integer types only for integers") func types() throws {
    let preferences = make()
    try preferences.set(.defaultFloatType, to: .float32)
    #expect(preferences[.defaultFloatType] == .float32)
    #expect(throws: PreferenceError.self) { try preferences.set(.defaultFloatType, to: .int32) }
    #expect(throws: PreferenceError.self) { try preferences.set("core.default_float_dtype", fromText: "float16") }
    try preferences.set(.defaultIntegerType, to: .int64)
    #expect(throws: PreferenceError.self) { try preferences.set(.defaultIntegerType, to: .float64) }
    #expect(ScalarType.isValidFloatDefault(.float32) && !ScalarType.isValidFloatDefault(.int64))
  }

  @Test("PRF-2: names split at the last dot") func parsing() {
    #expect(parsePreferenceName("a.b.c") == ("a.b", "c"))
    #expect(parsePreferenceName("x") == ("", "x"))
  }

  @Test("PRF-3: names begin with a letter and hide no operation", arguments: ["_x", "1x", "a.b-c", "a..b", "a.", "keys", "core.keys", "ä"])
  func names(text: String) { #expect(throws: PreferenceError.self) { try PreferenceName(validating: text) } }

  @Test("PRF-4: a value has the type of the default, quantities its dimension") func validation() throws {
    let preferences = make()
    try preferences.register(
      "test", docs: "",
      [
        AnyPreference(PreferenceKey("test.number", default: 3, docs: "")), AnyPreference(PreferenceKey("test.ratio", default: 0.5, docs: "")),
        AnyPreference(PreferenceKey("test.level", default: (1 * mV).quantity, docs: "")),
        AnyPreference(PreferenceKey("test.even", default: 2, docs: "", validate: { $0 % 2 == 0 })),
      ])
    try preferences.set("test.number", fromText: "5")
    #expect(throws: PreferenceError.self) { try preferences.set("test.number", fromText: "true") }
    #expect(throws: PreferenceError.self) { try preferences.set("test.number", fromText: "5.0") }
    #expect(throws: PreferenceError.self) { try preferences.set("test.ratio", fromText: "1") }
    try preferences.set("test.level", fromText: "3*mV")
    #expect((try preferences.value("test.level") as? Quantity)?.si == 0.003)
    #expect(throws: PreferenceError.self) { try preferences.set("test.level", fromText: "3*ms") }
    #expect(throws: PreferenceError.self) { try preferences.set("test.even", to: 3) }
    #expect(throws: PreferenceError.self) { try preferences.set("test.even", to: true) }
  }

  @Test("PRF-5: clashing registrations are refused and leave nothing behind") func registration() throws {
    let preferences = make()
    func key(_ name: String) -> AnyPreference { AnyPreference(PreferenceKey(name, default: 1, docs: "")) }
    try preferences.register("a", docs: "", [key("a.x")])
    #expect(throws: PreferenceError.categoryExists("a")) { try preferences.register("a", docs: "", []) }
    #expect(throws: PreferenceError.preferenceExists("a.x")) { try preferences.register("a.x", docs: "", []) }
    try preferences.register("b.c", docs: "", [])
    #expect(throws: PreferenceError.categoryExists("b.c")) { try preferences.register("b", docs: "", [key("b.first"), key("b.c")]) }
    #expect(throws: PreferenceError.self) { try preferences.value("b.first") }
    #expect(!preferences.categories.contains("b"))
  }

  @Test("PRF-6: unknown names are errors with a hint; categories can be read as views, not assigned") func access() throws {
    let preferences = make()
    let error = #expect(throws: PreferenceError.self) { try preferences.set("core.default_float_dtyp", fromText: "float32") }
    #expect(error == .unknownPreference("core.default_float_dtyp", nearest: "core.default_float_dtype"))
    #expect(throws: PreferenceError.self) { try preferences.value("coer.default_float_dtype") }
    #expect(throws: PreferenceError.isCategory("core.network")) { try preferences.set("core.network", fromText: "1") }
    let core = try preferences.category("core")
    #expect(core.names.contains("network.default_schedule") && core.count == 5)
    try core.set("default_float_dtype", to: ScalarType.float32)
    #expect(preferences[.defaultFloatType] == .float32)
    #expect(throws: PreferenceError.self) { try preferences.category("nothing") }
  }

  @Test("PRF-7: files have sections, comments and literal values; any other line is an error with its place") func files() throws {
    let preferences = make()
    try preferences.load(
      text: """
        # comment
        legacy.refractory_timing = True
        [core]
        default_float_dtype = float32   # trailing
        network.default_schedule = ['a', "b#c"]

        """, file: "prefs")
    #expect(preferences[.refractoryTiming] && preferences[.defaultFloatType] == .float32)
    #expect(preferences[.defaultSchedule] == ["a", "b#c"])
    let error = #expect(throws: PreferenceError.self) { try preferences.load(text: "\nnonsense", file: "prefs") }
    #expect(error == .unreadableLine(file: "prefs", line: 2, text: "nonsense"))
    // Nothing is evaluated, and a bad file changes nothing.
    #expect(throws: PreferenceError.self) {
      try preferences.load(text: "legacy.refractory_timing = False\ncore.default_float_dtype = system('rm')")
    }
    #expect(preferences[.refractoryTiming])
  }

  @Test("PRF-8, PRF-9: values of unregistered categories wait for their registration; each run warns of those that still wait") func deferred() throws {
    let preferences = make()
    try preferences.load(text: "later.x = 7\ndevices.gpu.fast = True\nother.y = 1")
    #expect(throws: PreferenceError.self) { try preferences.set("later.x", fromText: "7") }
    let messages = Messages.capturing { MessageCenter(preferences).tellOfPreferences() }.messages
    #expect(messages.map(\.category) == ["preferences.unvalidated"])
    #expect(messages[0].text.contains("later.x, other.y") && !messages[0].text.contains("devices"))
    try preferences.register("later", docs: "", [AnyPreference(PreferenceKey("later.x", default: 1, docs: ""))])
    #expect(try preferences.value("later.x") as? Int == 7)
    #expect(throws: PreferenceError.self) {
      try preferences.register("other", docs: "", [AnyPreference(PreferenceKey("other.y", default: "text", docs: ""))])
    }
  }

  @Test("PRF-10: the whole set as text reads back; everything can go back to its default") func roundTrip() throws {
    let preferences = make()
    try preferences.set(.defaultFloatType, to: .float32)
    try preferences.set(.defaultSchedule, to: ["x", "y'z"])
    try preferences.set(.fileLog, to: "a # b \\ 'c'")
    let copy = make()
    try copy.load(text: preferences.asText)
    #expect(copy.asText == preferences.asText)
    #expect(copy[.fileLog] == "a # b \\ 'c'")
    #expect(preferences.defaultsAsText == make().asText)
    preferences.resetToDefaults()
    #expect(preferences.asText == make().asText)
  }

  @Test("PRF-11: documentation, categories and counts") func documentation() throws {
    let preferences = make()
    #expect(try preferences.documentation(of: "core").contains("core.network.default_schedule"))
    #expect(try !preferences.documentation(of: "legacy").contains("core"))
    #expect(try preferences.documentation().contains("legacy.refractory_timing"))
    #expect(preferences.topLevelCategories == ["core", "legacy", "codegen", "engram", "logging"])
    #expect(preferences.count == preferences.names.count && preferences.count > 10)
    #expect(throws: PreferenceError.self) { try preferences.documentation(of: "nothing") }
  }

  @Test("PRF-12, DEV-4: the obsolete name is a compile error; codegen.target takes three values") func values() throws {
    let preferences = make()
    for target in ["auto", "interpreted", "compiled"] { try preferences.set(.codegenTarget, to: target) }
    #expect(throws: PreferenceError.self) { try preferences.set(.codegenTarget, to: "cython") }
  }

  @Test("PRF-6: another value for one task and one closure") func overrides() throws {
    try prefs.with(.refractoryTiming, true) { #expect(prefs[.refractoryTiming]) }
    #expect(!prefs[.refractoryTiming])
    #expect(throws: PreferenceError.self) { try prefs.with(.codegenTarget, "x") {} }
  }
}
