internal import EngramCheckpoints
internal import EngramStorage

/// The keys at the top of a file, and of mappings inside.
extension ModelLanguage {
  package static let top = KeyTable([
    Key("objects", .listOf(.mapping("an object")), "The objects of the network, each below those that it names.", example: "[]").required,
    Key("engram", .integer("up to \(version)"), "The version of the language.", usual: "\(version)", example: "1"),
    Key("name", .name, "The name of the network.", usual: "that of the file", example: "balanced"),
    Key("description", .text, "For people.", example: "A balanced network."),
    Key("citation", .text, "The paper that the model is from.", example: "Vogels and Abbott (2005)"),
    Key("source", .text, "Where the file is from.", example: "https://example.org/model"),
    Key("dt", .quantity("second"), "The step of the default clock.", usual: "0.1 ms", example: "0.05 ms"),
    Key(
      "seed", .either([.integer("from 0 to 2^64 − 1"), .words(["entropy"]), .expression("1")]), "What all random numbers follow from.", usual: "entropy",
      example: "42"),
    Key("constants", .mapping("name to value"), "Constants of all texts and values; each may use those above it.", example: "{n: 100, m: 2*n}"),
    Key("functions", .mapping("name to `{arguments, expression}`, or `f(x)` to expression"), "Functions by formulas.", example: #"{"f(x)": x**2}"#),
    Key(
      "schedule", .listOf(.name), "The order of slots in a step.", usual: "start, groups, thresholds, synapses, resets, end",
      example: "[start, groups, thresholds, synapses, resets, end]"),
    Key("dtype", .words(["float64", "float32"]), "The type of floating-point variables.", usual: "float64", example: "float32"),
    Key("preferences", .mapping("core.… or legacy.… to value"), "Preferences that belong to a model.", example: "{core.default_float_dtype: float64}"),
    Key(
      "checkpoints", .mapping("see checkpoints"), "When checkpoints are made by themselves, and which stay.", usual: "every minute of wall time",
      example: "{every: 1 s, keep: 5}"),
    Key(
      "storage", .words(ArrayStorage.allCases.map(\.rawValue)), "Where arrays are while it runs; results do not depend on it.", usual: "mapped",
      example: "memory"),
    Key("watch", .mapping("see watch"), "What ends a run that is no use any more.", example: "{nan: true}"),
    Key(
      "run", .either([.quantity("second"), .steps]), "What is done; without it nothing but what the command line asks for.",
      example: "[{run: 1 ms}, {store: done}]"),
    Key("sweep", .mapping("see sweep"), "What `engram sweep` varies where it is not told.", example: "{over: {seed: [1, 2]}, for: 1 s}"),
  ])

  static let checkpoints = KeyTable([
    Key(
      "every", .either([.quantity("second"), .mapping("see every")]), "How often: simulated time, or both kinds of time.", usual: "every minute of wall time",
      example: "1 s"),
    Key(
      "keep", .either([.integer("from 1 on"), .mapping("see keep")]), "How many of them stay; named and tagged ones always do.",
      usual: "\(RetentionPolicy().automatic)", example: "5"),
  ])

  static let every = KeyTable([
    Key("simulated", .quantity("second"), "Simulated time between two.", example: "1 s"),
    Key("wall", .quantity("second"), "Time on the clock on the wall; also `min`, `h` and `d`.", example: "5 min"),
  ])

  static let keep = KeyTable([
    Key("last", .integer("from 1 on"), "The newest so many.", usual: "\(RetentionPolicy().automatic)", example: "5"),
    Key("simulated", .quantity("second"), "One for each such stretch of simulated time.", example: "10 s"),
    Key("wall", .quantity("second"), "One for each such stretch of wall time.", example: "1 h"),
  ])

  static let sweepKeys = KeyTable([
    Key("over", .mapping("constant or seed to list of values"), "What varies.", example: "{seed: [1, 2, 3]}").required,
    Key("zip", .boolean, "Whether the lists go side by side, in place of every value with every other one.", usual: "false", example: "true"),
    Key("for", .quantity("second"), "How long each run is.", example: "1 s"),
    Key("until", .quantity("second"), "Until which time each runs.", example: "1 s"),
    Key("collect", .listOf(.text), "Further columns of the table.", example: #"["mean(P.v)", "late = count(P.v[0:5])"]"#),
  ])

  static let watchKeys = KeyTable([
    Key("nan", .either([.boolean, .listOf(.reference)]), "Ends a run when a variable is no finite number.", usual: "false", example: "[P.v]"),
    Key(
      "bounds", .mapping("OBJECT.VARIABLE to `[low, high]`, or to `{from, to}`"), "Ends it when a variable leaves its bounds.",
      example: "{P.v: [-100 mV, 50 mV]}"),
    Key("rate", .mapping("group to rate, or to `{above, window}`"), "Ends it when a group spikes more often.", example: "{P: 200 Hz}"),
    Key("disk", .text, "Ends it with a checkpoint when less room is left.", example: "5 GB"),
  ])

  static let bounds = KeyTable([
    Key("from", .quantity("that of the variable"), "The least value.", example: "-100 mV"),
    Key("to", .quantity("that of the variable"), "The greatest value.", example: "50 mV"),
  ])

  static let rateLimit = KeyTable([
    Key("above", .quantity("hertz"), "The rate that is too much.", example: "200 Hz").required,
    Key("window", .quantity("second"), "Over which time it is counted.", usual: "\(Int(Watchdog.standardWindowSeconds * 1000)) ms", example: "50 ms"),
  ])

  private static let formula = [
    Key("expression", .expression(nil), "The formula.", example: "x**2").required,
    Key(
      "units", .either([.listOf(.text), .mapping("argument, or result, to unit")]), "What arguments and value measure, which is then checked.",
      usual: "what follows from each call", example: "[1, 1]"),
  ]

  static let function = KeyTable([Key("arguments", .listOf(.name), "The names of its arguments.", example: "[x]").required] + formula)
  static let functionOfKey = KeyTable(formula)

  static let link = KeyTable(
    [
      Key("to", .reference, "The variable, as OBJECT.VARIABLE.", example: "P.v").required,
      Key(
        "index", .either([.name, .listOf(.integer(nil))]), "Which element of it belongs to which element here: a variable, or a list.",
        usual: "the same number", example: "[0, 0, 1, 1, 2]"),
    ], completion: [("index", "[0, 0, 1, 1, 2]")])

  static let place = KeyTable([
    Key("when", .words(["a slot of the schedule"]), "The slot.", example: "after_resets"),
    Key("order", .integer(nil), "The place in the slot.", usual: "0", example: "1"),
  ])

  private static let codeKeys = [
    Key("code", .code, "The statements.", example: "v += 1*mV").required,
    Key("when", .words(["a slot of the schedule"]), "The slot.", usual: "start; behind an event: right behind it", example: "end"),
    Key("order", .integer(nil), "The place in the slot.", usual: "0", example: "2", beside: [("when", "end")]),
    Key("name", .name, "A name, for `active` and for profiles.", usual: "one with a number", example: "kick"),
    Key("active", .boolean, "Whether it runs.", usual: "true", example: "false"),
  ]
  private static let ofPart = Key("of", .reference, "The part of the group that it is for.", usual: "the whole group", example: "\"X[0:5]\"")

  static let regularCode = KeyTable(
    codeKeys + [
      Key("dt", .quantity("second"), "How often.", usual: "every step", example: "1 ms"),
      Key("clock", .name, "The clock that it follows.", example: "slow"),
      ofPart,
    ])
  static let timedCode = KeyTable(
    codeKeys + [
      Key("times", .list(unit: "second"), "When; it has to be there.", example: "[1 ms, 2 ms]"),
      Key.withoutEffect("clock", .name, because: "the times make a clock", example: "slow"),
      ofPart,
    ], completion: [("times", "[1 ms]")])
  static let eventCode = KeyTable(codeKeys)

  static let connect = KeyTable([
    Key("condition", .expression("1"), "Which pairs are connected; of `i`, `j` and variables with _pre and _post.", usual: "all", example: "i != j"),
    Key("i", .either([.list(unit: nil), .expression("1")]), "Sources: a list beside `j`, or a generator.", example: "[0, 1]", beside: [("j", "[1, 2]")]),
    Key(
      "j", .either([.list(unit: nil), .expression("1")]), "Targets: a list beside `i`, or a generator for each source.",
      example: #""k for k in range(i, i + 2)""#,
      beside: [("skip_if_invalid", "true")]),
    Key("p", .expression("1"), "With which probability.", usual: "1", example: "0.1"),
    Key("n", .expression("1"), "How many synapses for each pair.", usual: "1", example: "2"),
    Key("skip_if_invalid", .boolean, "Whether a generator may go beyond the group.", usual: "false", example: "true", beside: [("j", "i + 1")]),
    Key("namespace", .mapping("name to value"), "Constants of this mapping alone.", example: "{q: 0.2}", beside: [("p", "q")]),
  ])

  static let replacedText = KeyTable([
    Key("text", .equations, "The equations.", example: #""dx/dt = -x/t_x : 1""#, beside: [("replace", "{x: m, t_x: 10 ms}")]).required,
    Key(
      "replace", .either([.mapping("name to name or value"), .words(["a list of these: the text once for each"])]), "What takes the place of names.",
      example: "[{x: m, t_x: 10 ms}, {x: n, t_x: 20 ms}]"),
  ])

  static let scheme = KeyTable([
    Key("explicit", .text, "The scheme, as Brian 2's ExplicitStateUpdater takes it.", example: #""x_new = x + dt*f(x, t)""#).required,
    Key("noise", .words(["none", "additive", "multiplicative"]), "Which noise it can do.", usual: "none", example: "none"),
    Key("name", .name, "Its name in messages.", usual: "explicit", example: "mine"),
  ])

  private static let part = [
    Key("select", .text, "A part of the array: positions and ranges, also calculated.", usual: "the whole", example: "\"0:2\""),
    Key("unit", .text, "The unit of the numbers.", usual: "the dataset's attribute `units`, else none", example: "1"),
  ]

  static let hdf5 = KeyTable(
    [
      Key("hdf5", .text, "The file; paths count from the model file.", example: "arrays.h5").required,
      Key("dataset", .text, "The dataset, perhaps with a part: `\"/m[0, :]\"`.", example: "/in/plain").required,
    ] + part)
  static let npy = KeyTable([Key("npy", .text, "A file of NumPy.", example: "list.npy").required] + part)
  static let csv = KeyTable(
    [
      Key("csv", .text, "A text file of numbers in columns.", example: "named.csv").required,
      Key("column", .text, "The column, by its name or number.", usual: "all of them", example: "weight"),
    ] + part, completion: [("column", "weight")])

  static let sonata = KeyTable(
    [
      Key("sonata", .text, "A file of spikes.", example: "spikes.h5").required,
      Key("population", .text, "Which population, where there are several.", example: "thalamus"),
    ], completion: [("population", "thalamus")])

  static let valuesWithUnit = KeyTable([
    Key("values", .listOf(.value), "Numbers.", example: "[1, 2, 3]").required,
    Key("unit", .text, "Their unit.", usual: "none", example: "mV"),
  ])

  static let ramp = KeyTable(
    [
      Key("start", .quantity("that of the place"), "The first value.", example: "0 mV").required,
      Key("stop", .quantity("that of the place"), "The last value; with `step` it is left out.", example: "4 mV").required,
      Key("count", .integer("from 1 on"), "How many.", example: "5"),
      Key("step", .quantity("that of the place"), "The distance, in place of `count`.", example: "1 mV", insteadOf: ["count"]),
    ], completion: [("count", "5")])
}
