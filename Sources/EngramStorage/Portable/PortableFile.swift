import EngramScalars
import EngramSystem

/// One HDF5 file that holds one or several checkpoints with everything they need (CKP-45).
///
/// Read through the first block, the manifests and the places they give; the HDF5 structure is for others.
package final class PortableFile {
  package let path: String
  let file: OpenPayloadFile
  let header: PortableHeader
  let manifests: [Manifest]

  package init(at path: String, system: any FileSystem = RealFileSystem()) throws(StorageError) {
    self.path = path
    let (parentPath, name) = splitPath(path)
    let parent = try system.openDirectory(path: parentPath)
    defer { try? system.close(parent) }
    guard let descriptor = try system.openIfPresent(name, in: parent) else { throw .missingFile(file: path, neededBy: "this command") }
    file = OpenPayloadFile(system: system, descriptor: descriptor, path: path)
    let byteCount = try system.status(descriptor).byteCount
    guard byteCount >= PortableHeader.byteCount else { throw .damaged(file: path, what: "not a portable file of Engram", place: "byte 0") }
    header = try PortableHeader(
      decoding: try system.bytes(of: descriptor, 0..<PortableHeader.byteCount, path: path), fileByteCount: byteCount, path: path)
    let index = try system.bytes(
      of: descriptor, header.indexOffset..<header.indexOffset + header.indexByteCount, path: path)
    guard ContentHash(of: index) == header.indexHash else {
      throw .damaged(file: path, what: "the manifests have changed", place: "bytes \(header.indexOffset)..<\(header.indexOffset + index.count)")
    }
    manifests = try PortableIndex.decoded(index, fileByteCount: byteCount, path: path)
  }

  /// Whether a file at this path says that it is one of ours.
  static func isPortable(_ path: String, _ system: any FileSystem) -> Bool {
    let (parentPath, name) = splitPath(path)
    guard let parent = try? system.openDirectory(path: parentPath) else { return false }
    defer { try? system.close(parent) }
    guard let file = try? system.open(name, in: parent, .read) else { return false }
    defer { try? system.close(file) }
    return (try? system.bytes(of: file, 0..<8, path: path)) == PortableHeader.magic
  }

  package func list() -> [CheckpointInfo] { manifests.map { $0.info(names: [$0.name].compactMap(\.self), tags: $0.tags) } }

  /// Opens a checkpoint to go on from: everything is verified in the background.
  package func load(_ name: String) throws(StorageError) -> LoadedCheckpoint {
    let loaded = try look(at: name)
    loaded.verification.begin(on: BackgroundQueue())
    return loaded
  }

  /// Opens a checkpoint to read from it: what is read is compared as it is read, the rest when `waitForVerification` is asked.
  package func look(at name: String) throws(StorageError) -> LoadedCheckpoint { try open(try manifest(name)) }

  func manifest(_ name: String) throws(StorageError) -> Manifest {
    let found = manifests.last { manifest in
      name == "latest" || (manifest.name ?? manifest.id).utf8.elementsEqual(name.utf8) || manifest.id == name
    }
    guard let found else {
      throw .unknownCheckpoint(name: name, path: path, nearest: nearest(name, in: manifests.map { $0.name ?? $0.id }))
    }
    return found
  }

  func open(_ manifest: Manifest) throws(StorageError) -> LoadedCheckpoint {
    try LoadedCheckpoint(
      manifest, info: manifest.info(names: [manifest.name].compactMap(\.self), tags: manifest.tags),
      files: manifest.files.map { _ in file }, home: nil, largeByteCount: 1 << 20)
  }

  /// Reads everything and compares.
  package func verify() -> VerificationReport {
    var report = VerificationReport()
    report.fileCount = 1
    report.byteCount = UInt64(header.fileByteCount)
    var claims = FileClaims(
      entry: Manifest.FileEntry(kind: .own, name: "", byteCount: header.fileByteCount, hashedByteCount: 0, hash: ContentHash(of: [])))
    var covered: [Range<Int>] = [0..<PortableHeader.byteCount, header.indexOffset..<header.indexOffset + header.indexByteCount]
    for manifest in manifests {
      report.checkpointCount += 1
      for column in manifest.columns {
        if let extent = column.extent { claims.add(column.key, extent, manifest.id) }
      }
      for recording in manifest.recordings {
        for piece in recording.pieces { claims.add(recording.key, piece, manifest.id) }
      }
    }
    covered += claims.claims.keys.map { $0.extent.offset..<$0.extent.offset + $0.extent.byteCount }
    claims.check(file, &report)
    report.byteCount = UInt64(header.fileByteCount)
    do throws(StorageError) {
      guard try PortableFile.frameHash(file, covered, header.fileByteCount) == header.frameHash else {
        throw .damaged(file: path, what: "bytes around the arrays have changed; Engram does not read them", place: "outside every array")
      }
    } catch { report.report(error, checkpoints: []) }
    return report
  }

  /// Hash of the bytes that no range covers, in order.
  static func frameHash(_ file: OpenPayloadFile, _ covered: [Range<Int>], _ byteCount: Int) throws(StorageError) -> ContentHash {
    let hash = RunningHash()
    var position = 0
    for range in covered.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) + [byteCount..<byteCount] {
      if range.lowerBound > position {
        try file.forEachSlab(position..<range.lowerBound) { bytes throws(StorageError) in hash.append(bytes) }
      }
      position = max(position, range.upperBound)
    }
    return hash.value
  }
}
