import EngramSystem
import Synchronization

/// Who may write, and how what was done is written down.
extension RunDirectory {
  /// The lock is free; is the one who wrote last gone as well? A lock that somebody removed, or that does not reach another node, is free
  /// although its holder lives.
  func judgeFormerWriter() throws(StorageError) {
    let (catalogue, here) = (state.withLock { $0.catalogue }, options.identity)
    guard catalogue.isOpen, let former = catalogue.writer, let lock else { return }
    // A copy of a directory has the record of who writes the original.
    guard try system.status(root).inode == former.directory else { return }
    let isSameHost = former.process.host == here.host
    if isSameHost, former.process.boot == here.boot {
      guard former.process != here else {
        if OpenWriters.contains(former.token) { throw .stillWritten(path: path, owner: former.text) }
        return
      }
      // One that is just being killed lets go of its lock a moment before it is gone.
      var left = min(2, options.observationSeconds)
      while options.isRunning(former.process) {
        if left <= 0 { throw .stillWritten(path: path, owner: former.text) }
        usleep(20_000)
        left -= 0.02
      }
      return
    }
    // The machine has been started anew, or the lock that it held is ours now.
    if isSameHost || (!isOnNetworkFileSystem && former.lock == lock.inode) { return }
    if try showsLife() { throw .stillWritten(path: path, owner: former.text) }
    state.withLock { $0.isWriterProvenDead = isOnNetworkFileSystem ? false : $0.isWriterProvenDead }
  }

  /// A run says how it is going every second, and its checkpoints are written down: whether anything of that happens while one looks.
  private func showsLife() throws(StorageError) -> Bool {
    func signs() throws(StorageError) -> [Int64] {
      let (status, journal) = (try system.status(RunDirectory.statusName, in: root), try system.status(Journal.name, in: root))
      return [status?.modifiedNanoseconds ?? 0, Int64(bitPattern: status?.inode ?? 0), Int64(journal?.byteCount ?? 0)]
    }
    let before = try signs()
    var left = options.observationSeconds
    while left > 0 {
      usleep(100_000)
      left -= 0.1
      if try signs() != before { return true }
    }
    return false
  }

  /// Takes the right to write, before the first change: whoever only looks changes nothing.
  func begin() throws(StorageError) {
    if let ownership = state.withLock({ $0.ownership }) {
      if let lost = ownership.lost { throw lost }
      return try renewFormat()
    }
    do throws(StorageError) { try takeOwnership() } catch {
      // Half of it may have been done.
      if case .ownershipLost = error { throw error }
      try? readAll()
      throw error
    }
    try renewFormat()
  }

  private func takeOwnership() throws(StorageError) {
    guard let lock else { throw .readOnly(path: path) }
    let found = state.withLock { $0.findings }
    guard let place = try system.status("lock", in: root), place.inode == lock.inode, place.linkCount == 1 else {
      throw .ownershipLost(path: path, reason: "its lock was removed or replaced")
    }
    guard try journalState() == found.journal else { throw .ownershipLost(path: path, reason: "somebody else has written to its journal") }
    let next = state.withLock { $0.greatestSequence + 1 }
    let record = WriterRecord(
      generation: found.catalogue.generation + 1, token: token, process: options.identity, directory: try system.status(root).inode,
      lock: lock.inode, openedNanoseconds: options.clock(),
      deadBelow: state.withLock { $0.isWriterProvenDead } ? next : found.catalogue.writer?.deadBelow ?? 0)
    let ownership: Ownership
    if let end = found.end {
      ownership = try Ownership(
        record, path: path, root: root, temporary: temporary, runID: runID, lockInode: lock.inode, system: system, continuing: end)
      try ownership.append([.opened(record)] + found.unrecorded.map { .committed($0) }, flushing: true)
      state.withLock { $0.catalogue.apply(.opened(record)) }
    } else {
      try keepAside(found.spoilt)
      let catalogue = state.withLock { state in
        state.catalogue.apply(.opened(record))
        if !found.isCertain {
          // What is not there may have been removed: nobody can tell any more, and it has been told.
          for sequence in found.missing { state.catalogue.apply(.removed([sequence])) }
          state.catalogue.removed.subtract(found.missing)
          state.findings.missing = []
          state.findings.problems.removeAll { $0.checkpoint != nil }
          state.catalogue.keepAll()
        }
        state.catalogue.staleRecordCount = 0
        return state.catalogue
      }
      let journal = Journal.beginning(.snapshot(catalogue), at: found.position, after: found.chain, runID: runID)
      ownership = try Ownership(
        record, path: path, root: root, temporary: temporary, runID: runID, lockInode: lock.inode, system: system, replacing: journal)
    }
    OpenWriters.insert(token)
    state.withLock { state in
      state.ownership = ownership
      state.findings.unrecorded = []
      // The journal says again what is known; what is missing is missing still.
      state.findings.isCertain = true
      state.findings.problems.removeAll { $0.checkpoint == nil }
    }
  }

  /// An older release knows no journal, and would write past it.
  private func renewFormat() throws(StorageError) {
    guard state.withLock({ $0.isOldFormat }) else { return }
    try publish(FormatFile(runID: runID).encoded, as: options.formatName, in: root, by: temporary, replacing: true, system)
    try? system.remove(NamesTable.fileName, in: root)
    state.withLock { $0.isOldFormat = false }
  }

