public import EngramScalars

/// What is wrong with a neuron with a shape.
public enum SpatialNeuronError: ExplainedError, Hashable, Sendable {
  /// A measure of the cable that is zero, negative or no number, in SI units.
  case notPositive(neuron: String, variable: String, compartment: Int?, value: Double)
  /// A capacitance or a resistivity in another unit.
  case unit(neuron: String, variable: String, expected: String, found: String)
  /// A place of the threshold that is several compartments.
  case severalPlaces(neuron: String, place: String, count: Int)
  /// A place of the threshold that the neuron does not have.
  case noPlace(neuron: String, compartment: Int, count: Int)
  /// A place of a threshold that is not there.
  case noThreshold(neuron: String)
  /// A clock without equal steps.
  case noStep(neuron: String)

  public var description: String {
    switch self {
    case .notPositive(let neuron, let variable, let compartment, let value):
      "'\(variable)' of '\(neuron)' is a positive number\(compartment.map { ", found \(value) for compartment \($0)" } ?? ", found \(value)"), in SI units"
    case .unit(let neuron, let variable, let expected, let found): "'\(variable)' of '\(neuron)' is in \(expected), found \(found)"
    case .severalPlaces(let neuron, let place, let count):
      "the threshold of '\(neuron)' is at one compartment, and '\(place)' are \(count); add a number or a distance, as in axon[0] or axon[10 um]"
    case .noPlace(let neuron, let compartment, let count):
      "the threshold of '\(neuron)' is at compartment \(compartment), and the neuron has the compartments 0 to \(count - 1)"
    case .noThreshold(let neuron): "'\(neuron)' has a place for its threshold but no threshold"
    case .noStep(let neuron): "'\(neuron)' advances by steps of equal length, and its clock ticks at given times"
    }
  }
}
