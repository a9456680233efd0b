import EngramScalars
package import EngramSimulation
internal import EngramStorage
import EngramUnits

/// An object whose own state speaks of what else is restored, such as synapses that wait for their delivery.
package protocol DependentRestoring: BrianObject {
  /// As ``BrianObject/prepareRestore(customState:)``.
  func prepareRestore(customState: [UInt8]?, beside restoration: Restoration) throws -> () -> Void
}

/// One restore: everything is read and checked first, then taken over. Only the second half changes the network, and it
/// has nothing left that can fail but reading bytes that were there a moment ago.
package struct Restoration {
  let network: Network
  let source: any StateSource
  let allowing: Set<Difference>
  private let wanted: CheckpointSelection
  /// What of it there is in the network; known once it was looked at.
  private var selection: RestoredParts
  /// Name in the checkpoint by name in the network.
  let storedNames: [String: String]
  let randomState: RandomStateRestoration

  private var accepted: [String] = []
  private var refused: [String] = []
  private var columns: [(variable: ArrayVariable, key: StoredKey, isConverted: Bool)] = []
  private var recordings: [(object: BrianObject, stored: StoredRecording, contents: RecordingContents, isConverted: Bool)] = []
  private var applications: [() -> Void] = []
  private var record: NetworkRecord?
  private var rules: RestoredValueRules
  /// Rows of each array that comes from the checkpoint.
  private var newCounts: [ObjectIdentifier: Int] = [:]

  init(
    network: Network, source: any StateSource, allowing: Set<Difference>, selection: CheckpointSelection, renaming: [String: String],
    randomState: RandomStateRestoration
  ) throws {
    self.network = network
    self.source = source
    self.allowing = allowing
    wanted = selection
    self.selection = try RestoredParts(.all, of: [])
    storedNames = Dictionary(renaming.map { ($1, $0) }) { first, _ in first }
    self.randomState = randomState
    rules = RestoredValueRules(source)
  }

  private func storedName(_ name: String) -> String { storedNames[name] ?? name }

  // ----------------------------------------------------------------------------------------------------------- checking

  mutating func check() throws {
    let objects = network.allObjects
    try network.checkNames(objects)
    guard let network = source.sections["network"] else { throw CheckpointError.damaged("the description of the network is missing") }
    let record = try NetworkRecord(DescriptionValue(decoding: network))
    self.record = record
    selection = try RestoredParts(wanted, of: objects)
    try checkNames(objects, record)
    if selection.isAll { try compareDescriptions(objects) }
    try planColumns(objects)
    try planRecordings(objects)
    try planCustomState(objects)
    if !refused.isEmpty { throw CheckpointError.differences(refused) }
    try checkValues(objects, record)
    // Rows in the types of the network, while nothing has changed yet.
    for place in recordings.indices where recordings[place].isConverted {
      let (_, stored, contents, _) = recordings[place]
      recordings[place].contents = try wrappingStorage { try contents.converted(to: stored.recording.scalarType, for: self.network.runDirectory) }
    }
  }

  private mutating func note(_ difference: Difference, _ line: String) {
    if allowing.contains(difference) { accepted.append(line) } else { refused.append("\(line) (\(difference.rawValue))") }
  }

  /// Both directions (CKP-3); clocks are objects too, except those that exist only because an object was added.
  private mutating func checkNames(_ objects: [BrianObject], _ record: NetworkRecord) throws {
    let stored = Set(record.objects.map(\.name)).union(record.clocks.map(\.name))
    let live = Set(objects.map { storedName($0.name) }).union(network.distinctClocks(of: objects).map { storedName($0.name) })
    let missing = live.subtracting(stored).sorted()
    let surplus = stored.subtracting(live).sorted()
    if !selection.isAll {
      let unknown = selection.objectNames.map { storedName($0) }.filter { !stored.contains($0) || !live.contains($0) }.sorted()
      if !unknown.isEmpty { throw CheckpointError.namesDiffer(missingInCheckpoint: unknown, missingInNetwork: []) }
      return
    }
    let missingNotAllowed = allowing.contains(.addedObjects) ? [] : missing
    let surplusNotAllowed = allowing.contains(.removedObjects) ? [] : surplus
    if !missingNotAllowed.isEmpty || !surplusNotAllowed.isEmpty {
      throw CheckpointError.namesDiffer(missingInCheckpoint: missingNotAllowed, missingInNetwork: surplusNotAllowed)
    }
    accepted += missing.map { "'\($0)' is new and keeps its state" } + surplus.map { "'\($0)' of the checkpoint is left out" }
  }

  private mutating func compareDescriptions(_ objects: [BrianObject]) throws {
    let stored = try [String: ObjectDescription](sections: source.sections)
    for description in network.descriptions(of: objects) {
      guard let other = stored[storedName(description.name)] else { continue }
      for (difference, line) in Fingerprint.differences(stored: other, live: description) { note(difference, line) }
    }
  }

  private mutating func planColumns(_ objects: [BrianObject]) throws {
    var owners: [any VariableOwner] = objects.compactMap { $0 as? any VariableOwner }
    owners += network.distinctClocks(of: objects)
    let stored = Dictionary(grouping: source.columnKeys, by: \.owner)
    let knownOwners = Set((record?.objects.map(\.name) ?? []) + (record?.clocks.map(\.name) ?? []))
    for owner in owners where knownOwners.contains(storedName(owner.name)) {
      if owner is BaseClock, !selection.isAll { continue }
      var rest = Set(stored[storedName(owner.name)]?.map(\.variable) ?? [])
      // A link inside a group is a second name of the same array.
      var seen: Set<String> = []
      for (_, variable) in owner.variables.owned(by: owner) {
        guard let array = variable.array, seen.insert(array.name).inserted else { continue }
        // Working space is made anew from what it follows from.
        guard !array.isScratch, selection.includes(owner.name, array.name) else {
          rest.remove(array.name)
          continue
        }
        if rest.remove(array.name) != nil {
          try plan(array, key: StoredKey(storedName(owner.name), array.name), owner: owner.name)
        } else if selection.isAll {
          note(.addedVariables, "'\(array.path)' is not in the checkpoint")
        } else {
          throw CheckpointError.mismatch(object: owner.name, variable: array.name, what: "presence", stored: "absent", actual: "present")
        }
      }
      try checkSizes(of: owner)
      for name in rest.sorted() where selection.isAll { note(.removedVariables, "'\(owner.name).\(name)' of the checkpoint is not in the network") }
    }
  }

  /// Arrays that grow together, such as those of synapses, are restored all of them or with the length that they have.
  private func checkSizes(of owner: any VariableOwner) throws {
    guard !selection.isWhole(owner.name) else { return }
    for (variable, key, _) in columns where variable.owner === owner && variable.isDynamic {
      let present = variable.ownElements?.wholeCount ?? variable.column.rows
      guard let shape = source.shape(key), shape.rows != present else { continue }
      throw CheckpointError.mismatch(
        object: owner.name, variable: variable.name, what: "the size", stored: "\(shape.rows)", actual: "\(variable.column.rows)")
    }
  }

  private mutating func plan(_ array: ArrayVariable, key: StoredKey, owner: String) throws {
    guard let shape = source.shape(key), let metadata = source.metadata(key) else { throw CheckpointError.damaged("no shape for '\(key)'") }
    func mismatch(_ what: String, _ stored: String, _ actual: String) -> CheckpointError {
      .mismatch(object: owner, variable: array.name, what: what, stored: stored, actual: actual)
    }
    if metadata.dimension != array.dimension.exponents { throw mismatch("the unit", metadata.unit, unitText(array.dimension)) }
    if shape.rowLength != array.column.rowLength {
      throw mismatch("the length of rows", "\(shape.rowLength)", "\(array.column.rowLength)")
    }
    if shape.rows != array.column.rows, !array.isDynamic { throw mismatch("the size", "\(shape.rows)", "\(array.column.rows)") }
    let isConverted = shape.scalarType != array.scalarType
    if isConverted { noteConversion("'\(array.path)'", from: shape.scalarType, to: array.scalarType) }
    // Memory is claimed before anything changes.
    let rows = array.column.rows
    if shape.rows > rows, array.isDynamic, array.ownElements == nil {
      try wrappingStorage {
        try array.column.resize(rows: shape.rows)
        try array.column.resize(rows: rows)
      }
    }
    columns.append((array, key, isConverted))
    newCounts[ObjectIdentifier(array)] = shape.rows
  }

  /// CKP-34: what loses nothing needs `types`; what may lose precision needs `lossyTypes`, which includes the former.
  private mutating func noteConversion(_ what: String, from stored: ScalarType, to live: ScalarType) {
    let isLossless = live.holdsEveryValue(of: stored) && !allowing.contains(.lossyTypes)
    note(isLossless ? .types : .lossyTypes, "\(what) is stored as \(stored), here it is \(live)")
  }

  private mutating func planRecordings(_ objects: [BrianObject]) throws {
    let keys = Set(source.recordingKeys)
    let knownOwners = Set(record?.objects.map(\.name) ?? [])
    for object in objects where knownOwners.contains(storedName(object.name)) {
      for stored in object.storedRecordings() where selection.includes(object.name, stored.name) {
        let key = StoredKey(storedName(object.name), stored.name)
        guard keys.contains(key), let shape = source.shape(key), let metadata = source.metadata(key) else {
          note(.addedVariables, "recording '\(object.name).\(stored.name)' is not in the checkpoint")
          continue
        }
        func mismatch(_ what: String, _ there: String, _ here: String) -> CheckpointError {
          .mismatch(object: object.name, variable: stored.name, what: what, stored: there, actual: here)
        }
        if metadata.dimension != stored.dimension.exponents { throw mismatch("the unit", metadata.unit, unitText(stored.dimension)) }
        let isConverted = shape.scalarType != stored.recording.scalarType
        if isConverted {
          noteConversion("recording '\(object.name).\(stored.name)'", from: shape.scalarType, to: stored.recording.scalarType)
        }
        if shape.rowLength != stored.recording.rowLength {
          throw mismatch("the number of recorded elements", "\(shape.rowLength)", "\(stored.recording.rowLength)")
        }
        if !selection.isAll, shape.rows > 0, let record, record.time.seconds > network.time.seconds {
          throw mismatch("the time", Time(si: record.time.seconds).description, network.t.description)
        }
        recordings.append((object, stored, try wrappingStorage { try source.recordingContents(key) }, isConverted))
      }
    }
  }

  /// What is about to be taken over, number by number where a loop will rely on it (``RestoredValueRules``).
  private mutating func checkValues(_ objects: [BrianObject], _ record: NetworkRecord) throws {
    for (variable, key, _) in columns { try rules.check(variable, key) }
    // Arrays that stay must fit those that come, too.
    for owner in objects.compactMap({ $0 as? any VariableOwner }) {
      for (_, variable) in owner.variables.owned(by: owner) {
        guard let array = variable.array, let other = array.sizedAs else { continue }
        let (count, otherCount) = (newCount(of: array), newCount(of: other))
        if count == nil, otherCount == nil { continue }
        rules.check(array.stored, count: count ?? array.column.rows, against: other.stored, count: otherCount ?? other.column.rows)
      }
    }
    // What an object records grows by rows: all of it has as many.
    for (place, recording) in recordings.enumerated().dropFirst() where recordings[place - 1].object === recording.object {
      let other = recordings[place - 1]
      rules.check(
        StoredKey(recording.object.name, recording.stored.name), count: recording.contents.rows,
        against: StoredKey(other.object.name, other.stored.name), count: other.contents.rows)
    }
    if selection.isAll { try checkClocks(record, objects) }
    try rules.finish()
  }

  private mutating func checkClocks(_ record: NetworkRecord, _ objects: [BrianObject]) throws {
    let positions = Dictionary(record.clocks.map { ($0.name, $0.positionedStep) }) { first, _ in first }
    for clock in network.distinctClocks(of: objects) {
      let name = storedName(clock.name)
      guard !source.isOwnMemory, let timestep = try source.number(StoredKey(name, "timestep"), of: Int64.self),
        let seconds = try source.number(StoredKey(name, "t"), of: Double.self)
      else { continue }
      let expected: Double
      if source.shape(StoredKey(name, "times")) != nil {
        let times = try source.column(StoredKey(name, "times")).withElements(of: Double.self) { Array($0) }
        guard let last = times.last else { continue }
        expected = timestep >= 0 && timestep < Int64(times.count) ? times[Int(timestep)] : last
      } else {
        // Where dt has been changed since, t is still that of the dt before.
        let step = try positions[name].flatMap { $0 } ?? source.number(StoredKey(name, "dt"), of: Double.self) ?? 0
        expected = Double(timestep) * step
      }
      if seconds != expected, !(abs(seconds - expected) <= 1e-12 * abs(expected)) {
        rules.report(name, "t", found: "\(seconds) s", allowed: "\(expected) s, the time of its timestep \(timestep),")
      }
    }
  }

  private mutating func planCustomState(_ objects: [BrianObject]) throws {
    let stored = Dictionary(try source.customStates().map { ($0.name, $0.bytes) }) { $1 }
    let known = Set(record?.objects.map(\.name) ?? [])
    for object in objects where known.contains(storedName(object.name)) && selection.includes(object.name, nil) {
      let own = stored[storedName(object.name)]
      let application =
        if let object = object as? any DependentRestoring { try object.prepareRestore(customState: own, beside: self) } else {
          try object.prepareRestore(customState: own)
        }
      applications.append(application)
    }
  }

  /// How many values an array will have that comes from the checkpoint; nil: it stays as it is.
  package func newCount(of variable: ArrayVariable) -> Int? { newCounts[ObjectIdentifier(variable)] }

  // ----------------------------------------------------------------------------------------------------------- applying

  mutating func apply() throws -> RestoreReport {
    guard let record else { throw CheckpointError.damaged("a checkpoint is applied before it was checked") }
    do {
      let adopted = try adoptOwnElements()
      for (variable, key, isConverted) in columns where !adopted.contains(ObjectIdentifier(variable)) {
        if let own = variable.ownElements {
          try own.fill(variable, from: source, key)
        } else if isConverted {
          try convert(variable, key)
        } else {
          try source.fill(variable.column, from: key)
        }
        if !selection.isAll, variable.flags.contains(.timeOfEvent) {
          moveTimes(variable, by: network.time.seconds - record.time.seconds)
        }
      }
      for (_, stored, contents, _) in recordings { try stored.recording.assign(contents) }
    } catch {
      network.activity = .inconsistent
      throw CheckpointError.partlyRestored("\(error)")
    }
    for application in applications { application() }
    if selection.isAll { applyRecord(record) }
    for object in network.allObjects { object.didRestore() }
    let isExact = randomState == .restore && accepted.isEmpty && selection.isAll
    return RestoreReport(acceptedDifferences: accepted, isExact: isExact)
  }

  /// Where each process has its own elements alone: which these are comes before what they have.
  ///
  /// - Returns: the arrays that are filled by it.
  private func adoptOwnElements() throws -> Set<ObjectIdentifier> {
    var adopted: Set<ObjectIdentifier> = []
    for case let owner as any OwnElementsAdopting in network.allObjects {
      guard let anchor = owner.ownElements?.anchor, columns.contains(where: { $0.variable === anchor }) else { continue }
      adopted.formUnion(try owner.adoptOwnElements(of: source, storedAs: storedName(owner.name)).map(ObjectIdentifier.init))
    }
    return adopted
  }

  /// Events stay as far back as they were (CKP-25). What never happened (long before any run) stays where it is.
  private func moveTimes(_ variable: ArrayVariable, by seconds: Double) {
    guard seconds != 0 else { return }
    variable.column.touch()
    for place in 0..<variable.count where variable.value(at: place) > -1e4 { variable.store(variable.value(at: place) + seconds, at: place) }
  }

  private func convert(_ variable: ArrayVariable, _ key: StoredKey) throws {
    guard let shape = source.shape(key) else { throw CheckpointError.damaged("no shape for '\(key)'") }
    try variable.column.resize(rows: shape.rows)
    variable.column.touch()
    var place = 0
    try source.forEachPiece(key, rows: 0..<shape.rows) { bytes in
      let byteCount = bytes.count / shape.scalarType.byteCount * variable.scalarType.byteCount
      let target = UnsafeMutableRawBufferPointer(start: variable.column.base + place, count: byteCount)
      variable.scalarType.convert(bytes, of: shape.scalarType, into: target)
      place += byteCount
    }
  }

  private func applyRecord(_ record: NetworkRecord) {
    let clocks = Dictionary(record.clocks.map { ($0.name, $0) }) { first, _ in first }
    for clock in network.distinctClocks(of: network.allObjects) {
      if let stored = clocks[storedName(clock.name)], let clock = clock as? Clock {
        if let before = clock.positionedStep, let now = clock.stepSeconds, before != now {
          network.environment.messages.emit(.info, "network.restore.dt", "clock '\(clock.name)' has dt \(Time(si: now)) again, as when the snapshot was stored")
        }
        clock.positionedStep = stored.positionedStep
      }
      clock.endStep = clock.timestep
    }
    let objects = Dictionary(record.objects.map { ($0.name, $0) }) { first, _ in first }
    for object in network.allObjects {
      guard let stored = objects[storedName(object.name)] else { continue }
      object.restoreSettings(when: stored.when, order: stored.order, isActive: stored.isActive)
    }
    switch randomState {
    case .restore: network.random.snapshot = record.random
    case .keepCurrent: network.random.continueAfterRestore()
    case .reseed(let seed): network.random.setSeed(seed)
    }
    network.ownSchedule = record.schedule.flatMap { try? Schedule($0) }
    network.time = record.time
    network.activity = .idle
    network.kept.pendingRun = record.run
    network.kept.storedNamespace = record.lastNamespace
    network.collectAssignments()
    network.kept.log = CommandLog(record)
    network.profile = nil
  }
}
