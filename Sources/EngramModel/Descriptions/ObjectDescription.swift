/// An object as a value: all that it was made with. It is what a checkpoint stores to make the object again (CKP-20), what models are
/// compared by (CKP-24), and what `explain` and exports print.
///
/// Two descriptions are equal where checkpoints have the same bytes for them: the places that texts came from do not count.
public struct ObjectDescription: Sendable {
  /// Unique in a network. Where an object is still to be made, it may be a pattern: `neurongroup*` is the first such name that is free.
  public var name: String
  /// The kind of object, and what it was made with.
  public var kind: ObjectKind
  /// The object's own constants; nil: it has none of its own.
  public var namespace: NamespaceDescription?

  public init(name: String, _ kind: ObjectKind, namespace: NamespaceDescription? = nil) {
    self.name = name
    self.kind = kind
    self.namespace = namespace
  }
}

/// What kind of object it is, with what objects of this kind are made with.
public enum ObjectKind: Sendable {
  case neuronGroup(NeuronGroupDescription)
  case spatialNeuron(SpatialNeuronDescription)
  case synapses(SynapsesDescription)
  case poissonGroup(PoissonGroupDescription)
  case spikeGenerator(SpikeGeneratorDescription)
  case subgroup(SubgroupDescription)
  case poissonInput(PoissonInputDescription)
  case stateMonitor(StateMonitorDescription)
  case eventMonitor(EventMonitorDescription)
  case rateMonitor(RateMonitorDescription)
  /// A part of synapses, which they make.
  case pathway
  case networkOperation
  /// A part that another object makes, or an object of a class of the program: the name of the class, and what it says of its objects.
  case other(String, [DescriptionField])

  /// The name of the kind.
  public var name: String {
    switch self {
    case .neuronGroup: ModelKind.neuronGroup.rawValue
    case .spatialNeuron: ModelKind.spatialNeuron.rawValue
    case .synapses: ModelKind.synapses.rawValue
    case .poissonGroup: ModelKind.poissonGroup.rawValue
    case .spikeGenerator: ModelKind.spikeGenerator.rawValue
    case .subgroup: ModelKind.subgroup.rawValue
    case .poissonInput: ModelKind.poissonInput.rawValue
    case .stateMonitor: ModelKind.stateMonitor.rawValue
    case .eventMonitor(let monitor): (monitor.event == nil ? ModelKind.spikeMonitor : .eventMonitor).rawValue
    case .rateMonitor: ModelKind.rateMonitor.rawValue
    case .pathway: ModelKind.pathway.rawValue
    case .networkOperation: ModelKind.networkOperation.rawValue
    case .other(let name, _): name
    }
  }
}

extension ObjectDescription: Hashable {
  public static func == (a: ObjectDescription, b: ObjectDescription) -> Bool { a.stored.encoded == b.stored.encoded }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
