public import EngramEquations
public import EngramExpressions
public import EngramModel
public import EngramMorphology
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import EngramUnits

/// A neuron with a shape, in compartments (SPA), Brian 2's `SpatialNeuron`.
///
/// ```swift
/// var shape = try NeuronMorphology.soma(diameter: 30 * um)
/// shape.axon = try .cylinder(diameter: 1 * um, length: 300 * um, n: 30)
/// let neuron = try SpatialNeuron(
///   shape,
///   """
///   Im = gL*(EL - v) : amp/metre**2
///   I : amp (point current)
///   """, Cm: 1 * uF/cm2, Ri: 100 * ohm * cm, namespace: ["gL": 1e-4 * siemens/cm2, "EL": -70 * mV])
/// try neuron.v <- -70 * mV
/// try neuron["axon[300 um]"].I <- 0.1 * nA
/// ```
///
/// It is a group whose elements are the compartments, in the order of `NeuronMorphology.compartments`. The equations define `Im`, the current through the
/// membrane per area, which is positive inward, and may have currents at a place (`: amp (point current)`). Every compartment has beside them `v`, `Im`,
/// `Ic` (the current that charges the membrane), `area`, `length`, `diameter`, `distance`, `volume`, `Cm`, `Ri`, `x`, `y`, `z` where the shape has
/// a place, `parent` (the compartment in front of it, -1 for the first), `time_constant` and `space_constant`.
///
/// Channels are advanced first, by the method asked for, then `v` of all compartments together, implicitly: what `Im` is made of is linear in `v` or is
/// taken as linear around the present value, so steps may be long.
public final class SpatialNeuron: NeuronGroup {
  /// The shape, and the way from names, numbers and distances to compartments.
  public let index: CompartmentIndex
  /// The compartment where the threshold is looked at; nil: at all of them.
  public let thresholdLocation: Int?
  private let capacitance: Quantity
  private let resistivity: Quantity
  private let modelOfUser: Equations
  private var cable: CableUpdater?

  /// The usual capacitance of a membrane, 0.9 µF/cm².
  public static let usualCapacitance = Quantity(0.009, .capacitance / .area)
  /// The usual resistivity inside of a neuron, 150 Ω cm.
  public static let usualResistivity = Quantity(1.5, .resistance * .length)

  /// Makes the compartments with their variables, and the parts that advance them. Names are looked up when a run begins, not here.
  ///
  /// - Parameters:
  ///   - morphology: the shape.
  ///   - model: `Im`, and whatever it is made of; what is declared as `Ri : ohm*metre (constant)` has a value for each compartment.
  ///   - threshold: condition of the event `spike`.
  ///   - thresholdLocation: the compartment where it is looked at, as in ``subscript(_:)-(String)``, such as `"axon[0]"`; nil: at each.
  ///   - reset: statements for the compartments that spiked.
  ///   - refractory: time or condition during which a compartment does not spike again.
  ///   - events: further events with their conditions.
  ///   - Cm: capacitance of the membrane per area; the variable `Cm` may get other values for each compartment.
  ///   - Ri: resistivity of the inside.
  ///   - method: how the differential equations of channels are integrated.
  ///   - methodOptions: options of that method, by name.
  ///   - namespace: the values of names in the texts; nil: those given to the run, and the scope's.
  ///   - scalarTypes: number types of the variables of the model; those of the cable are floats of 64 bits.
  ///   - dt: length of a step of a clock of its own [s].
  ///   - clock: a clock shared with others; neither this nor `dt`: the default clock.
  ///   - order: place among objects of the same slot; the potential is advanced at the next one.
  ///   - name: what messages, files and links call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``SpatialNeuronError``, `MorphologyError`, ``GroupError``, or what is wrong with the texts, all of it at once, with line and column.
  /// - Complexity: O(n) memory for n compartments, about 30 numbers for each beside those of the model.
  public init(
    _ morphology: NeuronMorphology, _ model: Equations, threshold: ModelExpression? = nil, thresholdLocation: String? = nil, reset: ModelCode? = nil,
    refractory: Refractoriness = .none, events: [EventName: ModelExpression] = [:], Cm: some QuantityConvertible = SpatialNeuron.usualCapacitance,
    Ri: some QuantityConvertible = SpatialNeuron.usualResistivity, method: MethodChoice = .automatic, methodOptions: MethodOptions = [:],
    namespace: Namespace? = nil, scalarTypes: ScalarTypes = .standard, dt: Time? = nil, clock: BaseClock? = nil, order: Int = TimingDescription.usualOrder,
    name: ObjectName = .usual(.spatialNeuron), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try Self.checkRoom(for: morphology, neuron: name.base)
    let index = CompartmentIndex(morphology)
    let (compartments, label) = (index.compartments, name.base)
    let (capacitance, resistivity) = (Cm.quantity, Ri.quantity)
    try Self.check(capacitance, "Cm", Self.usualCapacitance.dimension, "farad/metre**2", label)
    try Self.check(resistivity, "Ri", Self.usualResistivity.dimension, "ohm*metre", label)
    self.index = index
    (self.capacitance, self.resistivity) = (capacitance, resistivity)
    modelOfUser = model
    self.thresholdLocation = try thresholdLocation.map { text in
      let range = try index.range(of: text)
      guard range.count == 1 else { throw SpatialNeuronError.severalPlaces(neuron: label, place: text, count: range.count) }
      return range.lowerBound
    }
    if thresholdLocation != nil, threshold == nil { throw SpatialNeuronError.noThreshold(neuron: label) }
    for (variable, type) in scalarTypes.byName where CompartmentEquations.reserved.contains(variable) && type != .float64 {
      throw GroupError.wrongType(group: label, variable: variable, expected: "a float64", found: type.rawValue)
    }
    let equations = try CompartmentEquations(model.located(file, line), hasPlaces: compartments.centres != nil).checked
    let fixed = CompartmentEquations.reserved.union(compartments.centres == nil ? [] : CompartmentEquations.placeNames)
    try super.init(
      compartments.count, checked: equations, threshold: threshold, thresholdPlace: self.thresholdLocation, reset: reset, refractory: refractory,
      events: events, method: method, methodOptions: methodOptions, namespace: namespace, scalarTypes: scalarTypes,
      fixedTypes: Dictionary(fixed.map { ($0, .float64) }) { $1 }, dt: dt, clock: clock, order: order, name: name, file: file,
      line: line)
    try fill(compartments)
    let cable = try CableUpdater(of: self, compartments, order: order + 1)
    self.cable = cable
    addPart(cable)
  }

