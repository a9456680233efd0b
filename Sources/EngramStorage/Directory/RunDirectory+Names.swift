import EngramScalars
import Synchronization

extension RunDirectory.State {
  /// Whether a checkpoint is known, there, and readable as far as an opening looks.
  func isVisible(_ sequence: UInt64) -> Bool { catalogue.heads[sequence] != nil && findings.details[sequence] != nil }

  /// Newest visible checkpoint of a line.
  func newest(of line: ExactName) -> UInt64? { catalogue.lines[line]?.sequences.last { isVisible($0) } }
}

extension RunDirectory {
  /// All checkpoints, oldest first, without loading data (CKP-17).
  package func list() throws(StorageError) -> [CheckpointInfo] {
    if access == .read { try refresh() }
    return state.withLock { state in state.catalogue.sequences.filter { state.isVisible($0) }.map { state.info($0) } }
  }

  /// Checkpoints that cannot be read, or whose manifest was deleted, by id, and why.
  package var damagedCheckpoints: [String: StorageError] {
    state.withLock { state in
      var found = Dictionary(uniqueKeysWithValues: state.findings.damaged.map { (CheckpointName.id($0.key), $0.value) })
      for sequence in state.findings.missing { found[CheckpointName.id(sequence)] = missing(sequence, state.catalogue) }
      return found
    }
  }

  func missing(_ sequence: UInt64, _ catalogue: Catalogue) -> StorageError {
    let names = catalogue.names(of: sequence).map { " '\($0)'" }.joined(separator: ",")
    return .missingFile(file: "\(path)/checkpoints/\(CheckpointName.id(sequence)).manifest", neededBy: "checkpoint \(CheckpointName.id(sequence))\(names)")
  }

  /// What is wrong with the directory as a whole: its journal, and checkpoints that are known and missing.
  package var problems: [DirectoryProblem] { state.withLock { $0.findings.problems } }

  package func info(_ name: String) throws(StorageError) -> CheckpointInfo { info(try resolve(name)) }

  func info(_ sequence: UInt64) -> CheckpointInfo { state.withLock { $0.info(sequence) } }

  /// The lines of checkpoints that there are, and where each branched off; the first one first.
  package func lines() throws(StorageError) -> [LineInfo] {
    if access == .read { try refresh() }
    return state.withLock { state in
      state.catalogue.lines.sorted { ($0.value.sequences.first ?? 0, $0.key) < ($1.value.sequences.first ?? 0, $1.key) }.compactMap { name, line in
        guard let newest = state.newest(of: name) else { return nil }
        return LineInfo(
          name: name.text, origin: line.origin.map { CheckpointName.id($0.sequence) }, originLine: line.origin?.line.text, newest: state.info(newest),
          checkpointCount: line.sequences.count)
      }
    }
  }

  /// Tag of checkpoints that were made to be looked at: `latest` passes over lines that end with one.
  package static let lookTag = Catalogue.lookTag

  /// The checkpoint a name means: an id; `latest` (of the current line, for onlookers of all that runs are on), `initial` or `live`; a name of the current
  /// line, of those it descends from up to where it branched off, or of the only other line that has it; or `LINE:NAME`.
  func resolve(_ name: String) throws(StorageError) -> UInt64 {
    if access == .read { try refresh() }
    let found: Result<UInt64, StorageError> = state.withLock { state in
      // An id says exactly which one; nothing that is damaged can change its meaning, except that it was removed.
      if let sequence = CheckpointName.sequence(ofID: name) { return readable(sequence, name, state) }
      let newest = state.catalogue.newest
      let sequence: UInt64?
      switch name {
      case "latest": sequence = state.ownLine.map { state.catalogue.newest(of: $0) } ?? state.catalogue.newestOfRuns
      // The newest state there is: what `live.h5` shows.
      case "live": sequence = newest
      case "initial": sequence = state.catalogue.newestInitial
      default:
        guard state.findings.isCertain else {
          return .failure(.needsRepair(path: path, what: state.findings.problems.map(\.text).joined(separator: "; ")))
        }
        switch state.catalogue.meaning(of: name, on: state.namingLine) {
        case .checkpoint(let found): sequence = found
        case .unknown: sequence = nil
        case .ambiguous(let all):
          let choices = all.map { "\(state.catalogue.spelling(of: $0)) (\(CheckpointName.id($0)))" }
          return .failure(.ambiguousCheckpoint(name: name, path: path, choices: choices))
        }
      }
      // A newer one that cannot be read, and that nothing is known of, may have carried this name: saying nothing would be guessing.
      let unknown = state.findings.damaged.filter { state.catalogue.heads[$0.key] == nil && $0.key > sequence ?? 0 }
      if let (_, problem) = unknown.min(by: { $0.key < $1.key }) { return .failure(problem) }
      guard let sequence else { return .failure(self.unknown(name, state)) }
      return readable(sequence, name, state)
    }
    return try found.get()
  }

