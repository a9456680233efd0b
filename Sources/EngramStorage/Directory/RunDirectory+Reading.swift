import EngramScalars
import EngramSystem
import Synchronization

extension RunDirectory {
  /// Reads again what a writer elsewhere has committed, where anything changed.
  package func refresh() throws(StorageError) {
    let (known, directory) = state.withLock { ($0.findings.journal, $0.findings.directory) }
    let now = try journalState()
    // A directory's time has a granularity; what changed just after it was read is seen through the journal.
    if now == known, now.byteCount >= 0, try system.status(checkpoints).modifiedNanoseconds == directory.modifiedNanoseconds { return }
    try readAll()
  }

  /// Reads the journal and all manifests. A writer elsewhere may be at work: what it removes meanwhile is read again, not reported.
  func readAll() throws(StorageError) {
    var attempt = 1
    while true {
      let known = state.withLock { $0.findings.details }
      let found = try read(reusing: access == .read ? known : [:])
      if access == .read, attempt < 6, !found.problems.isEmpty || !found.isCertain || !found.damaged.isEmpty, try journalState() != found.journal {
        attempt += 1
        continue
      }
      state.withLock { $0.install(found) }
      tellWarnings()
      return
    }
  }

  func journalState() throws(StorageError) -> Findings.JournalState {
    guard let status = try system.status(Journal.name, in: root) else { return Findings.JournalState() }
    return Findings.JournalState(inode: status.inode, byteCount: status.byteCount)
  }

  private func read(reusing known: [UInt64: Findings.Detail]) throws(StorageError) -> Findings {
    var found = Findings()
    found.directory = try system.status(checkpoints)
    // Listed first: the journal, read afterwards, knows all of these, but for one that is just being committed.
    let listed = try system.list(checkpoints)
    let (runID, isOldFormat) = state.withLock { ($0.runID, $0.isOldFormat) }
    let journals = try readJournals(runID, &found)
    let knownHeads = state.withLock { $0.findings.catalogue.heads }
    var wanted: [(sequence: UInt64, hash: ContentHash?)] = []
    var unknown: [CheckpointHead] = []
    var anchors: [(sequence: UInt64, anchor: Anchor)] = []
    var present: Set<UInt64> = []
    var leftovers: Set<UInt64> = []
    for name in listed where name.hasSuffix(".manifest") {
      guard let sequence = CheckpointName.sequence(ofID: String(name.dropLast(".manifest".count))) else { continue }
      found.greatestSequence = max(found.greatestSequence, sequence)
      if found.catalogue.removed.contains(sequence) {
        leftovers.insert(sequence)
        continue
      }
      let head = found.catalogue.heads[sequence]
      if let head, let detail = known[sequence], knownHeads[sequence]?.hash == head.hash {
        found.details[sequence] = detail
        present.insert(sequence)
        continue
      }
      wanted.append((sequence, head?.hash))
    }
    for (manifest, result) in zip(wanted, try examined(wanted)) {
      switch result {
      case .success(let (outline, detail)):
        present.insert(manifest.sequence)
        found.details[manifest.sequence] = detail
        if let anchor = outline.anchor { anchors.append((manifest.sequence, anchor)) }
        if manifest.hash == nil { unknown.append(CheckpointHead(outline.info, hash: outline.hash)) }
      case .failure(.system(_, _, ENOENT)): continue
      case .failure(let error):
        present.insert(manifest.sequence)
        found.damaged[manifest.sequence] = error
      }
    }
    for (sequence, doubt) in doubts(among: listed) where present.contains(sequence) {
      found.damaged[sequence] = doubt
      found.details[sequence] = nil
    }
    found.catalogue.removed = leftovers
    found.unrecorded = unknown.sorted { $0.sequence < $1.sequence }
    found.missing = try missing(among: found.catalogue.sequences.filter { !present.contains($0) }, runID, &found)
    compare(journals, anchors, isNew: !isOldFormat, &found)
    for head in found.unrecorded { found.catalogue.apply(.committed(head)) }
    for sequence in found.missing.sorted() {
      let names = found.catalogue.names(of: sequence).map { " ('\($0)')" }.joined()
      found.problems.append(
        DirectoryProblem(
          file: "checkpoints/\(CheckpointName.id(sequence)).manifest", what: "is missing: this checkpoint\(names) was committed and never removed",
          checkpoint: CheckpointName.id(sequence)))
    }
    return found
  }

