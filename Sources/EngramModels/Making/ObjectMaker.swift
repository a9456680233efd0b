internal import EngramCheckpoints
internal import EngramEquations
internal import EngramExpressions
package import EngramModel
package import EngramSimulation
internal import EngramScalars
internal import EngramUnits

/// Makes objects from their descriptions, in the current scope. What a description refers to is made before it.
///
/// Links, and code of the user, are added by calls of their own, because what they need may come later.
package final class ObjectMaker {
  /// Objects under the names by which descriptions refer to them.
  package private(set) var objects: [String: BrianObject] = [:]
  package private(set) var clocks: [String: BaseClock] = [:]
  /// What objects made by themselves, such as pathways of synapses, under their own names.
  package private(set) var parts: [String: BrianObject] = [:]
  /// Functions of namespaces, by name or by content.
  package var functions: [String: Function]

  package init(functions: [String: Function] = [:]) { self.functions = functions }

  /// Makes an object known, with its parts.
  package func register(_ object: BrianObject, as name: String) {
    objects[name] = object
    for part in allParts(of: object) { parts[part.name] = part }
  }

  package func forget(_ name: String) {
    guard let object = objects.removeValue(forKey: name) else { return }
    for part in allParts(of: object) { parts[part.name] = nil }
  }

  package func register(_ clock: BaseClock, as name: String) { clocks[name] = clock }

  package func allParts(of object: BrianObject) -> [BrianObject] {
    object.containedObjects.flatMap { [$0] + allParts(of: $0) }
  }

  // ------------------------------------------------------------------------------------------------------------- objects

  /// The object of a description, without its links and its code. Its name may be a pattern such as `neurongroup*`.
  package func make(_ description: ObjectDescription) throws -> BrianObject {
    let name = try ObjectName(validating: description.name)
    let namespace = try description.namespace.map { try Namespace(stored: $0, functions: functions) }
    let object: BrianObject =
      switch description.kind {
      case .neuronGroup(let group): try make(group, namespace, name)
      case .spatialNeuron(let neuron): try make(neuron, namespace, name)
      case .synapses(let synapses): try make(synapses, namespace, name)
      case .poissonGroup(let group): try make(group, namespace, name)
      case .spikeGenerator(let group): try make(group, namespace, name)
      case .subgroup(let part): try make(part, name)
      case .poissonInput(let input): try make(input, name)
      case .stateMonitor(let monitor): try make(monitor, name)
      case .eventMonitor(let monitor): try make(monitor, name)
      case .rateMonitor(let monitor): try PopulationRateMonitor(source(monitor.source), name: name)
      case .pathway, .networkOperation, .other: throw MakingError.needsProgram(description.name, kind: description.kind.name)
      }
    // Inputs and monitors take none when they are made.
    if let namespace, object.namespace == nil { try object.setNamespace(namespace) }
    return object
  }

  private func make(_ group: NeuronGroupDescription, _ namespace: Namespace?, _ name: ObjectName) throws -> NeuronGroup {
    let made = try NeuronGroup(
      group.count, Equations(source: group.model), threshold: group.threshold, reset: group.reset, refractory: group.refractory,
      events: Dictionary(group.events.map { (EventName($0.name), $0.value) }) { $1 }, method: group.method.choice,
      methodOptions: group.methodOptions, namespace: namespace, scalarTypes: group.types, dt: step(group.group.timing), clock: clock(group.group.timing),
      order: group.group.timing.order, name: name)
    return made
  }

  private func make(_ neuron: SpatialNeuronDescription, _ namespace: Namespace?, _ name: ObjectName) throws -> SpatialNeuron {
    let group = neuron.neurons
    return try SpatialNeuron(
      neuron.morphology, Equations(source: group.model), threshold: group.threshold, thresholdLocation: neuron.thresholdLocation.map { "[\($0)]" },
      reset: group.reset, refractory: group.refractory, events: Dictionary(group.events.map { (EventName($0.name), $0.value) }) { $1 },
      Cm: neuron.capacitance, Ri: neuron.resistivity, method: group.method.choice, methodOptions: group.methodOptions, namespace: namespace,
      scalarTypes: group.types, dt: step(group.group.timing), clock: clock(group.group.timing), order: group.group.timing.order, name: name)
  }

  private func make(_ synapses: SynapsesDescription, _ namespace: Namespace?, _ name: ObjectName) throws -> Synapses {
    let made = try Synapses(
      group(synapses.source), synapses.target.map(group), Equations(source: synapses.model ?? ""), onPre: synapses.onPre, onPost: synapses.onPost,
      delay: synapses.delays, onEvent: PathwayEvents(Dictionary(synapses.events.map { ($0.name, $0.value) }) { $1 }),
      multisynapticIndex: synapses.multisynapticIndex, method: synapses.method.choice, methodOptions: synapses.methodOptions,
      namespace: namespace, scalarTypes: synapses.types, dt: step(synapses.group.timing), clock: clock(synapses.group.timing),
      order: synapses.group.timing.order, name: name)
    for entry in synapses.schedule {
      let pathway = try made.pathway(entry.name)
      if pathway.when != entry.value.when { pathway.when = entry.value.when }
      if pathway.order != entry.value.order { pathway.order = entry.value.order }
    }
    return made
  }

  private func make(_ group: PoissonGroupDescription, _ namespace: Namespace?, _ name: ObjectName) throws -> PoissonGroup {
    let timing = group.group.timing
    return try PoissonGroup(
      group.count, rates: group.rates, dt: step(timing), clock: clock(timing), when: timing.when, order: timing.order, namespace: namespace, name: name)
  }

  private func make(_ group: SpikeGeneratorDescription, _ namespace: Namespace?, _ name: ObjectName) throws -> SpikeGeneratorGroup {
    let timing = group.group.timing
    return try SpikeGeneratorGroup(
      group.count, indices: group.indices, times: group.times, period: group.period.map { Time(si: $0.si) }, dt: step(timing), clock: clock(timing),
      when: timing.when, order: timing.order, name: name)
  }

  private func make(_ part: SubgroupDescription, _ name: ObjectName) throws -> Subgroup {
    guard let whole = try group(GroupReference(part.part.object)) as? SpikingGroup, let range = part.part.part else {
      throw MakingError.noPart(part.part)
    }
    return try whole.part(range, name: name)
  }

  private func make(_ input: PoissonInputDescription, _ name: ObjectName) throws -> PoissonInput {
    try PoissonInput(
      group(input.target), input.variable, count: input.count, rate: Frequency(si: input.rate.si), weight: input.weight, when: input.timing.when,
      order: input.timing.order, name: name)
  }

  private func make(_ monitor: StateMonitorDescription, _ name: ObjectName) throws -> StateMonitor {
    try StateMonitor(
      group(monitor.source), monitor.variables, record: monitor.record, dt: step(monitor.timing), clock: clock(monitor.timing), when: monitor.timing.when,
      order: monitor.timing.order, name: name)
  }

  private func make(_ monitor: EventMonitorDescription, _ name: ObjectName) throws -> EventMonitor {
    let (source, timing) = (try source(monitor.source), monitor.place.map { ($0.when, $0.order) })
    guard let event = monitor.event else {
      return try SpikeMonitor(source, variables: monitor.variables, record: monitor.isRecording, timing: timing, name: name)
    }
    return try EventMonitor(source, event: event, variables: monitor.variables, record: monitor.isRecording, timing: timing, name: name)
  }

  // ---------------------------------------------------------------------------------------------------------- references

  /// The group, or a new part of it.
  package func group(_ reference: GroupReference) throws -> Group {
    guard let group = (objects[reference.object] ?? parts[reference.object]) as? Group else { throw MakingError.unknownGroup(reference.object) }
    guard let range = reference.part else { return group }
    switch group {
    case let whole as SpikingGroup: return try whole.part(range, name: nil)
    case let part as Subgroup: return try part[range]
    default: throw MakingError.noPart(reference)
    }
  }

  private func source(_ reference: GroupReference) throws -> any SpikeSource {
    guard let source = try group(reference) as? any SpikeSource else { throw MakingError.noSpikes(reference) }
    return source
  }

  /// The step of a clock of its own.
  func step(_ timing: TimingDescription) -> Time? { if case .own(let step) = timing.clock { Time(si: step.si) } else { nil } }

  /// The clock that is named.
  func clock(_ timing: TimingDescription) throws -> BaseClock? {
    guard case .named(let name) = timing.clock else { return nil }
    return try clock(named: name)
  }

  /// A clock, or that of an object.
  package func clock(named name: String) throws -> BaseClock {
    if let clock = clocks[name] ?? objects[name]?.clock { return clock }
    guard name == "defaultclock" else { throw MakingError.unknownClock(name) }
    return try Environment.checkedCurrent().defaultClock
  }
}

/// A description that cannot be made into an object.
enum MakingError: ExplainedError, Hashable {
  case unknownGroup(String)
  case unknownClock(String)
  case noPart(GroupReference)
  case noSpikes(GroupReference)
  case needsProgram(String, kind: String)

  var description: String {
    switch self {
    case .unknownGroup(let name): "there is no group '\(name)'"
    case .unknownClock(let name): "there is no clock '\(name)'"
    case .noPart(let reference): "'\(reference)' is no part of a group"
    case .noSpikes(let reference): "'\(reference)' has no spikes"
    case .needsProgram(let name, let kind): "only a program can make '\(name)', a \(kind)"
    }
  }
}
