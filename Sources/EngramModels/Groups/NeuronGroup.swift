public import EngramEquations
public import EngramExpressions
public import EngramModel
internal import EngramScalars
public import EngramSimulation
public import EngramUnits

/// A group of neurons (or of anything else) with the same equations (GRP), Brian 2's `NeuronGroup`.
///
/// ```swift
/// let neurons = try NeuronGroup(
///   100, "dv/dt = (v0 - v)/(10*ms) : volt (unless refractory)\nv0 : volt",
///   threshold: "v > -50*mV", reset: "v = -60*mV", refractory: 2 * ms)
/// try neurons.v <- -60 * mV
/// try neurons.v0 <- "-60*mV + 15*mV*i/N"
/// ```
///
/// The group only holds variables and parts; the parts do the work: a ``StateUpdater`` advances the equations,
/// a ``Thresholder`` per event finds the elements that meet its condition, a ``Resetter`` runs code for them.
/// Each variable of the equations is a property of the group, `neurons.v`, with one value per element (one for all if it is `shared`).
public class NeuronGroup: SpikingGroup {
  /// The equations as they were given, with where each part of them stands.
  public var equations: Equations { checked.equations }
  let checked: CheckedEquations
  /// How long an element cannot spike again; a text without names that vary has become a time.
  public let refractory: Refractoriness
  let threshold: ModelExpression?
  var eventConditions: [(name: EventName, condition: ModelExpression)]
  let method: MethodChoice
  let methodOptions: MethodOptions
  let scalarTypes: ScalarTypes
  /// Variables whose number type nobody chooses.
  private let fixedTypes: [String: ScalarType]
  /// The only element for which the threshold is looked at; nil: all of them.
  let thresholdPlace: Int?
  private var updater: StateUpdater?
  /// What finds the elements of each event: `spike`, and those of `events`.
  public internal(set) var thresholders: [EventName: Thresholder] = [:]
  /// What runs code for the elements of each event that has code.
  public internal(set) var resetters: [EventName: Resetter] = [:]
  /// The code of each event, as it was given.
  var eventCode: [(event: EventName, code: ModelCode)] = []
  /// The linked variables of the group, which `link(_:to:index:)` gives their sources.
  public private(set) lazy var links = Links(keptBy: self)

  /// Makes the variables, all 0, and the parts that work on them. Names are looked up when a run begins, not here.
  ///
  /// - Parameters:
  ///   - count: number of neurons, at least 1.
  ///   - model: differential equations, subexpressions and parameters, each with its unit.
  ///   - threshold: condition of the event `spike`, evaluated after the state update of each step.
  ///   - reset: statements for the elements that spiked, after synaptic effects.
  ///   - refractory: time or condition during which an element does not spike again.
  ///   - events: further events with their conditions.
  ///   - method: how the differential equations are integrated; by default the first suitable one of ``/EngramEquations/MethodChoice``.
  ///   - methodOptions: options of that method, by name.
  ///   - namespace: the values of names in the texts; nil: those given to the run, and the scope's.
  ///   - scalarTypes: number types of the variables; by default what the preferences say, floats of 64 bits.
  ///   - dt: length of a step of a clock of its own [s].
  ///   - clock: a clock shared with others; neither this nor `dt`: the default clock.
  ///   - order: place among objects of the same slot, the smaller the earlier.
  ///   - name: what messages, files and links call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``GroupError``, or what is wrong with the texts, all of it at once, with line and column.
  /// - Complexity: O(`count`) memory, 8 bytes for each variable and neuron.
  public convenience init(
    _ count: Int, _ model: Equations, threshold: ModelExpression? = nil, reset: ModelCode? = nil, refractory: Refractoriness = .none,
    events: [EventName: ModelExpression] = [:], method: MethodChoice = .automatic, methodOptions: MethodOptions = [:],
    namespace: Namespace? = nil, scalarTypes: ScalarTypes = .standard, dt: Time? = nil, clock: BaseClock? = nil, order: Int = TimingDescription.usualOrder,
    name: ObjectName = .usual(.neuronGroup), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try self.init(
      count, checked: CheckedEquations(model.located(file, line), context: .neurons), threshold: threshold, thresholdPlace: nil, reset: reset,
      refractory: refractory, events: events, method: method, methodOptions: methodOptions, namespace: namespace, scalarTypes: scalarTypes, fixedTypes: [:],
      dt: dt, clock: clock, order: order, name: name, file: file, line: line)
  }