  /// Those of which the journal says that they are there. A writer at work may have committed or removed some since the directory was listed.
  private func missing(among absent: [UInt64], _ runID: String, _ found: inout Findings) throws(StorageError) -> Set<UInt64> {
    var missing: Set<UInt64> = []
    for sequence in absent {
      do throws(StorageError) { found.details[sequence] = try examine(sequence, found.catalogue.heads[sequence]?.hash).1 } catch {
        if case .system(_, _, ENOENT) = error { missing.insert(sequence) } else { found.damaged[sequence] = error }
      }
    }
    guard access == .read, !missing.isEmpty else { return missing }
    var later = Findings()
    guard try readJournals(runID, &later) != nil else { return missing }
    for sequence in missing where later.catalogue.heads[sequence] == nil {
      missing.remove(sequence)
      found.catalogue.apply(.removed([sequence]))
    }
    return missing
  }

  private typealias Examined = (ManifestOutline, Findings.Detail)

  /// Looks at manifests, at many of them with several threads.
  private func examined(_ wanted: [(sequence: UInt64, hash: ContentHash?)]) throws(StorageError) -> [Result<Examined, StorageError>] {
    @Sendable func look(_ part: ArraySlice<(sequence: UInt64, hash: ContentHash?)>) -> [Result<Examined, StorageError>] {
      part.map { manifest in
        do throws(StorageError) { return .success(try examine(manifest.sequence, manifest.hash)) } catch { return .failure(error) }
      }
    }
    guard wanted.count >= 512 else { return look(wanted[...]) }
    let count = (wanted.count + 3) / 4
    var promises: [Promise<[Result<Examined, StorageError>]>] = []
    for start in stride(from: 0, to: wanted.count, by: count) {
      let promise = Promise<[Result<Examined, StorageError>]>()
      let part = wanted[start..<min(start + count, wanted.count)]
      BackgroundQueue().add { promise.fulfil(.success(look(part))) }
      promises.append(promise)
    }
    var found: [Result<Examined, StorageError>] = []
    for promise in promises { found += try promise.wait() }
    return found
  }

  /// One manifest; what was committed is known by its hash.
  private func examine(_ sequence: UInt64, _ hash: ContentHash?) throws(StorageError) -> Examined {
    let (bytes, label) = try manifestBytes(sequence)
    let outline = try ManifestOutline(bytes, file: label)
    guard outline.info.sequence == sequence else {
      throw .damaged(file: label, what: "it describes checkpoint \(CheckpointName.id(outline.info.sequence))", place: "its sequence number")
    }
    if let hash, hash != outline.hash {
      throw .damaged(file: label, what: "it is not the file that was committed under this name", place: "the checksum that the journal knows")
    }
    let sizes: (Int, Int)
    // One that the journal vouches for was whole when it was committed; any other one is read to its end.
    if let anchor = outline.anchor, hash != nil {
      sizes = (anchor.logicalByteCount, anchor.recordedByteCount)
    } else {
      let manifest = try Manifest(decoding: bytes, file: label)
      sizes = (manifest.logicalByteCount, manifest.recordedByteCount)
    }
    return (outline, Findings.Detail(info: outline.info, logicalByteCount: sizes.0, recordedByteCount: sizes.1))
  }

  func manifestBytes(_ sequence: UInt64) throws(StorageError) -> (bytes: [UInt8], label: String) {
    let name = CheckpointName.id(sequence) + ".manifest"
    let file = try system.open(name, in: checkpoints, .read)
    defer { try? system.close(file) }
    let label = "\(path)/checkpoints/\(name)"
    return (try system.contents(file, path: label, atMost: SectionedFile.greatestByteCount), label)
  }

  /// Reads and checks one manifest file.
  func readManifest(_ sequence: UInt64) throws(StorageError) -> Manifest {
    let (bytes, label) = try manifestBytes(sequence)
    let manifest = try Manifest(decoding: bytes, file: label)
    guard manifest.sequence == sequence else {
      throw .damaged(file: label, what: "it describes checkpoint \(manifest.id)", place: "its sequence number")
    }
    if let known = state.withLock({ $0.catalogue.heads[sequence]?.hash }), known != Manifest.hash(ofFile: bytes) {
      throw .damaged(file: label, what: "it is not the file that was committed under this name", place: "the checksum that the journal knows")
    }
    return manifest
  }

  // MARK: The journal

  private enum JournalFile {
    case absent
    case read(Journal.Contents)
    case unusable(StorageError)
  }

