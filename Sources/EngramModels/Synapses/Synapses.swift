package import EngramCheckpoints
public import EngramEquations
internal import EngramExpressions
public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import EngramUnits

/// Connections between the elements of two groups, with variables of their own and code that runs at events (SYN), Brian 2's `Synapses`.
///
/// ```swift
/// let plastic = try Synapses(
///   input, neurons, "w : volt\ndtrace/dt = -trace/(20*ms) : 1 (event-driven)",
///   onPre: "v_post += w\ntrace += 1", onPost: "w = clip(w + 0.1*mV*trace, 0*mV, 2*mV)", delay: 2 * ms)
/// try plastic.connect(p: 0.1)
/// try plastic.w <- "rand()*mV"
/// ```
///
/// A new object has no synapses: `connect` makes them. Synapses are numbered in the order in which they are made;
/// `i` and `j` hold their ends as two columns of 32-bit integers. Code sees variables of the two ends as `v_pre` and `v_post`.
public final class Synapses: Group {
  /// The presynaptic group, or part of a group.
  public let source: Group
  /// The postsynaptic group, or part of a group.
  public let target: Group
  /// The equations as they were given, with where each part of them stands.
  public var equations: Equations { checked.equations }
  let checked: CheckedEquations
  /// What happens at spikes, one pathway for each piece of code.
  public private(set) var pathways: [SynapticPathway] = []
  let onPre: Pathways
  let onPost: Pathways
  let delays: PathwayDelays
  let onEvent: PathwayEvents
  let method: MethodChoice
  let methodOptions: MethodOptions
  let scalarTypes: ScalarTypes
  let multisynapticIndex: String?
  /// The linked variables of the synapses, which `link(_:to:index:)` gives their sources.
  public private(set) lazy var links = Links(keptBy: self)
  /// Number of synapses. Where each process has its own alone: of those.
  public internal(set) var synapseCount = 0
  /// The synapses of this process, where it has its own alone.
  package internal(set) var ownElements: OwnElements?
  /// Number of synapses in all processes.
  package var wholeSynapseCount: Int { ownElements?.wholeCount ?? synapseCount }
  private(set) var wasConnected = false
  /// Events of the target that wait, in a run.
  var deferredEvents: DeferredEvents?
  /// Where the synapses of each source begin, as it was found out for one version of `i`; nil: they are in another order.
  var knownStarts: (column: UInt64, version: UInt64, starts: [Int32]?)?
  /// Versions of the two ends, and numbers of elements, when synapses of elements were counted last.
  var countedVersions: [UInt64] = []

  /// Makes the variables and the pathways, and no synapse. Names are looked up when a run begins, not here.
  ///
  /// - Parameters:
  ///   - source: the presynaptic group, whose spikes `onPre` reacts to.
  ///   - target: the source itself when left out.
  ///   - model: variables of each synapse: parameters, differential equations (`clock-driven` or `event-driven`), subexpressions, `summed` variables.
  ///   - onPre: code for spikes of the source, with access to the target's variables by their plain names.
  ///   - onPost: code for spikes of the target.
  ///   - delay: delays that are the same for all synapses of a pathway.
  ///   - onEvent: events other than `spike` that pathways react to.
  ///   - multisynapticIndex: name of a variable that numbers the synapses of one pair.
  ///   - method: how the differential equations are integrated; by default the first suitable one of ``/EngramEquations/MethodChoice``.
  ///   - methodOptions: options of that method, by name.
  ///   - namespace: the values of names in the texts; nil: those given to the run, and the scope's.
  ///   - scalarTypes: number types of the variables; by default what the preferences say, floats of 64 bits.
  ///   - dt: length of a step of a clock of its own [s], for clock-driven equations.
  ///   - clock: a clock shared with others; neither this nor `dt`: the default clock.
  ///   - order: place among objects of the same slot.
  ///   - name: what messages, files and links call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``SynapseError``, or what is wrong with the texts, all of it at once, with line and column.
  public init(
    _ source: Group, _ target: Group? = nil, _ model: Equations = "", onPre: Pathways = [:], onPost: Pathways = [:],
    delay: PathwayDelays = [:], onEvent: PathwayEvents = [:], multisynapticIndex: String? = nil, method: MethodChoice = .automatic,
    methodOptions: MethodOptions = [:], namespace: Namespace? = nil, scalarTypes: ScalarTypes = .standard, dt: Time? = nil,
    clock: BaseClock? = nil, order: Int = TimingDescription.usualOrder, name: ObjectName = .usual(.synapses), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    self.source = source
    self.target = target ?? source
    checked = try CheckedEquations(model.located(file, line), context: .synapses)
    self.onPre = onPre.located(file, line)
    self.onPost = onPost.located(file, line)
    delays = delay
    self.onEvent = onEvent
    self.method = method
    self.methodOptions = methodOptions
    self.scalarTypes = scalarTypes
    self.multisynapticIndex = multisynapticIndex
    try super.init(dt: dt, clock: clock, when: SynapsesDescription.slot, order: order, namespace: namespace, name: name, file: file, line: line)
    addDependency(self.source)
    addDependency(self.target)
    try makeVariables()
    try makeParts()
    noteAsDependent()
    reportUnusual()
  }

