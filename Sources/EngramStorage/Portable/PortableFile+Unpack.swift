import EngramScalars

extension PortableFile {
  /// Makes a run directory with every checkpoint of this file, oldest first. It is there with all of them or not at all.
  ///
  /// - Returns: false: the directory holds all of them already, and was left as it is.
  /// - Throws: `exists` where there is something else under that name.
  @discardableResult
  package func unpack(
    to path: String, headers: any PayloadHeaderWriter, options: RunDirectory.Options = RunDirectory.Options()
  ) throws(StorageError) -> Bool {
    let system = file.system
    if let present = try? RunDirectory(at: path, access: .read, creating: false, headers: headers, system: system, options: options),
      try holds(present)
    {
      return false
    }
    let making = try DirectoryInMaking(path, system, replacingEmpty: true)
    do throws(StorageError) {
      making.handOverLock()
      var options = options
      options.formatName = "FORMAT.partial"
      let directory = try RunDirectory(at: making.path, headers: headers, system: system, options: options)
      // Closed before it gets its name: nothing is written there any more.
      do throws(StorageError) { try unpack(into: directory) } catch {
        directory.close()
        throw error
      }
      directory.close()
      try system.rename(options.formatName, in: making.root, to: FormatFile.name, in: making.root, replacing: false)
      try system.syncDirectory(making.root)
      try making.publish()
    } catch {
      making.abandon()
      throw error
    }
    return true
  }

  /// Commits every checkpoint of this file to a run directory, oldest first. Every byte is compared as it is copied.
  func unpack(into directory: RunDirectory) throws(StorageError) {
    for manifest in manifests {
      let loaded = try open(manifest)
      var state = StateToStore()
      for key in loaded.columnKeys {
        state.add(try loaded.mappedColumn(key), as: key, loaded.metadata(key) ?? StoredMetadata())
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

  /// Whether every checkpoint of this file is there, with its name.
  private func holds(_ directory: RunDirectory) throws(StorageError) -> Bool {
    var there: Set<ContentHash> = []
    for info in try directory.list() {
      var manifest = try directory.readManifest(info.sequence)
      for name in info.names.map(Optional.some) + (info.names.isEmpty ? [nil] : []) {
        manifest.name = name
        there.insert(manifest.contentIdentity)
      }
    }
    return manifests.allSatisfy { there.contains($0.contentIdentity) }
  }
}

extension Manifest {
  /// Equal for checkpoints with the same name and the same state, whoever stored them, and where.
  fileprivate var contentIdentity: ContentHash {
    var plain = self
    (plain.runID, plain.line, plain.createdNanoseconds, plain.writtenByteCount, plain.tags) = ("", "", 0, 0, [])
    for place in plain.columns.indices { plain.columns[place].version = 0 }
    var writer = ByteWriter()
    writer.append(plain.identity)
    writer.append(raw: Array((name ?? "").utf8))
    return ContentHash(of: writer.bytes)
  }
}
