import Glibc
import Synchronization

extension RunDirectory {
  /// Begins a line of checkpoints inside this directory; costs one manifest (CKP-27).
  ///
  /// Its first checkpoint answers to the name of the line and refers to the same arrays.
  @discardableResult
  package func branch(_ name: String, from source: String) throws(StorageError) -> CheckpointInfo {
    try CheckpointName.check(name)
    try requireWriter()
    let origin = try resolve(source)
    let isTaken = state.withLock { state in
      state.names[ExactName(name)] != nil || state.manifests.values.contains { $0.line.utf8.elementsEqual(name.utf8) }
    }
    guard !isTaken else { throw .exists(path: "\(path)@\(name)") }
    var manifest = try readManifest(origin)
    manifest.becomeBranch(name, of: origin, at: options.clock())
    manifest.sequence = state.withLock { state in
      defer { state.nextSequence += 1 }
      return state.nextSequence
    }
    try commitMetadata(manifest)
    return info(manifest.sequence)
  }

  /// Begins a run directory of its own, whose first checkpoint is that one: for branches that run at the same time.
  ///
  /// Arrays are shared by hard links, else by shared blocks, else copied. The directory appears complete or not at all.
  package func branch(toDirectory target: String, name: String, from source: String) throws(StorageError) {
    try CheckpointName.check(name)
    if access == .write { try requireWriter() }
    let origin = try resolve(source)
    var manifest = try readManifest(origin)
    let runID = hexadecimal(options.random()) + hexadecimal(options.random())
    manifest.becomeBranch(name, of: origin, at: options.clock())
    (manifest.sequence, manifest.runID, manifest.line) = (1, runID, "main")
    let (parentPath, targetName) = splitPath(target)
    let parent = try system.openDirectory(path: parentPath)
    defer { try? system.close(parent) }
    guard !(try system.list(parent).contains(targetName)) else { throw .exists(path: target) }
    let aside = ".\(targetName).partial"
    if try system.list(parent).contains(aside) { try removeLeftover(aside, in: parent) }
    try system.makeDirectory(aside, in: parent)
    do throws(StorageError) {
      let root = try system.openDirectory(aside, in: parent)
      defer { try? system.close(root) }
      let lock = try system.open("lock", in: root, .createNew)
      defer { try? system.close(lock) }
      guard try system.lock(lock) else { throw .locked(path: target, owner: "") }
      try fill(root, manifest, FormatFile(runID: runID))
      try system.rename(aside, in: parent, to: targetName, in: parent, replacing: false)
    } catch {
      try? removeLeftover(aside, in: parent)
      throw error
    }
    try system.syncDirectory(parent)
  }

  private func fill(_ newRoot: Descriptor, _ manifest: Manifest, _ format: FormatFile) throws(StorageError) {
    var directories: [String: Descriptor] = [:]
    defer { for directory in directories.values { try? system.close(directory) } }
    for name in RunDirectory.subdirectories {
      try system.makeDirectory(name, in: newRoot)
      directories[name] = try system.openDirectory(name, in: newRoot)
    }
    guard let newObjects = directories["objects"], let newSegments = directories["segments"],
      let newCheckpoints = directories["checkpoints"], let newTemporary = directories["tmp"]
    else { preconditionFailure("all four were just opened") }
    for entry in manifest.files {
      let (from, to) = entry.kind == .object ? (objects, newObjects) : (segments, newSegments)
      if try !system.link(entry.name, in: from, to: entry.name, in: to) { try copy(entry, from: from, to: to) }
    }
    try system.syncDirectory(newObjects)
    try system.syncDirectory(newSegments)
    try publish(manifest.encoded(), as: manifest.fileName, in: newCheckpoints, by: newTemporary, replacing: false, system)
    try publish(format.encoded, as: FormatFile.name, in: newRoot, by: newTemporary, replacing: false, system)
  }

  /// Where no link is possible. What does not agree with the manifest is not carried on.
  private func copy(_ entry: Manifest.FileEntry, from: Descriptor, to: Descriptor) throws(StorageError) {
    let label = "\(path)/\(entry.path)"
    let source = try system.open(entry.name, in: from, .read)
    defer { try? system.close(source) }
    let byteCount = try system.status(source).byteCount
    guard byteCount >= entry.byteCount else { throw .damaged(file: label, what: "the file was shortened", place: "byte \(byteCount)") }
    let target = try system.open(entry.name, in: to, .createNew)
    defer { try? system.close(target) }
    if try !system.clone(source, into: target) {
      try system.truncate(target, byteCount: byteCount)
      let hash = RunningHash()
      var offset = 0
      try readSlabs(of: source, system, 0..<entry.byteCount, path: label) { bytes throws(StorageError) in
        try system.write(target, bytes, at: offset)
        let hashed = max(0, min(bytes.count, entry.hashedByteCount - offset))
        hash.append(UnsafeRawBufferPointer(rebasing: bytes[..<hashed]))
        offset += bytes.count
      }
      guard hash.value == entry.hash else { throw .damaged(file: label, what: "its bytes have changed", place: "bytes 0..<\(entry.hashedByteCount)") }
    }
    try system.syncFile(target)
  }

  /// Removes what an interrupted branch left; not what somebody is still building.
  private func removeLeftover(_ name: String, in parent: Descriptor) throws(StorageError) {
    let root = try system.openDirectory(name, in: parent)
    defer { try? system.close(root) }
    if let lock = try system.openIfPresent("lock", in: root) {
      defer { try? system.close(lock) }
      guard try system.lock(lock) else { throw .locked(path: name, owner: "another branch") }
    }
    for entry in try system.list(root) {
      guard RunDirectory.subdirectories.contains(entry) else {
        try system.remove(entry, in: root)
        continue
      }
      let directory = try system.openDirectory(entry, in: root)
      defer { try? system.close(directory) }
      for file in try system.list(directory) { try system.remove(file, in: directory) }
      try system.removeDirectory(entry, in: root)
    }
    try system.removeDirectory(name, in: parent)
  }
}

extension Manifest {
  fileprivate mutating func becomeBranch(_ name: String, of origin: UInt64, at nanoseconds: Int64) {
    parent = CheckpointName.id(origin)
    line = name
    self.name = name
    kind = .branch
    createdNanoseconds = nanoseconds
    writtenByteCount = 0
    (comment, tags) = ("", [])
  }
}
