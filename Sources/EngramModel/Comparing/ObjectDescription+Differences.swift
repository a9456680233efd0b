/// Compares models by what checkpoints store of their descriptions (CKP-24).
///
/// Nothing can be left out: what is compared is what the walks over descriptions write, and ``DescriptionKey/meaning`` gives each key its class.
package enum Fingerprint {
  /// Each difference with its class, in the order of what is stored, and in words.
  package static func differences(stored: ObjectDescription, live: ObjectDescription) -> [(Difference, String)] {
    var found: [(Difference, String)] = []
    if stored.kind.name != live.kind.name {
      found.append((.structure, "'\(live.name)' is a \(live.kind.name), the stored one a \(stored.kind.name)"))
    }
    let (then, now) = (stored.fields, live.fields)
    let keys = then.map(\.key) + now.map(\.key).filter { key in !then.contains { $0.key == key } }
    for key in keys {
      let before = then.first { $0.key == key }?.value
      let after = now.first { $0.key == key }?.value
      guard let difference = live.kind.difference(at: key) else { continue }
      // Bytes, not values: quantities of different units are merely different, and NaN equals itself.
      if before?.encoded == after?.encoded { continue }
      if difference == .constants {
        found += constants(before, after).map { (difference, "'\(live.name)', \($0)") }
      } else {
        found.append((difference, "'\(live.name)', \(key): stored \(text(before)), here \(text(after))"))
      }
    }
    return found
  }

  /// One line per constant.
  package static func constants(_ stored: DescriptionValue?, _ live: DescriptionValue?) -> [String] {
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