  private func readable(_ sequence: UInt64, _ name: String, _ state: State) -> Result<UInt64, StorageError> {
    if let problem = state.findings.damaged[sequence] { return .failure(problem) }
    if state.findings.missing.contains(sequence) { return .failure(missing(sequence, state.catalogue)) }
    return state.isVisible(sequence) ? .success(sequence) : .failure(unknown(name, state))
  }

  private func unknown(_ name: String, _ state: State) -> StorageError {
    let known = state.catalogue.holders.values.flatMap { $0.keys.map(\.text) } + state.catalogue.sequences.filter { state.isVisible($0) }.map(CheckpointName.id)
    return .unknownCheckpoint(name: name, path: path, nearest: nearest(name, in: known))
  }

  /// Gives a checkpoint another name; a name that it had keeps no meaning.
  package func rename(_ name: String, to newName: String) throws(StorageError) {
    try CheckpointName.check(newName)
    try requireCertainty()
    let sequence = try resolve(name)
    let (head, names) = state.withLock { ($0.catalogue.heads[sequence], $0.catalogue.names(of: sequence)) }
    guard let head else { return }
    if state.withLock({ $0.catalogue.holder(of: ExactName(newName), on: head.line) }) != nil { throw .exists(path: "\(path)@\(newName)") }
    try requireWriter()
    try checkOwnership()
    // Whichever way it was spelt.
    let old = names.first { name.utf8.elementsEqual($0.utf8) || name.utf8.elementsEqual("\(head.line.text):\($0)".utf8) }
    try record([.renamed(sequence, from: old.map(ExactName.init), to: ExactName(newName))], flushing: true)
    state.withLock { _ = $0.candidates?.insert(sequence) }
  }

  /// Sets the tags of a checkpoint. Tagged checkpoints are kept.
  package func tag(_ name: String, _ tags: [String]) throws(StorageError) {
    for tag in tags { try CheckpointName.check(tag) }
    try requireCertainty()
    let sequence = try resolve(name)
    try requireWriter()
    try checkOwnership()
    try record([.tagged(sequence, tags)], flushing: true)
    state.withLock { _ = $0.candidates?.insert(sequence) }
  }

  /// Removes a checkpoint. The space comes back with the next collection.
  package func remove(_ name: String) throws(StorageError) {
    try requireCertainty()
    let sequence: UInt64
    if let id = CheckpointName.sequence(ofID: name), state.withLock({ $0.findings.damaged[id] != nil || $0.findings.missing.contains(id) }) {
      sequence = id
    } else {
      sequence = try resolve(name)
    }
    try requireWriter()
    _ = try removeCheckpoints([sequence])
    try removeDoubt(sequence)
    state.withLock { state in
      state.findings.damaged[sequence] = nil
      state.findings.missing.remove(sequence)
      state.findings.problems.removeAll { $0.checkpoint == CheckpointName.id(sequence) }
      if state.current == sequence { state.current = nil }
      // What only they referred to is found by the next collection.
      (state.references, state.candidates) = (nil, nil)
    }
  }
}

/// A line of checkpoints.
package struct LineInfo: Sendable {
  package let name: String
  /// The checkpoint where it branched off, and the line of that one; nil for the first line.
  package let origin: String?
  package let originLine: String?
  package let newest: CheckpointInfo
  package let checkpointCount: Int
}

extension RunDirectory.State {
  func info(_ sequence: UInt64) -> CheckpointInfo {
    guard let head = catalogue.heads[sequence], let detail = findings.details[sequence] else {
      preconditionFailure("checkpoint \(sequence) was just looked up")
    }
    return CheckpointInfo(
      id: head.id, sequence: sequence, names: catalogue.names(of: sequence), tags: head.tags, kind: head.kind, parent: detail.info.parent,
      line: head.line.text, runID: detail.info.runID, createdNanoseconds: head.createdNanoseconds, logicalByteCount: UInt64(detail.logicalByteCount),
      writtenByteCount: UInt64(detail.info.writtenByteCount), comment: detail.info.comment, summary: detail.info.summary)
  }
}

extension Manifest {
  func info(names: [String], tags: [String]) -> CheckpointInfo {
    CheckpointInfo(
      id: id, sequence: sequence, names: names, tags: tags, kind: kind, parent: parent, line: line, runID: runID,
      createdNanoseconds: createdNanoseconds, logicalByteCount: UInt64(logicalByteCount), writtenByteCount: UInt64(writtenByteCount),
      comment: comment, summary: summary)
  }
}
