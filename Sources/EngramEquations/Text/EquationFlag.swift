/// What may stand in parentheses after the unit of an equation (EQN-7).
public enum EquationFlag: String, Sendable, Hashable, Codable, CaseIterable {
  case constant, shared, linked
  case constantOverStep = "constant over dt"
  case unlessRefractory = "unless refractory"
  case eventDriven = "event-driven"
  case clockDriven = "clock-driven"
  case summed
}

/// What owns the equations: it decides which flags and names are allowed.
public enum EquationContext: String, Sendable, Hashable, Codable, CaseIterable {
  case neurons, synapses

  package var title: String {
    switch self {
    case .neurons: "a NeuronGroup"
    case .synapses: "Synapses"
    }
  }

  /// The flags an equation of `kind` may carry here (EQN-7), in the order messages list them.
  package func allowedFlags(for kind: EquationKind) -> [EquationFlag] {
    switch (self, kind) {
    case (.neurons, .differential): [.unlessRefractory]
    case (.neurons, .subexpression): [.shared, .constantOverStep]
    case (.neurons, .parameter), (.synapses, .parameter): [.constant, .shared, .linked]
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
    case .constant, .unlessRefractory: [.linked]
    }
  }
}