  /// The same with one delay for all synapses of the pathway `pre`: `delay: 2 * ms`.
  public convenience init(
    _ source: Group, _ target: Group? = nil, _ model: Equations = "", onPre: Pathways = [:], onPost: Pathways = [:],
    delay: some QuantityConvertible, onEvent: PathwayEvents = [:], multisynapticIndex: String? = nil, method: MethodChoice = .automatic,
    methodOptions: MethodOptions = [:], namespace: Namespace? = nil, scalarTypes: ScalarTypes = .standard, dt: Time? = nil,
    clock: BaseClock? = nil, order: Int = TimingDescription.usualOrder, name: ObjectName = .usual(.synapses), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try self.init(
      source, target, model, onPre: onPre, onPost: onPost, delay: PathwayDelays(pre: delay), onEvent: onEvent,
      multisynapticIndex: multisynapticIndex, method: method, methodOptions: methodOptions, namespace: namespace,
      scalarTypes: scalarTypes, dt: dt, clock: clock, order: order, name: name, file: file, line: line)
  }

  public override class var addToMagicNetwork: Bool { true }
  public override var doesWork: Bool { false }
  public override var elementCount: Int { synapseCount }
  public override var checkedVariables: [String] { equations.differentialNames }
  public override var advancedVariables: [String] {
    let eventDriven = Set(checked.eventDrivenNames)
    return checkedVariables.filter { !eventDriven.contains($0) }
  }

  /// Whether some equation is integrated only when an event arrives.
  public var hasEventDriven: Bool { !checked.eventDrivenNames.isEmpty }
  var sourceCount: Int { source.elementCount }
  var targetCount: Int { target.elementCount }

  // ------------------------------------------------------------------------------------------------------------ pathways

  /// The pathway with this name: `pre`, `post`, or a name given to its code.
  ///
  /// - Throws: ``SynapseError`` where there is none.
  public func pathway(_ name: String) throws -> SynapticPathway {
    guard let found = pathways.first(where: { $0.pathwayName == name }) else {
      throw SynapseError.unknownPathway(synapses: self.name, pathway: name, known: pathways.map(\.pathwayName))
    }
    return found
  }

  /// The pathway of spikes of the source; throws where there is no `onPre`.
  public var pre: SynapticPathway { get throws { try pathway("pre") } }
  /// The pathway of spikes of the target; throws where there is no `onPost`.
  public var post: SynapticPathway { get throws { try pathway("post") } }

  // --------------------------------------------------------------------------------------------------------- connectivity

  var preEnds: DynamicArrayVariable? { variables["i"]?.dynamicArray }
  var postEnds: DynamicArrayVariable? { variables["j"]?.dynamicArray }
  func ends(_ side: SynapticPathway.Side) -> ArrayVariable? { side == .pre ? preEnds : postEnds }

