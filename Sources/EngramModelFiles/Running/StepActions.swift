internal import EngramCheckpoints
internal import EngramExpressions
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// What steps do to a network beside running, storing and restoring it.
///
/// One and the same for runs and for rehearsals (``Rehearsal``): only what becomes of values is another thing, which the builder
/// knows. Problems go to the builder, at their places in the file.
struct StepActions {
  let network: Network
  let builder: ModelBuilder
  let constants: [ModelNode.Entry]

  private var problems: ProblemCollector { builder.problems }
  private var isRehearsal: Bool { builder.onlyChecks }

  /// - Returns: whether the verb is one of these.
  func perform(_ verb: Step.Verb) -> Bool {
    let making = builder.reader.samples
    switch verb {
    case .set, .constants:
      builder.reader.samples = .stepping(network.random)
      builder.reader.state = NetworkValues(network: network, part: builder.namedPart, namespace: builder.namespace, isRehearsal: isRehearsal).value
    case .connect: builder.reader.samples = .stepping(network.random)
    default: break
    }
    defer { (builder.reader.samples, builder.reader.state) = (making, nil) }
    switch verb {
    case .run, .store, .restore, .export, .repetition, .choice: return false
    case .code(let kind, let entries): for entry in entries { addCode(kind, entry) }
    case .set(let entries): for entry in entries { builder.assign(entry) }
    case .constants(let entries): for entry in entries { setConstant(entry) }
    case .dt(let node): setSteps(node)
    case .active(let entries): for entry in entries { setActive(entry) }
    case .add(let items): add(items)
    case .remove(let nodes): for node in nodes { remove(node) }
    case .connect(let entries):
      for entry in entries {
        if let synapses = object(entry, as: Synapses.self, "Synapses") { builder.connect(synapses, entry.value, at: entry.keyPlace) }
      }
    case .link(let entries):
      for entry in entries {
        guard let group = object(entry, as: Group.self, "group") else { continue }
        attempt(at: entry.keyPlace, "'\(entry.key)'") { try builder.link(group, entry.value) }
      }
    case .setSpikes(let entries):
      for entry in entries { attempt(at: entry.keyPlace, "'\(entry.key)'") { try builder.setSpikes(entry) } }
    case .schedule(let node): attempt(at: node.place, "the schedule") { try network.setSchedule(builder.slots(node)) }
    case .seed(let choice): seed(choice)
    case .record(let nodes): for node in nodes { record(node) }
    }
    return true
  }

  private func attempt(at place: FilePlace, _ what: String, _ body: () throws -> Void) {
    do { try body() } catch { builder.report(error, at: place, what: what) }
  }

  // ------------------------------------------------------------------------------------------------------------- objects

  /// The object that a key names.
  private func object<T: BrianObject>(_ entry: ModelNode.Entry, as type: T.Type, _ what: String) -> T? {
    object(entry.key, at: entry.keyPlace, as: type, what)
  }

  private func object<T: BrianObject>(_ name: String, at place: FilePlace, as type: T.Type, _ what: String) -> T? {
    let found = network[name]
    if let object = found as? T { return object }
    if found == nil, builder.hasFailed(name) { return nil }
    let known = network.allObjects.filter { $0 is T }.map(\.name)
    problems.report(
      found.map { "'\(name)' is a \(Swift.type(of: $0)), not a \(what)" } ?? "there is no \(what) '\(name)' in the network", at: place,
      length: name.count, hint: ProblemCollector.suggestion(name, known))
    return nil
  }

  private func add(_ items: [ObjectItem]) {
    let before = problems.problems.count
    let known = builder.objects.count
    builder.add(items)
    // A run ends here; a rehearsal goes on with what there is.
    guard isRehearsal || problems.problems.count == before, let place = items.first?.place else { return }
    attempt(at: place, "what is added") { try network.add(contentsOf: builder.objects[known...]) }
  }

  private func remove(_ node: ModelNode) {
    guard let name = builder.reader.word(node, "remove") else { return }
    guard network.objects.contains(where: { $0.name == name }) else {
      if builder.hasFailed(name) { return }
      problems.report(
        network[name] == nil ? "there is no object '\(name)' in the network" : "'\(name)' is a part of another object and cannot be removed alone",
        at: node, hint: ProblemCollector.suggestion(name, network.objects.map(\.name)))
      return
    }
    attempt(at: node.place, "'\(name)'") { try network.remove(named: name) }
    builder.forget(name)
  }

  private func setActive(_ entry: ModelNode.Entry) {
    let key = ModelNode(.scalar(entry.keyText ?? ScalarText(entry.key)), at: entry.keyPlace)
    guard let reference = builder.reference(key, "active"), let object = builder.object(reference, at: key),
      let flag = builder.reader.boolean(entry.value, entry.key)
    else { return }
    object.isActive = flag
  }