  /// Takes the better one of the two copies.
  private func readJournals(_ runID: String, _ found: inout Findings) throws(StorageError) -> Journal.Contents? {
    found.journal = try journalState()
    var files: [(name: String, file: JournalFile)] = []
    var first: [UInt8]?
    for name in [Journal.name, Journal.copyName] {
      let bytes: [UInt8]?
      do throws(StorageError) { bytes = try journalBytes(name) } catch {
        // A link or a directory in its place, or a disk that cannot read it.
        files.append((name, .unusable(error)))
        continue
      }
      // Usually the same, byte for byte.
      if let first, bytes == first { files.append((name, files[0].file)) } else { files.append((name, readJournal(bytes, name, runID))) }
      first = bytes
    }
    func contents(_ file: JournalFile) -> Journal.Contents? { if case .read(let contents) = file { contents } else { nil } }
    let lastWriter = files.compactMap { contents($0.file)?.writer }.max { $0.generation < $1.generation }
    let isAfterRestart = lastWriter.map { $0.process.host != options.identity.host || $0.process.boot != options.identity.boot } ?? false
    if isAfterRestart {
      for place in files.indices { if let whole = contents(files[place].file)?.upToGap { files[place].file = .read(whole) } }
    }
    let all = files.compactMap { contents($0.file) }
    let best = all.filter { $0.problem == nil }.max { $0.end.position < $1.end.position } ?? all.max { $0.records.count < $1.records.count }
    var needsRewriting = false
    for record in best?.records ?? [] { found.catalogue.apply(record) }
    // The second file is written after the first: by a process that was killed in between, or is just at it, not at all.
    let isBegun = best.map { $0.records.count == 1 && $0.problem == nil && $0.tailByteCount == 0 } ?? false
    func isBehind(_ contents: Journal.Contents, _ best: Journal.Contents) -> Bool {
      let isEarlierPart = best.chain(at: contents.end.position) == contents.end.chain
      return isBegun || (isEarlierPart && (found.catalogue.isOpen || best.end.position - contents.end.position <= 1))
    }
    for (name, file) in files {
      var what: String?
      switch file {
      case .absent:
        if best != nil { needsRewriting = true }
        if best != nil, !isBegun { what = "is missing" }
      case .unusable(let error):
        if case .unsupportedVersion = error { throw error }
        what = "cannot be used: \(error)"
        found.spoilt.append(name)
      case .read(let contents):
        if let problem = contents.problem {
          what = "is damaged: \(problem.what) (byte \(problem.offset))"
          found.spoilt.append(name)
        } else if contents.tailByteCount > 0 {
          // Records that had not been flushed may be half there after a power cut; after anything else they may not.
          needsRewriting = true
          if !isAfterRestart {
            what = "is damaged: its last \(contents.tailByteCount) bytes are no record"
            found.spoilt.append(name)
          }
        } else if let best, contents.end.position < best.end.position {
          needsRewriting = true
          if !isAfterRestart, !isBehind(contents, best) { what = "is older than the other copy: it lacks \(best.end.position - contents.end.position) records" }
        } else if let best, contents.end != best.end {
          needsRewriting = true
        }
      }
      if let what {
        needsRewriting = true
        found.problems.append(DirectoryProblem(file: name, what: what, checkpoint: nil))
      }
    }
    guard let best else { return nil }
    (found.position, found.chain) = (best.end.position, best.end.chain)
    // What was flushed is whole after a power cut; a tail that something else spoilt in both copies may have been names.
    if best.problem != nil || (best.tailByteCount > 0 && !isAfterRestart) { found.isCertain = false }
    if !needsRewriting { found.end = best.end }
    return best
  }

  private func journalBytes(_ name: String) throws(StorageError) -> [UInt8]? {
    guard let file = try system.openIfPresent(name, in: root) else { return nil }
    defer { try? system.close(file) }
    return try system.contents(file, path: "\(path)/\(name)", atMost: SectionedFile.greatestByteCount)
  }

  private func readJournal(_ bytes: [UInt8]?, _ name: String, _ runID: String) -> JournalFile {
    guard let bytes else { return .absent }
    do throws(SectionedFile.Refusal) { return .read(try Journal.read(bytes, runID: runID)) } catch {
      return .unusable(error.asStorageError(file: "\(path)/\(name)"))
    }
  }

