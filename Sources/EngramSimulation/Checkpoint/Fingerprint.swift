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
      guard let difference = live.difference(at: key) else { continue }
      // Bytes, not values: quantities of different units are merely different, and NaN equals itself.
      if before?.encoded == now?.encoded { continue }
      if difference == .constants {
        found += constants(before, now).map { (difference, "'\(live.name)', \($0)") }
      } else {
        found.append((difference, "'\(live.name)', \(key): stored \(text(before)), here \(text(now))"))
      }
    }
    return found
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
