import EngramSystem
import Synchronization

/// What collecting did, or would do.
package struct Collection: Sendable {
  /// Ids of checkpoints.
  package var checkpoints: [String] = []
  /// Below the run directory, with the bytes each has on disk: objects, segments, views, manifests.
  package var files: [(path: String, byteCount: Int64)] = []
  package var byteCount: Int64 { files.reduce(0) { $0 + $1.byteCount } }
}

extension RunDirectory {
  /// Removes checkpoints that the retention rule does not keep, and every file that no checkpoint refers to.
  ///
  /// What is not known is left alone and told: manifests that cannot be read and whatever they may refer to, and files that are none of ours.
  /// - Returns: bytes given back.
  @discardableResult
  package func collectGarbage(_ policy: RetentionPolicy? = nil) throws(StorageError) -> Int64 { try collection(policy).byteCount }

  /// The same, with what was removed.
  ///
  /// - Parameter isDryRun: nothing is changed.
  package func collection(_ policy: RetentionPolicy? = nil, isDryRun: Bool = false) throws(StorageError) -> Collection {
    try requireCertainty()
    if isDryRun { settle() } else { try requireWriter() }
    state.withLock { ($0.candidates, $0.references, $0.periods) = (nil, nil, Catalogue.Periods()) }
    return try collect(policy ?? retention, isDryRun: isDryRun)
  }

  /// What removing checkpoints would do; nothing is changed.
  package func removal(of names: [String]) throws(StorageError) -> Collection {
    var sequences: [UInt64] = []
    for name in names {
      let sequence = try resolve(name)
      if !sequences.contains(sequence) { sequences.append(sequence) }
    }
    return try wouldRemove(sequences)
  }

  /// After a commit: what it made superfluous. What cannot be done is told, and tried again with the next one.
  func collectAfterCommit() {
    do throws(StorageError) { _ = try collect(retention) } catch {
      state.withLock { ($0.candidates, $0.references) = (nil, nil) }
      warn("older checkpoints that are not needed any more stay for now: \(error)")
    }
  }

  /// The order matters: it is written down what goes; then go the manifests; with proof that they are gone, what only they referred to.
  private func collect(_ policy: RetentionPolicy, isDryRun: Bool = false) throws(StorageError) -> Collection {
    let (isWhole, doomed) = state.withLock { state in
      let keeping = Catalogue.Keeping(policy: policy, current: state.current, live: state.live)
      return (state.candidates == nil, state.catalogue.doomed(keeping, among: state.candidates, &state.periods).filter { state.isVisible($0) })
    }
    // Without proof of what names and tags there were, no rule decides.
    let isCertain = state.withLock { $0.findings.isCertain }
    var result = Collection()
    if !doomed.isEmpty, isCertain || !isWhole { result = try isDryRun ? wouldRemove(doomed) : removeCheckpoints(doomed, copies: 1) }
    state.withLock { $0.candidates = isDryRun ? nil : [] }
    if isWhole { result.files += try sweep(isDryRun: isDryRun, besides: Set(result.files.map(\.path))) }
    return result
  }

  // MARK: Checkpoints

  /// Removes the manifests and views of checkpoints, and what only they referred to.
  ///
  /// - Parameter copies: of the journal that are flushed before.
  func removeCheckpoints(_ sequences: [UInt64], copies: Int = 2) throws(StorageError) -> Collection {
    if state.withLock({ $0.references }) == nil { try countReferences() }
    let leaving = references(of: sequences)
    try checkOwnership()
    let views = state.withLock { state in sequences.map { state.viewNames($0) } }
    try record([.removed(sequences)], flushing: true, copies: copies)
    try checkOwnership()
    var result = Collection(checkpoints: sequences.map(CheckpointName.id))
    for (sequence, views) in zip(sequences, views) {
      for name in views + [CheckpointName.id(sequence) + ".manifest"] {
        if let byteCount = try erase(name, in: checkpoints) { result.files.append(("checkpoints/\(name)", byteCount)) }
      }
    }
    try system.syncDirectory(checkpoints)
    let superfluous = state.withLock { state in
      for sequence in sequences { state.findings.details[sequence] = nil }
      state.catalogue.removed.subtract(sequences)
      return state.release(leaving)
    }
    for path in superfluous { if let byteCount = try eraseFile(path) { result.files.append((path, byteCount)) } }
    return result
  }

