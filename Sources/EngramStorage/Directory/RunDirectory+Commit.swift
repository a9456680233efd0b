import EngramScalars
import EngramSystem
import Synchronization

extension RunDirectory {
  /// Takes the state at a step boundary. When it returns, the live state may change again; the rest happens in the
  /// background, at leisure until somebody waits for it. `wait()` on the handle for durability.
  ///
  /// What throws here has changed nothing. A failure in the background leaves every earlier checkpoint as it was.
  ///
  /// - Parameter copying: false: nothing is copied, because the caller leaves the live state alone until the handle has
  ///   an outcome. Where memory does not suffice for a copy, the call itself takes that long.
  package func commit(_ stored: StateToStore, _ options: CommitOptions, copying: Bool = true) throws(StorageError) -> CommitHandle {
    try requireWriter()
    if let name = options.name { try CheckpointName.check(name) }
    if let line = options.newLine { try checkNewLine(line) }
    for tag in options.tags { try CheckpointName.check(tag) }
    try checkLive()
    for entry in stored.columns.values { if let damage = entry.column.mapped?.damage { throw damage } }
    giveBackSealedColumns()
    var job = try makeJob(stored, options)
    let isCopied = copying && copyChanged(&job)
    try noteSources(of: stored, in: &job)
    if !copying { job.pace.hurry() }
    let sealed = stored.columns.filter { $0.value.metadata.kind == .sealed }.map { ($0.key, Unowned(column: $0.value.column), $0.value.column.identity) }
    let handle = CommitHandle(pace: job.pace, lackedMemory: copying && !isCopied)
    let work = job
    state.withLock { $0.inFlight = handle }
    queue.add { [self] in
      do throws(StorageError) {
        let info = try write(work)
        noteSealed(sealed, work)
        handle.promise.fulfil(.success(info))
      } catch {
        handle.promise.fulfil(.failure(error))
      }
    }
    // The failure is told by the handle, as always.
    if handle.lackedMemory { _ = try? handle.wait() }
    return handle
  }

  /// Begins to make room for copies of so many bytes, in the background: the first checkpoint of a run then costs what
  /// later ones do.
  package func prepareCopies(ofByteCount byteCount: Int) {
    guard access == .write, byteCount > 0 else { return }
    settle()
    shadow.prepare(for: byteCount)
  }

  /// What is to be written, from where it is now.
  private func makeJob(_ stored: StateToStore, _ options: CommitOptions) throws(StorageError) -> CommitJob {
    var job = CommitJob(
      options: options, sections: stored.sections, unknownSections: stored.unknownSections, pace: Pace(leisureSeconds: options.leisureSeconds))
    for (key, entry) in stored.recordings.sorted(by: { $0.key < $1.key }) {
      try entry.recording.flush(to: self)
      job.recordings.append(CommitJob.RecordingJob(key: key, metadata: entry.metadata, contents: entry.recording.contents()))
    }
    var changedByteCount = 0
    for (key, entry) in stored.columns.sorted(by: { $0.key < $1.key }) {
      let column = entry.column
      let place = place(of: column)
      let repeated = place == nil && column.byteCount >= RunDirectory.leastRepeatedByteCount ? column.repeated : nil
      job.columns.append(
        CommitJob.ColumnJob(
          key: key, metadata: entry.metadata, scalarType: column.scalarType, rows: column.rows, rowLength: column.rowLength,
          version: column.version, identity: column.identity, place: place, repeated: repeated,
          snapshot: entry.isSnapshot ? column : nil, bytes: UnsafeRawBufferPointer(start: column.base, count: column.byteCount)))
      guard place == nil, repeated == nil else { continue }
      let (sum, overflow) = changedByteCount.addingReportingOverflow(column.byteCount)
      guard !overflow else { throw .tooLarge(what: "a checkpoint") }
      changedByteCount = sum
    }
    // Better now than half way: the bytes themselves, their headers and padding, the manifest.
    let needed = UInt64(changedByteCount) + UInt64(self.options.filePadding * 2)
    let free = freeByteCount
    guard free >= needed else { throw .noSpace(path: path, needed: needed, available: free) }
    return job
  }

  /// Puts copies in place of the changed live bytes, except those that nobody changes any more. False where there is no memory for them: nothing has happened then.
  private func copyChanged(_ job: inout CommitJob) -> Bool {
    var places: [(column: Int, offset: Int)] = []
    var byteCount = 0
    for (index, column) in job.columns.enumerated() where column.isToBeWritten && column.snapshot == nil && column.bytes.count > 0 {
      // Large columns begin on a page, so that they go to the device without a detour through the page cache.
      let alignment = column.bytes.count >= options.largeColumnByteCount ? AddressRange.pageByteCount : 64
      byteCount = (byteCount + alignment - 1) / alignment * alignment
      places.append((index, byteCount))
      byteCount += column.bytes.count
    }
    guard byteCount > 0 else { return true }
    guard let room = shadow.room(for: byteCount) else { return false }
    for (index, offset) in places {
      let live = job.columns[index].bytes
      guard let source = live.baseAddress else { continue }
      memcpy(room + offset, source, live.count)
      job.columns[index].bytes = UnsafeRawBufferPointer(start: room + offset, count: live.count)
      job.columns[index].isCopy = true
    }
    return true
  }

