import Synchronization

extension RunDirectory {
  /// Removes checkpoints that the retention rule does not keep, and every file that no checkpoint refers to.
  ///
  /// Dares nothing while a manifest cannot be read, since it may refer to anything.
  /// - Returns: bytes given back.
  @discardableResult
  package func collectGarbage(_ policy: RetentionPolicy? = nil) throws(StorageError) -> Int64 {
    try requireWriter()
    if let problem = state.withLock({ $0.tableProblem }) { throw problem }
    return try collect(policy ?? retention)
  }

  /// The order matters: first the manifests and proof that they are gone, then what only they referred to.
  func collect(_ policy: RetentionPolicy) throws(StorageError) -> Int64 {
    if let problem = state.withLock({ $0.tableProblem ?? $0.damaged.values.first }) { throw problem }
    let doomed = state.withLock { $0.doomed(policy) }
    let alive = state.withLock { state in Set(state.manifests.keys).subtracting(doomed) }
    let views = state.withLock { state in
      Set(alive.flatMap { sequence in
        ([CheckpointName.id(sequence)] + state.names.filter { $0.value == sequence }.keys.map { CheckpointName.fileName(for: $0.text) })
          .map { $0 + ".h5" }
      })
    }
    try removeStaleLive()
    var removedManifests = false
    for name in try system.list(checkpoints) {
      let isSuperfluous: Bool
      if name.hasSuffix(".manifest") {
        // One that is not known was left by a commit that failed, and was reported as failed.
        isSuperfluous = CheckpointName.sequence(ofID: String(name.dropLast(".manifest".count))).map { !alive.contains($0) } ?? false
      } else {
        isSuperfluous = name.hasSuffix(".h5") && !views.contains(name)
      }
      guard isSuperfluous else { continue }
      try system.remove(name, in: checkpoints)
      removedManifests = removedManifests || name.hasSuffix(".manifest")
    }
    let usedObjects = state.withLock { state in
      Set(alive.flatMap { state.manifests[$0]!.files.filter { $0.kind == .object }.map(\.name) })
    }
    let usedSegments = state.withLock { state in
      Set(alive.flatMap { state.manifests[$0]!.files.filter { $0.kind == .segment }.map(\.name) })
        .union(state.segments.compactMap { $0.file?.name })
    }
    let superfluous =
      try system.list(objects).filter { !usedObjects.contains($0) }.map { (objects, $0) }
      + (try system.list(segments).filter { !usedSegments.contains($0) }.map { (segments, $0) })
    guard removedManifests || !superfluous.isEmpty else { return 0 }
    try system.syncDirectory(checkpoints)
    state.withLock { state in
      state.manifests = state.manifests.filter { alive.contains($0.key) }
      state.index()
    }
    var freed: Int64 = 0
    for (directory, name) in superfluous {
      if let file = try? system.open(name, in: directory, .read) {
        freed += Int64((try? system.status(file).byteCount) ?? 0)
        try? system.close(file)
      }
      try system.remove(name, in: directory)
    }
    return freed
  }
}

extension RunDirectory.State {
  /// Checkpoints that nothing keeps: not a name, a tag, being the newest of a line, being where the run stands, being shown live, or the rule.
  func doomed(_ policy: RetentionPolicy) -> Set<UInt64> {
    var kept = Set(names.values)
    if let current { kept.insert(current) }
    if let live { kept.insert(live) }
    for sequence in manifests.keys where !tags(of: sequence).isEmpty { kept.insert(sequence) }
    for line in Set(manifests.values.map(\.line)) {
      if let newest = newest(of: line) { kept.insert(newest) }
      let automatic = manifests.filter { $0.value.line == line && $0.value.name == nil && isVisible($0.key) && $0.value.kind != .initial }
      kept.formUnion(automatic.keys.sorted(by: >).prefix(policy.automatic))
      kept.formUnion(firstOfEachPeriod(automatic, policy))
    }
    if let initial = manifests.filter({ $0.value.kind == .initial && isVisible($0.key) }).keys.max() { kept.insert(initial) }
    if policy.replaced { kept.formUnion(manifests.filter { $0.value.name != nil }.keys) }
    return Set(manifests.keys.filter { !kept.contains($0) || !isVisible($0) })
  }

  /// The oldest of every period: whatever comes later, it stays the oldest, so that collecting often and seldom keep the same.
  private func firstOfEachPeriod(_ automatic: [UInt64: Manifest], _ policy: RetentionPolicy) -> Set<UInt64> {
    func first(_ period: (Manifest) -> Double?) -> Set<UInt64> {
      var found: [Double: UInt64] = [:]
      for (sequence, manifest) in automatic.sorted(by: { $0.key < $1.key }) {
        guard let number = period(manifest), found[number] == nil else { continue }
        found[number] = sequence
      }
      return Set(found.values)
    }
    var kept: Set<UInt64> = []
    if let seconds = policy.perSimulatedSeconds {
      // A sum of steps may end a rounding before the boundary that it means.
      kept.formUnion(first { manifest in manifest.summary["time"].flatMap { Double($0) }.map { ($0 / seconds * (1 + 1e-12)).rounded(.down) } })
    }
    if let wall = policy.perWall {
      let nanoseconds = Double(wall.components.seconds) * 1e9 + Double(wall.components.attoseconds) * 1e-9
      kept.formUnion(first { (Double($0.createdNanoseconds) / nanoseconds).rounded(.down) })
    }
    return kept
  }
}
