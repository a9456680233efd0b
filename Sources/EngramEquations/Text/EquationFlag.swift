/// What may stand in parentheses after the unit of an equation (EQN-7).
public enum EquationFlag: String, Sendable, Hashable, Codable, CaseIterable {
  /// A parameter that does not change during a run.
  case constant
  /// One value for the whole group.
  case shared
  /// A parameter that is a variable of another group.
  case linked
  /// A subexpression that is computed once at the beginning of each step; it may draw random numbers.
  case constantOverStep = "constant over dt"
  /// A differential equation that stands still while the element is refractory.
  case unlessRefractory = "unless refractory"
  /// A differential equation of synapses that is integrated when an event arrives, which needs a closed solution.
  case eventDriven = "event-driven"
  /// A differential equation of synapses that is integrated in every step.
  case clockDriven = "clock-driven"
  /// A subexpression of synapses whose sum over the synapses of an element is a parameter of that element in every step.
  case summed
  /// A current of a compartment that is not spread over its membrane, in amp: a synapse or an electrode.
  case pointCurrent = "point current"
}

/// What owns the equations: it decides which flags and names are allowed.
public enum EquationContext: String, Sendable, Hashable, Codable, CaseIterable {
  /// Those of a group of neurons.
  case neurons
  /// Those of synapses.
  case synapses
  /// Those of the compartments of a neuron with a shape.
  case compartments

  package var title: String {
    switch self {
    case .neurons: "a NeuronGroup"
    case .synapses: "Synapses"
    case .compartments: "a SpatialNeuron"
    }
  }

  /// The flags an equation of `kind` may carry here (EQN-7), in the order messages list them.
  package func allowedFlags(for kind: EquationKind) -> [EquationFlag] {
    switch (self, kind) {
    case (.neurons, .differential): [.unlessRefractory]
    case (.neurons, .subexpression): [.shared, .constantOverStep]
    case (.neurons, .parameter), (.synapses, .parameter): [.constant, .shared, .linked]
    case (.compartments, .differential): [.unlessRefractory, .pointCurrent]
    case (.compartments, .subexpression): [.shared, .constantOverStep, .pointCurrent]
    case (.compartments, .parameter): [.constant, .shared, .linked, .pointCurrent]
    case (.synapses, .differential): [.eventDriven, .clockDriven]
    case (.synapses, .subexpression): [.summed, .shared, .constantOverStep]
    }
  }
}

extension EquationFlag {
  /// The flags that cannot stand beside this one (EQN-8).
  package var excluded: Set<EquationFlag> {
    switch self {
    case .linked: Set(EquationFlag.allCases).subtracting([.linked])
    case .eventDriven: [.clockDriven, .linked]
    case .clockDriven: [.eventDriven, .linked]
    case .summed: [.shared, .constantOverStep, .linked]
    case .shared, .constantOverStep: [.summed, .linked]
    case .constant, .unlessRefractory, .pointCurrent: [.linked]
    }
  }
}
