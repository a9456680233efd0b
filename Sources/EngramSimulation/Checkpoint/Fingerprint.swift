/// Compares models by their descriptions (CKP-24).
enum Fingerprint {
  static func differences(stored: ObjectDescription, live: ObjectDescription) -> [(Difference, String)] {
    var found: [(Difference, String)] = []
    if stored.kind != live.kind { found.append((.structure, "'\(live.name)' is a \(live.kind), the stored one a \(stored.kind)")) }
    var keys = stored.fields.map(\.key)
    keys += live.fields.map(\.key).filter { !keys.contains($0) }
    for key in keys {
      let before = stored[key]
      let now = live[key]
      if isState(key, of: live.kind) { continue }
      // Bytes, not values: quantities of different units are merely different, and NaN equals itself.
      if before?.encoded == now?.encoded { continue }
      if key == "namespace" {
        found += constants(before, now).map { (.constants, "'\(live.name)', \($0)") }
      } else {
        found.append((Difference(field: key), "'\(live.name)', \(key): stored \(text(before)), here \(text(now))"))
      }
    }
    return found
  }

  /// Fields that describe values a checkpoint brings along: what the script says there is overwritten (CKP-6).
  private static func isState(_ key: String, of kind: String) -> Bool {
    switch key {
    case "indices", "times", "period": kind == "SpikeGeneratorGroup"
    case "delay": kind == "Synapses"
    default: false
    }
  }

  /// One line per constant.
  static func constants(_ stored: DescriptionValue?, _ live: DescriptionValue?) -> [String] {
    var names = stored?.asFields?.map(\.key) ?? []
    names += (live?.asFields?.map(\.key) ?? []).filter { !names.contains($0) }
    return names.compactMap { name in
      let before = stored?[name]
      let now = live?[name]
      return before?.encoded == now?.encoded ? nil : "constant \(name): stored \(text(before)), here \(text(now))"
    }
  }

  private static func text(_ value: DescriptionValue?) -> String { value?.readable ?? "nothing" }
}
