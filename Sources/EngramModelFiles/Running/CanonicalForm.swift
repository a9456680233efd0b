internal import EngramUnits

/// What makes two model files the same (MDL-63): comments, the order of keys, spelling of keys, numbers and blanks do
/// not count; the order of assignments, objects and steps does.
package struct CanonicalForm: Sendable, Hashable {
  /// Part → text: `constants`, `objects[2] (NeuronGroup P)`, …
  package var parts: [(name: String, text: String)]
  /// The steps, each as a text.
  package var steps: [String]

  package static func == (a: CanonicalForm, b: CanonicalForm) -> Bool {
    a.parts.elementsEqual(b.parts, by: ==) && a.steps == b.steps
  }
  package func hash(into hasher: inout Hasher) {
    for part in parts { hasher.combine(part.text) }
    hasher.combine(steps)
  }

  package init(parts: [(name: String, text: String)], steps: [String]) {
    self.parts = parts
    self.steps = steps
  }

  package init(_ file: ModelFile) {
    var parts: [(String, String)] = []
    parts.append(("dt", file.dt.map { Self.text($0) } ?? "default"))
    for entry in file.constants { parts.append(("constant \(entry.key)", Self.text(entry.value))) }
    parts.append(("schedule", file.schedule.map { Self.text($0) } ?? "default"))
    parts.append(("dtype", file.dtype.map { Self.text($0) } ?? "default"))
    for entry in file.preferences.sorted(by: { $0.key < $1.key }) { parts.append(("preference \(entry.key)", Self.text(entry.value))) }
    for (number, item) in file.objects.enumerated() {
      parts.append(("object \(number + 1), \(item.kind)\(item.name.map { " '\($0)'" } ?? "")", Self.text(item)))
    }
    self.parts = parts.map { (name: $0.0, text: $0.1) }
    steps = file.steps.map { Self.text($0.node) }
  }

  private static func text(_ item: ObjectItem) -> String {
    let fields = item.fields.sorted { $0.key < $1.key }.map { "\($0.key): \(text($0.value, key: $0.key))" }
    return "{kind: \(item.kind), \(fields.joined(separator: ", "))}"
  }

  /// Mappings whose order is that of execution.
  private static let ordered: Set<String> = ["initial", "set", "constants", "namespace", "link"]

  static func text(_ node: ModelNode, key: String = "") -> String {
    switch node.content {
    case .scalar(let scalar): return scalarText(scalar.text)
    case .list(let items): return "[" + items.map { text($0) }.joined(separator: ", ") + "]"
    case .quantity(let quantity): return quantity.exactText
    case .numbers(let array): return "[" + array.si.map { "\($0)" }.joined(separator: ", ") + "]"
    case .mapping(let entries):
      let sorted = ordered.contains(key) ? entries : entries.sorted { KeyTable.snakeCase($0.key) < KeyTable.snakeCase($1.key) }
      return "{" + sorted.map { "\(spelling($0.key)): \(text($0.value, key: $0.key))" }.joined(separator: ", ") + "}"
    }
  }

  /// Keys of the language have two spellings; targets such as `w[i, :]` have one.
  static func spelling(_ key: String) -> String {
    ModelLanguage.allKeys.contains(KeyTable.snakeCase(key)) ? KeyTable.snakeCase(key) : key
  }

  private static func scalarText(_ text: String) -> String {
    let trimmed = text.trimmingWhitespace()
    if let quantity = try? Quantity.parse(trimmed) { return quantity.exactText }
    // Model code: without comments, blank lines and runs of blanks.
    let lines = trimmed.split(separator: "\n").map { line -> String in
      (line.firstIndex(of: "#").map { line[..<$0] } ?? line).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return "\"" + lines.filter { !$0.isEmpty }.joined(separator: "; ") + "\""
  }

  /// What differs, one line each: stored here, given there.
  package func differences(from stored: CanonicalForm, stepsBefore position: Int) -> [String] {
    var lines: [String] = []
    let before = Dictionary(stored.parts.map { ($0.name, $0.text) }) { first, _ in first }
    let now = Dictionary(parts.map { ($0.name, $0.text) }) { first, _ in first }
    for (name, text) in parts {
      switch before[name] {
      case nil: lines.append("\(name): not in the stored model, here \(text)")
      case let other? where other != text: lines.append("\(name): stored \(other), here \(text)")
      case _?: break
      }
    }
    for (name, text) in stored.parts where now[name] == nil { lines.append("\(name): stored \(text), not here") }
    for number in 0..<position {
      let old = number < stored.steps.count ? stored.steps[number] : "nothing"
      let new = number < steps.count ? steps[number] : "nothing"
      if old != new { lines.append("step \(number + 1), which has been executed: stored \(old), here \(new)") }
    }
    return lines
  }
}

extension ModelLanguage {
  /// Every key of the language, for the comparison of spellings.
  static let allKeys: Set<String> = Set(top.all + kinds.values.flatMap(\.all) + verbs)
    .union(["skip_if_invalid", "reseed", "keep", "every", "simulated", "wall", "last", "condition"])
}