  private func wouldRemove(_ sequences: [UInt64]) throws(StorageError) -> Collection {
    try countReferences()
    var result = Collection(checkpoints: sequences.map(CheckpointName.id))
    for sequence in sequences {
      for name in state.withLock({ $0.viewNames(sequence) }) + [CheckpointName.id(sequence) + ".manifest"] {
        if let status = try system.status(name, in: checkpoints) { result.files.append(("checkpoints/\(name)", Int64(status.byteCount))) }
      }
    }
    let leaving = references(of: sequences)
    let superfluous = state.withLock { state in
      let before = state.references
      defer { state.references = before }
      return state.release(leaving)
    }
    for path in superfluous { result.files.append((path, try byteCount(path))) }
    return result
  }

  /// Files that checkpoints refer to, one entry per checkpoint and file. One that cannot be read any more says nothing, and releases nothing.
  private func references(of sequences: [UInt64]) -> [String] {
    sequences.flatMap { sequence in
      guard let (bytes, label) = try? manifestBytes(sequence) else { return [] as [String] }
      return (try? ManifestOutline.references(bytes, file: label)) ?? []
    }
  }

  private func countReferences() throws(StorageError) {
    var counts: [String: Int] = [:]
    for sequence in state.withLock({ state in state.catalogue.sequences.filter { state.isVisible($0) } }) {
      do throws(StorageError) {
        let (bytes, label) = try manifestBytes(sequence)
        for path in try ManifestOutline.references(bytes, file: label) { counts[path, default: 0] += 1 }
      } catch {
        if case .system(_, _, let code) = error, code != ENOENT { throw error }
        // From now on it counts as one of which nothing is known.
        state.withLock { state in
          state.findings.damaged[sequence] = error
          state.findings.details[sequence] = nil
        }
        warn("\(CheckpointName.id(sequence)): \(error)")
      }
    }
    state.withLock { $0.references = counts }
  }

  // MARK: Files

  /// Looks at every file: what nothing refers to goes if it is known to be nobody's.
  private func sweep(isDryRun: Bool, besides done: Set<String>) throws(StorageError) -> [(path: String, byteCount: Int64)] {
    if state.withLock({ $0.references }) == nil { try countReferences() }
    if !isDryRun { try checkOwnership() }
    var files: [(path: String, byteCount: Int64)] = []
    func take(_ path: String) throws(StorageError) {
      guard !done.contains(path) else { return }
      if isDryRun { files.append((path, try byteCount(path))) } else if let byteCount = try eraseFile(path) { files.append((path, byteCount)) }
    }
    if !isDryRun {
      try removeStaleLive()
      try removeFailedCommits()
    }
    var needsSync = false
    let views = state.withLock { state in Set(state.catalogue.sequences.flatMap { state.viewNames($0) }) }
    for name in try system.list(checkpoints) {
      if name.hasSuffix(".manifest") {
        guard let sequence = CheckpointName.sequence(ofID: String(name.dropLast(".manifest".count))) else { continue }
        // It was written down that this one goes.
        guard state.withLock({ $0.catalogue.removed.contains(sequence) }) else { continue }
        needsSync = true
      } else if !name.hasSuffix(".h5") || views.contains(name) {
        continue
      }
      try take("checkpoints/\(name)")
    }
    if needsSync, !isDryRun { try system.syncDirectory(checkpoints) }
    for (folder, directory) in [("objects", objects), ("segments", segments)] {
      for name in try system.list(directory) {
        let path = "\(folder)/\(name)"
        switch state.withLock({ $0.standing(of: path, name, token: token) }) {
        case .used, .unclear: continue
        case .garbage: try take(path)
        case .foreign: warn("'\(self.path)/\(path)' is not a file of Engram; it is left alone")
        }
      }
    }
    return files
  }

  /// Manifests whose commit was reported as failed: only when they are gone for good is what they refer to nobody's.
  private func removeFailedCommits() throws(StorageError) {
    let failed = state.withLock { $0.failedCommits }
    for sequence in failed.sorted() where state.withLock({ $0.catalogue.heads[sequence] == nil }) {
      let name = CheckpointName.id(sequence) + ".manifest"
      if try system.status(name, in: checkpoints) != nil { try system.remove(name, in: checkpoints) }
    }
    try system.syncDirectory(checkpoints)
    state.withLock { $0.failedCommits.subtract(failed) }
  }

