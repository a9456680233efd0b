internal import EngramModel

/// The keys of neurons with a shape.
extension ModelLanguage {
  /// A membrane with a channel, so that every key has something to do.
  private static func membrane(_ more: String = "") -> String {
    #""Im = 1*nS/um**2*(-70*mV - v) : amp/metre**2\ndw/dt = -w/tau : 1\nI : amp (point current)\#(more)""#
  }

  static let spatialNeuron = KeyTable(
    [
      Key(
        "morphology", .either([.listOf(.mapping("see Sections")), .mapping("see Shapes from points and files")]), "The shape.",
        example: "[{shape: soma, diameter: 20 um}, {shape: cylinder, name: axon, diameter: 1 um, length: 100 um, n: 9}]"
      ).required,
      Key(
        "model", .either([.equations, .mapping("`{text, replace}`: with names replaced"), .listOf(.equations)]),
        "`Im`, the current through the membrane per area, and what it is made of; currents at a place are flagged `point current`.", example: membrane()
      ).required,
    ] + kindAndName + timing(NeuronGroupDescription.slot, isFree: false)
      + group(
        #"{v: -70*mV, "axon[50 um:100 um].I": 0.1 nA}"#, link: [("model", membrane(#"\ny : volt (linked)"#))], events: true, eventCode: "w = 0"
      ) + [
        Key("threshold", .expression("1"), "The condition that makes a compartment spike.", example: "v > 0*mV", beside: [("refractory", "v > 0*mV")]),
        Key(
          "threshold_location", .either([.integer(nil), .words(["a part, as axon[0] or axon[50 um]"])]), "The compartment where the threshold is looked at.",
          usual: "each", example: #""axon[0]""#, beside: [("threshold", "v > 0*mV"), ("refractory", "v > 0*mV")]),
        Key("reset", .code, "What a spike does to its compartment.", example: "w += 1", beside: [("threshold", "v > 0*mV")]),
        Key(
          "refractory", .either([.quantity("second"), .expression(nil), .words(["false"])]),
          "For how long after a spike, or under which condition, a compartment does not spike again.", usual: "false", example: "v > -20*mV",
          beside: [("threshold", "v > 0*mV")]),
        Key("events", .mapping("event to condition"), "Custom events beside `spike`.", example: #"{high: "v > 5*mV"}"#),
        Key("Cm", .quantity("farad/metre**2"), "The capacitance of the membrane per area.", usual: "0.9 uF/cm**2", example: "1 uF/cm**2"),
        Key("Ri", .quantity("ohm*metre"), "The resistivity of the inside.", usual: "150 ohm*cm", example: "100 ohm*cm"),
      ] + integration + [namespaceKey, types("{w: float32}")])

  private static let lengths = ValueForm.either([.quantity("metre"), .list(unit: "metre")])

  static let section = KeyTable(
    [
      Key("shape", .words(["soma", "cylinder", "section"]), "A sphere, a cylinder, or truncated cones.", example: "cylinder").required,
      Key(
        "diameter", lengths, "One length; of a `section` those at the start of its first compartment and at the end of each.", example: "1 um"
      ).required,
      Key("name", .name, "What it is called at its parent, as in `cell.axon`.", usual: "its number there", example: "a"),
      Key("parent", .words(["names, as in axon.L"]), "The section at whose end it begins; not for the first one.", usual: "the first section", example: "axon"),
      Key(
        "length", lengths, "Of the whole cylinder, or of each compartment of a `section`; in place of coordinates.", example: "[10 um, 20 um]",
        beside: [("shape", "section"), ("diameter", "[1 um, 2 um, 1 um]")]),
      Key("n", .integer("from 1 on"), "How many compartments a cylinder is cut into.", usual: "1", example: "5"),
      Key(
        "x", lengths, "Of a cylinder two coordinates, of a `section` as many as diameters, counted from the end of the parent; of a soma that of its centre.",
        example: "[0 um, 30 um]", insteadOf: ["length"]),
      Key("y", lengths, "The same.", example: "[0 um, 30 um]", insteadOf: ["length"]),
      Key("z", lengths, "The same.", example: "[0 um, 30 um]", insteadOf: ["length"]),
      Key("type", .text, "What kind of section it is; it has no effect.", example: "axon"),
    ], completion: [("length", "10 um")])

  static let morphology = KeyTable(
    [
      Key("swc", .text, "A file in the SWC format; paths count from the model file.", example: "neuron.swc"),
      Key(
        "points", .listOf(.words(["[index, type, x, y, z, diameter, parent] in micrometres"])), "Points, each behind its parent, in place of a file.",
        example: "[[1, soma, 0, 0, 0, 20, -1], [2, axon, 15, 0, 0, 1, 1]]", insteadOf: ["swc"]),
      Key(
        "sections", .listOf(.mapping("see Sections")), "Sections, alone or in addition to the points.",
        example: "[{shape: cylinder, diameter: 1 um, length: 10 um}]"),
      Key(
        "spherical_soma", .boolean, "Whether a soma of one point is a sphere.", usual: "true", example: "false",
        beside: [("points", "[[1, soma, 0, 0, 0, 20, -1], [2, soma, 15, 0, 0, 20, 1]]")], insteadOf: ["swc"]),
      Key(
        "generate_coordinates", .either([.boolean, .mapping("see Coordinates of a shape")]),
        "Whether sections without coordinates get some, for pictures; nothing else changes.", usual: "false", example: "true"),
    ], completion: [("swc", "neuron.swc")])

  static let coordinates = KeyTable([
    Key(
      "section_randomness", .expression("1"), "Mean angle between a section and its parent, in degrees; of an exponential distribution.", usual: "0",
      example: "20"),
    Key(
      "compartment_randomness", .expression("1"), "Mean angle between a compartment and its section, in degrees; of an exponential distribution.", usual: "0",
      example: "5"),
    Key("overwrite_existing", .boolean, "Whether sections that have coordinates get others.", usual: "false", example: "true"),
  ])
}
