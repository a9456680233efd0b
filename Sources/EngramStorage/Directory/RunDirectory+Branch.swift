import EngramSystem
import Synchronization

extension RunDirectory {
  /// Begins a line of checkpoints inside this directory; costs one manifest (CKP-27).
  ///
  /// Its first checkpoint answers to the name of the line and refers to the same arrays. That they are there and long enough is
  /// seen to; their bytes are compared as ever, by who reads them: the run of the branch before it commits anything, and `verify`.
  @discardableResult
  package func branch(_ name: String, from source: String) throws(StorageError) -> CheckpointInfo {
    try requireCertainty()
    let origin = try resolve(source)
    try checkNewLine(name)
    try requireWriter()
    var manifest = try readManifest(origin)
    let known = manifest
    try refusingDamage(of: origin) { () throws(StorageError) in try known.checkSizes(of: openFiles(of: known)) }
    manifest.becomeBranch(name, of: origin, at: options.clock())
    manifest.sequence = takeSequence()
    try commit(manifest)
    return info(manifest.sequence)
  }

  /// Whether a line may have this name: nothing has it yet.
  package func checkNewLine(_ name: String) throws(StorageError) {
    try CheckpointName.check(name)
    let isTaken = state.withLock { state in
      state.catalogue.lines[ExactName(name)] != nil || state.catalogue.meaning(of: name, on: state.namingLine) != .unknown
    }
    guard !isTaken else { throw .exists(path: "\(path)@\(name)") }
  }

  /// Begins a run directory of its own, whose newest checkpoint is that one: for branches that run at the same time.
  ///
  /// Arrays are shared by hard links, whose bytes are compared by who reads them, as in the original; where that is impossible by
  /// shared blocks or copies, which are read and compared. Checkpoints with names that were made before, and `initial`, come along,
  /// since steps of the branch may go back to them; where links are impossible, or a file of theirs is missing or too short, they
  /// stay behind unless they are needed. The directory appears complete or not at all.
  ///
  /// - Parameter needed: names of checkpoints that come along or are refused, whatever it costs.
  /// - Returns: names of incomplete checkpoints that stay behind, and why.
  @discardableResult
  package func branch(
    toDirectory target: String, name: String, from source: String, needed: [String] = []
  ) throws(StorageError) -> [(name: String, problem: StorageError)] {
    let (building, left) = try makeBranch(toDirectory: target, name: name, from: source, needed: needed)
    do throws(StorageError) { try building.publish() } catch {
      building.abandon()
      throw error
    }
    return left
  }

  /// The same with more in it: it appears when that is done, too.
  ///
  /// - Parameter complete: opens what has been made, at the path that it is given, adds to it and closes it.
  package func branch(
    toDirectory target: String, name: String, from source: String, needed: [String], completing complete: (_ path: String) throws -> Void
  ) throws -> [(name: String, problem: StorageError)] {
    let (building, left) = try makeBranch(toDirectory: target, name: name, from: source, needed: needed)
    do {
      building.handOverLock()
      try complete(building.path)
      try building.publish()
    } catch {
      building.abandon()
      throw error
    }
    return left
  }

  private func makeBranch(
    toDirectory target: String, name: String, from source: String, needed: [String]
  ) throws(StorageError) -> (DirectoryInMaking, left: [(name: String, problem: StorageError)]) {
    try CheckpointName.check(name)
    if access == .write { settle() }
    let origin = try resolve(source)
    var manifest = try readManifest(origin)
    manifest.becomeBranch(name, of: origin, at: options.clock())
    var required: Set<UInt64> = []
    for name in needed { required.insert(try resolve(name)) }
    let history = try earlierCheckpoints(upTo: origin, without: name, required)
    let building = try DirectoryInMaking(target, system)
    do throws(StorageError) {
      return (building, try fill(building.root, manifest, origin, history))
    } catch {
      building.abandon()
      throw error
    }
  }

  private struct Ancestor {
    let sequence: UInt64
    let manifest: Manifest
    let isRequired: Bool
  }