  /// Which of the changed bytes still show a file, or may have been taken from one since they were compared last. Right after
  /// copying: no step has run in between.
  private func noteSources(of stored: StateToStore, in job: inout CommitJob) throws(StorageError) {
    for index in job.columns.indices where job.columns[index].isToBeWritten {
      guard let source = stored.columns[job.columns[index].key]?.column.unsettled else { continue }
      job.columns[index].pages = try source.copied(byteCount: job.columns[index].bytes.count)
    }
  }

  /// From this size on an array whose elements are all the same is stored as one of them.
  package static let leastRepeatedByteCount = 4 << 10

  /// Where the present content of a column lies, if it has not changed since it was written or read.
  func place(of column: Column) -> Place? {
    state.withLock { state in
      guard let place = state.places[column.identity], place.version == column.version, state.objects.contains(place.file.name),
        place.byteCount == column.byteCount
      else { return nil }
      return place
    }
  }

  // MARK: In the background

  /// Writes everything the manifest will refer to, then the manifest: the commit.
  private func write(_ job: CommitJob) throws(StorageError) -> CheckpointInfo {
    let sequence = takeSequence()
    var created: [String] = []
    var places: [Place?]
    do throws(StorageError) {
      places = try writeObjects(job, sequence: sequence, created: &created)
      if !created.isEmpty { try system.syncDirectory(objects) }
      try syncSegments(job.recordings)
      try waitForVerifications()
    } catch {
      // No manifest speaks of them, and none has been tried.
      state.withLock { $0.abandoned.formUnion(created.map { "objects/\($0)" }) }
      if state.withLock({ $0.ownership?.lost }) == nil { for name in created { try? system.remove(name, in: objects) } }
      throw error
    }
    state.withLock { $0.abandoned.formUnion(created.map { "objects/\($0)" }) }
    let manifest = try makeManifest(job, sequence: sequence, places: places, created: Set(created))
    try commit(manifest)
    state.withLock { state in
      for file in manifest.files where file.kind == .object { state.objects.insert(file.name) }
      var kept: [UInt64: Place] = [:]
      for (column, place) in zip(job.columns, places) {
        guard var place else { continue }
        place.version = column.version
        kept[column.identity] = place
      }
      state.contents.renew(places.compactMap(\.self), largeFrom: options.largeColumnByteCount)
      state.places = kept
      state.noteProven(manifest)
      if let former = state.current { _ = state.candidates?.insert(former) }
      (state.current, state.ownLine) = (sequence, ExactName(manifest.line))
    }
    for column in job.columns { column.pages?.settle(asOf: sequence) }
    let info = info(sequence)
    // The checkpoint is safe whatever becomes of the tidying.
    if manifest.name != nil || manifest.kind == .automatic { collectAfterCommit() }
    return info
  }

  /// The number of the next checkpoint; never given again, whatever becomes of it.
  func takeSequence() -> UInt64 {
    state.withLock { state in
      state.greatestSequence += 1
      return state.greatestSequence
    }
  }

  /// Publishes a manifest: the commit. Then it is written down in the journal, which can also be told from the manifest.
  func commit(_ unanchored: Manifest) throws(StorageError) {
    guard let ownership = state.withLock({ $0.ownership }) else { throw .readOnly(path: path) }
    if ownership.isSuspect { try record([], flushing: false) }
    var manifest = unanchored
    let anchor = ownership.anchor
    manifest.anchor = Anchor(
      generation: ownership.record.generation, token: token, position: anchor.position, chain: anchor.chain,
      logicalByteCount: manifest.logicalByteCount, recordedByteCount: manifest.recordedByteCount)
    let bytes = manifest.encoded()
    try ownership.check()
    do throws(StorageError) {
      try publish(bytes, as: manifest.fileName, in: checkpoints, by: temporary, replacing: false, system)
      // Somebody who came in between may have taken files for garbage: then it is there, but nobody vouches for it.
      try ownership.check()
    } catch {
      if case .system(_, _, EEXIST) = error {
        // Whoever has this number is no mistake of ours to be removed.
        throw .ownershipLost(path: path, reason: "there is a \(manifest.id) that this process has not made")
      }
      // It may be there or not, and after a power cut be back: so what it refers to stays until a later collection,
      // which begins with a successful flush of this directory.
      state.withLock { _ = $0.failedCommits.insert(manifest.sequence) }
      if ownership.lost == nil { try? system.remove(manifest.fileName, in: checkpoints) }
      throw error
    }
    let info = try ManifestOutline(bytes, file: manifest.fileName)
    let head = CheckpointHead(info.info, hash: info.hash)
    try record([.committed(head)], flushing: false)
    state.withLock { state in
      state.findings.details[head.sequence] = Findings.Detail(
        info: info.info, logicalByteCount: manifest.logicalByteCount, recordedByteCount: manifest.recordedByteCount)
      for file in manifest.files {
        if state.references != nil { state.references?[file.path, default: 0] += 1 }
        state.abandoned.remove(file.path)
      }
      let superseded = state.catalogue.supersededBy(head.sequence, state.retention ?? options.retention)
      state.candidates?.formUnion(superseded)
    }
  }

