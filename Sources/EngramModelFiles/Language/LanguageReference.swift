/// The tables of the language as a reference shows them: each with a sentence and with files that show every key at work.
package struct LanguagePart: Sendable {
  package enum Chapter: String, Sendable, CaseIterable {
    case file = "The file", objects = "Objects", parts = "Inside objects", steps = "Steps", values = "Values"
  }

  package var chapter: Chapter
  package var name: String
  package var meaning: String
  package var table: KeyTable
  /// A whole file in which `$` is the mapping.
  let frame: String

  /// A whole model file that has the key.
  package func example(of key: Key) -> String {
    if chapter == .file, name == ModelLanguage.wholeFile { return Self.file(with: key) }
    let mapping = table.example(of: key)
    return frame.replacing("$", with: chapter == .objects ? "{kind: \(name), " + mapping.dropFirst() : mapping)
  }

  private static func file(with key: Key) -> String {
    let objects = "- {kind: NeuronGroup, name: P, N: 10, model: \"dv/dt = -v/(10*ms) : volt\", method: exact}"
    return key.name == "objects" ? "objects:\n\(objects)\n" : "\(key.name): \(key.example)\nobjects:\n\(objects)\n"
  }
}

extension ModelLanguage {
  static let wholeFile = "A model file"

  private static let before = """
    constants: {tau: 10 ms}
    objects:
      - {kind: Clock, name: slow, dt: 1 ms}
      - {kind: NeuronGroup, name: P, N: 10, model: "dv/dt = (I - v)/tau : volt\\nI : volt", threshold: v > 10*mV, reset: v = 0*mV, events: {high: "v > 5*mV"}, method: exact}

    """
  private static let more = """
      - {kind: NeuronGroup, name: L, N: 10, model: "dx/dt = -x/tau : 1\\ny : volt (linked)", link: {y: P.I}, method: exact}
      - {kind: Synapses, name: S, source: P, model: "w : volt", on_pre: v_post += w, connect: {condition: i != j}}
      - {kind: SpikeGeneratorGroup, name: input, N: 4, indices: [0, 1], times: [1 ms, 2 ms]}
      - {kind: SpikeMonitor, name: spikes, source: P}
      - {kind: StateMonitor, name: M, source: P, variables: v, record: [0]}

    """

  private static func object(_ kind: String, _ meaning: String) -> LanguagePart? {
    guard let table = kinds[kind] else { return nil }
    return LanguagePart(chapter: .objects, name: kind, meaning: meaning, table: table, frame: before + "  - $\nrun: 1 ms\n")
  }

  private static func step(_ name: String, _ meaning: String, _ table: KeyTable, _ frame: String) -> LanguagePart {
    LanguagePart(
      chapter: .steps, name: name, meaning: meaning, table: table, frame: before + more + "run:\n  - run: 1 ms\n  - store: first\n  - \(frame)\n")
  }

  private static func part(
    _ name: String, _ meaning: String, _ table: KeyTable, _ object: String, in chapter: LanguagePart.Chapter = .parts
  ) -> LanguagePart {
    LanguagePart(chapter: chapter, name: name, meaning: meaning, table: table, frame: before + "  - \(object)\nrun: 1 ms\n")
  }

  private static func value(
    _ name: String, _ meaning: String, _ table: KeyTable, _ object: String = "{kind: TimedArray, name: f, dt: 1 ms, values: $}"
  ) -> LanguagePart {
    part(name, meaning, table, object, in: .values)
  }

  private static func top(_ name: String, _ meaning: String, _ table: KeyTable, _ line: String) -> LanguagePart {
    LanguagePart(chapter: .file, name: name, meaning: meaning, table: table, frame: "\(line)\n" + before + "run: 1 ms\n")
  }

