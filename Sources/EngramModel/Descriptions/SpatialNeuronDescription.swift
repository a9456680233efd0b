public import EngramMorphology
public import EngramUnits

/// A neuron with a shape: what a `SpatialNeuron` is made with.
public struct SpatialNeuronDescription: Hashable, Sendable {
  /// What every group of neurons has; its elements are the compartments.
  public var neurons: NeuronGroupDescription
  /// The shape.
  public var morphology: NeuronMorphology
  /// Of the membrane, per area, where the variable `Cm` was not set otherwise.
  public var capacitance: Quantity
  /// Of the inside, where the variable `Ri` was not set otherwise.
  public var resistivity: Quantity
  /// The compartment where the threshold is looked at; nil: at each.
  public var thresholdLocation: Int?

  public init(
    _ neurons: NeuronGroupDescription, morphology: NeuronMorphology, capacitance: Quantity, resistivity: Quantity, thresholdLocation: Int? = nil
  ) {
    self.neurons = neurons
    self.morphology = morphology
    self.capacitance = capacitance
    self.resistivity = resistivity
    self.thresholdLocation = thresholdLocation
  }
}

extension SpatialNeuronDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) {
    neurons = try walk.part(\.neurons) { walk throws(DescriptionError) in try NeuronGroupDescription(&walk) }
    morphology = try walk(.morphology, \.morphology, .morphology)
    capacitance = try walk(.capacitance, \.capacitance, .quantity)
    resistivity = try walk(.resistivity, \.resistivity, .quantity)
    thresholdLocation = try walk(.thresholdLocation, \.thresholdLocation, .maybe(.integer))
    guard neurons.count == morphology.compartmentCount else {
      throw .damaged("the neuron has \(neurons.count) compartments, its shape \(morphology.compartmentCount)")
    }
  }
}
