import EngramSystem
import Synchronization

extension RunDirectory {
  /// Opens a checkpoint: by name, id, `latest` or `initial`. With write access the line of the checkpoint is continued
  /// from there, and the next commit waits until its payloads have been verified.
  package func load(_ name: String) throws(StorageError) -> LoadedCheckpoint {
    if access == .write {
      guard !state.withLock({ $0.isClosed }) else { throw .readOnly(path: path) }
      settle()
    }
    let (sequence, manifest, files) = try open(name)
    let loaded = try LoadedCheckpoint(
      manifest, info: info(sequence), files: files, home: access == .write ? self : nil, largeByteCount: options.largeColumnByteCount)
    loaded.verification.begin(on: verifier)
    if access == .write {
      mendHeaders(manifest, files)
      state.withLock { state in
        if let former = state.current { _ = state.candidates?.insert(former) }
        state.current = sequence
        if !state.staysOnLine || state.ownLine == nil { state.ownLine = ExactName(manifest.line) }
        state.contents.restore(
          manifest.columns.compactMap { column in
            guard let extent = column.extent, manifest.files[extent.file].kind == .object else { return nil }
            return Place(version: 0, file: manifest.files[extent.file], offset: extent.offset, byteCount: extent.byteCount, hash: extent.hash)
          })
        for file in manifest.files where file.kind == .object { state.objects.insert(file.name) }
        state.verifications = [loaded.verification]
      }
      loaded.verification.whenSound { [weak self] in self?.state.withLock { $0.noteProven(manifest) } }
    }
    return loaded
  }

  /// Opens a checkpoint to read from it, without continuing its line. What is read is compared as it is read; the rest when
  /// `waitForVerification` is asked.
  package func look(at name: String) throws(StorageError) -> LoadedCheckpoint {
    let (sequence, manifest, files) = try open(name)
    return try LoadedCheckpoint(
      manifest, info: info(sequence), files: files, home: nil, largeByteCount: options.largeColumnByteCount)
  }

  /// Finds a checkpoint and opens what it refers to. A writer elsewhere may collect it in between: then the name is looked
  /// up again, and means a newer one or nothing. Once open, nothing takes the files away.
  private func open(_ name: String) throws(StorageError) -> (UInt64, Manifest, [OpenPayloadFile]) {
    var attempt = 1
    while true {
      let sequence = try resolve(name)
      do throws(StorageError) {
        let manifest = try readManifest(sequence)
        return (sequence, manifest, try openFiles(of: manifest))
      } catch {
        switch error {
        case .missingFile, .system(_, _, ENOENT):
          guard access == .read, attempt < 5, !isThere(sequence) else { throw error }
          attempt += 1
        default: throw error
        }
      }
    }
  }

  /// Whether the manifest is still there; a file that it misses then is damage.
  private func isThere(_ sequence: UInt64) -> Bool {
    (try? system.list(checkpoints))?.contains(CheckpointName.id(sequence) + ".manifest") ?? true
  }

  func openFiles(of manifest: Manifest) throws(StorageError) -> [OpenPayloadFile] {
    var files: [OpenPayloadFile] = []
    for entry in manifest.files {
      let label = "\(path)/\(entry.path)"
      let directory: DirectoryHandle
      switch entry.kind {
      case .object: directory = objectFiles
      case .segment: directory = segmentFiles
      case .own: throw .damaged(file: "\(path)/checkpoints/\(manifest.fileName)", what: "it refers to itself", place: "its files")
      }
      guard let file = try OpenPayloadFile(entry.name, in: directory, path: label) else {
        throw .missingFile(file: label, neededBy: "checkpoint \(manifest.id)")
      }
      files.append(file)
    }
    return files
  }

  /// The column now has exactly these stored bytes: until it is touched, a checkpoint refers to them.
  func remember(_ column: Column, _ file: Manifest.FileEntry, _ extent: Manifest.Extent) {
    let place = Place(
      version: column.version, file: file, offset: extent.offset, byteCount: extent.byteCount, hash: extent.hash)
    state.withLock { $0.places[column.identity] = place }
  }
}