  /// What a step behind `origin` may go back to: checkpoints with names and `initial`, oldest first, by the names they have now.
  private func earlierCheckpoints(upTo origin: UInt64, without name: String, _ required: Set<UInt64>) throws(StorageError) -> [Ancestor] {
    // Those of its own line, and of the ones that line descends from up to where it branched off.
    let (known, names) = state.withLock { state in
      let line = state.catalogue.heads[origin]?.line ?? Catalogue.mainLine
      let limits = Dictionary(state.catalogue.ancestry(of: line).map { ($0.line, min($0.limit, origin)) }) { first, _ in first }
      let known = state.catalogue.sequences.filter { sequence in
        guard state.isVisible(sequence), let head = state.catalogue.heads[sequence] else { return false }
        return required.contains(sequence) || limits[head.line].map { sequence <= $0 } == true
      }
      var names = state.catalogue.namesSeen(from: line, upTo: origin)
      for sequence in required where names[sequence] == nil { names[sequence] = state.catalogue.names(of: sequence).map { ExactName($0) } }
      return (known, names)
    }
    var found: [Ancestor] = []
    for sequence in known {
      let own = names[sequence]?.filter { $0 != ExactName(name) }.min()?.text
      let isRequired = required.contains(sequence)
      do throws(StorageError) {
        var manifest = try readManifest(sequence)
        guard isRequired || own != nil || manifest.kind == .initial else { continue }
        manifest.name = own
        found.append(Ancestor(sequence: sequence, manifest: manifest, isRequired: isRequired))
      } catch {
        // One that cannot be read must not keep an intact one from being branched.
        if isRequired { throw error }
      }
    }
    return found
  }

  private func fill(
    _ newRoot: Descriptor, _ branch: Manifest, _ origin: UInt64, _ history: [Ancestor]
  ) throws(StorageError) -> [(name: String, problem: StorageError)] {
    var directories: [String: Descriptor] = [:]
    defer { for directory in directories.values { try? system.close(directory) } }
    for name in RunDirectory.subdirectories {
      try system.makeDirectory(name, in: newRoot)
      directories[name] = try system.openDirectory(name, in: newRoot)
    }
    guard let newObjects = directories["objects"], let newSegments = directories["segments"],
      let newCheckpoints = directories["checkpoints"], let newTemporary = directories["tmp"]
    else { preconditionFailure("all four were just opened") }
    let certain = [branch] + history.filter(\.isRequired).map(\.manifest)
    var carrier = FileCarrier(self, objects: newObjects, segments: newSegments, certain)
    try refusingDamage(of: origin) { () throws(StorageError) in _ = try carrier.bring(branch, copying: true) }
    var carried: [Manifest] = []
    var left: [(name: String, problem: StorageError)] = []
    for ancestor in history {
      if ancestor.isRequired {
        try refusingDamage(of: ancestor.sequence) { () throws(StorageError) in _ = try carrier.bring(ancestor.manifest, copying: true) }
        carried.append(ancestor.manifest)
        continue
      }
      do throws(StorageError) {
        if try carrier.bring(ancestor.manifest, copying: false) { carried.append(ancestor.manifest) }
      } catch {
        switch error {
        case .damaged, .missingFile: left.append((ancestor.manifest.name ?? "initial", error))
        default: throw error
        }
      }
    }
    try system.syncDirectory(newObjects)
    try system.syncDirectory(newSegments)
    let format = FormatFile(runID: hexadecimal(options.random()) + hexadecimal(options.random()))
    let all = renumbered(carried, branch, runID: format.runID)
    try beginJournal(of: all, runID: format.runID, in: newRoot, by: newTemporary)
    for manifest in all {
      try EngramStorage.publish(manifest.encoded(), as: manifest.fileName, in: newCheckpoints, by: newTemporary, replacing: false, system)
    }
    try EngramStorage.publish(format.encoded, as: FormatFile.name, in: newRoot, by: newTemporary, replacing: false, system)
    return left
  }

  /// Sequence numbers from 1 on, the branch last; parents are the nearest of those that came along.
  private func renumbered(_ carried: [Manifest], _ branch: Manifest, runID: String) -> [Manifest] {
    let parents = state.withLock { $0.catalogue.heads.mapValues { $0.parent.map(CheckpointName.id) } }
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
      (manifest.sequence, manifest.runID, manifest.line) = (UInt64(place + 1), runID, Catalogue.mainLine.text)
      manifest.anchor = nil
      return manifest
    }
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
