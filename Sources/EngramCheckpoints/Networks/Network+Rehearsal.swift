package import EngramSimulation

/// What a network would do, done without its values: for finding mistakes in a list of steps before the first of them (MDL-40).
///
/// A network that rehearses has all its objects and none of their values. Time passes, clocks move, settings change and come back
/// with what was stored; nothing is computed, drawn or written.
extension Network {
  /// A run as far as it can fail before its first step; then time is at its end.
  ///
  /// - Parameters:
  ///   - seconds: how long; nil: not known, and time stays.
  ///   - preparing: whether code is prepared; without need it is not, since that is dear.
  ///   - onPrepared: sees what has been prepared, where nothing went wrong.
  /// - Returns: what went wrong, and what there was to say.
  package func rehearseRun(
    seconds: Double?, namespace: Namespace, preparing: Bool, onPrepared: (RunContext) -> Void = { _ in }
  ) -> (problems: [any Error], messages: [Message]) {
    var problems: [any Error] = []
    func attempt(_ body: () throws -> Void) { do { try body() } catch { problems.append(error) } }
    let objects = allObjects
    attempt { try namespace.checkUserKeys() }
    attempt { _ = try sortedForRun(objects) }
    attempt { try checkNames(objects) }
    attempt { try checkWrites(objects) }
    attempt { try checkDependencies(objects) }
    let clocks = distinctClocks(of: objects)
    let end = seconds.map { time.adding($0) } ?? time
    for clock in clocks {
      attempt {
        try clock.checkPosition(at: time.seconds)
        try clock.setInterval(fromSeconds: time.seconds, toSeconds: end.seconds)
      }
    }
    var messages: [Message] = []
    if preparing {
      let (found, said) = rehearse(namespace: namespace, onPrepared: onPrepared)
      problems += found
      messages = said
    }
    for clock in clocks where clock.endStep > clock.timestep { clock.place(at: clock.endStep) }
    time = end
    return (problems, messages)
  }

  /// What a checkpoint would hold beside values.
  package struct RehearsedState {
    fileprivate let names: Set<String>
    fileprivate let descriptions: [String: ObjectDescription]
    fileprivate let time: CompensatedTime
    fileprivate let clocks: [String: ClockState]
    fileprivate let settings: [String: Setting]
    fileprivate let custom: [String: [UInt8]]
    fileprivate let schedule: Schedule?

    fileprivate struct ClockState {
      let step: Double?
      let timestep: Int64
      let positionedStep: Double?
    }

    fileprivate struct Setting {
      let when: Slot
      let order: Int
      let isActive: Bool
    }
  }

  package func rehearsedState() throws -> RehearsedState {
    let objects = allObjects
    let clocks = distinctClocks(of: objects)
    var custom: [String: [UInt8]] = [:]
    for object in objects { custom[object.name] = try object.customState() }
    return RehearsedState(
      names: Set(objects.map(\.name)).union(clocks.map(\.name)),
      descriptions: Dictionary(descriptions(of: objects).map { ($0.name, $0) }) { first, _ in first }, time: time,
      clocks: Dictionary(
        clocks.map { ($0.name, .init(step: $0.stepSeconds, timestep: $0.timestep, positionedStep: ($0 as? Clock)?.positionedStep)) }
      ) { first, _ in first },
      settings: Dictionary(objects.map { ($0.name, .init(when: $0.when, order: $0.order, isActive: $0.isActive)) }) { first, _ in first },
      custom: custom, schedule: ownSchedule)
  }

  /// Throws what a restore would throw, as far as it does not depend on values; then everything but values is as it was.
  ///
  /// - Parameters:
  ///   - only: objects to be restored alone, which leaves time and settings as they are; empty: everything.
  ///   - renaming: name in the checkpoint → name in the network.
  package func restore(
    rehearsed state: RehearsedState, allowing: Set<Difference> = [], only: Set<String> = [], renaming: [String: String] = [:]
  ) throws {
    let objects = allObjects
    let storedNames = Dictionary(renaming.map { ($1, $0) }) { first, _ in first }
    func stored(_ name: String) -> String { storedNames[name] ?? name }
    let live = Set(objects.map { stored($0.name) }).union(distinctClocks(of: objects).map { stored($0.name) })
    if !only.isEmpty {
      let unknown = only.map(stored).filter { !state.names.contains($0) || !live.contains($0) }.sorted()
      if !unknown.isEmpty { throw CheckpointError.namesDiffer(missingInCheckpoint: unknown, missingInNetwork: []) }
      return
    }
    let missing = allowing.contains(.addedObjects) ? [] : live.subtracting(state.names).sorted()
    let surplus = allowing.contains(.removedObjects) ? [] : state.names.subtracting(live).sorted()
    if !missing.isEmpty || !surplus.isEmpty { throw CheckpointError.namesDiffer(missingInCheckpoint: missing, missingInNetwork: surplus) }
    var refused: [String] = []
    for description in descriptions(of: objects) {
      guard let other = state.descriptions[stored(description.name)] else { continue }
      for (difference, line) in Fingerprint.differences(stored: other, live: description) where !allowing.contains(difference) {
        refused.append("\(line) (\(difference.rawValue))")
      }
    }
    if !refused.isEmpty { throw CheckpointError.differences(refused) }
    for object in objects {
      try object.prepareRestore(customState: state.custom[stored(object.name)])()
      if let setting = state.settings[stored(object.name)] {
        object.restoreSettings(when: setting.when, order: setting.order, isActive: setting.isActive)
      }
    }
    for clock in distinctClocks(of: objects) {
      guard let known = state.clocks[stored(clock.name)] else { continue }
      if let clock = clock as? Clock {
        if let step = known.step { try clock.setDt(seconds: step) }
        clock.positionedStep = known.positionedStep
      }
      clock.place(at: known.timestep)
      clock.endStep = known.timestep
    }
    ownSchedule = state.schedule
    time = state.time
  }
}
