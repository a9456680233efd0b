import EngramScalars
import Glibc
import Synchronization

/// A checkpoint about to be put into a portable file: its description and where its bytes come from.
struct PortableEntry {
  var manifest: Manifest
  /// In the order of `manifest.columns` and `manifest.recordings`; nil where there are no bytes.
  var columns: [PayloadSource?]
  var recordings: [PayloadSource?]
}

extension PortableFile {
  /// Stores a live state under a name, beside what the file holds already. Complete and durable when it returns.
  ///
  /// Writes a whole new file aside and renames it; a file that is not a portable one is never replaced.
  @discardableResult
  package static func store(
    _ state: StateToStore, _ options: CommitOptions, at path: String, headers: any PayloadHeaderWriter,
    system: any FileSystem = RealFileSystem(), clock: @Sendable () -> Int64 = RunDirectory.Options().clock
  ) throws(StorageError) -> CheckpointInfo {
    if let name = options.name { try CheckpointName.check(name) }
    let old = try existing(path, system)
    var entries = try old.map { (old) throws(StorageError) in try old.entries() } ?? []
    let sequence = (entries.map(\.manifest.sequence).max() ?? 0) + 1
    if let name = options.name { entries.removeAll { $0.manifest.name.map(ExactName.init) == ExactName(name) } }
    entries.append(try entry(state, options, sequence: sequence, parent: old?.manifests.last?.id, clock: clock))
    try write(entries, to: path, headers, system)
    guard let manifest = entries.last?.manifest else { preconditionFailure("one entry was just added") }
    return manifest.info(names: [manifest.name].compactMap(\.self), tags: manifest.tags)
  }

  /// Copies checkpoints of a run directory into a portable file; all are verified before it appears.
  package static func pack(_ directory: RunDirectory, _ names: [String], to path: String) throws(StorageError) {
    let old = try existing(path, directory.system)
    var entries = try old.map { (old) throws(StorageError) in try old.entries() } ?? []
    for name in names {
      let sequence = try directory.resolve(name)
      var manifest = try directory.readManifest(sequence)
      let files = try directory.openFiles(of: manifest)
      let loaded = try LoadedCheckpoint(
        manifest, info: directory.info(sequence), files: files, home: nil, largeByteCount: directory.options.largeColumnByteCount)
      _ = try loaded.verify(on: BackgroundQueue()).wait()
      if CheckpointName.sequence(ofID: name) == nil, !CheckpointName.reserved.contains(name) { manifest.name = name }
      let source = OpenFiles(manifest: manifest, files: files)
      manifest.sequence = (entries.map(\.manifest.sequence).max() ?? 0) + 1
      manifest.parent = nil
      entries.removeAll { $0.manifest.name != nil && $0.manifest.name.map(ExactName.init) == manifest.name.map(ExactName.init) }
      entries.append(source.entry(manifest))
    }
    try write(entries, to: path, directory.headers, directory.system)
  }

  /// Commits every checkpoint of this file to a run directory, oldest first.
  package func unpack(into directory: RunDirectory) throws(StorageError) {
    for manifest in manifests {
      let loaded = try open(manifest)
      _ = try loaded.verify(on: BackgroundQueue()).wait()
      var state = StateToStore()
      for key in loaded.columnKeys {
        state.add(try loaded.column(key), as: key, loaded.metadata(key) ?? StoredMetadata())
      }
      for key in loaded.recordingKeys {
        guard let shape = loaded.shape(key) else { continue }
        let recording = Recording(shape.scalarType, rowLength: shape.rowLength)
        try recording.assign(loaded.recording(key))
        state.add(recording, as: key, loaded.metadata(key) ?? StoredMetadata(kind: .append))
      }
      state.sections = manifest.sections
      state.unknownSections = manifest.unknownSections
      var options = CommitOptions(name: manifest.name, kind: manifest.kind, summary: manifest.summary)
      (options.comment, options.tags) = (manifest.comment, manifest.tags)
      try directory.commit(state, options, copying: false).wait()
    }
  }

  private static func existing(_ path: String, _ system: any FileSystem) throws(StorageError) -> PortableFile? {
    let (parentPath, name) = splitPath(path)
    let parent = try system.openDirectory(path: parentPath)
    defer { try? system.close(parent) }
    guard try system.list(parent).contains(name) else { return nil }
    guard isPortable(path, system) else { throw .exists(path: path) }
    return try PortableFile(at: path, system: system)
  }