  /// Synapses that end at each element of the target.
  public var incomingCounts: [Int] { counts("N_incoming") }
  /// Synapses that begin at each element of the source.
  public var outgoingCounts: [Int] { counts("N_outgoing") }

  private func counts(_ name: String) -> [Int] {
    variables[name]?.array?.column.withElements(of: Int32.self) { $0.map(Int.init) } ?? []
  }

  /// For networks that rehearse: synapses are said to have been made.
  package func assumeConnected() { wasConnected = true }

  /// Synapses that a rehearsal expects, beside those there are.
  private(set) var expectedCount = 0.0
  /// Whether some of them cannot be foreseen.
  private(set) var expectsMore = false

  /// - Parameter count: of one call of `connect`; nil: nobody knows.
  func expect(_ count: Double?) {
    expectedCount += count ?? 0
    if count == nil { expectsMore = true }
  }

  /// What one more synapse takes of memory [bytes], with the tables by which spikes are delivered.
  var bytesPerSynapse: Int {
    let arrays = variables.owned(by: self).compactMap(\.variable.dynamicArray).filter { !$0.isScratch }
    return pathways.reduce(arrays.reduce(0) { $0 + $1.scalarType.byteCount }) { $0 + $1.bytesPerSynapse }
  }

  func checkConnected() throws {
    if !wasConnected { throw SynapseError.neverConnected(synapses: self.name) }
  }

  /// Gives every synaptic variable the size that `i` and `j` have reached, and brings derived variables up to date.
  func didConnect() throws {
    wasConnected = true
    guard let count = preEnds?.count else { return }
    for (_, variable) in variables.owned(by: self) {
      if let dynamic = variable.dynamicArray, !dynamic.isScratch { try dynamic.resize(to: count) }
    }
    for pathway in pathways { try pathway.resize(to: count) }
    recount()
  }

  /// Makes the synapses that a checkpoint has, so that what refers to them can be made before the restore (CKP-20).
  package func adoptConnectivity(of source: any StateSource) throws {
    guard let pre = preEnds, let post = postEnds else { return }
    var rules = RestoredValueRules(source)
    var sizes: [String: Int] = [:]
    for ends in [pre, post] {
      let key = StoredKey(self.name, ends.name)
      guard let shape = source.shape(key) else { continue }
      guard shape.scalarType == ends.scalarType, shape.rowLength == 1 else {
        throw CheckpointError.damaged("'\(key)' is not a list of elements")
      }
      try rules.check(ends, key)
      sizes[ends.name] = shape.rows
    }
    rules.check(StoredKey(self.name, "j"), count: sizes["j"] ?? post.count, against: StoredKey(self.name, "i"), count: sizes["i"] ?? pre.count)
    // Nothing is taken over before all of it is known to make sense.
    try rules.finish()
    if ownElements != nil {
      _ = try adoptOwnElements(of: source, storedAs: self.name)
      return try didConnect()
    }
    for ends in [pre, post] where sizes[ends.name] != nil { try source.fill(ends.column, from: StoredKey(self.name, ends.name)) }
    if pre.count > 0 { try didConnect() }
  }

  public override var describedKind: ObjectKind { .synapses(describedSynapses) }

  /// Event-driven variables hold for the time of the last update, which they have in common; synapses have both ends.
  public override func companions(of names: Set<String>) throws -> Set<String> {
    if let end = names.intersection(["i", "j"]).sorted().first { throw SynapseError.partOfConnectivity(synapses: self.name, variable: end) }
    let eventDriven = Set(checked.eventDrivenNames)
    let together = hasEventDriven ? eventDriven.union(["lastupdate"]) : []
    guard !names.isDisjoint(with: together) else { return [] }
    guard eventDriven.isSubset(of: names) else {
      throw SynapseError.eventDrivenTogether(synapses: self.name, variables: eventDriven.sorted(), missing: eventDriven.subtracting(names).sorted())
    }
    return together
  }
  public override func explainMissing(_ name: String) -> String? { missingVariable(name) }
  public override func checkAssignable(_ variable: String) throws { try checkMade(variable) }