  /// Whether the journal knows what the manifests know of it.
  private func compare(
    _ journal: Journal.Contents?, _ anchors: [(sequence: UInt64, anchor: Anchor)], isNew: Bool, _ found: inout Findings
  ) {
    guard let journal else {
      found.isOld = anchors.isEmpty && !isNew
      guard !found.isOld || !found.spoilt.isEmpty else { return takeOverOld(&found) }
      guard !found.unrecorded.isEmpty || !found.damaged.isEmpty || !found.spoilt.isEmpty else { return }
      found.isOld = false
      found.isCertain = false
      if found.spoilt.isEmpty { found.problems.append(DirectoryProblem(file: Journal.name, what: "is missing, and so is its copy", checkpoint: nil)) }
      if let last = anchors.max(by: { $0.anchor.position < $1.anchor.position }) {
        (found.position, found.chain) = (last.anchor.position + 1, last.anchor.chain)
        found.catalogue.adoptGeneration(last.anchor.generation)
      }
      return
    }
    guard journal.problem == nil else { return }
    for (sequence, anchor) in anchors {
      let later = UInt64(found.unrecorded.count { $0.sequence < sequence })
      let isBehind = anchor.position > journal.end.position + later
      let isOther = journal.chain(at: anchor.position).map { $0 != anchor.chain } ?? false
      guard isBehind || isOther else { continue }
      found.isCertain = false
      found.end = nil
      found.problems.append(
        DirectoryProblem(
          file: Journal.name,
          what: isBehind
            ? "is older than \(CheckpointName.id(sequence)): it has \(journal.end.position) records, that checkpoint was committed after \(anchor.position)"
            : "is not the one that \(CheckpointName.id(sequence)) was committed to", checkpoint: nil))
      found.position = max(found.position, anchor.position + 1)
      break
    }
  }

  /// A directory of version 1.0: what its table of names says, and what its manifests say.
  private func takeOverOld(_ found: inout Findings) {
    let read: (table: NamesTable, problem: StorageError?)
    do throws(StorageError) {
      guard let file = try system.openIfPresent(NamesTable.fileName, in: root) else { return }
      defer { try? system.close(file) }
      let bytes = try system.contents(file, path: NamesTable.fileName, atMost: SectionedFile.greatestByteCount)
      read = (try NamesTable(decoding: bytes, file: "\(path)/\(NamesTable.fileName)"), nil)
    } catch { read = (NamesTable(), error) }
    if let problem = read.problem {
      found.isCertain = false
      found.problems.append(DirectoryProblem(file: NamesTable.fileName, what: "cannot be used: \(problem)", checkpoint: nil))
      found.spoilt.append(NamesTable.fileName)
      return
    }
    found.catalogue.apply(read.table, found.unrecorded)
    for sequence in read.table.removed {
      found.details[sequence] = nil
      found.damaged[sequence] = nil
    }
    found.unrecorded = []
  }
}

extension Journal.Contents {
  /// The last one that opened the directory for writing, as far as the records tell.
  fileprivate var writer: WriterRecord? {
    for record in records.reversed() {
      if case .opened(let writer) = record { return writer }
      if case .snapshot(let catalogue) = record { return catalogue.writer }
    }
    return nil
  }
}

extension Catalogue {
  /// Names, tags and removals of version 1.0, where a name meant one checkpoint of the whole directory.
  mutating func apply(_ table: NamesTable, _ heads: [CheckpointHead]) {
    highest = max(highest, table.upToSequence)
    let living = heads.filter { !table.removed.contains($0.sequence) }
    for var head in living {
      if let tags = table.tags[head.sequence] { head.tags = tags }
      apply(.committed(head))
    }
    // What the table does not say is not so any more; an older one of the same name stays behind a newer one.
    for head in living where head.sequence <= table.upToSequence {
      if let name = head.name, holder(of: name, on: head.line) == head.sequence, table.names[name] != head.sequence { take(name, from: head) }
    }
    for (name, sequence) in table.names.sorted(by: { $0.key < $1.key }) {
      guard let head = self.heads[sequence], holder(of: name, on: head.line) ?? 0 <= table.upToSequence, holder(of: name, on: head.line) != sequence else {
        continue
      }
      apply(.renamed(sequence, from: nil, to: name))
    }
    removed.formUnion(table.removed)
  }

  /// The number of writers is known from a manifest only.
  mutating func adoptGeneration(_ generation: UInt64) {
    guard generation > self.generation else { return }
    let nobody = ProcessIdentity(number: 0, started: 0, host: "", boot: "")
    writer = WriterRecord(
      generation: generation, token: 0, process: nobody, directory: 0, lock: 0, openedNanoseconds: 0, deadBelow: 0)
    isOpen = false
  }
}
