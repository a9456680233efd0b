import EngramScalars
import Glibc
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
    for tag in options.tags { try CheckpointName.check(tag) }
    giveBackSealedColumns()
    var job = try makeJob(stored, options)
    let isCopied = copying && copyChanged(&job)
    if !copying { job.pace.hurry() }
    let sealed = stored.columns.values.filter { $0.metadata.kind == .sealed }.map { (Unowned(column: $0.column), $0.column.identity) }
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

  /// Bytes that the next copy finds ready; less than asked for while that goes on, and where memory is scarce.
  package var preparedByteCount: Int { shadow.touchedByteCount }

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
      job.columns.append(
        CommitJob.ColumnJob(
          key: key, metadata: entry.metadata, scalarType: column.scalarType, rows: column.rows, rowLength: column.rowLength,
          version: column.version, identity: column.identity, place: place,
          bytes: UnsafeRawBufferPointer(start: column.base, count: column.byteCount)))
      guard place == nil else { continue }
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

  /// Puts copies in place of the changed live bytes. False where there is no memory for them: nothing has happened then.
  private func copyChanged(_ job: inout CommitJob) -> Bool {
    var places: [(column: Int, offset: Int)] = []
    var byteCount = 0
    for (index, column) in job.columns.enumerated() where column.place == nil && column.bytes.count > 0 {
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
    }
    return true
  }

  /// Where the present content of a column lies, if it has not changed since it was written or read.
  private func place(of column: Column) -> Place? {
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
    let sequence = state.withLock { state in
      defer { state.nextSequence += 1 }
      return state.nextSequence
    }
    var created: [String] = []
    var places: [Place?]
    do throws(StorageError) {
      places = try writeObjects(job, sequence: sequence, created: &created)
      if !created.isEmpty { try system.syncDirectory(objects) }
      try syncSegments(job.recordings)
      try waitForVerifications()
    } catch {
      // No manifest speaks of them, and none has been tried.
      for name in created { try? system.remove(name, in: objects) }
      throw error
    }
    let manifest = try makeManifest(job, sequence: sequence, places: places, created: Set(created))
    let replaces = try commit(manifest)
    state.withLock { state in
      var known = manifest
      (known.sections, known.unknownSections) = ([:], [])
      state.manifests[sequence] = known
      state.current = sequence
      for file in manifest.files where file.kind == .object { state.objects.insert(file.name) }
      var kept: [UInt64: Place] = [:]
      for (column, place) in zip(job.columns, places) {
        guard var place else { continue }
        state.contents[ContentKey(hash: place.hash, byteCount: place.byteCount)] = place
        place.version = column.version
        kept[column.identity] = place
      }
      state.places = kept
    }
    // The checkpoint is safe whatever becomes of the tidying.
    if replaces { _ = try? collect(retention) }
    return info(sequence)
  }

  /// Whether committing this manifest can have made older checkpoints superfluous.
  private func commit(_ manifest: Manifest) throws(StorageError) -> Bool {
    let bytes = manifest.encoded()
    do throws(StorageError) {
      try publish(bytes, as: manifest.fileName, in: checkpoints, by: temporary, replacing: false, system)
    } catch {
      // It may be there or not, and after a power cut be back: so what it refers to stays until a later collection,
      // which begins with a successful flush of this directory.
      try? system.remove(manifest.fileName, in: checkpoints)
      throw error
    }
    return manifest.name != nil || manifest.kind == .automatic
  }

  /// Publishes a manifest that refers to what is on disk already (a branch).
  func commitMetadata(_ manifest: Manifest) throws(StorageError) {
    _ = try commit(manifest)
    state.withLock { state in
      var known = manifest
      known.sections = [:]
      known.unknownSections = []
      state.manifests[manifest.sequence] = known
    }
  }

  /// Nothing is committed on top of a restored state that turns out to be damaged (CKP-42).
  private func waitForVerifications() throws(StorageError) {
    for verification in state.withLock({ $0.verifications }) { _ = try verification.wait() }
    state.withLock { state in state.verifications.removeAll { if case .success = $0.present { true } else { false } } }
  }

  private func makeManifest(
    _ job: CommitJob, sequence: UInt64, places: [Place?], created: Set<String>
  ) throws(StorageError) -> Manifest {
    let (runID, line, parent, former) = state.withLock { state in
      (state.runID, state.line, state.current, state.current.flatMap { state.manifests[$0] })
    }
    var manifest = Manifest(
      sequence: sequence, runID: runID, parent: parent.map(CheckpointName.id), line: line, name: job.options.name,
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
          rowLength: column.rowLength, version: column.version, extent: extent))
    }
    for recording in job.recordings {
      var pieces: [Manifest.Extent] = []
      for piece in recording.contents.pieces {
        guard case .segment(let file) = piece.source else { preconditionFailure("a flushed recording has no pieces in memory") }
        let hash = if let hash = piece.hash { hash } else { try piece.verifiedHash() }
        let end = file.payloadOffset + piece.byteCount
        let entry = Manifest.FileEntry(
          kind: .segment, name: file.name, byteCount: end, hashedByteCount: file.payloadOffset, hash: file.headerHash)
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
    manifest.writtenByteCount = newObjects + max(0, manifest.recordedByteCount - (former?.recordedByteCount ?? 0))
    return manifest
  }

  // MARK: Sealed columns

  private func noteSealed(_ sealed: [(Unowned, UInt64)], _ job: CommitJob) {
    state.withLock { state in
      let fresh = Set(job.columns.filter { $0.place == nil && $0.bytes.count >= options.largeColumnByteCount }.map(\.identity))
      state.sealed = sealed.compactMap { column, identity in
        guard fresh.contains(identity), let place = state.places[identity] else { return nil }
        return (column, place)
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
    for (reference, place) in sealed {
      guard let column = reference.column, column.version == place.version,
        let file = try? system.open(place.file.name, in: objects, .read)
      else { continue }
      _ = try? column.show(system, file, offset: place.offset)
      try? system.close(file)
    }
  }
}