  public override func didRestore() {
    wasConnected = wasConnected || (preEnds?.count ?? 0) > 0
    recount()
  }

  public override func customState() throws -> [UInt8]? { wasConnected ? [1] : nil }
  public override func prepareRestore(customState: [UInt8]?) throws -> () -> Void {
    guard customState == nil || customState == [1] else {
      throw CheckpointError.damaged("what is stored of '\(self.name)' beside its variables is not what this release writes")
    }
    return { [self] in wasConnected = customState == [1] }
  }

  // --------------------------------------------------------------------------------------------------------------- parts

  private func makeVariables() throws {
    let numbers = try variables.addDynamicArray("i", type: .int32, flags: [.readOnly, .constant])
    numbers.rule = .element(of: source.reference.description) { [source] in source.elementCount }
    let targets = try variables.addDynamicArray("j", type: .int32, flags: [.readOnly, .constant])
    targets.rule = .element(of: target.reference.description) { [target] in target.elementCount }
    targets.sizedAs = numbers
    try variables.addArray("N", type: .int32, count: 1, flags: [.scalar, .readOnly, .constant]).rule = .count
    try variables.addConstant("N_pre", .integer(Int64(sourceCount)))
    try variables.addConstant("N_post", .integer(Int64(targetCount)))
    try variables.createClockVariables(clock)
    guard let pre = preEnds, let post = postEnds else { return }
    try variables.addDynamicArray(
      "N_incoming", type: .int32, count: targetCount, flags: [.readOnly, .scratch], access: .through([.init(post)]))
    try variables.addDynamicArray(
      "N_outgoing", type: .int32, count: sourceCount, flags: [.readOnly, .scratch], access: .through([.init(pre)]))
    if hasEventDriven {
      let updates = try variables.addDynamicArray("lastupdate", dimension: .time, flags: [.timeOfEvent])
      (updates.rule, updates.sizedAs) = (.finite, pre)
    }
    if let multisynapticIndex {
      let numbers = try variables.addDynamicArray(multisynapticIndex, type: .int32, flags: [.readOnly, .constant])
      (numbers.rule, numbers.sizedAs) = (.count, pre)
    }
    for equation in equations.all where !equation.flags.contains(.summed) {
      for group in [source, target] where group.variables.contains(equation.name) && !group.variables.isInternal(equation.name) {
        throw SynapseError.nameClash(synapses: self.name, variable: equation.name, group: group.name)
      }
    }
    try ModelVariables(group: self, equations: equations, types: scalarTypes).add { equation, type, flags in
      let array = try variables.addDynamicArray(equation.name, dimension: equation.dimension, type: type, flags: flags)
      array.sizedAs = pre
      return array
    }
    addReferences()
  }

  /// The variables of source and target under their synaptic names (SYN-2).
  func addReferences() {
    guard let pre = preEnds, let post = postEnds else { return }
    let toPre = VariableAccess.through([.init(pre, offset: source.elementOffset)])
    let toPost = VariableAccess.through([.init(post, offset: target.elementOffset)])
    for name in source.variables.names where !Synapses.isOwnName(name) { refer("\(name)_pre", source, name, toPre) }
    for name in target.variables.names where !Synapses.isOwnName(name) {
      refer("\(name)_post", target, name, toPost)
      if name != "i" && name != "j" && name != "delay" { refer(name, target, name, toPost) }
    }
  }

  private func refer(_ name: String, _ group: Group, _ variable: String, _ access: VariableAccess) {
    try? variables.addReference(name, to: group, variable, access: access)
  }

  private static func isOwnName(_ name: String) -> Bool {
    name.hasPrefix("_") || ["t", "dt", "t_in_timesteps", "times", "N"].contains(name)
  }

