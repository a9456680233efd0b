extension Catalogue {
  /// What keeps checkpoints beside names, tags and being the newest of a line.
  struct Keeping {
    var policy: RetentionPolicy
    /// Where the run stands, and what is shown live.
    var current: UInt64?
    var live: UInt64?
  }

  /// Whether a checkpoint stays: by a name or tag, as the newest of its line or the beginning, as one that a branch goes back to, or by the rule.
  func isKept(_ sequence: UInt64, _ keeping: Keeping, _ periods: inout Periods) -> Bool {
    guard let head = heads[sequence] else { return false }
    if sequence == keeping.current || sequence == keeping.live || !head.tags.isEmpty { return true }
    if newest(of: head.line) == sequence || newestInitial == sequence { return true }
    if (held[sequence] ?? []).contains(where: { holder(of: $0, on: head.line) == sequence }) || isSeenByBranch(sequence) { return true }
    if head.name != nil { return keeping.policy.replaced }
    guard let automatic = lines[head.line]?.automatic else { return false }
    let place = automatic.lowerBound(sequence)
    guard place < automatic.count, automatic[place] == sequence else { return false }
    return automatic.count - place <= keeping.policy.automatic || periods.isFirst(head, keeping.policy, self)
  }

  /// Checkpoints that nothing keeps, oldest first.
  ///
  /// - Parameter candidates: those that may have lost what kept them; nil: all.
  func doomed(_ keeping: Keeping, among candidates: Set<UInt64>?, _ periods: inout Periods) -> [UInt64] {
    var found: [UInt64] = []
    for sequence in candidates?.sorted() ?? sequences where heads[sequence] != nil && !isKept(sequence, keeping, &periods) { found.append(sequence) }
    return found
  }

  /// Those that a newly committed checkpoint may have made superfluous; asked after it was added.
  func supersededBy(_ sequence: UInt64, _ policy: RetentionPolicy) -> [UInt64] {
    guard let head = heads[sequence], let line = lines[head.line] else { return [] }
    var found: [UInt64] = []
    if line.sequences.count > 1 { found.append(line.sequences[line.sequences.count - 2]) }
    let (last, overflow) = line.automatic.count.subtractingReportingOverflow(policy.automatic)
    if !overflow, last > 0 { found.append(line.automatic[last - 1]) }
    if head.kind == .initial, initials.count > 1 { found.append(initials[initials.count - 2]) }
    for name in held[sequence] ?? [] { found += (holders[head.line]?[name] ?? []).dropLast().filter(\.isAlive).map(\.sequence) }
    return found
  }

  /// The first automatic checkpoint of every period of a line: whatever comes later, it stays the first, so that collecting often and
  /// seldom keep the same. Built once for a rule, and carried on.
  struct Periods: Sendable {
    private struct Key: Hashable, Sendable {
      let line: ExactName
      let isWall: Bool
      let number: Double
    }
    private var firsts: [Key: UInt64] = [:]
    private var seen: [ExactName: UInt64] = [:]
    private var policy: RetentionPolicy?

    mutating func isFirst(_ head: CheckpointHead, _ policy: RetentionPolicy, _ catalogue: Catalogue) -> Bool {
      guard policy.perSimulatedSeconds != nil || policy.perWall != nil else { return false }
      if self.policy != policy { self = Periods() }
      self.policy = policy
      let line = catalogue.lines[head.line]?.automatic ?? []
      let start = seen[head.line].map { line.lowerBound($0 + 1) } ?? 0
      for sequence in line[start...] {
        guard let head = catalogue.heads[sequence] else { continue }
        for key in Periods.keys(head, policy) where firsts[key].map({ catalogue.heads[$0] == nil }) ?? true { firsts[key] = sequence }
      }
      if let last = line.last { seen[head.line] = last }
      return Periods.keys(head, policy).contains { firsts[$0] == head.sequence }
    }

    private static func keys(_ head: CheckpointHead, _ policy: RetentionPolicy) -> [Key] {
      var keys: [Key] = []
      if let seconds = policy.perSimulatedSeconds, let time = head.seconds {
        // A sum of steps may end a rounding before the boundary that it means.
        keys.append(Key(line: head.line, isWall: false, number: (time / seconds * (1 + 1e-12)).rounded(.down)))
      }
      if let wall = policy.perWall {
        let nanoseconds = Double(wall.components.seconds) * 1e9 + Double(wall.components.attoseconds) * 1e-9
        keys.append(Key(line: head.line, isWall: true, number: (Double(head.createdNanoseconds) / nanoseconds).rounded(.down)))
      }
      return keys
    }
  }
}
