import EngramScalars
package import EngramSimulation
package import EngramStorage
import EngramUnits

extension Network {
  /// Everything a checkpoint holds, as it is now: at a step boundary.
  package func gatherState() throws -> StateToStore {
    collectAssignments()
    // In a run each process has its own part only.
    if currentRun != nil { distribution?.refreshAll() }
    let objects = allObjects
    try checkNames(objects)
    try checkOwners(objects)
    for object in objects { try object.prepareForStore() }
    var state = StateToStore()
    for clock in distinctClocks(of: objects) { try state.add(variablesOf: clock) }
    var custom = ByteWriter()
    for object in objects {
      try state.add(arraysOf: object)
      if let bytes = try object.customState() {
        custom.append(object.name, countedBy: UInt64.self)
        custom.append(block: bytes, countedBy: UInt64.self)
      }
    }
    try addFunctions(to: &state)
    state.sections["network"] = record(objects).value.encoded
    state.sections["model"] = descriptions(of: objects).encoded
    state.sections["custom"] = custom.bytes
    state.sections["provenance"] = Provenance.section(seed: random.seed)
    for (name, bytes) in extraSections { state.sections[name] = bytes }
    for (key, column) in extraColumns {
      state.add(column, as: key, StoredMetadata(kind: .sealed, flags: [.readOnly, .constant, .internal, .scratch]))
    }
    return state
  }

  /// Bytes of the arrays that steps may write, and have been announced to. What comes together from several processes is no copy's concern.
  func changingByteCount(of objects: [BrianObject], in directory: RunDirectory) -> Int {
    objects.reduce(0) { sum, object in
      guard let owner = object as? any VariableOwner else { return sum }
      return owner.variables.owned(by: owner).reduce(sum) { sum, entry in
        guard let array = entry.1.array, array.storedMetadata.kind == .hot, array.ownElements == nil else { return sum }
        return sum + (directory.isStored(array.column) ? 0 : array.column.byteCount)
      }
    }
  }

  /// The objects as values.
  package func descriptions(of objects: [BrianObject]) -> [ObjectDescription] { objects.map(\.described) }

  private func record(_ objects: [BrianObject]) -> NetworkRecord {
    var owners: [ObjectIdentifier: String] = [:]
    for object in objects { for part in object.containedObjects { owners[ObjectIdentifier(part)] = object.name } }
    return NetworkRecord(
      name: name, time: time,
      clocks: distinctClocks(of: objects).map {
        NetworkRecord.ClockRecord(name: $0.name, kind: String(describing: type(of: $0)), positionedStep: ($0 as? Clock)?.positionedStep)
      },
      objects: objects.map {
        NetworkRecord.ObjectRecord(
          name: $0.name, kind: String(describing: type(of: $0)), clock: $0.clock.name, when: $0.when, order: $0.order, isActive: $0.isActive,
          owner: owners[ObjectIdentifier($0)])
      },
      random: random.snapshot, schedule: ownSchedule?.slots, run: unfinishedRun,
      lastNamespace: kept.lastNamespace?.description ?? kept.storedNamespace, commands: kept.log.commands.map(\.value),
      firstCommand: kept.log.first, commandsSince: kept.log.base, preferences: StoredPreferences.notAtDefault(environment.preferences))
  }

  /// The run that is in progress, or that ended before its end.
  private var unfinishedRun: NetworkRecord.RunRecord? {
    if let active = currentRun {
      return NetworkRecord.RunRecord(
        start: active.start, end: active.end, activeNames: active.active.map(\.name), namespace: active.request.namespace.description)
    }
    return kept.pendingRun
  }

  /// LNK-8: values that model code uses are stored with their owner, so the owner must be here.
  private func checkOwners(_ objects: [BrianObject]) throws {
    var present = Set(objects.map { ObjectIdentifier($0) })
    for clock in distinctClocks(of: objects) { present.insert(ObjectIdentifier(clock)) }
    for case let owner as any VariableOwner in objects {
      for name in owner.variables.names {
        guard let array = owner.variables[name]?.array else { continue }
        guard let other = array.owner else { throw CheckpointError.missingOwner(variable: array.name, owner: array.ownerName) }
        if !present.contains(ObjectIdentifier(other)) { throw CheckpointError.missingOwner(variable: array.name, owner: other.name) }
      }
    }
  }

  /// After a state was taken inside a run, whether it could be stored or not: what goes on being written counts as changed again.
  func announceWrites() {
    guard let active = currentRun else { return }
    for touch in active.context.announcements { touch() }
    for clock in active.clocks { clock.touchColumns() }
  }
}

extension StateToStore {
  mutating func add(variablesOf owner: any VariableOwner) throws {
    for (_, variable) in owner.variables.owned(by: owner) {
      guard let array = variable.array else { continue }
      let key = StoredKey(owner.name, array.name)
      guard columns[key] == nil else { continue }
      if let own = array.ownElements {
        // Those who do not store only give what they have. Whatever changes is gathered into another column next time.
        if let whole = try own.whole(array) { add(whole, as: key, array.storedMetadata, isSnapshot: true) }
      } else {
        add(array.column, as: key, array.storedMetadata)
      }
    }
  }

  /// Variables and recordings.
  mutating func add(arraysOf object: BrianObject) throws {
    if let owner = object as? any VariableOwner { try add(variablesOf: owner) }
    for stored in object.storedRecordings() {
      let key = StoredKey(object.name, stored.name)
      guard columns[key] == nil, recordings[key] == nil else {
        throw CheckpointError.storedTwice(object: object.name, name: stored.name)
      }
      add(
        stored.recording, as: key,
        StoredMetadata(kind: .append, flags: .readOnly, dimension: stored.dimension.exponents, unit: unitText(stored.dimension)))
    }
  }
}