  /// Every mapping of the language, in the order of the reference.
  package static var reference: [LanguagePart] {
    let group = "{kind: NeuronGroup, name: X, N: 5, model: \"dv/dt = (I - v)/tau : volt\\nI : volt\""
    let files: [LanguagePart] = [
      top(wholeFile, "What stands at the top.", top, ""),
      top("checkpoints", "When checkpoints are made by themselves. It never decides results.", checkpoints, "checkpoints: $"),
      top("every", "`checkpoints: {every: …}` with both kinds of time.", every, "checkpoints: {every: $}"),
      top("keep", "`checkpoints: {keep: …}`: the newest ones, and one for each period.", keep, "checkpoints: {keep: $}"),
      top("watch", "What ends a run with status 76 as soon as it happens.", watchKeys, "watch: $"),
      top("bounds of a variable", "`watch: {bounds: {P.v: …}}` with one bound or both.", bounds, "watch: {bounds: {P.v: $}}"),
      top("rate of a group", "`watch: {rate: {P: …}}` with a window.", rateLimit, "watch: {rate: {P: $}}"),
      top("sweep", "What `engram sweep FILE` varies. A run of the file passes it over.", sweepKeys, "sweep: $"),
      top("functions", "`functions: {f: …}`: the formula takes the place of each call.", function, "functions: {f: $}"),
      top("functions with arguments in the key", "`functions: {\"f(x)\": …}`.", functionOfKey, "functions: {\"f(x)\": $}"),
    ]
    let objects = [
      object("NeuronGroup", "Neurons, or anything else that follows equations."),
      object("SpatialNeuron", "A neuron with a shape, in compartments."),
      object("Synapses", "Connections with variables, equations and code of their own."),
      object("PoissonGroup", "Elements that spike at random, each with its rate."),
      object("PoissonInput", "Poisson input to every element of a group, without objects for its sources."),
      object("SpikeGeneratorGroup", "Elements that spike at given times."),
      object("TimedArray", "A function of time, `name(t)` or `name(t, i)`, whose values hold for a step each."),
      object("BinomialFunction", "A function, `name()`, that draws binomial numbers."),
      object("StateMonitor", "Records variables step by step."),
      object("SpikeMonitor", "Records spikes."),
      object("EventMonitor", "Records custom events."),
      object("PopulationRateMonitor", "Records the rate of a group."),
      object("Subgroup", "Gives a part of a group a name."),
      object("Clock", "A clock that objects can follow."),
      object("EventClock", "A clock that ticks at given times."),
    ].compactMap(\.self)
    let parts = [
      part(
        "Sections", "The items of `morphology: [\u{2026}]` of a SpatialNeuron.", section,
        "{kind: SpatialNeuron, name: X, model: \"Im = 0*amp/metre**2 : amp/metre**2\", morphology: [{shape: soma, diameter: 20 um}, {shape: cylinder, name: axon, diameter: 1 um, length: 10 um}, $]}"
      ),
      part(
        "Shapes from points and files", "`morphology: {\u{2026}}` of a SpatialNeuron.", morphology,
        "{kind: SpatialNeuron, name: X, model: \"Im = 0*amp/metre**2 : amp/metre**2\", morphology: $}"),
      part(
        "Coordinates of a shape", "`generate_coordinates: {\u{2026}}` of a `morphology` from points, files or sections. The angles depend on the seed.",
        coordinates,
        "{kind: SpatialNeuron, name: X, model: \"Im = 0*amp/metre**2 : amp/metre**2\", morphology: "
          + "{sections: [{shape: soma, diameter: 20 um}, {shape: cylinder, diameter: 1 um, length: 10 um}], generate_coordinates: $}}"
      ),
      part(
        "Connecting", "`connect: …` of Synapses: pairs by a condition and a probability, by lists, or by a generator.", connect,
        "{kind: Synapses, name: X, source: P, on_pre: v_post += 1*mV, connect: $}"),
      part("Code of groups: run_regularly", "Code with a step of its own.", regularCode, group + ", run_regularly: $}"),
      part("Code of groups: run_at", "Code at given times.", timedCode, group + ", run_at: $}"),
      part(
        "Code of groups: run_on_event", "`run_on_event: {high: …}`.", eventCode,
        group + ", events: {high: \"v > 5*mV\"}, run_on_event: {high: $}}"),
      part(
        "Place of a pathway or an event", "`pathways: {pre: …}` and `event_schedule: {high: …}`.", place,
        "{kind: Synapses, name: X, source: P, on_pre: v_post += 1*mV, pathways: {pre: $}, connect: true}"),
      part(
        "Links with an index", "`link: {y: …}`.", link,
        "{kind: NeuronGroup, name: X, N: 5, model: \"dx/dt = -x/tau : 1\\ny : volt (linked)\", link: {y: $}}"),
      part("Equations with replaced names", "`model: …`, also as an item of a list.", replacedText, "{kind: NeuronGroup, name: X, N: 5, model: $}"),
      part("A scheme of one's own", "`method: …`.", scheme, "{kind: NeuronGroup, name: X, N: 5, model: \"dv/dt = -v/tau : volt\", method: $}"),
    ]
    let stepParts = [
      step("The verbs", "A step is a mapping with one verb. A single time in place of the list runs so long.", steps, "$"),
      step("run", "Runs on.", run, "run: $"), step("store", "Keeps the state.", store, "store: $"),
      step("restore", "Brings a state back.", restore, "restore: $"), step("export", "Writes an HDF5 file.", export, "export: $"),
      step("repeat", "Rounds, one behind the other.", repetition, "repeat: $"),
      step("until", "Rounds, until a condition holds.", until, "until: $"), step("if", "A choice.", choice, "if: $"),
      step("set_spikes", "Other spikes for a generator.", setSpikes, "set_spikes: {input: $}"),
    ]
    let values = [
      value("A list with its unit", "", valuesWithUnit),
      value("A ramp", "Evenly spaced values.", ramp),
      value("An HDF5 file", "Numbers or booleans with up to two dimensions.", hdf5),
      value("A file of NumPy", "", npy),
      value("A table as text", "", csv),
      value("Spikes of SONATA", "For `spikes` of a SpikeGeneratorGroup.", sonata, "{kind: SpikeGeneratorGroup, name: X, N: 10, spikes: $}"),
    ]
    return files + objects + parts + stepParts + values
  }
}