  /// - Parameters:
  ///   - thresholdPlace: the only element for which the threshold is looked at; nil: all of them.
  ///   - fixedTypes: variables whose number type nobody chooses.
  init(
    _ count: Int, checked: CheckedEquations, threshold: ModelExpression?, thresholdPlace: Int?, reset: ModelCode?, refractory: Refractoriness,
    events: [EventName: ModelExpression], method: MethodChoice, methodOptions: MethodOptions, namespace: Namespace?, scalarTypes: ScalarTypes,
    fixedTypes: [String: ScalarType], dt: Time?, clock: BaseClock?, order: Int, name: ObjectName, file: StaticString, line: UInt
  ) throws {
    self.checked = checked
    self.fixedTypes = fixedTypes
    self.thresholdPlace = thresholdPlace
    let refractory = refractory.simplified.located(file, line)
    self.refractory = refractory
    self.threshold = threshold.located(file, line)
    self.method = method
    self.methodOptions = methodOptions
    self.scalarTypes = scalarTypes
    // A dictionary has no order of its own; results must not depend on it (COR-7).
    eventConditions = events.map { ($0.key, $0.value.located(file, line)) }.sorted { $0.name.rawValue < $1.name.rawValue }
    let label = name.base
    if reset != nil, threshold == nil, events[.spike] == nil { throw GroupError.resetWithoutThreshold(group: label) }
    if threshold != nil, events[.spike] != nil { throw GroupError.spikeEventTwice(group: label) }
    if case .duration(let quantity) = refractory {
      guard quantity.dimension == .time || quantity.isDimensionless && quantity.si == 0 else {
        throw GroupError.refractory(group: label, text: quantity.description, found: "a quantity in \(quantity.dimension)")
      }
      guard quantity.si >= 0 else { throw GroupError.negativeRefractory(group: label, seconds: quantity.si) }
    }
    for event in events.keys { try event.check(of: label) }
    try super.init(
      count: count, dt: dt, clock: clock, when: NeuronGroupDescription.slot, order: order, namespace: namespace, name: name, file: file, line: line)
    try makeVariables()
    try makeParts(reset: reset.located(file, line))
    warnAboutUnusualCombinations(hasReset: reset != nil)
  }

  /// The same with a plain time as refractory period: `refractory: 2 * ms`.
  public convenience init(
    _ count: Int, _ model: Equations, threshold: ModelExpression? = nil, reset: ModelCode? = nil, refractory: some QuantityConvertible,
    events: [EventName: ModelExpression] = [:], method: MethodChoice = .automatic, methodOptions: MethodOptions = [:],
    namespace: Namespace? = nil, scalarTypes: ScalarTypes = .standard, dt: Time? = nil, clock: BaseClock? = nil, order: Int = TimingDescription.usualOrder,
    name: ObjectName = .usual(.neuronGroup), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try self.init(
      count, model, threshold: threshold, reset: reset, refractory: .duration(refractory.quantity), events: events, method: method,
      methodOptions: methodOptions, namespace: namespace, scalarTypes: scalarTypes, dt: dt, clock: clock, order: order, name: name,
      file: file, line: line)
  }

  /// What advances the equations: its slot, order and clock can be changed between runs.
  public var stateUpdater: StateUpdater {
    guard let updater else { preconditionFailure("a NeuronGroup is made with its state updater") }
    return updater
  }