  private func directory(of path: String) -> (Descriptor, String)? {
    let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "objects": return (objects, parts[1])
    case "segments": return (segments, parts[1])
    case "checkpoints": return (checkpoints, parts[1])
    default: return nil
    }
  }

  private func byteCount(_ path: String) throws(StorageError) -> Int64 {
    guard let (directory, name) = directory(of: path) else { return 0 }
    return Int64(try system.status(name, in: directory)?.byteCount ?? 0)
  }

  /// Nil: it was not there, or could not be removed, which is told.
  private func eraseFile(_ path: String) throws(StorageError) -> Int64? {
    guard let (directory, name) = directory(of: path) else { return nil }
    let byteCount = try erase(name, in: directory)
    state.withLock { state in
      state.abandoned.remove(path)
      state.forgetProven(path)
      guard path.hasPrefix("objects/") else { return }
      state.objects.remove(name)
      state.contents.forget(name)
      state.places = state.places.filter { $0.value.file.name != name }
    }
    return byteCount
  }

  private func erase(_ name: String, in directory: Descriptor) throws(StorageError) -> Int64? {
    do throws(StorageError) {
      guard let status = try system.status(name, in: directory) else { return nil }
      try system.remove(name, in: directory)
      return Int64(status.byteCount)
    } catch {
      // Whoever made it what it is may have a reason; everything else goes on.
      if case .system(_, _, let code) = error, [EISDIR, EPERM, EACCES, ELOOP, ENOTDIR].contains(code) {
        warn("'\(name)' could not be removed: \(error)")
        return nil
      }
      throw error
    }
  }
}

extension RunDirectory.State {
  enum Standing { case used, garbage, unclear, foreign }

  /// What is known of a file in `objects/` or `segments/`. Only what is known to be nobody's may go: files that this process gave up, and
  /// those of writers that are dead, or that had ended when an earlier one began. While a manifest cannot be read, what is as old may be its.
  func standing(of path: String, _ name: String, token: UInt64) -> Standing {
    if (references?[path] ?? 0) > 0 || segments.contains(where: { $0.file.map { "segments/\($0.name)" == path } ?? false }) { return .used }
    guard let sequence = PayloadFileName.sequence(name) else { return .foreign }
    if let newest = findings.damaged.keys.max().map({ max($0, findings.missing.max() ?? 0) }) ?? findings.missing.max(), sequence <= newest { return .unclear }
    if name.hasSuffix("-\(hexadecimal(token)).h5") { return abandoned.contains(path) ? .garbage : .unclear }
    return isWriterProvenDead || sequence < catalogue.writer?.deadBelow ?? 0 ? .garbage : .unclear
  }

  /// Files that nothing refers to any more, after these references went.
  mutating func release(_ leaving: [String]) -> [String] {
    guard references != nil else { return [] }
    var free: [String] = []
    for path in leaving {
      let count = (references?[path] ?? 0) - 1
      references?[path] = count > 0 ? count : nil
      if count == 0 { free.append(path) }
    }
    let unreadable = Set(findings.damaged.keys).union(findings.missing).max() ?? 0
    let inUse = Set(segments.compactMap { $0.file.map { "segments/\($0.name)" } })
    for path in free where inUse.contains(path) { abandoned.insert(path) }
    return free.filter { path in
      guard !inUse.contains(path), let name = path.split(separator: "/").last, let sequence = PayloadFileName.sequence(String(name)) else { return false }
      return unreadable == 0 || sequence > unreadable
    }
  }

  /// Names that the view of a checkpoint may have.
  func viewNames(_ sequence: UInt64) -> [String] {
    guard let head = catalogue.heads[sequence] else { return [] }
    let names = (catalogue.held[sequence] ?? []).filter { catalogue.holder(of: $0, on: head.line) == sequence }
    return ([head.id] + names.map { ViewName.text($0.text, onLine: head.line) }).map { CheckpointName.fileName(for: $0) + ".h5" }
  }
}

/// What a view is called: the name of its checkpoint, with the line where that is not the first one.
enum ViewName {
  static func text(_ name: String, onLine line: ExactName) -> String { line == Catalogue.mainLine ? name : "\(line.text):\(name)" }
}

/// Names of objects and segments tell for which checkpoint they were made, and by which writer.
enum PayloadFileName {
  static func object(_ sequence: UInt64, _ number: Int, token: UInt64) -> String { "\(CheckpointName.id(sequence))-\(number)-\(hexadecimal(token)).h5" }
  static func segment(_ sequence: UInt64, _ number: Int, token: UInt64) -> String { "sg-\(sequence)-\(number)-\(hexadecimal(token)).h5" }

  /// The first checkpoint that may refer to it; 0 for segments of version 1.0; nil: not a file of ours.
  static func sequence(_ name: String) -> UInt64? {
    guard name.hasSuffix(".h5") else { return nil }
    let parts = name.dropLast(3).split(separator: "-", omittingEmptySubsequences: false)
    func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
      text.utf8.count == count && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
    if parts.count == 1 { return isHexadecimal(parts[0], 32) ? 0 : nil }
    guard parts.count == 4, parts[0] == "ck" || parts[0] == "sg", let sequence = UInt64(parts[1]), UInt64(parts[2]) != nil, isHexadecimal(parts[3], 16) else {
      return nil
    }
    return sequence
  }
}
