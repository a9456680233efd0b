/// The words of the model file language: kinds of objects with their keys, verbs of steps, top-level keys.
///
/// A key is spelt as in the reference; the camel-case spelling of the Swift label means the same (MDL-6).
package struct KeyTable: Sendable {
  package var required: [String]
  package var optional: [String]

  package var all: [String] { required + optional }

  /// The canonical spelling of a key, or nil when it is not one of the table.
  package func canonical(_ key: String) -> String? {
    if all.contains(key) { return key }
    let snake = Self.snakeCase(key)
    return all.contains(snake) ? snake : nil
  }

  package static func snakeCase(_ key: String) -> String {
    var out = ""
    for character in key {
      if character.isUppercase, !out.isEmpty, out.last?.isUppercase != true {
        out += "_" + character.lowercased()
      } else {
        out.append(character)
      }
    }
    return out
  }
}

package enum ModelLanguage {
  /// The newest version of the language that this release reads (MDL-10).
  package static let version = 1

  package static let top = KeyTable(
    required: ["objects"],
    optional: [
      "engram", "name", "description", "citation", "source", "dt", "seed", "constants", "schedule", "dtype", "preferences",
      "checkpoints", "storage", "watch", "run", "sweep", "functions",
    ])

  private static let common = ["kind", "name", "dt", "clock", "when", "order", "active", "storage"]
  private static let group = ["initial", "link", "run_regularly", "run_at", "run_on_event", "event_schedule"]

  package static let kinds: [String: KeyTable] = [
    "NeuronGroup": KeyTable(
      required: ["N", "model"],
      optional: common + group + [
        "threshold", "reset", "refractory", "events", "method", "method_options", "namespace", "dtype",
      ]),
    "Synapses": KeyTable(
      required: ["source"],
      optional: common + group + [
        "target", "model", "on_pre", "on_post", "delay", "on_event", "pathways", "connect", "multisynaptic_index", "method",
        "method_options", "namespace", "dtype",
      ]),
    "PoissonGroup": KeyTable(required: ["N", "rates"], optional: common + group + ["namespace"]),
    "PoissonInput": KeyTable(required: ["target", "target_var", "N", "rate", "weight"], optional: common),
    "SpikeGeneratorGroup": KeyTable(
      required: ["N"], optional: common + ["indices", "times", "spikes", "period", "sorted"] + group),
    "TimedArray": KeyTable(required: ["values", "dt"], optional: ["kind", "name"]),
    "BinomialFunction": KeyTable(required: ["n", "p"], optional: ["kind", "name", "approximate"]),
    "StateMonitor": KeyTable(required: ["source", "variables", "record"], optional: common),
    "SpikeMonitor": KeyTable(required: ["source"], optional: common + ["variables", "record"]),
    "EventMonitor": KeyTable(required: ["source", "event"], optional: common + ["variables", "record"]),
    "PopulationRateMonitor": KeyTable(required: ["source"], optional: common),
    "Subgroup": KeyTable(required: ["of"], optional: ["kind", "name"] + group),
    "Clock": KeyTable(required: ["dt"], optional: ["kind", "name"]),
    "EventClock": KeyTable(required: ["times"], optional: ["kind", "name"]),
  ]

  /// Kinds that need closures (MDL-35).
  package static let swiftOnly = ["NetworkOperation", "Function", "UserFunction", "SpatialNeuron"]

  package static let verbs = [
    "run", "store", "restore", "export", "set", "constants", "dt", "active", "add", "remove", "connect", "link", "set_spikes",
    "schedule", "seed", "record", "repeat", "until", "if", "run_regularly", "run_at", "run_on_event",
  ]

  /// Alternative spellings of keys: `count` is the Swift label of `N`.
  package static let aliases: [String: [String: String]] = [
    "NeuronGroup": ["count": "N"], "PoissonGroup": ["count": "N"], "SpikeGeneratorGroup": ["count": "N"],
    "PoissonInput": ["count": "N", "variable": "target_var"],
  ]
}