  public override var checkedVariables: [String] { equations.differentialNames }
  override func eventFinder(_ name: EventName) -> BrianObject? { thresholders[name] }

  // ---------------------------------------------------------------------------------------------------------------- parts

  private func makeVariables() throws {
    var types = scalarTypes
    types.byName.merge(fixedTypes.filter { equations[$0.key]?.type == .float }) { $1 }
    let model = ModelVariables(group: self, equations: equations, types: types)
    try SpikingGroup.checkRoom(count, bytesPerElement: model.bytesPerElement(), group: self.name)
    try model.add { equation, type, flags in
      try variables.addArray(equation.name, dimension: equation.dimension, type: type, count: count, flags: flags)
    }
    guard refractory != .none else { return }
    let free = try variables.addArray("not_refractory", type: .bool, count: count, values: [Double](repeating: 1, count: count))
    try variables.addArray(
      "lastspike", dimension: .time, count: count, flags: [.timeOfEvent], values: [Double](repeating: -1e4, count: count)
    ).rule = .number
    for equation in equations.all where equation.flags.contains(.unlessRefractory) {
      try variables[equation.name]?.array?.setConditionalWrite(free)
    }
  }

  private func makeParts(reset: ModelCode?) throws {
    let updater = try StateUpdater(
      of: self, equations: checked, method: method, options: methodOptions, refractory: refractory, order: order)
    self.updater = updater
    addPart(updater)
    if !equations.constantOverStepNames.isEmpty {
      addPart(try SubexpressionUpdater(of: self, equations: equations, order: order))
    }
    if let threshold { try addThresholder(.spike, threshold) }
    for (event, condition) in eventConditions { try addThresholder(event, condition) }
    if let reset { _ = try addResetter(reset, on: .spike, when: NeuronGroupDescription.resetSlot, order: order, place: nil) }
  }

  public override var describedKind: ObjectKind { .neuronGroup(describedGroupOfNeurons) }

  /// Whether an element is refractory follows from its last spike.
  public override func companions(of variables: Set<String>) -> Set<String> {
    let both: Set<String> = ["lastspike", "not_refractory"]
    return variables.isDisjoint(with: both) || refractory == .none ? [] : both
  }

  private func warnAboutUnusualCombinations(hasReset: Bool) {
    equations.warnAboutDraws(in: self.name, environment.messages)
    if refractory != .none, threshold == nil, eventList(.spike) == nil {
      environment.messages.emit(
        .warning, "neurongroup.refractory_without_threshold",
        "'\(self.name)' has a refractory period but no threshold: nothing spikes, so the period has no effect")
    }
    if let threshold, !hasReset, refractory == .none,
      (try? threshold.parsed())?.calls(anyOf: ["rand", "randn", "poisson"]) == false
    {
      environment.messages.emit(
        .warning, "neurongroup.no_reset",
        "'\(self.name)' has a threshold but neither reset nor refractoriness: elements spike in every step while the condition holds; "
          + "if this is meant, give an empty reset: reset: \"\"")
    }
    let flagged = checked.refractoryFlagNames
    if refractory == .none, !flagged.isEmpty {
      environment.messages.emit(
        .warning, "neurongroup.no_refractory",
        "'\(self.name)' flags \(flagged.joined(separator: ", ")) as 'unless refractory' but has no refractoriness: the flag has no effect")
    }
  }
}

extension Equations {
  /// A random number in a differential equation is drawn once per step and scaled with dt: no noise that a model means.
  func warnAboutDraws(in owner: String, _ messages: MessageCenter) {
    for equation in all where equation.kind == .differential {
      guard let function = equation.expression?.calledFunctions.intersection(DefaultFunctions.statefulNames).sorted().first else { continue }
      messages.emit(
        .warning, "equations.random_in_differential_equation",
        "d\(equation.name)/dt of '\(owner)' calls \(function)(), which is drawn once per step and multiplied by dt, so the noise depends on dt; "
          + "white noise is written xi (with the unit second**-0.5)")
    }
  }
}
