import EngramScalars
import EngramSystem

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

  static func existing(_ path: String, _ system: any FileSystem) throws(StorageError) -> PortableFile? {
    let (parentPath, name) = splitPath(path)
    let parent = try system.openDirectory(path: parentPath)
    defer { try? system.close(parent) }
    guard try system.list(parent).contains(name) else { return nil }
    guard isPortable(path, system) else { throw .exists(path: path) }
    return try PortableFile(at: path, system: system)
  }

  /// What this file holds, to be written again elsewhere. It is compared when it is read: damage is not carried on.
  func entries() throws(StorageError) -> [PortableEntry] { manifests.map { PortableEntry($0, of: $0, in: $0.files.map { _ in file }) } }

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
      entry.columns.append(try source(of: column))
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

  /// The column is the caller's; it lives, and is left alone, until `store` returns.
  private static func source(of column: Column) throws(StorageError) -> PayloadSource? {
    guard column.byteCount > 0 else { return nil }
    let bytes = UnsafeRawBufferPointer(start: column.base, count: column.byteCount)
    guard let pages = try column.unsettled?.copied(byteCount: column.byteCount) else { return .memory(bytes) }
    try pages.checkSources()
    return .mapped(bytes, pages)
  }
}

extension PortableEntry {
  /// A checkpoint that lies in files: every byte is compared as it is read.
  ///
  /// - Parameters:
  ///   - target: its description in the new file.
  ///   - manifest: where its arrays are now, in `files`.
  init(_ target: Manifest, of manifest: Manifest, in files: [OpenPayloadFile]) {
    self.manifest = target
    columns = manifest.columns.map { column in
      column.repeated.map(PayloadSource.repeated)
        ?? column.extent.map { .extent(StoredExtent(files[$0.file], $0, column.key, column.scalarType, isMappable: false)) }
    }
    recordings = manifest.recordings.map { recording in
      if recording.pieces.isEmpty { return nil }
      return .parts(recording.pieces.map { .extent(StoredExtent(files[$0.file], $0, recording.key, recording.scalarType, isMappable: false)) })
    }
  }
}
