/// The words of the model file language: kinds of objects with their keys, verbs of steps, top-level keys.
package enum ModelLanguage {
  /// The newest version of the language that this release reads (MDL-10).
  package static let version = 1

  package static let kinds: [String: KeyTable] = [
    "NeuronGroup": neuronGroup, "SpatialNeuron": spatialNeuron, "Synapses": synapses, "PoissonGroup": poissonGroup, "PoissonInput": poissonInput,
    "SpikeGeneratorGroup": spikeGenerator, "TimedArray": timedArray, "BinomialFunction": binomialFunction, "StateMonitor": stateMonitor,
    "SpikeMonitor": spikeMonitor, "EventMonitor": eventMonitor, "PopulationRateMonitor": rateMonitor, "Subgroup": subgroup,
    "Clock": clock, "EventClock": eventClock,
  ]

  /// Kinds that need closures (MDL-35).
  package static let swiftOnly = ["NetworkOperation", "Function", "UserFunction"]

  package static var verbs: [String] { steps.optional }

  /// Alternative spellings of keys: `count` is the Swift label of `N`.
  package static let aliases: [String: [String: String]] = [
    "NeuronGroup": ["count": "N"], "PoissonGroup": ["count": "N"], "SpikeGeneratorGroup": ["count": "N"],
    "PoissonInput": ["count": "N", "variable": "target_var"],
  ]
}