  /// The same with a plain time as refractory period: `refractory: 2 * ms`.
  public convenience init(
    _ morphology: NeuronMorphology, _ model: Equations, threshold: ModelExpression? = nil, thresholdLocation: String? = nil, reset: ModelCode? = nil,
    refractory: some QuantityConvertible, events: [EventName: ModelExpression] = [:], Cm: some QuantityConvertible = SpatialNeuron.usualCapacitance,
    Ri: some QuantityConvertible = SpatialNeuron.usualResistivity, method: MethodChoice = .automatic, methodOptions: MethodOptions = [:],
    namespace: Namespace? = nil, scalarTypes: ScalarTypes = .standard, dt: Time? = nil, clock: BaseClock? = nil, order: Int = TimingDescription.usualOrder,
    name: ObjectName = .usual(.spatialNeuron), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try self.init(
      morphology, model, threshold: threshold, thresholdLocation: thresholdLocation, reset: reset, refractory: .duration(refractory.quantity),
      events: events, Cm: Cm, Ri: Ri, method: method, methodOptions: methodOptions, namespace: namespace, scalarTypes: scalarTypes, dt: dt, clock: clock,
      order: order, name: name, file: file, line: line)
  }

  /// Refuses a shape that memory cannot hold in compartments before any of it is taken.
  package static func checkRoom(for morphology: NeuronMorphology, neuron: String) throws(GroupError) {
    try checkRoom(morphology.compartmentCount, bytesPerElement: bytesPerCompartment, group: neuron)
  }

  /// Measures and places of a compartment, its variables, and its part of the cable equation.
  private static let bytesPerCompartment = 400

  private static func check(_ quantity: Quantity, _ name: String, _ dimension: Dimension, _ unit: String, _ neuron: String) throws(SpatialNeuronError) {
    guard quantity.dimension == dimension else { throw .unit(neuron: neuron, variable: name, expected: unit, found: "\(quantity)") }
    guard quantity.si > 0, quantity.si.isFinite else { throw .notPositive(neuron: neuron, variable: name, compartment: nil, value: quantity.si) }
  }

  private func fill(_ compartments: Compartments) throws {
    func set(_ name: String, _ list: [Double]) {
      guard let array = variables[name]?.array else { preconditionFailure("compartments have a variable '\(name)'") }
      let values = array.column.base.assumingMemoryBound(to: Double.self)
      for (place, value) in list.enumerated() { values[place] = value }
      array.column.touch()
    }
    set("area", compartments.areas)
    set("length", compartments.lengths)
    set("distance", compartments.distances)
    set("diameter", compartments.diameters)
    set("volume", compartments.volumes)
    set("r_length_1", compartments.startConductances)
    set("r_length_2", compartments.endConductances)
    set("Cm", [Double](repeating: capacitance.si, count: count))
    set("Ri", [Double](repeating: resistivity.si, count: variables["Ri"]?.isScalar == true ? 1 : count))
    for (axis, name) in CompartmentEquations.placeNames.enumerated() {
      if let centres = compartments.centres { set(name, centres.map { $0[axis] }) }
    }
    try variables.addArray(
      CompartmentEquations.parentName, type: .int32, count: count, flags: [.constant, .readOnly], values: compartments.parents.map(Double.init))
  }

  /// What advances the potential: its slot, order and clock can be changed between runs.
  public var cableUpdater: CableUpdater {
    guard let cable else { preconditionFailure("a SpatialNeuron is made with its cable") }
    return cable
  }

  /// The shape.
  public var morphology: NeuronMorphology { index.morphology }

  public override var checkedVariables: [String] { super.checkedVariables + ["v"] }

  /// The compartments of a part of the shape, as a part of the group (SPA-6): `neuron["axon"]` with all that grows from it, `neuron["axon.main"]` without,
  /// `neuron["dendrite.L[10 um:20 um]"]`, `neuron["axon[3]"]`, `neuron["[5 um:10 um]"]`.
  ///
  /// - Throws: `MorphologyError` where there is no such part.
  public subscript(path: String) -> Subgroup {
    get throws {
      if let cut = try index.cut(by: CompartmentPath(path)) {
        environment.messages.emit(.warning, "group.beyond_group", "'\(name).\(path)' \(cut)", once: true)
      }
      return try part(index.range(of: path), name: nil)
    }
  }

  public override func rangeOfPart(_ path: String) throws -> Range<Int>? {
    try index.range(of: path.hasPrefix(".") ? String(path.dropFirst()) : path)
  }

  public override var describedKind: ObjectKind {
    var neurons = describedGroupOfNeurons
    neurons.model = modelOfUser.source
    return .spatialNeuron(
      SpatialNeuronDescription(neurons, morphology: morphology, capacitance: capacitance, resistivity: resistivity, thresholdLocation: thresholdLocation))
  }
}