  /// What this file holds, to be written again elsewhere.
  private func entries() throws(StorageError) -> [PortableEntry] {
    var entries: [PortableEntry] = []
    for manifest in manifests {
      // Damage is not carried on.
      _ = try open(manifest).verify(on: BackgroundQueue()).wait()
      entries.append(OpenFiles(manifest: manifest, files: manifest.files.map { _ in file }).entry(manifest))
    }
    return entries
  }

  private struct OpenFiles {
    let manifest: Manifest
    let files: [OpenPayloadFile]

    func entry(_ target: Manifest) -> PortableEntry {
      PortableEntry(
        manifest: target, columns: manifest.columns.map { $0.extent.map(source) },
        recordings: manifest.recordings.map { recording in
          if recording.pieces.isEmpty { return nil }
          return .parts(recording.pieces.map(source))
        })
    }

    private func source(_ extent: Manifest.Extent) -> PayloadSource { .file(files[extent.file], offset: extent.offset, byteCount: extent.byteCount) }
  }

  private static func entry(
    _ state: StateToStore, _ options: CommitOptions, sequence: UInt64, parent: String?, clock: () -> Int64
  ) throws(StorageError) -> PortableEntry {
    var entry = PortableEntry(
      manifest: Manifest(
        sequence: sequence, runID: "", parent: parent, line: "main", name: options.name, kind: options.kind,
        createdNanoseconds: clock(), writtenByteCount: 0, comment: options.comment, tags: options.tags, summary: options.summary,
        files: [], columns: [], recordings: [], sections: state.sections, unknownSections: state.unknownSections),
      columns: [], recordings: [])
    for (key, stored) in state.columns.sorted(by: { $0.key < $1.key }) {
      let column = stored.column
      entry.manifest.columns.append(
        Manifest.ColumnEntry(
          key: key, metadata: stored.metadata, scalarType: column.scalarType, rows: column.rows, rowLength: column.rowLength,
          version: column.version, extent: nil))
      // The column is the caller's and lives until `store` returns.
      let source = column.byteCount > 0 ? PayloadSource.memory(UnsafeRawBufferPointer(start: column.base, count: column.byteCount)) : nil
      entry.columns.append(source)
    }
    for (key, stored) in state.recordings.sorted(by: { $0.key < $1.key }) {
      let contents = stored.recording.contents()
      entry.manifest.recordings.append(
        Manifest.RecordingEntry(
          key: key, metadata: stored.metadata, scalarType: contents.scalarType, rowLength: contents.rowLength, rows: contents.rows,
          pieces: []))
      entry.recordings.append(contents.rows * contents.rowByteCount > 0 ? .pieces(contents) : nil)
    }
    return entry
  }

  // MARK: The file

  /// Equal arrays of one variable are kept once, whatever number of checkpoints has them.
  private struct ArrayIdentity: Hashable {
    let key: StoredKey
    let shape: [Int]
    let type: ScalarType
    let metadata: StoredMetadata
    let hash: ContentHash
  }

