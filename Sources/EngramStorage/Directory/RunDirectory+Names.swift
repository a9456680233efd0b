import EngramScalars
import Synchronization

extension RunDirectory.State {
  /// What every name means now.
  var names: [ExactName: UInt64] {
    var names = table.names
    for (sequence, manifest) in manifests.sorted(by: { $0.key < $1.key }) where sequence > table.upToSequence {
      if let name = manifest.name { names[ExactName(name)] = sequence }
    }
    return names.filter { isVisible($0.value) }
  }

  func isVisible(_ sequence: UInt64) -> Bool { manifests[sequence] != nil && !table.removed.contains(sequence) }

  func tags(of sequence: UInt64) -> [String] { table.tags[sequence] ?? manifests[sequence]?.tags ?? [] }

  /// Newest visible checkpoint of a line.
  func newest(of line: String) -> UInt64? {
    manifests.filter { $0.value.line == line && isVisible($0.key) }.keys.max()
  }
}

extension RunDirectory {
  /// All checkpoints, oldest first, without loading data (CKP-17).
  package func list() throws(StorageError) -> [CheckpointInfo] {
    if access == .read { try refresh() }
    if let problem = state.withLock({ $0.tableProblem }) { throw problem }
    return state.withLock { state in state.manifests.keys.filter { state.isVisible($0) }.sorted().map { state.info($0) } }
  }

  /// Manifests that cannot be read, by id, and why.
  package var damagedCheckpoints: [String: StorageError] {
    state.withLock { Dictionary(uniqueKeysWithValues: $0.damaged.map { (CheckpointName.id($0.key), $0.value) }) }
  }

  package func info(_ name: String) throws(StorageError) -> CheckpointInfo { info(try resolve(name)) }

  func info(_ sequence: UInt64) -> CheckpointInfo { state.withLock { $0.info(sequence) } }

  /// The checkpoint a name means: given at `store`, changed later, an id, `latest` (of the current line), `initial` or `live`.
  func resolve(_ name: String) throws(StorageError) -> UInt64 {
    if access == .read { try refresh() }
    let found: Result<UInt64, StorageError> = state.withLock { state in
      // An id says exactly which one; nothing that is damaged can change its meaning, except that it was removed.
      if let sequence = CheckpointName.sequence(ofID: name) {
        if let problem = state.damaged[sequence] { return .failure(problem) }
        if state.isVisible(sequence) { return .success(sequence) }
        return .failure(unknown(name, state))
      }
      if let problem = state.tableProblem { return .failure(problem) }
      let sequence: UInt64? =
        switch name {
        case "latest": state.newest(of: state.line)
        // The newest state there is: what `live.h5` shows.
        case "live": state.manifests.keys.filter { state.isVisible($0) }.max()
        case "initial": state.manifests.filter { $0.value.kind == .initial && state.isVisible($0.key) }.keys.max()
        default: state.names[ExactName(name)]
        }
      // A newer checkpoint that cannot be read may have carried this name: saying nothing would be guessing.
      if let (newer, problem) = state.damaged.first(where: { $0.key > max(sequence ?? 0, name == "latest" || name == "live" ? 0 : state.table.upToSequence) }),
        !state.table.removed.contains(newer)
      {
        return .failure(problem)
      }
      guard let sequence else { return .failure(unknown(name, state)) }
      return .success(sequence)
    }
    return try found.get()
  }

  private func unknown(_ name: String, _ state: State) -> StorageError {
    let known = state.names.keys.map(\.text) + state.manifests.keys.filter { state.isVisible($0) }.map(CheckpointName.id)
    return .unknownCheckpoint(name: name, path: path, nearest: nearest(name, in: known))
  }

  /// Gives a checkpoint another name; a name that it had keeps no meaning.
  package func rename(_ name: String, to newName: String) throws(StorageError) {
    try CheckpointName.check(newName)
    try requireWriter()
    let sequence = try resolve(name)
    if state.withLock({ $0.names[ExactName(newName)] }) != nil { throw .exists(path: "\(path)@\(newName)") }
    try publishTable { table in
      table.names = table.names.filter { $0.value != sequence || !$0.key.text.utf8.elementsEqual(name.utf8) }
      table.names[ExactName(newName)] = sequence
    }
  }

  /// Sets the tags of a checkpoint. Tagged checkpoints are kept.
  package func tag(_ name: String, _ tags: [String]) throws(StorageError) {
    for tag in tags { try CheckpointName.check(tag) }
    try requireWriter()
    let sequence = try resolve(name)
    try publishTable { $0.tags[sequence] = tags }
  }

  /// Removes a checkpoint. The space comes back with the next collection.
  package func remove(_ name: String) throws(StorageError) {
    try requireWriter()
    let sequence: UInt64
    if let id = CheckpointName.sequence(ofID: name), state.withLock({ $0.damaged[id] }) != nil { sequence = id } else { sequence = try resolve(name) }
    try publishTable { table in
      table.names = table.names.filter { $0.value != sequence }
      table.tags[sequence] = nil
      table.removed.insert(sequence)
    }
    if state.withLock({ $0.damaged.removeValue(forKey: sequence) }) != nil {
      // Nobody can say what it refers to; it goes at once, or collection would never dare anything.
      try system.remove(CheckpointName.id(sequence) + ".manifest", in: checkpoints)
      try system.syncDirectory(checkpoints)
    }
    state.withLock { if $0.current == sequence { $0.current = nil } }
  }

  /// Publishes the table of names, speaking up to now, after a change.
  func publishTable(_ change: (inout NamesTable) -> Void) throws(StorageError) {
    let old = state.withLock { $0.tableProblem }
    if let old { throw old }
    var table = state.withLock { state in
      var table = state.table
      table.names = state.names
      table.upToSequence = state.nextSequence - 1
      table.tags = table.tags.filter { state.isVisible($0.key) }
      table.removed = table.removed.filter { state.manifests[$0] != nil || state.damaged[$0] != nil }
      return table
    }
    change(&table)
    try publish(table.encoded(), as: "names", in: root, by: temporary, replacing: true, system)
    let published = table
    state.withLock { $0.table = published }
  }

  /// Reads again what a writer elsewhere has committed.
  package func refresh() throws(StorageError) { try readManifests() }
}

extension RunDirectory.State {
  func info(_ sequence: UInt64) -> CheckpointInfo {
    guard let manifest = manifests[sequence] else { preconditionFailure("checkpoint \(sequence) was just looked up") }
    return manifest.info(names: names.filter { $0.value == sequence }.keys.sorted().map(\.text), tags: tags(of: sequence))
  }
}

extension Manifest {
  func info(names: [String], tags: [String]) -> CheckpointInfo {
    CheckpointInfo(
      id: id, sequence: sequence, names: names, tags: tags, kind: kind, parent: parent, line: line, runID: runID,
      createdNanoseconds: createdNanoseconds, logicalByteCount: UInt64(logicalByteCount), writtenByteCount: UInt64(writtenByteCount),
      comment: comment, summary: summary)
  }
}