  private func makeParts() throws {
    for (side, codes) in [(SynapticPathway.Side.pre, onPre), (.post, onPost)] {
      for entry in codes.list { try addPathway(side, entry.name ?? side.rawValue, entry.code) }
    }
    for entry in delays.byPathway where !pathways.contains(where: { $0.pathwayName == entry.name }) {
      throw SynapseError.unknownPathway(synapses: self.name, pathway: entry.name, known: pathways.map(\.pathwayName))
    }
    for name in onEvent.byPathway.keys.sorted() where !pathways.contains(where: { $0.pathwayName == name }) {
      throw SynapseError.unknownPathway(synapses: self.name, pathway: name, known: pathways.map(\.pathwayName))
    }
    for pathway in pathways { try pathway.takeNamesOfSynapses() }
    if let pre = pathways.first(where: { $0.pathwayName == "pre" }) { try variables.addReference("delay", to: pre, "delay") }
    if !checked.clockDrivenNames.isEmpty {
      addPart(
        try StateUpdater(
          of: self, equations: checked, method: method, options: methodOptions, refractory: .none, order: order))
    }
    if !equations.constantOverStepNames.isEmpty {
      addPart(try SubexpressionUpdater(of: self, equations: equations, order: order))
    }
    var summed: [SummedVariableUpdater] = []
    for equation in equations.all where equation.flags.contains(.summed) {
      guard let expression = equation.expression else { continue }
      let updater = try SummedVariableUpdater(of: self, equation: equation, expression: expression)
      for other in summed {
        for write in updater.exclusiveWrites
        where other.exclusiveWrites.contains(where: { $0.variable === write.variable && $0.elements.overlaps(write.elements) }) {
          throw SynapseError.summedTwice(target: write.variable.name, group: write.variable.ownerName)
        }
      }
      summed.append(updater)
      addPart(updater)
    }
  }

  private func addPathway(_ side: SynapticPathway.Side, _ pathwayName: String, _ code: ModelCode) throws {
    if pathways.contains(where: { $0.pathwayName == pathwayName }) {
      throw SynapseError.duplicatePathway(synapses: self.name, pathway: pathwayName)
    }
    // `pre` and `post` are the reference's own names for pathways, and common ones for traces: both can be told apart.
    let isVariable = equations[pathwayName] != nil && pathwayName != "pre" && pathwayName != "post"
    if isVariable || ["i", "j", "N", "delay", "source", "target", "t", "dt"].contains(pathwayName) || !pathwayName.isName {
      throw SynapseError.pathwayNameTaken(synapses: self.name, pathway: pathwayName)
    }
    let pathway = try SynapticPathway(
      of: self, side: side, name: pathwayName, code: ParsedCode(code), event: onEvent.event(of: pathwayName),
      delay: delays.byPathway.first { $0.name == pathwayName }?.delay)
    pathways.append(pathway)
    addPart(pathway)
  }

  /// What brings event-driven variables up to the present, before a pathway's own code (SYN-50, 51).
  func eventDrivenUpdate(_ context: RunContext) throws -> [Statement] {
    guard hasEventDriven else { return [] }
    let world = ModelWorld(of: self, equations: equations, context: context)
    try world.checkEquations()
    return try checked.eventDrivenUpdate(context: world.integrationContext(hasRefractoriness: false)).statements
  }

  private func noteAsDependent() {
    for group in [source, target] { ((group as? Subgroup)?.parent ?? group as? SpikingGroup)?.note(self) }
  }

  private func reportUnusual() {
    equations.warnAboutDraws(in: self.name, environment.messages)
    if let message = checked.unflaggedMessage(owner: self.name) { environment.messages.emit(.info, "synapses.clock_driven", message) }
    let steps = Set([source.clock, target.clock, clock].compactMap(\.stepSeconds))
    if steps.count > 1 {
      environment.messages.emit(
        .warning, "synapses.different_dt",
        "source, target and synapses of '\(self.name)' have different dt: delays are rounded to the dt of the group that spikes")
    }
  }
}

extension Variables {
  /// Names that every group has and that no synaptic variable can clash with.
  func isInternal(_ name: String) -> Bool {
    name.hasPrefix("_") || ["i", "j", "N", "t", "dt", "t_in_timesteps", "times", "lastspike", "not_refractory", "delay"].contains(name)
  }
}
