internal import EngramCheckpoints
internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// Makes the objects of a checkpoint from their descriptions, each after what it refers to. Parts of objects are made by the objects.
struct Rebuilding {
  let maker: ObjectMaker
  private let stored: StoredNetwork
  private let source: any StateSource
  /// The clocks that objects and their parts followed.
  private let clockNames: [String: String]
  /// What could not be made, in words.
  private var problems: [String] = []

  init(_ stored: StoredNetwork, _ source: any StateSource, _ functions: [String: Function]) {
    self.stored = stored
    self.source = source
    maker = ObjectMaker(functions: functions)
    clockNames = Dictionary(stored.objects.map { ($0.name, $0.clock) }) { first, _ in first }
  }

  /// Under their stored names, because several objects may follow one.
  func makeClocks() throws {
    for clock in try stored.clocks(in: source) {
      let made: BaseClock
      if clock.name == "defaultclock" {
        let standard = try Environment.checkedCurrent().defaultClock
        if let step = clock.stepSeconds { try standard.setDt(seconds: step) }
        made = standard
      } else if let step = clock.stepSeconds {
        made = try Clock(dt: Time(si: step), name: ObjectName(validating: clock.name))
      } else {
        made = try EventClock(times: clock.times.map { Time(si: $0) }, name: ObjectName(validating: clock.name))
      }
      maker.register(made, as: clock.name)
    }
  }

  /// Groups, then links between them, then everything that refers to groups.
  ///
  /// - Throws: ``CheckpointError`` with everything that could not be made.
  mutating func makeObjects() throws {
    let top = stored.objects.filter { $0.owner == nil }.compactMap { object in object.description.map { onStoredClocks($0, object) } }
    for description in top where isGroup(description) { try make(description) }
    linkAll(top)
    // Each of the others after what it refers to.
    var waiting = top.filter { !isGroup($0) && isKnown($0) }
    while !waiting.isEmpty {
      let names = Set(waiting.map(\.name))
      let ready = waiting.filter { object in Set(object.kind.references.map(\.object)).isDisjoint(with: names.subtracting([object.name])) }
      // A circle is told by the errors of its members.
      for description in ready.isEmpty ? waiting : ready {
        try make(description)
        if case .synapses = description.kind { linkAll([description]) }
      }
      if ready.isEmpty { break }
      let done = Set(ready.map(\.name))
      waiting.removeAll { done.contains($0.name) }
    }
    if !problems.isEmpty { throw CheckpointError.damaged("its model cannot be made again: " + problems.joined(separator: "; ")) }
  }

  private func isGroup(_ description: ObjectDescription) -> Bool {
    switch description.kind {
    case .neuronGroup, .spatialNeuron, .poissonGroup, .spikeGenerator: true
    case .synapses, .subgroup, .poissonInput, .stateMonitor, .eventMonitor, .rateMonitor, .pathway, .networkOperation, .other: false
    }
  }

  /// Whether it can be made without a program.
  private func isKnown(_ description: ObjectDescription) -> Bool {
    switch description.kind {
    case .neuronGroup, .spatialNeuron, .poissonGroup, .spikeGenerator, .synapses, .subgroup, .poissonInput, .stateMonitor, .eventMonitor, .rateMonitor: true
    case .pathway, .networkOperation, .other: false
    }
  }

  /// Clocks that objects and their code made for themselves are there already, as all clocks are.
  private func onStoredClocks(_ description: ObjectDescription, _ object: StoredNetwork.Object) -> ObjectDescription {
    func moved(_ timing: TimingDescription, to clock: String) -> TimingDescription {
      var timing = timing
      timing.clock = .named(clock)
      return timing
    }
    func isOwn(_ timing: TimingDescription) -> Bool { if case .own = timing.clock { true } else { false } }
    var description = description
    description.kind = description.kind.retimed {
      isOwn($0) ? moved($0, to: object.clock) : $0
    } code: { code in
      guard isOwn(code.timing) || code.times != nil,
        let clock = code.name.flatMap({ clockNames[$0] })
      else { return code.timing }
      return moved(code.timing, to: clock)
    }
    return description
  }

  private mutating func make(_ description: ObjectDescription) throws {
    if Interrupt.endsSetUp { return }
    do {
      let object = try maker.make(description)
      maker.register(object, as: description.name)
      if let synapses = object as? Synapses { try synapses.adoptConnectivity(of: source) }
      try maker.complete(object, description)
    } catch let error as CheckpointError {
      throw error
    } catch {
      note(error, "\(description.kind.name) '\(description.name)'")
    }
  }

  /// Links may lead to links: those whose source is there come first.
  private mutating func linkAll(_ descriptions: [ObjectDescription]) {
    var waiting: [(group: any LinkingGroup, link: Named<LinkDescription>)] = []
    for description in descriptions {
      guard let group = maker.objects[description.name] as? any LinkingGroup else { continue }
      waiting += description.kind.links.map { (group, $0) }
    }
    while !waiting.isEmpty {
      var failed: [(group: any LinkingGroup, link: Named<LinkDescription>, error: any Error)] = []
      for (group, link) in waiting {
        do { try maker.link(link.name, link.value, of: group) } catch { failed.append((group, link, error)) }
      }
      if failed.count == waiting.count {
        for (group, link, error) in failed { note(error, "the link '\(group.name).\(link.name)'") }
        return
      }
      waiting = failed.map { ($0.group, $0.link) }
    }
  }

  private mutating func note(_ error: any Error, _ what: String) {
    if let found = ModelBuilder.textProblems(in: error) {
      problems += found.flatMap { $0.problems.filter { $0.severity == .error } }.map { "\(what): \($0.message)" }
    } else {
      problems.append("\(what): \(error)")
    }
  }
}
