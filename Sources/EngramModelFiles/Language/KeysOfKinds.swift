internal import EngramModel

/// The keys of objects.
extension ModelLanguage {
  static let kindAndName = [
    Key("kind", .words(["one of the kinds of this page"]), "What kind of object it is.", example: ""),
    Key("name", .name, "What other objects, steps and results call it.", usual: "the kind with a number", example: "X"),
  ]

  static func timing(_ slot: Slot, isFree: Bool = true) -> [Key] {
    [
      Key("dt", .quantity("second"), "The step of a clock of its own.", usual: "the model's `dt`", example: "0.2 ms"),
      Key("clock", .name, "The clock that it follows, in place of `dt`.", usual: "the default clock", example: "slow"),
      isFree
        ? Key("when", .words(["a slot of the schedule"]), "In which slot of a step it acts.", usual: "`\(slot.rawValue)`", example: "end")
        : .withoutEffect(
          "when", .words(["a slot of the schedule"]), because: "the parts of this kind have slots of their own", usual: "`\(slot.rawValue)`", example: "end"),
      Key(
        "order", .integer(nil), "Its place among objects of the same slot; lower comes first.", usual: "\(TimingDescription.usualOrder)", example: "-1",
        beside: [("when", "end")]),
      Key("active", .boolean, "Whether it takes part in runs; the step `active` switches it.", usual: "true", example: "false"),
      Key(
        "storage", .either([.words(["mapped", "private", "memory"]), .mapping("variable to word")]),
        "Where its arrays are while a run goes on; results do not depend on it.", usual: "the model's `storage`", example: "memory"),
    ]
  }