  private func record(_ node: ModelNode) {
    guard let name = builder.reader.word(node, "record"), let monitor = object(name, at: node.place, as: StateMonitor.self, "StateMonitor") else { return }
    let context = network.pausedContext(namespace: builder.namespace)
    attempt(at: node.place, "'\(name)'") {
      if isRehearsal { try monitor.beforeRun(context) } else { try monitor.recordSingleTimestep(in: context) }
    }
  }

  // -------------------------------------------------------------------------------------------------------------- values

  private func setConstant(_ entry: ModelNode.Entry) {
    guard constants.contains(where: { $0.key == entry.key }) else {
      problems.report(
        "the file defines no constant '\(entry.key)'", at: entry.keyPlace, length: entry.key.count,
        hint: ProblemCollector.suggestion(entry.key, constants.map(\.key)))
      return
    }
    let measured = looksAtNetwork(entry)
    guard measured != .wrong, let value = builder.constantValue(entry.value, entry.key, mayBeList: measured == .no) else { return }
    if let old = builder.namespace[entry.key].flatMap(Self.dimension), let new = Self.dimension(value), old != new {
      problems.report(
        "the constant '\(entry.key)' has the unit '\(old)' in 'constants'; here it is given in '\(new)'", at: entry.keyPlace,
        length: entry.key.count)
      return
    }
    // What a run will measure is not known in a rehearsal: what the constant measures is.
    if isRehearsal, measured == .yes { return }
    builder.setConstant(entry.key, value)
  }

  private enum Measured { case no, yes, wrong }

  /// Whether a constant gets its value from the network. A list cannot be kept so: a run that goes on would not know it.
  private func looksAtNetwork(_ entry: ModelNode.Entry) -> Measured {
    guard let scalar = entry.value.scalar else { return .no }
    do throws(Problems) {
      guard let array = try builder.reader.arrayExpression(builder.reader.source(scalar), entry.key, ValueScope()), array.looksAtNetwork else { return .no }
      if try array.value().isScalar { return .yes }
      problems.report(
        "the constant '\(entry.key)' is one value, found a list of values of the network", at: entry.value,
        hint: "keep what the network has now in a variable of the group, with 'set'")
    } catch { builder.reader.report(error) }
    return .wrong
  }

  /// Code for a group that is there.
  private func addCode(_ kind: Step.CodeKind, _ entry: ModelNode.Entry) {
    guard let group = object(entry, as: Group.self, "group") else { return }
    attempt(at: entry.keyPlace, "'\(entry.key)'") {
      try builder.addCode(kind, entry.value, to: group)
    }
  }

  private static func dimension(_ value: Namespace.Entry) -> Dimension? {
    switch value {
    case .quantity(let quantity): quantity.si == 0 && quantity.isDimensionless ? nil : quantity.dimension
    case .integer(let integer): integer == 0 ? nil : .dimensionless
    case .boolean, .array, .function: nil
    }
  }

  private func seed(_ choice: ModelFile.SeedChoice) {
    switch choice {
    case .number(let number): network.random.setSeed(number)
    case .entropy: if !isRehearsal { network.random.reseed() }
    case .value(let node): if let number = builder.reader.seed(node, "seed") { network.random.setSeed(number) }
    }
  }

  /// `dt`: a value for the default clock, or clock or object → value (CLK-4).
  private func setSteps(_ node: ModelNode) {
    guard let entries = node.entries else {
      guard let dt = builder.reader.time(node, "dt") else { return }
      return attempt(at: node.place, "dt") { try Environment.checkedCurrent().defaultClock.setDt(dt) }
    }
    for entry in entries {
      guard let dt = builder.reader.time(entry.value, entry.key) else { continue }
      attempt(at: entry.keyPlace, "'\(entry.key)'") {
        if entry.key == "defaultclock" { return try Environment.checkedCurrent().defaultClock.setDt(dt) }
        guard let found = builder.maker.clocks[entry.key] ?? network[entry.key]?.clock else {
          if builder.hasFailed(entry.key) { return }
          let known =
            Array(builder.maker.clocks.keys) + network.objects.map(\.name) + ["defaultclock"]
          return problems.report(
            "there is no clock or object '\(entry.key)'", at: entry.keyPlace, length: entry.key.count,
            hint: ProblemCollector.suggestion(entry.key, known))
        }
        guard let clock = found as? Clock else {
          return problems.report("'\(entry.key)' follows a clock of given times, which has no dt", at: entry.keyPlace, length: entry.key.count)
        }
        try clock.setDt(dt)
      }
    }
  }
}
