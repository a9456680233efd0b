// What several kinds of objects have, for those who ask objects of any kind.

extension ObjectKind {
  /// What groups of all kinds have; nil: it is no group, or a part of one.
  public var group: GroupDescription? {
    switch self {
    case .neuronGroup(let group): group.group
    case .spatialNeuron(let neuron): neuron.neurons.group
    case .synapses(let synapses): synapses.group
    case .poissonGroup(let group): group.group
    case .spikeGenerator(let group): group.group
    case .subgroup, .poissonInput, .stateMonitor, .eventMonitor, .rateMonitor, .pathway, .networkOperation, .other: nil
    }
  }

  /// What groups of neurons have, with or without a shape; nil: it is none.
  public var neurons: NeuronGroupDescription? {
    switch self {
    case .neuronGroup(let group): group
    case .spatialNeuron(let neuron): neuron.neurons
    case .synapses, .poissonGroup, .spikeGenerator, .subgroup, .poissonInput, .stateMonitor, .eventMonitor, .rateMonitor, .pathway, .networkOperation,
      .other:
      nil
    }
  }

  /// When the object does its work, where its description says so.
  public var timing: TimingDescription? {
    switch self {
    case .poissonInput(let input): input.timing
    case .stateMonitor(let monitor): monitor.timing
    case .neuronGroup, .spatialNeuron, .synapses, .poissonGroup, .spikeGenerator: group?.timing
    case .subgroup, .eventMonitor, .rateMonitor, .pathway, .networkOperation, .other: nil
    }
  }

  /// What linked variables are linked to.
  public var links: [Named<LinkDescription>] {
    switch self {
    case .neuronGroup(let group): group.links
    case .spatialNeuron(let neuron): neuron.neurons.links
    case .synapses(let synapses): synapses.links
    case .poissonGroup, .spikeGenerator, .subgroup, .poissonInput, .stateMonitor, .eventMonitor, .rateMonitor, .pathway, .networkOperation, .other: []
    }
  }

  /// The groups that the object is made with, or is a part of.
  public var references: [GroupReference] {
    switch self {
    case .synapses(let synapses): [synapses.source] + (synapses.target.map { [$0] } ?? [])
    case .subgroup(let group): [group.part]
    case .poissonInput(let input): [input.target]
    case .stateMonitor(let monitor): [monitor.source]
    case .eventMonitor(let monitor): [monitor.source]
    case .rateMonitor(let monitor): [monitor.source]
    case .neuronGroup, .spatialNeuron, .poissonGroup, .spikeGenerator, .pathway, .networkOperation, .other: []
    }
  }

  /// Adds code of the user, and when the conditions of events are checked.
  public mutating func add(
    regular: [CodeDescription], timed: [CodeDescription],
    onEvents: [Named<EventCodeDescription>] = [], schedule: [Named<PlaceInStep>] = []
  ) {
    func added(to group: GroupDescription) -> GroupDescription {
      GroupDescription(
        timing: group.timing, regularCode: group.regularCode + regular,
        timedCode: group.timedCode + timed)
    }
    switch self {
    case .neuronGroup(var group):
      group.group = added(to: group.group)
      group.eventCode += onEvents
      group.eventSchedule += schedule
      self = .neuronGroup(group)
    case .spatialNeuron(var neuron):
      neuron.neurons.group = added(to: neuron.neurons.group)
      neuron.neurons.eventCode += onEvents
      neuron.neurons.eventSchedule += schedule
      self = .spatialNeuron(neuron)
    case .synapses(var synapses):
      synapses.group = added(to: synapses.group)
      self = .synapses(synapses)
    case .poissonGroup(var group):
      group.group = added(to: group.group)
      self = .poissonGroup(group)
    case .spikeGenerator(var group):
      group.group = added(to: group.group)
      self = .spikeGenerator(group)
    case .subgroup, .poissonInput, .stateMonitor, .eventMonitor, .rateMonitor, .pathway,
      .networkOperation, .other:
      break
    }
  }

  /// The same with other timing of the object and of its code.
  ///
  /// - Parameters:
  ///   - own: what becomes of the object's timing.
  ///   - code: what becomes of the timing of each code of the user.
  public func retimed(_ own: (TimingDescription) -> TimingDescription, code: (CodeDescription) -> TimingDescription) -> ObjectKind {
    func retimed(_ group: GroupDescription) -> GroupDescription {
      func retimed(_ list: [CodeDescription]) -> [CodeDescription] {
        list.map { item in
          var item = item
          item.timing = code(item)
          return item
        }
      }
      return GroupDescription(timing: own(group.timing), regularCode: retimed(group.regularCode), timedCode: retimed(group.timedCode))
    }
    switch self {
    case .neuronGroup(var group):
      group.group = retimed(group.group)
      return .neuronGroup(group)
    case .spatialNeuron(var neuron):
      neuron.neurons.group = retimed(neuron.neurons.group)
      return .spatialNeuron(neuron)
    case .synapses(var synapses):
      synapses.group = retimed(synapses.group)
      return .synapses(synapses)
    case .poissonGroup(var group):
      group.group = retimed(group.group)
      return .poissonGroup(group)
    case .spikeGenerator(var group):
      group.group = retimed(group.group)
      return .spikeGenerator(group)
    case .poissonInput(var input):
      input.timing = own(input.timing)
      return .poissonInput(input)
    case .stateMonitor(var monitor):
      monitor.timing = own(monitor.timing)
      return .stateMonitor(monitor)
    case .subgroup, .eventMonitor, .rateMonitor, .pathway, .networkOperation, .other: return self
    }
  }
}