  /// Nothing is committed on top of a restored state that turns out to be damaged (CKP-42).
  private func waitForVerifications() throws(StorageError) {
    for verification in state.withLock({ $0.verifications }) { try verification.wait() }
    state.withLock { state in state.verifications.removeAll { if case .success = $0.outcome { true } else { false } } }
  }

  /// No commit from now on succeeds before that checkpoint, from wherever, has been verified.
  package func awaitVerification(of checkpoint: LoadedCheckpoint) {
    let verification = checkpoint.verification
    state.withLock { state in
      if !state.verifications.contains(where: { $0 === verification }) { state.verifications.append(verification) }
    }
  }

  private func makeManifest(
    _ job: CommitJob, sequence: UInt64, places: [Place?], created: Set<String>
  ) throws(StorageError) -> Manifest {
    let (runID, line, parent, former) = state.withLock { state in
      (state.runID, state.line.text, state.current, state.current.flatMap { state.findings.details[$0]?.recordedByteCount })
    }
    var manifest = Manifest(
      sequence: sequence, runID: runID, parent: parent.map(CheckpointName.id), line: job.options.newLine ?? line,
      name: job.options.newLine ?? job.options.name,
      kind: job.options.kind, createdNanoseconds: options.clock(), writtenByteCount: 0, comment: job.options.comment,
      tags: job.options.tags, summary: job.options.summary, files: [], columns: [], recordings: [], sections: job.sections,
      unknownSections: job.unknownSections)
    var indices: [String: Int] = [:]
    func index(of file: Manifest.FileEntry) -> Int {
      if let known = indices[file.path] { return known }
      indices[file.path] = manifest.files.count
      manifest.files.append(file)
      return manifest.files.count - 1
    }
    for (column, place) in zip(job.columns, places) {
      let extent = place.map {
        Manifest.Extent(file: index(of: $0.file), offset: $0.offset, byteCount: $0.byteCount, hash: $0.hash)
      }
      manifest.columns.append(
        Manifest.ColumnEntry(
          key: column.key, metadata: column.metadata, scalarType: column.scalarType, rows: column.rows,
          rowLength: column.rowLength, version: column.version, extent: extent, repeated: column.repeated))
    }
    for recording in job.recordings {
      var pieces: [Manifest.Extent] = []
      for piece in recording.contents.pieces {
        guard case .segment(let file) = piece.source else { preconditionFailure("a flushed recording has no pieces in memory") }
        let hash = if let hash = piece.hash { hash } else { try piece.verifiedHash() }
        let end = file.payloadOffset + piece.byteCount
        let entry = Manifest.FileEntry(
          kind: .segment, name: file.name, byteCount: end, hashedByteCount: file.headerHash.byteCount, hash: file.headerHash.hash)
        let number = index(of: entry)
        manifest.files[number].byteCount = max(manifest.files[number].byteCount, end)
        pieces.append(Manifest.Extent(file: number, offset: file.payloadOffset, byteCount: piece.byteCount, hash: hash))
      }
      manifest.recordings.append(
        Manifest.RecordingEntry(
          key: recording.key, metadata: recording.metadata, scalarType: recording.contents.scalarType,
          rowLength: recording.contents.rowLength, rows: recording.contents.rows, pieces: pieces))
    }
    let newObjects = manifest.files.filter { created.contains($0.name) }.reduce(0) { $0 + $1.byteCount }
    manifest.writtenByteCount = newObjects + max(0, manifest.recordedByteCount - (former ?? 0))
    return manifest
  }

  // MARK: Sealed columns

  private func noteSealed(_ sealed: [(StoredKey, Unowned, UInt64)], _ job: CommitJob) {
    state.withLock { state in
      let fresh = Set(job.columns.filter { $0.isToBeWritten && $0.bytes.count >= options.largeColumnByteCount }.map(\.identity))
      state.sealed = sealed.compactMap { key, column, identity in
        guard fresh.contains(identity), let place = state.places[identity] else { return nil }
        return (key, column, place)
      }
    }
  }

  /// Columns that no longer change take their elements from the file just written, so that their memory can be used for
  /// something else. On the thread of the run, between steps.
  private func giveBackSealedColumns() {
    let sealed = state.withLock { state in
      defer { state.sealed = [] }
      return state.sealed
    }
    for (key, reference, place) in sealed {
      guard let column = reference.column, column.storage == .private, column.version == place.version, column.mapped == nil,
        let opened = try? OpenPayloadFile(place.file.name, in: objectFiles, path: "\(path)/\(place.file.path)")
      else { continue }
      let extent = Manifest.Extent(file: 0, offset: place.offset, byteCount: place.byteCount, hash: place.hash)
      guard (try? column.show(StoredExtent(opened, extent, key, column.scalarType, isMappable: true))) == true else { continue }
      // Until now it was memory that nobody else could reach.
      column.mapped?.soundSequence = state.withLock { $0.current } ?? 0
    }
  }
}