  private static func write(
    _ entries: [PortableEntry], to path: String, _ headers: any PayloadHeaderWriter, _ system: any FileSystem
  ) throws(StorageError) {
    var entries = entries
    var datasets: [PayloadDataset] = []
    var sources: [PayloadSource] = []
    var known: [ArrayIdentity: Int] = [:]
    var places: [(entry: Int, isRecording: Bool, index: Int, dataset: Int)] = []

    func add(_ source: PayloadSource, _ identity: ArrayIdentity, _ group: [String]) -> Int {
      let path = group + [identity.key.owner, identity.key.variable]
      if let dataset = known[identity] {
        datasets[dataset].aliases.append(path)
        return dataset
      }
      known[identity] = datasets.count
      datasets.append(
        PayloadDataset(path: path, scalarType: identity.type, shape: identity.shape, attributes: identity.metadata.attributes(identity.key)))
      sources.append(source)
      return datasets.count - 1
    }

    for (number, entry) in entries.enumerated() {
      let name = entry.manifest.name ?? entry.manifest.id
      let prefix = entries.count == 1 ? [] : ["checkpoints", CheckpointName.fileName(for: name)]
      entries[number].manifest.files = [
        Manifest.FileEntry(kind: .own, name: "", byteCount: Int.max >> 1, hashedByteCount: 0, hash: ContentHash(of: []))
      ]
      for (index, source) in entry.columns.enumerated() {
        let column = entry.manifest.columns[index]
        guard let source else { continue }
        let hash = try source.hash()
        let identity = ArrayIdentity(
          key: column.key, shape: column.metadata.shape(rows: column.rows, rowLength: column.rowLength), type: column.scalarType,
          metadata: column.metadata, hash: hash)
        places.append((number, false, index, add(source, identity, prefix + ["objects"])))
        entries[number].manifest.columns[index].extent = Manifest.Extent(file: 0, offset: 0, byteCount: source.byteCount, hash: hash)
      }
      for (index, source) in entry.recordings.enumerated() {
        entries[number].manifest.recordings[index].pieces = []
        guard let source else { continue }
        let recording = entry.manifest.recordings[index]
        let hash = try source.hash()
        let identity = ArrayIdentity(
          key: recording.key, shape: recording.rowLength == 1 ? [recording.rows] : [recording.rows, recording.rowLength],
          type: recording.scalarType, metadata: recording.metadata, hash: hash)
        places.append((number, true, index, add(source, identity, prefix + ["recordings"])))
        entries[number].manifest.recordings[index].pieces = [Manifest.Extent(file: 0, offset: 0, byteCount: source.byteCount, hash: hash)]
      }
    }

    // Offsets have a fixed width: the index is as long with the real ones.
    let indexByteCount = PortableIndex.encoded(entries.map(\.manifest)).count
    datasets.append(
      PayloadDataset(
        path: ["engram_manifests"], scalarType: .bool, shape: [indexByteCount],
        attributes: [PayloadAttribute("long_name", .text("manifests; read by Engram instead of this file's structure"))]))
    var options = PayloadFileOptions()
    options.userBlockByteCount = PortableHeader.byteCount
    options.firstOffset = 2 * PortableHeader.byteCount
    if sources.contains(where: { $0.byteCount >= 1 << 20 }) { options.alignment = 4096 }
    options.attributes = [PayloadAttribute("format", .text("engram portable checkpoint"))]
    let layout = try headers.layout(datasets, options)
    let byteCount = (layout.byteCount + filePadding - 1) / filePadding * filePadding
    for place in places {
      let offset = layout.offsets[place.dataset]
      if place.isRecording {
        entries[place.entry].manifest.recordings[place.index].pieces[0].offset = offset
      } else {
        entries[place.entry].manifest.columns[place.index].extent?.offset = offset
      }
    }
    for number in entries.indices { entries[number].manifest.files[0].byteCount = byteCount }
    let index = PortableIndex.encoded(entries.map(\.manifest))
    precondition(index.count == indexByteCount, "offsets changed the length of the manifests")
    try publish(layout, byteCount, sources, index, to: path, system)
  }

  private static func publish(
    _ layout: PayloadLayout, _ byteCount: Int, _ sources: [PayloadSource], _ index: [UInt8], to path: String, _ system: any FileSystem
  ) throws(StorageError) {
    let (parentPath, name) = splitPath(path)
    let parent = try system.openDirectory(path: parentPath)
    defer { try? system.close(parent) }
    let free = system.freeByteCount(parent)
    guard free >= UInt64(byteCount) else { throw .noSpace(path: path, needed: UInt64(byteCount), available: free) }
    let aside = ".\(name).partial-\(hexadecimal(UInt64.random(in: .min ... .max)))"
    let descriptor = try system.open(aside, in: parent, .createNew)
    let file = OpenPayloadFile(system: system, descriptor: descriptor, path: path)
    do throws(StorageError) {
      try system.allocate(descriptor, offset: 0, byteCount: byteCount)
      for (offset, bytes) in layout.metadata { try system.write(descriptor, bytes, at: offset) }
      var covered = [0..<PortableHeader.byteCount]
      for (source, start) in zip(sources, layout.offsets) {
        var offset = start
        try source.forEachSlab { bytes throws(StorageError) in
          try system.write(descriptor, bytes, at: offset)
          offset += bytes.count
        }
        covered.append(start..<offset)
      }
      let indexOffset = layout.offsets[sources.count]
      try system.write(descriptor, index, at: indexOffset)
      covered.append(indexOffset..<indexOffset + index.count)
      let header = PortableHeader(
        fileByteCount: byteCount, indexOffset: indexOffset, indexByteCount: index.count, indexHash: ContentHash(of: index),
        frameHash: try frameHash(file, covered, byteCount))
      try system.write(descriptor, header.encoded, at: 0)
      try system.syncFile(descriptor)
      try system.rename(aside, in: parent, to: name, in: parent, replacing: true)
    } catch {
      try? system.remove(aside, in: parent)
      throw error
    }
    try system.syncDirectory(parent)
  }
}
