/// The kinds of things that models are made of, as model files and checkpoints call them.
public enum ModelKind: String, Hashable, Sendable, CaseIterable {
  case neuronGroup = "NeuronGroup"
  case spatialNeuron = "SpatialNeuron"
  case synapses = "Synapses"
  case poissonGroup = "PoissonGroup"
  case spikeGenerator = "SpikeGeneratorGroup"
  case subgroup = "Subgroup"
  case poissonInput = "PoissonInput"
  case stateMonitor = "StateMonitor"
  case spikeMonitor = "SpikeMonitor"
  case eventMonitor = "EventMonitor"
  case rateMonitor = "PopulationRateMonitor"
  case timedArray = "TimedArray"
  case binomialFunction = "BinomialFunction"
  case clock = "Clock"
  case eventClock = "EventClock"
  /// A part of synapses.
  case pathway = "SynapticPathway"
  /// Code in Swift, which only a program can give again.
  case networkOperation = "NetworkOperation"
}

extension ModelKind {
  /// What something of the kind is called that was given no name: a pattern, whose star becomes a free number (NAM-2). Parts of
  /// something are called after it instead.
  public var usualName: String {
    switch self {
    case .rateMonitor: "ratemonitor*"
    case .neuronGroup, .spatialNeuron, .synapses, .poissonGroup, .spikeGenerator, .subgroup, .poissonInput, .stateMonitor, .spikeMonitor, .eventMonitor,
      .timedArray,
      .binomialFunction, .clock, .eventClock, .pathway, .networkOperation:
      rawValue.lowercased() + "*"
    }
  }
}