  /// What every group has; example values fit a group with a variable `v` in volt.
  static func group(
    _ initial: String, link: [(key: String, value: String)]? = nil, linked: String = "{y: P.v}", events: Bool = false,
    eventCode: String = "I = 0*mV"
  ) -> [Key] {
    let alone = "; only a NeuronGroup has it"
    return [
      Key(
        "initial", .mapping("variable, or variable[selection], to value"), "First values of variables, assigned in this order; lists and expressions as well.",
        usual: "0 for every variable", example: initial),
      Key(
        "link", .mapping("variable to OBJECT.VARIABLE, or to `{to, index}`"),
        "Makes linked variables those of another group" + (link == nil ? "; only a NeuronGroup and Synapses have them." : "."),
        example: link == nil ? "{}" : linked, beside: link ?? []),
      Key(
        "run_regularly", .either([.code, .mapping("see Code of groups"), .words(["a list of these"])]), "Code that runs with a step of its own.",
        example: initial == "{}" ? "[]" : initial.hasPrefix("{w") ? "{code: w = 1*mV, dt: 1 ms}" : "{code: v += 1*mV, dt: 1 ms}"),
      Key(
        "run_at", .either([.mapping("see Code of groups"), .words(["a list of these"])]), "Code that runs at given times.",
        example: initial == "{}" ? "[]" : initial.hasPrefix("{w") ? "{code: w = 1*mV, times: [0.5 ms]}" : "{code: v += 1*mV, times: [0.5 ms]}"),
      Key(
        "run_on_event", .mapping("event to code, or to `{code, when, order}`"), "Code that runs for elements that have an event" + (events ? "." : alone + "."),
        example: events ? "{high: \(eventCode)}" : "{}", beside: events ? [("events", #"{high: "v > 5*mV"}"#)] : []),
      Key(
        "event_schedule", .mapping("event to `{when, order}`"), "When in a step the condition of a custom event is tested" + (events ? "." : alone + "."),
        usual: "`\(NeuronGroupDescription.eventSlot.rawValue)`", example: events ? "{high: {when: after_resets}}" : "{}",
        beside: events ? [("events", #"{high: "v > 5*mV"}"#)] : []),
    ]
  }

  static let integration = [
    Key(
      "method", .either([.words(["a method's name"]), .listOf(.text), .mapping("`{explicit, noise, name}`: a scheme of one's own")]),
      "How differential equations are integrated; of a list the first that fits.", usual: "the first that fits of exact, exponential_euler, …", example: "euler"
    ),
    Key(
      "method_options", .mapping("option to value"), "Options of the method, such as the tolerances of those with steps of their own.",
      usual: "the method's own",
      example: "{relative_error: 1e-4}", beside: [("method", "rkf45")]),
  ]

  static let namespaceKey = Key(
    "namespace", .mapping("name to value"), "Constants of this object alone; they come before those of the file.", example: "{tau: 20 ms}")

  static func types(_ example: String) -> Key {
    Key(
      "dtype", .either([.words(["float64", "float32"]), .mapping("variable to float64, float32, int32, …")]),
      "Number types of its variables: of all floating-point ones, or by name.", usual: "the model's `dtype`", example: example)
  }

  private static func count(_ example: String, _ meaning: String = "How many elements it has; also spelt `count`.") -> Key {
    Key("N", .integer("from 1 on"), meaning, example: example).required
  }

  static let neuronGroup = KeyTable(
    [
      count("10"),
      Key(
        "model", .either([.equations, .mapping("`{text, replace}`: with names replaced"), .listOf(.equations)]),
        "Differential equations, subexpressions and parameters.", example: #""dv/dt = (I - v)/tau : volt\nI : volt""#
      ).required,
    ] + kindAndName + timing(NeuronGroupDescription.slot, isFree: false)
      + group(
        #"{v: "rand()*5*mV", "I[0:5]": 12 mV}"#, link: [("model", #""dv/dt = (y - v)/tau : volt\nI : volt\ny : volt (linked)""#)], events: true
      ) + [
        Key("threshold", .expression("1"), "The condition that makes an element spike.", example: "v > 10*mV", beside: [("reset", "v = 0*mV")]),
        Key("reset", .code, "What a spike does to its element.", example: "v = 0*mV", beside: [("threshold", "v > 10*mV")]),
        Key(
          "refractory", .either([.quantity("second"), .expression(nil), .words(["false"])]),
          "For how long after a spike, or under which condition, an element does not spike and holds what is marked `unless refractory`.", usual: "false",
          example: "5 ms",
          beside: [("threshold", "v > 10*mV"), ("reset", "v = 0*mV"), ("model", #""dv/dt = (I - v)/tau : volt (unless refractory)\nI : volt""#)]),
        Key("events", .mapping("event to condition"), "Custom events beside `spike`.", example: #"{high: "v > 5*mV"}"#),
      ] + integration + [namespaceKey, types("{v: float32}")])

  static let synapses = KeyTable(
    [Key("source", .reference, "Where the synapses begin.", example: "P").required] + kindAndName
      + timing(SynapsesDescription.slot, isFree: false)
      + group("{w: rand()*mV}", link: [("model", #""w : volt\ny : volt (linked)""#)], linked: "{y: {to: P.v, index: i}}") + [
        Key("target", .reference, "Where they end.", usual: "the source", example: "\"P[0:5]\""),
        Key(
          "model", .either([.equations, .mapping("`{text, replace}`: with names replaced"), .listOf(.equations)]),
          "Variables and equations of each synapse; those marked `event-driven` are advanced at its spikes.", example: "\"w : volt\""),
        Key(
          "on_pre", .either([.code, .mapping("pathway to code")]), "What a spike of the source does, after the delay of its pathway.",
          example: "{pre: v_post += w, late: v_post -= w/2}"),
        Key("on_post", .either([.code, .mapping("pathway to code")]), "What a spike of the target does.", example: #""w = clip(w - 0.1*mV, 0*mV, 1*mV)""#),
        Key(
          "delay", .either([.quantity("second"), .mapping("pathway to time")]),
          "One delay for all synapses of the pathway `pre`, or of the pathways named; delays of their own are set with `initial: {delay: …}`.", usual: "0 s",
          example: "2 ms"),
        Key(
          "on_event", .either([.name, .mapping("pathway to event")]), "The event that a pathway listens to.", usual: "`spike`",
          example: "{pre: spike}", beside: [("on_pre", "v_post += w")]),
        Key(
          "pathways", .mapping("pathway to `{when, order}`"), "When in a step the code of a pathway runs.", usual: "slot `synapses`",
          example: "{pre: {when: after_synapses, order: 1}}", beside: [("on_pre", "v_post += w")]),
        Key(
          "connect", .either([.boolean, .mapping("see Connecting"), .words(["a list of these"])]), "Which synapses there are.",
          usual: "none until the step `connect`", example: "{condition: i != j, p: 0.5}"),
        Key(
          "multisynaptic_index", .name, "A variable that numbers the synapses between the same two elements.", example: "k",
          beside: [("connect", "{condition: i == j, n: 2}")]),
      ] + integration + [namespaceKey, types("float32")],
    completion: [("model", "\"w : volt\""), ("on_pre", "v_post += w"), ("connect", "{condition: i != j}")])

  static let poissonGroup = KeyTable(
    [
      count("10"),
      Key("rates", .either([.quantity("hertz"), .list(unit: "hertz"), .expression("hertz")]), "How often each element spikes.", example: "15 Hz").required,
    ] + kindAndName + timing(PoissonGroupDescription.slot) + group("{}") + [namespaceKey])

  static let poissonInput = KeyTable(
    [
      Key("target", .reference, "The group that it drives.", example: "P").required,
      Key("target_var", .name, "The variable that spikes add to; also spelt `variable`.", example: "v").required,
      count("100", "How many Poisson processes drive each element; also spelt `count`."),
      Key("rate", .quantity("hertz"), "The rate of each process.", example: "10 Hz").required,
      Key("weight", .expression("of the variable"), "What each spike adds.", example: "0.1 mV").required,
    ] + kindAndName + timing(PoissonInputDescription.slot))

  static let spikeKeys = [
    Key("indices", .listOf(.integer(nil)), "The element of each spike.", example: "[0, 1, 0]", beside: [("times", "[1 ms, 2 ms, 3 ms]")]),
    Key("times", .list(unit: "second"), "The time of each spike.", example: "[1 ms, 2 ms, 3 ms]", beside: [("indices", "[0, 1, 0]")]),
    Key(
      "spikes", .mapping("`{sonata, population}`"), "Elements and times from a file of spikes, in place of both.",
      example: "{sonata: spikes.h5, population: thalamus}", insteadOf: ["indices", "times"]),
    Key("period", .quantity("second"), "After which time the spikes begin anew.", usual: "never", example: "10 ms"),
    Key("sorted", .boolean, "That the spikes come in order, which is checked.", usual: "false", example: "true"),
  ]

  static let spikeGenerator = KeyTable(
    [count("10")] + kindAndName + timing(SpikeGeneratorDescription.slot) + spikeKeys + group("{}"),
    completion: [("indices", "[0, 1]"), ("times", "[1 ms, 2 ms]")])

  static let timedArray = KeyTable(
    [
      Key(
        "values", .either([.list(unit: nil), .listOf(.list(unit: nil))]), "One value for each interval, or a row with a value for each column.",
        example: "[0 mV, 10 mV]"
      ).required,
      Key("dt", .quantity("second"), "How long a value holds.", example: "10 ms").required,
    ] + kindAndName)

  static let binomialFunction = KeyTable(
    [
      Key("n", .integer("from 0 on"), "How many trials.", example: "10").required,
      Key("p", .quantity("1"), "The probability of each.", example: "0.3").required,
    ] + kindAndName + [
      Key(
        "approximate", .boolean, "Whether a normal distribution takes its place where that is near enough.",
        usual: "\(BinomialDescription.isUsuallyApproximate)",
        example: "false")
    ])

  static let stateMonitor = KeyTable(
    [
      Key("source", .reference, "What it looks at.", example: "P").required,
      Key("variables", .either([.name, .listOf(.name), .words(["all"])]), "What it records.", example: "v").required,
      Key(
        "record", .either([.boolean, .listOf(.integer(nil)), .reference]),
        "Which elements: all, none, numbers, a range such as `\"0:10\"`, a part or a selection of synapses.",
        example: "[0, 1]"
      ).required,
    ] + kindAndName + timing(StateMonitorDescription.slot))

  /// What follows its source in everything has no step of its own.
  private static let followed = [
    Key.withoutEffect("dt", .quantity("second"), because: "it acts whenever its source does", example: "0.1 ms"),
    Key.withoutEffect("clock", .name, because: "it acts whenever its source does", example: "slow"),
  ]

  private static let eventMonitorKeys =
    kindAndName + followed
    + timing(.end).compactMap { key in
      if ["dt", "clock"].contains(key.name) { return nil }
      var key = key
      if key.name == "when" { key.usual = "right behind the events" }
      return key
    } + [
      Key("variables", .either([.name, .listOf(.name)]), "What it records of the element beside time and number.", example: "[v]"),
      Key(
        "record", .boolean, "Whether times and numbers are recorded; false: they are only counted.",
        usual: "\(EventMonitorDescription.isUsuallyRecording)", example: "false"),
    ]

  static let spikeMonitor = KeyTable([Key("source", .reference, "Whose spikes.", example: "P").required] + eventMonitorKeys)

  static let eventMonitor = KeyTable(
    [
      Key("source", .reference, "Whose events.", example: "P").required,
      Key("event", .name, "Which event.", example: "spike").required,
    ] + eventMonitorKeys)

  static let rateMonitor = KeyTable(
    [Key("source", .reference, "Whose spikes are counted in each step.", example: "P").required] + kindAndName + followed
      + timing(RateMonitorDescription.slot, isFree: false).filter { !["dt", "clock"].contains($0.name) })

  static let subgroup = KeyTable(
    [Key("of", .reference, "The part that it names.", example: "\"P[0:5]\"").required] + kindAndName + group("{v: 1 mV}"))

  static let clock = KeyTable([Key("dt", .quantity("second"), "Its step.", example: "0.5 ms").required] + kindAndName)

  static let eventClock = KeyTable([Key("times", .list(unit: "second"), "When it ticks.", example: "[0 ms, 1 ms, 5 ms]").required] + kindAndName)
}
