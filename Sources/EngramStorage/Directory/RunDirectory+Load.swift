import Synchronization

extension RunDirectory {
  /// Opens a checkpoint: by name, id, `latest` or `initial`. With write access the line of the checkpoint is continued
  /// from there, and the next commit waits until its payloads have been verified.
  package func load(_ name: String) throws(StorageError) -> LoadedCheckpoint {
    if access == .write { try requireWriter() }
    let sequence = try resolve(name)
    let manifest = try readManifest(sequence)
    let loaded = try LoadedCheckpoint(
      manifest, info: info(sequence), files: try openFiles(of: manifest), home: access == .write ? self : nil,
      largeByteCount: options.largeColumnByteCount)
    let verification = loaded.verify(on: verifier)
    if access == .write {
      state.withLock { state in
        state.current = sequence
        state.line = manifest.line
        state.verifications = [verification]
      }
    }
    return loaded
  }

  /// Opens a checkpoint to read from it, without continuing its line.
  ///
  /// - Parameter verifying: whether `waitForVerification` is going to be asked; otherwise nothing is verified that is not read.
  package func look(at name: String, verifying: Bool = false) throws(StorageError) -> LoadedCheckpoint {
    let sequence = try resolve(name)
    let manifest = try readManifest(sequence)
    let loaded = try LoadedCheckpoint(
      manifest, info: info(sequence), files: try openFiles(of: manifest), home: nil, largeByteCount: options.largeColumnByteCount)
    if verifying { _ = loaded.verify(on: verifier) }
    return loaded
  }

  func openFiles(of manifest: Manifest) throws(StorageError) -> [OpenPayloadFile] {
    var files: [OpenPayloadFile] = []
    for entry in manifest.files {
      let label = "\(path)/\(entry.path)"
      let directory: Descriptor
      switch entry.kind {
      case .object: directory = objects
      case .segment: directory = segments
      case .own: throw .damaged(file: "\(path)/checkpoints/\(manifest.fileName)", what: "it refers to itself", place: "its files")
      }
      guard let descriptor = try system.openIfPresent(entry.name, in: directory) else {
        throw .missingFile(file: label, neededBy: "checkpoint \(manifest.id)")
      }
      files.append(OpenPayloadFile(system: system, descriptor: descriptor, path: label))
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
