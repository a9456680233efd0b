import Glibc
import Synchronization

extension RunDirectory {
  /// Opens a checkpoint: by name, id, `latest` or `initial`. With write access the line of the checkpoint is continued
  /// from there, and the next commit waits until its payloads have been verified.
  package func load(_ name: String) throws(StorageError) -> LoadedCheckpoint {
    if access == .write { try requireWriter() }
    let (sequence, manifest, files) = try open(name)
    let loaded = try LoadedCheckpoint(
      manifest, info: info(sequence), files: files, home: access == .write ? self : nil, largeByteCount: options.largeColumnByteCount)
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
    let (sequence, manifest, files) = try open(name)
    let loaded = try LoadedCheckpoint(
      manifest, info: info(sequence), files: files, home: nil, largeByteCount: options.largeColumnByteCount)
    if verifying { _ = loaded.verify(on: verifier) }
    return loaded
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
