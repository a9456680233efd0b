internal import EngramModel

/// The verbs of the list under `run`, and the keys of their mappings.
extension ModelLanguage {
  /// A step is a mapping with one of these.
  static let steps = KeyTable([
    Key("run", .either([.quantity("second"), .mapping("see run")]), "Runs on.", example: "1 ms"),
    Key("store", .either([.name, .mapping("see store")]), "Keeps the state as a named checkpoint.", example: "trained"),
    Key("restore", .either([.name, .mapping("see restore")]), "Brings a stored state back.", example: "first"),
    Key("export", .either([.text, .mapping("see export")]), "Writes the state to an HDF5 file beside the run directory.", example: "all.h5"),
    Key("set", .mapping("OBJECT.VARIABLE, perhaps with a selection, to value"), "Gives variables values.", example: #"{"P.v[0:5]": 1 mV, S.w: rand()*mV}"#),
    Key("constants", .mapping("name to value"), "Gives constants of the file other values from here on.", example: "{tau: 20 ms}"),
    Key("dt", .either([.quantity("second"), .mapping("clock or object to time")]), "Changes the step of the default clock, or of others.", example: "0.05 ms"),
    Key("active", .mapping("object to boolean"), "Switches objects on and off.", example: "{M: false}"),
    Key("add", .listOf(.mapping("an object")), "Brings objects into the network.", example: "[{kind: SpikeMonitor, name: late, source: P}]"),
    Key("remove", .listOf(.name), "Takes objects out of the network.", example: "[M]"),
    Key("connect", .mapping("Synapses to what `connect` takes"), "Makes synapses.", example: "{S: {condition: i == j}}"),
    Key("link", .mapping("group to what `link` takes"), "Links variables.", example: "{L: {y: P.v}}"),
    Key("set_spikes", .mapping("SpikeGeneratorGroup to its spikes"), "Gives a generator other spikes.", example: "{input: {indices: [0], times: [5 ms]}}"),
    Key("schedule", .listOf(.name), "Changes the order of slots in a step.", example: "[start, groups, thresholds, synapses, resets, end]"),
    Key("seed", .either([.integer("from 0 to 2^64 − 1"), .words(["entropy"]), .expression("1")]), "Begins random numbers anew.", example: "42"),
    Key("record", .listOf(.name), "Has StateMonitors record the present state once.", example: "[M]"),
    Key("repeat", .mapping("see repeat"), "Repeats steps.", example: "{count: 2, steps: [{run: 1 ms}]}"),
    Key(
      "until", .mapping("see until"), "Repeats steps until a condition holds.",
      example: #"{condition: "P.v[0] > 5*mV", at_most: 3, steps: [{run: 1 ms}]}"#),
    Key("if", .mapping("see if"), "Takes one list of steps or the other.", example: #"{condition: "spikes.count[0] > 0", then: [{run: 1 ms}]}"#),
    Key("run_regularly", .mapping("group to what the key of objects takes"), "Gives groups code from here on.", example: "{P: {code: v += 1*mV, dt: 1 ms}}"),
    Key("run_at", .mapping("the same"), "The same at given times.", example: "{P: {code: v += 1*mV, times: [2 ms]}}"),
    Key("run_on_event", .mapping("group to event to code"), "The same when an event happens.", example: "{P: {high: I = 0*mV}}"),
    Key("events", .mapping("group to event to condition"), "Gives groups custom events from here on.", example: #"{P: {low: "v < 1*mV"}}"#),
    Key(
      "event_schedule", .mapping("group to event to `{when, order}`"), "When in a step the condition of an event is tested from here on.",
      example: "{P: {high: {when: after_resets}}}"),
  ])

  static let run = KeyTable(
    [
      Key("for", .quantity("second"), "How long.", example: "1 ms"),
      Key("until", .quantity("second"), "Until which network time.", example: "5 ms", insteadOf: ["for"]),
      Key("report", .text, "For those who are used to it from Brian 2: the program tells how far it is in any case.", example: "text"),
      Key("namespace", .mapping("name to value"), "Constants of this run alone.", example: "{tau: 20 ms}"),
    ], completion: [("for", "1 ms")])

  static let store = KeyTable([
    Key("name", .name, "The name; `{k}` stands for the number of a round.", example: "trained").required,
    Key("comment", .text, "What people will want to know.", example: "after learning"),
    Key("tags", .listOf(.name), "Words to find it by.", example: "[paper]"),
    Key("file", .text, "A portable file beside the run directory, in place of the directory.", example: "trained.h5"),
  ])

  static let restore = KeyTable([
    Key("name", .name, "Which checkpoint.", example: "first").required,
    Key("file", .text, "The portable file that has it.", example: "kept.h5", beside: [("name", "kept")]),
    Key(
      "random", .either([.words(["restore", "keep_current"]), .mapping("`{reseed: K}`")]),
      "Which random numbers follow: those that followed the checkpoint, those that would follow now, or others, made of the seed and K.", usual: "restore",
      example: "{reseed: 7}"),
    Key(
      "allow", .listOf(.words(Difference.allCases.map(\.rawValue))), "Differences between the model and the checkpoint that are meant.", usual: "none",
      example: "[equations]"),
    Key("only", .listOf(.name), "Restores these objects only.", example: "[P]"),
    Key("rename", .mapping("name in the checkpoint to name in the model"), "Objects that have another name now.", example: "{P: P}"),
  ])

  static let export = KeyTable([
    Key("file", .text, "The file; `{k}` stands for the number of a round.", example: "part.h5").required,
    Key("only", .listOf(.reference), "Objects, variables and elements.", usual: "everything", example: #"[P.v, "P.I[0:5]", spikes]"#),
    Key("from", .quantity("second"), "Recordings from this time on.", example: "0 ms"),
    Key("to", .quantity("second"), "Recordings up to this time.", example: "1 ms"),
    Key("chunked", .boolean, "Whether datasets are compressed.", usual: "false", example: "true"),
    Key("internal", .boolean, "Whether variables that begin with an underscore are in it.", usual: "false", example: "true"),
  ])

  static let repetition = KeyTable(
    [
      Key("steps", .steps, "What is repeated.", example: "[{run: 1 ms}]").required,
      Key("count", .integer("from 0 on"), "How often.", example: "3"),
      Key("over", .list(unit: nil), "One round for each value.", example: "[1 mV, 2 mV]", beside: [("as", "x")], insteadOf: ["count"]),
      Key("as", .name, "The constant that is the number of the round, or its value.", example: "x"),
    ], completion: [("count", "2")])

  static let until = KeyTable([
    Key("condition", .expression("1"), "What ends it, at the end of a round; it may look at the network.", example: #""P.v[0] > 5*mV""#).required,
    Key("at_most", .integer("from 0 on"), "How many rounds at most.", example: "10").required,
    Key("steps", .steps, "What is repeated.", example: "[{run: 1 ms}]").required,
    Key("as", .name, "The constant that is the number of the round.", example: "k"),
  ])

  static let choice = KeyTable([
    Key("condition", .expression("1"), "What decides; it may look at the network.", example: #""len(spikes.t) > 0""#).required,
    Key("then", .steps, "The steps where it holds.", example: "[{run: 1 ms}]").required,
    Key("else", .steps, "The steps where it does not.", usual: "none", example: "[{set: {P.I: 12 mV}}]"),
  ])

  static let setSpikes = KeyTable(spikeKeys, completion: [("indices", "[0]"), ("times", "[5 ms]")])
}