  /// The journal of a directory that is being made, with these checkpoints.
  func beginJournal(of manifests: [Manifest], runID: String, in newRoot: Descriptor, by newTemporary: Descriptor) throws(StorageError) {
    var catalogue = Catalogue()
    for manifest in manifests {
      let outline = try ManifestOutline(manifest.encoded(), file: manifest.fileName)
      catalogue.apply(.committed(CheckpointHead(outline.info, hash: outline.hash)))
    }
    let journal = Journal.beginning(.snapshot(catalogue), at: 0, after: ContentHash(of: []), runID: runID)
    for name in [Journal.name, Journal.copyName] {
      try publish(journal.bytes, as: name, in: newRoot, by: newTemporary, replacing: false, system)
    }
  }

  /// Damaged files are not thrown away: somebody may read more out of them.
  private func keepAside(_ names: [String]) throws(StorageError) {
    let present = Set(try system.list(root))
    for name in names where present.contains(name) {
      var number = 1
      while present.contains("\(name).damaged-\(number)") { number += 1 }
      try system.rename(name, in: root, to: "\(name).damaged-\(number)", in: root, replacing: false)
      state.withLock { $0.warnings.add("the damaged '\(name)' is kept as '\(name).damaged-\(number)'") }
    }
  }

  /// Compares the lock and the journal with what the directory has; before anything is published, replaced or removed.
  func checkOwnership() throws(StorageError) {
    guard let ownership = state.withLock({ $0.ownership }) else { throw .readOnly(path: path) }
    try ownership.check()
  }

  /// Writes down what was done or is about to be done, and takes it over into the catalogue.
  func record(_ records: [JournalRecord], flushing: Bool, copies: Int = 2) throws(StorageError) {
    guard let ownership = state.withLock({ $0.ownership }) else { throw .readOnly(path: path) }
    if ownership.isSuspect { try compact(ownership) }
    guard !records.isEmpty else { return }
    try ownership.append(records, flushing: flushing, copies: copies)
    let isLong = state.withLock { state in
      for record in records { state.catalogue.apply(record) }
      return state.catalogue.staleRecordCount > max(1024, 2 * state.catalogue.heads.count)
    }
    // The long one is as good.
    if isLong { try? compact(ownership) }
  }

  /// Has the journal begin with what it says.
  func compactJournal() throws(StorageError) {
    if let ownership = state.withLock({ $0.ownership }) { try compact(ownership) }
  }

  private func compact(_ ownership: Ownership) throws(StorageError) {
    let catalogue = state.withLock { state in
      state.catalogue.staleRecordCount = 0
      return state.catalogue
    }
    try ownership.compact(to: .snapshot(catalogue))
  }

  /// The name of a segment file for the next checkpoint.
  func nextSegmentName() -> String {
    state.withLock { state in
      state.segmentCount += 1
      let name = PayloadFileName.segment(state.greatestSequence + 1, state.segmentCount, token: token)
      state.abandoned.insert("segments/\(name)")
      return name
    }
  }

  /// Says that this writer ends.
  func leave() {
    let (ownership, generation) = state.withLock { state in
      defer { state.ownership = nil }
      return (state.ownership, state.catalogue.generation)
    }
    guard let ownership else { return }
    OpenWriters.remove(token)
    if ownership.isSuspect { try? compact(ownership) }
    if (try? ownership.check()) != nil { try? ownership.append([.closed(generation: generation)], flushing: false) }
    ownership.close()
  }

  /// Names, tags and removals can be changed and relied on.
  func requireCertainty() throws(StorageError) {
    let findings = state.withLock { $0.findings }
    guard !findings.isCertain else { return }
    throw .needsRepair(path: path, what: findings.problems.map(\.text).joined(separator: "; "))
  }

  // MARK: Warnings

  /// Has everything told that somebody should know about the directory, now and later; each thing once.
  package func onWarning(_ tell: @escaping @Sendable (String) -> Void) {
    state.withLock { $0.warnings.listen(tell) }
    tellWarnings()
  }

  func warn(_ text: String) {
    state.withLock { $0.warnings.add(text) }
    tellWarnings()
  }

  func tellWarnings() {
    guard let (texts, handler) = state.withLock({ $0.warnings.take() }) else { return }
    for text in texts { handler(text) }
  }
}

/// Writers of this process, by their tokens.
private enum OpenWriters {
  private static let tokens = Mutex<Set<UInt64>>([])
  static func insert(_ token: UInt64) { tokens.withLock { _ = $0.insert(token) } }
  static func remove(_ token: UInt64) { tokens.withLock { _ = $0.remove(token) } }
  static func contains(_ token: UInt64) -> Bool { tokens.withLock { $0.contains(token) } }
}

extension Catalogue {
  static let recoveredTag = "recovered"

  /// What may have had a name or a tag is not to be removed by any rule: it gets a tag that says why.
  mutating func keepAll() {
    for sequence in sequences where heads[sequence]?.tags.isEmpty == true && names(of: sequence).isEmpty {
      apply(.tagged(sequence, [Catalogue.recoveredTag]))
    }
  }
}
