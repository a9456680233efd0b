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

  /// Begins a run directory of its own, whose newest checkpoint is that one: for branches that run at the same time.
  ///
  /// Arrays are shared by hard links, else by shared blocks, else copied. Checkpoints with names that were made before, and
  /// `initial`, come along, since steps of the branch may go back to them; where links are impossible they stay behind.
  /// The directory appears complete or not at all.
  package func branch(toDirectory target: String, name: String, from source: String) throws(StorageError) {
    try CheckpointName.check(name)
    if access == .write { try requireWriter() }
    let origin = try resolve(source)
    var manifest = try readManifest(origin)
    manifest.becomeBranch(name, of: origin, at: options.clock())
    let history = earlierCheckpoints(upTo: origin, without: name)
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
      try fill(root, manifest, history)
      try system.rename(aside, in: parent, to: targetName, in: parent, replacing: false)
    } catch {
      try? removeLeftover(aside, in: parent)
      throw error
    }
    try system.syncDirectory(parent)
  }

  /// What a step behind `origin` may go back to: checkpoints with names and `initial`, oldest first, by the names they have now.
  private func earlierCheckpoints(upTo origin: UInt64, without name: String) -> [Manifest] {
    let (known, names) = state.withLock { state in
      (state.manifests.keys.filter { $0 <= origin && state.isVisible($0) }.sorted(), state.names)
    }
    return known.compactMap { sequence in
      let own = names.filter { $0.value == sequence && $0.key != ExactName(name) }.keys.min()?.text
      // One that cannot be read must not keep an intact one from being branched.
      guard var manifest = try? readManifest(sequence), own != nil || manifest.kind == .initial else { return nil }
      manifest.name = own
      return manifest
    }
  }

  private func fill(_ newRoot: Descriptor, _ branch: Manifest, _ history: [Manifest]) throws(StorageError) {
    var directories: [String: Descriptor] = [:]
    defer { for directory in directories.values { try? system.close(directory) } }
    for name in RunDirectory.subdirectories {
      try system.makeDirectory(name, in: newRoot)
      directories[name] = try system.openDirectory(name, in: newRoot)
    }
    guard let newObjects = directories["objects"], let newSegments = directories["segments"],
      let newCheckpoints = directories["checkpoints"], let newTemporary = directories["tmp"]
    else { preconditionFailure("all four were just opened") }
    var present: Set<String> = []
    func bring(_ entry: Manifest.FileEntry, copying: Bool) throws(StorageError) -> Bool {
      guard !present.contains(entry.path) else { return true }
      let (from, to) = entry.kind == .object ? (objects, newObjects) : (segments, newSegments)
      if try !system.link(entry.name, in: from, to: entry.name, in: to) {
        guard copying else { return false }
        try copy(entry, from: from, to: to)
      }
      present.insert(entry.path)
      return true
    }
    for entry in branch.files { _ = try bring(entry, copying: true) }
    var carried: [Manifest] = []
    history: for manifest in history {
      for entry in manifest.files where try !bring(entry, copying: false) { continue history }
      carried.append(manifest)
    }
    try system.syncDirectory(newObjects)
    try system.syncDirectory(newSegments)
    let format = FormatFile(runID: hexadecimal(options.random()) + hexadecimal(options.random()))
    for manifest in renumbered(carried, branch, runID: format.runID) {
      try publish(manifest.encoded(), as: manifest.fileName, in: newCheckpoints, by: newTemporary, replacing: false, system)
    }
    try publish(format.encoded, as: FormatFile.name, in: newRoot, by: newTemporary, replacing: false, system)
  }

  /// Sequence numbers from 1 on, the branch last; parents are the nearest of those that came along.
  private func renumbered(_ carried: [Manifest], _ branch: Manifest, runID: String) -> [Manifest] {
    let parents = state.withLock { $0.manifests.mapValues(\.parent) }
    let places = Dictionary(uniqueKeysWithValues: zip(carried.map(\.sequence), 1...))
    func nearest(_ id: String?) -> String? {
      var next = id
      // Parents are older; whatever else a manifest says ends the search.
      var limit = UInt64.max
      while let id = next, let sequence = CheckpointName.sequence(ofID: id), sequence < limit {
        if let place = places[sequence] { return CheckpointName.id(UInt64(place)) }
        (limit, next) = (sequence, parents[sequence] ?? nil)
      }
      return nil
    }
    return (carried + [branch]).enumerated().map { place, original in
      var manifest = original
      manifest.parent = nearest(original.parent)
      (manifest.sequence, manifest.runID, manifest.line) = (UInt64(place + 1), runID, "main")
      return manifest
    }
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
