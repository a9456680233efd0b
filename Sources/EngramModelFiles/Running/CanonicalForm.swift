/// What makes two model files the same (MDL-63): their meaning.
///
/// Comments, blanks, the order of keys and of equations, the way in which a key, a quantity or a piece of code is spelt, and defaults
/// that are written out do not count; the order of objects, assignments and steps does.
package struct CanonicalForm: Sendable, Hashable {
  /// A value in a form in which equal meanings are equal.
  package indirect enum Part: Sendable, Hashable {
    case text(String)
    case list([Part])
    /// With names that are told when they differ.
    case fields([Field])
  }

  package struct Field: Sendable, Hashable {
    package var name: String
    package var value: Part

    package init(_ name: String, _ value: Part) {
      self.name = name
      self.value = value
    }
  }

  /// `constant tau`, `object 2, NeuronGroup 'P'`, …
  package var parts: [Field]
  package var steps: [Part]

  package init(parts: [Field], steps: [Part]) {
    self.parts = parts
    self.steps = steps
  }

  package init(_ file: ModelFile) { self = CanonicalReader(file).form() }

  // --------------------------------------------------------------------------------------------------------- differences

  /// What differs, one line each: stored there, given here. Only what differs is shown, not what is around it.
  ///
  /// - Parameter position: steps before this one must be equal.
  package func differences(from stored: CanonicalForm, stepsBefore position: Int) -> [String] {
    var lines = Self.differences(.fields(stored.parts), .fields(parts), at: "")
    for number in 0..<position {
      lines += Self.differences(
        number < stored.steps.count ? stored.steps[number] : nil, number < steps.count ? steps[number] : nil,
        at: "step \(number + 1), which has been executed")
    }
    return lines
  }

  private static func differences(_ old: Part?, _ new: Part?, at path: String) -> [String] {
    if old == new { return [] }
    func join(_ name: String) -> String { path.isEmpty ? name : "\(path), \(name)" }
    switch (old, new) {
    case (.fields(let old)?, .fields(let new)?) where Set(old.map(\.name)).count == old.count && Set(new.map(\.name)).count == new.count:
      let names = new.map(\.name) + old.map(\.name).filter { name in !new.contains { $0.name == name } }
      let lines = names.flatMap { name in
        differences(old.first { $0.name == name }?.value, new.first { $0.name == name }?.value, at: join(name))
      }
      // The same fields in another order, where the order has a meaning.
      return lines.isEmpty
        ? ["\(path): in another order: stored \(old.map(\.name).joined(separator: ", ")), here \(new.map(\.name).joined(separator: ", "))"] : lines
    case (.list(let old)?, .list(let new)?) where old.count == new.count:
      let lines = zip(old, new).enumerated().flatMap { differences($0.element.0, $0.element.1, at: old.count == 1 ? path : "\(path), item \($0.offset + 1)") }
      return lines.count <= 4 ? lines : Array(lines.prefix(3)) + ["\(path): and \(lines.count - 3) more"]
    case (.list(let old)?, .list(let new)?):
      let first = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
      return ["\(path): stored \(old.count) items, here \(new.count); they differ from item \(first + 1) on"]
    case (let old?, let new?):
      let (before, now) = shortened(text(old), text(new))
      return ["\(path): stored \(before), here \(now)"]
    case (nil, let new?): return ["\(path): not in the stored model, here \(shortened(text(new)))"]
    case (let old?, nil): return ["\(path): stored \(shortened(text(old))), not here"]
    case (nil, nil): return []
    }
  }

  static func text(_ part: Part) -> String {
    switch part {
    case .text(let text): text
    case .list(let items): "[" + items.map(text).joined(separator: ", ") + "]"
    case .fields(let fields): "{" + fields.map { "\($0.name): \(text($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static let width = 100

  private static func shortened(_ text: String) -> String { text.count > width ? text.prefix(width - 1) + "…" : text }

  /// Two long texts, cut around the place where they begin to differ.
  private static func shortened(_ old: String, _ new: String) -> (String, String) {
    guard max(old.count, new.count) > width else { return (old, new) }
    let common = zip(old, new).prefix { $0 == $1 }.count
    let start = max(0, common - 20)
    func cut(_ text: String) -> String {
      let rest = text.dropFirst(start)
      return (start > 0 ? "…" : "") + rest.prefix(width) + (rest.count > width ? "…" : "")
    }
    return (cut(old), cut(new))
  }
}
