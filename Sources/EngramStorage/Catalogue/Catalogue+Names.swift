/// A name of a line; written `LINE:NAME`.
struct QualifiedName: Hashable, Sendable {
  let line: ExactName
  let name: ExactName
}

extension Catalogue {
  enum Meaning: Equatable {
    case checkpoint(UInt64)
    case unknown
    /// Names of several lines, none of them one's own.
    case ambiguous([UInt64])
  }

  /// What a name of a line means now.
  func holder(of name: ExactName, on line: ExactName) -> UInt64? {
    guard let last = holders[line]?[name]?.last, last.isAlive else { return nil }
    return last.sequence
  }

  /// What it means for a line that branched off at `limit`: later checkpoints are none of its ancestors.
  func holder(of name: ExactName, on line: ExactName, upTo limit: UInt64) -> UInt64? {
    guard let last = holders[line]?[name]?.last(where: { $0.sequence <= limit }), last.isAlive else { return nil }
    return last.sequence
  }

  /// The line itself, then those it descends from, each with the last checkpoint that it has in common with them.
  func ancestry(of line: ExactName) -> [(line: ExactName, limit: UInt64)] {
    var found: [(line: ExactName, limit: UInt64)] = [(line, .max)]
    var limit = UInt64.max
    while let origin = lines[found[found.count - 1].line]?.origin, !found.contains(where: { $0.line == origin.line }) {
      limit = min(limit, origin.sequence)
      found.append((origin.line, limit))
    }
    return found
  }

  /// The names that mean a checkpoint now, in byte order.
  func names(of sequence: UInt64) -> [String] {
    guard let head = heads[sequence] else { return [] }
    return (held[sequence] ?? []).filter { holder(of: $0, on: head.line) == sequence }.sorted().map(\.text)
  }

  /// What `name` means on `line`: its own, its ancestors', that of the only other line that has it; or `LINE:NAME`.
  func meaning(of name: String, on line: ExactName) -> Meaning {
    var found: Set<UInt64> = []
    let plain = ExactName(name)
    for (ancestor, limit) in ancestry(of: line) {
      guard let sequence = holder(of: plain, on: ancestor, upTo: limit) else { continue }
      found.insert(sequence)
      break
    }
    if found.isEmpty { found = Set(lines.keys.compactMap { holder(of: plain, on: $0) }) }
    for qualified in readings(of: name) {
      let sequence = qualified.name == ExactName("latest") ? newest(of: qualified.line) : holder(of: qualified.name, on: qualified.line)
      if let sequence { found.insert(sequence) }
    }
    guard let first = found.first else { return .unknown }
    return found.count == 1 ? .checkpoint(first) : .ambiguous(found.sorted())
  }

  /// What checkpoints are called as seen from a line at one of its checkpoints: its own names, then those of its ancestors.
  func namesSeen(from line: ExactName, upTo origin: UInt64) -> [UInt64: [ExactName]] {
    var taken: Set<ExactName> = []
    var found: [UInt64: [ExactName]] = [:]
    for (ancestor, limit) in ancestry(of: line) {
      for name in (holders[ancestor] ?? [:]).keys where !taken.contains(name) {
        guard let sequence = holder(of: name, on: ancestor, upTo: min(limit, origin)) else { continue }
        taken.insert(name)
        found[sequence, default: []].append(name)
      }
    }
    return found
  }

  /// A name may contain colons, and so may that of a line.
  private func readings(of text: String) -> [QualifiedName] {
    text.indices.filter { text[$0] == ":" }.compactMap { colon in
      let line = ExactName(String(text[..<colon]))
      return lines[line] == nil ? nil : QualifiedName(line: line, name: ExactName(String(text[text.index(after: colon)...])))
    }
  }

  /// A spelling that means this checkpoint and no other one, wherever one stands.
  func spelling(of sequence: UInt64) -> String {
    guard let head = heads[sequence], let name = names(of: sequence).first else { return CheckpointName.id(sequence) }
    return "\(head.line.text):\(name)"
  }

  /// Whether a branch still finds it under a name that its own line has given to a newer one.
  func isSeenByBranch(_ sequence: UInt64) -> Bool {
    guard let head = heads[sequence], let names = held[sequence] else { return false }
    return lines.values.contains { line in
      guard let origin = line.origin, origin.line == head.line, origin.sequence >= sequence, !line.sequences.isEmpty else { return false }
      return names.contains { holder(of: $0, on: head.line, upTo: origin.sequence) == sequence }
    }
  }
}
