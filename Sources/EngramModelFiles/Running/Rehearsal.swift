internal import EngramCheckpoints
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Goes through all steps of a file before the first of them is taken, and reports whatever can be known to be wrong with them
/// (MDL-40).
///
/// The steps act on a network that has all its objects and none of their values: what they add, remove, connect, link, switch,
/// store and restore has its effect on the steps behind, and a run lets time pass. What depends on values, such as how many
/// synapses a probability makes, is found when the step is taken.
final class Rehearsal {
  private let file: ModelFile
  private let builder: ModelBuilder
  private let network: Network
  private let actions: StepActions
  /// Steps before this one were taken already: what is wrong with them is past mending.
  private let start: Int
  /// Whether the step that is being gone through was taken already.
  private var isBehind = false
  private var stored: [String: Network.RehearsedState] = [:]
  /// Names of checkpoints with rounds in them, of which not all were gone through.
  private var patterns: [(pattern: String, state: Network.RehearsedState)] = []
  private var beginning: Network.RehearsedState?
  /// Names in a file of their own are not looked at here.
  private var isTimeKnown = true
  /// Whether code may have other problems than when it was last prepared.
  private var isChanged = true
  private var lastNames: [UInt8] = []
  private var hasRun = false
  private var rounds: [(constant: String?, round: Int)] = []
  private let isShortened: Bool
  private var told: Set<FilePlace> = []
  /// How many conditions decide whether the present step is taken.
  private var conditions = 0
  private var measured: Set<String> = []

  /// Steps that are gone through one by one; of more, the first two rounds and the last of each repetition.
  private static let stepLimit = 2000

  /// Whether the steps do anything that a network with its values cannot stand in for.
  static func needsOwnNetwork(_ steps: [Step]) -> Bool {
    steps.contains { step in
      switch step.verb {
      case .run, .store, .export: false
      case .repetition, .restore, .set, .constants, .dt, .active, .add, .remove, .connect, .link, .setSpikes, .schedule, .seed, .record, .choice, .code: true
      }
    }
  }

  /// What is wrong with a file, as far as it can be known before it runs.
  ///
  /// - Parameters:
  ///   - path: where in the steps a run goes on; steps before it are not complained of.
  ///   - runsOn: whether the run goes on beyond the last step.
  static func findings(of file: ModelFile, files: any ArrayFileReader, from path: [Int64] = [], runsOn: Bool = false) throws -> Findings {
    // What there is to say of the objects is said when the network itself is made.
    try Environment.opening { try Messages.capturing { try rehearsed(file, files, path, runsOn) }.0 }
  }

  /// What a rehearsal has shown.
  struct Findings {
    var problems: [ModelFileProblem]
    /// What else the author should know.
    var remarks: [String] = []
    /// Nil where the problems keep it from being known.
    var memory: MemoryNeeds?
    /// Objects whose code every one of several processes would execute for all elements, with why.
    var undivided: [String: String] = [:]
  }

  private static func rehearsed(_ file: ModelFile, _ files: any ArrayFileReader, _ path: [Int64], _ runsOn: Bool) throws -> Findings {
    try Environment.checkedCurrent().device.seed(0)
    let builder = ModelBuilder(fileName: file.fileName, values: .checked, files: files)
    builder.reader.samples = .making(seed: 0)
    let constantsAreComplete = try builder.setUp(file)
    builder.add(file.objects)
    guard constantsAreComplete else { return Findings(problems: builder.problems.problems) }
    let network = try Network(contentsOf: builder.objects, name: ObjectName(validating: file.name))
    if let node = file.schedule {
      do { try network.setSchedule(builder.slots(node)) } catch { builder.report(error, at: node.place, what: "the schedule") }
    }
    var file = file
    file.steps = builder.resolvingRounds(of: file.steps)
    let rehearsal = Rehearsal(file, network, builder, from: path)
    let before = MemoryNeeds(network)
    try rehearsal.walk(runsOn: runsOn)
    // What steps connect comes on top, unless some of them go back.
    let memory = goesBack(file.steps) ? before : MemoryNeeds(network)
    return Findings(problems: builder.problems.problems, remarks: rehearsal.remarks, memory: memory, undivided: rehearsal.undivided)
  }

  /// Whether synapses that steps make may be gone again when others are made.
  private static func goesBack(_ steps: [Step]) -> Bool {
    steps.contains { step in
      switch step.verb {
      case .restore, .remove: true
      case .repetition(let repetition): goesBack(repetition.steps)
      case .choice(let choice): goesBack(choice.then + choice.otherwise)
      case .run, .store, .export, .set, .constants, .dt, .active, .add, .connect, .link, .setSpikes, .schedule, .seed, .record, .code: false
      }
    }
  }

  /// - Parameter network: a network for rehearsing, or one with its values where the steps change nothing.
  init(_ file: ModelFile, _ network: Network, _ builder: ModelBuilder, from path: [Int64] = []) {
    self.file = file
    self.network = network
    self.builder = builder
    actions = StepActions(network: network, builder: builder, constants: file.constants)
    start = Int(clamping: path.first ?? 0)
    isShortened = Self.count(file.steps) > Self.stepLimit
  }

  private static func count(_ steps: [Step]) -> Int {
    steps.reduce(0) { sum, step in
      if case .choice(let choice) = step.verb { return sum + count(choice.then) + count(choice.otherwise) }
      guard case .repetition(let repetition) = step.verb else { return sum + 1 }
      let (inner, overflow) = count(repetition.steps).multipliedReportingOverflow(by: repetition.rounds.count)
      let (total, tooMany) = sum.addingReportingOverflow(inner)
      return overflow || tooMany || total > 1 << 40 ? 1 << 40 : total + 1
    }
  }

  /// - Parameter runsOn: whether the run goes on beyond the last step.
  func walk(runsOn: Bool) throws {
    try walk(file.steps, at: [])
    guard runsOn || !hasRun else { return }
    // As the experiment has it: the names of the last run of the steps go on being known. What is wrong with them has been told.
    let count = problems.problems.count
    var names = RunNamespaces(file.steps, builder).last ?? [:]
    names.merge(builder.namespace)
    _ = problems.takeBack(from: count)
    run(seconds: 0, names, at: FilePlace(line: 1, column: 1))
  }

  private var problems: ProblemCollector { builder.problems }

  private func walk(_ steps: [Step], at path: [Int]) throws {
    for (number, step) in steps.enumerated() {
      let here = path + [number]
      if case .repetition(let repetition) = step.verb {
        try walk(repetition, at: here)
        continue
      }
      if case .choice(let choice) = step.verb {
        try walk(choice, at: here)
        continue
      }
      let count = problems.problems.count
      isBehind = here[0] < start
      defer { isBehind = false }
      try take(step)
      let found = problems.takeBack(from: count)
      if isBehind { continue }
      // Later rounds repeat what the first one has shown.
      problems.report(found.filter { rounds.allSatisfy { $0.round == 0 } || !told.contains($0.place) })
      told.formUnion(found.map(\.place))
    }
  }

  private func walk(_ repetition: Step.RepeatStep, at path: [Int]) throws {
    let count = repetition.rounds.count
    let all = repetition.isConditional ? Array(0..<min(2, count)) : isShortened && count > 3 ? [0, 1, count - 1] : Array(0..<count)
    if repetition.isConditional { conditions += 1 }
    defer { if repetition.isConditional { conditions -= 1 } }
    rounds.append((repetition.variable, 0))
    defer { rounds.removeLast() }
    for round in all {
      rounds[rounds.count - 1].round = round
      builder.bind(repetition, round: round, in: Array(rounds.dropLast()))
      try walk(repetition.steps, at: path)
      if case .until(let condition, _) = repetition.rounds, path[0] >= start, round == 0 {
        _ = builder.condition(condition, of: network, isRehearsal: true)
      }
    }
    if repetition.isConditional { isTimeKnown = false }
    // The values of the rounds that were left out are values all the same.
    guard all.count < count, case .over(let values) = repetition.rounds, let name = repetition.variable else { return }
    let last = builder.namespace[name]
    for value in values { _ = builder.constantValue(value, name, mayBeList: true) }
    if let last { builder.setConstant(name, last) }
  }

  /// Either list may be taken, so both are gone through.
  private func walk(_ choice: Step.ChoiceStep, at path: [Int]) throws {
    if path[0] >= start { _ = builder.condition(choice.condition, of: network, isRehearsal: true) }
    conditions += 1
    defer { conditions -= 1 }
    try walk(choice.then, at: path)
    try walk(choice.otherwise, at: path)
    isTimeKnown = false
  }

  /// Where a run goes on, the network is built again from the steps before, without the values that decided which were taken.
  private func checkLimits(_ step: Step) {
    let name: String
    switch step.verb {
    case .add: name = "add"
    case .remove: name = "remove"
    case .link: name = "link"
    case .code(let kind, _): name = kind.rawValue
    default: return
    }
    if conditions > 0 {
      problems.report(
        "'\(name)' cannot stand in 'until' or 'if': which objects there are must follow from the file", at: step.place, length: name.count,
        hint: "add what may be needed before, and switch it with 'active'")
    } else if case .add(let items) = step.verb {
      for item in items {
        for field in item.fields where !Self.codeKeys.contains(field.key) {
          let words = field.value.texts.flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "_") } }.map(String.init)
          if let constant = measured.intersection(words).min() {
            problems.report(
              "'\(field.key)' uses the constant '\(constant)', whose value a run decides: which objects there are must follow from the file", at: field.value)
          }
        }
      }
    }
  }

  /// Values of these are looked up, or come with the checkpoint, when a run goes on.
  private static let codeKeys: Set<String> = [
    "model", "threshold", "reset", "on_pre", "on_post", "events", "run_regularly", "run_at", "run_on_event", "initial", "connect",
  ]

  /// Constants that get their values from what the network did.
  private func noteMeasured(_ entries: [ModelNode.Entry]) {
    let objects = Set(network.allObjects.map(\.name))
    for entry in entries {
      let text = entry.value.texts.joined(separator: " ")
      let words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
      if conditions > 0 || Reference.mentions(text, oneOf: objects) || !measured.isDisjoint(with: words) {
        measured.insert(entry.key)
      } else {
        measured.remove(entry.key)
      }
    }
  }

  private func take(_ step: Step) throws {
    checkLimits(step)
    if case .constants(let entries) = step.verb { noteMeasured(entries) }
    switch step.verb {
    case .run(let run): take(run, step)
    case .store(let store): try take(store, step)
    case .restore(let restore): take(restore, step)
    case .export(let export): take(export, step)
    case .repetition, .choice: break
    case .set, .seed, .record: _ = actions.perform(step.verb)
    case .constants, .dt, .active, .add, .remove, .connect, .link, .setSpikes, .schedule, .code:
      _ = actions.perform(step.verb)
      isChanged = true
    }
  }

  // ---------------------------------------------------------------------------------------------------------------- runs

  private func take(_ run: Step.RunStep, _ step: Step) {
    var seconds: Double?
    switch run.extent {
    case .duration(let node):
      if let time = builder.reader.time(node, "run") {
        if time.si < 0 { problems.report("a run cannot last \(time)", at: node) } else { seconds = time.si }
      }
    case .until(let node):
      if let time = builder.reader.time(node, "until"), isTimeKnown {
        let now = network.t.si
        if time.si < now * (1 - 1e-12) {
          problems.report("'until' is \(time), but the network is at \(network.t) already", at: node)
        } else {
          seconds = max(0, time.si - now)
        }
      }
    }
    if seconds == nil { isTimeKnown = false }
    var names = builder.namespace
    for entry in run.namespace { if let value = builder.constantValue(entry.value, entry.key) { names[entry.key] = value } }
    self.run(seconds: seconds, names, at: step.place)
  }

  private func run(seconds: Double?, _ names: Namespace, at place: FilePlace) {
    hasRun = true
    if beginning == nil { beginning = try? network.rehearsedState() }
    let constants = names.description.encoded
    // Code of a run that was taken is past mending as well, and dear to prepare: a long file would spend more on it with each run.
    let isPreparing = !isBehind && (isChanged || constants != lastNames)
    let (found, _) = network.rehearseRun(seconds: seconds, namespace: names, preparing: isPreparing) { context in
      undivided.merge(context.undividedOwners) { first, _ in first }
    }
    builder.report(found, at: place, what: "this run")
    guard isPreparing else { return }
    isChanged = false
    lastNames = constants
  }

  // --------------------------------------------------------------------------------------------------------- checkpoints

  private func filled(_ pattern: String, at node: ModelNode?, _ place: FilePlace) -> String {
    let names = RoundNames(rounds: rounds)
    let (text, unknown) = names.fill(pattern)
    for word in unknown {
      problems.report(
        names.words.isEmpty
          ? "'{\(word)}' in a name is the number of a round, and this step is in no repetition"
          : "'{\(word)}' in a name is the number of the round of a repetition, and none has the constant '\(word)'",
        at: node?.place ?? place, length: node?.scalar?.text.count ?? 1,
        hint: names.words.isEmpty ? nil : "known here: " + names.words.map { "{\($0)}" }.joined(separator: ", "))
    }
    return text
  }

  private func take(_ store: Step.StoreStep, _ step: Step) throws {
    let name = filled(store.name, at: store.nameNode, step.place)
    do { try CheckpointName.check(name) } catch { problems.report("\(error)", at: store.nameNode?.place ?? step.place, length: max(1, store.name.count)) }
    if let file = store.file {
      checkFile(filled(file, at: nil, step.place), at: step.place)
      return
    }
    warnAboutOverwriting(store, step)
    let state = try network.rehearsedState()
    stored[name] = state
    if isShortened, store.name.contains("{") { patterns.append((store.name, state)) }
  }

  /// Several rounds that store under one name leave the last of them.
  private func warnAboutOverwriting(_ store: Step.StoreStep, _ step: Step) {
    guard let last = rounds.last, last.round == 1, RoundNames(rounds: [(last.constant, 0)]).fill(store.name).text == store.name else { return }
    remarks.append(
      "\(file.fileName):\(step.place.line): every round stores '\(store.name)' again, so that only the last one stays; "
        + "'\(store.name)-{k}' keeps all")
  }
  /// What is no mistake but may not be meant.
  private(set) var remarks: [String] = []
  private var undivided: [String: String] = [:]

  private func checkFile(_ path: String, at place: FilePlace) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    var depth = 0
    for part in parts where part != "." && !part.isEmpty {
      depth += part == ".." ? -1 : 1
      if depth < 0 { break }
    }
    if path.hasPrefix("/") || depth <= 0 { problems.report("\(StepError.outside(file: path))", at: place) }
  }

  private func take(_ export: Step.ExportStep, _ step: Step) {
    checkFile(filled(export.file, at: export.nodes["file"], step.place), at: export.nodes["file"]?.place ?? step.place)
    guard let options = builder.exportOptions(export) else { return }
    for (item, node) in zip(options.items, export.only) { check(item, at: node.place) }
  }

  /// Whether there will be such an object, and such a variable of it.
  private func check(_ item: ExportItem, at place: FilePlace) {
    let (whole, owner) = (item.names.joined(separator: "_"), item.names.dropLast().joined(separator: "_"))
    if network[whole] != nil || builder.hasFailed(item.names[0]) { return }
    guard item.names.count > 1, let object = network[owner], let variable = item.names.last else {
      let wrong = item.names.count > 1 ? owner : whole
      return problems.report(
        "there is no object '\(wrong)' in the network", at: place, hint: ProblemCollector.suggestion(wrong, network.allObjects.map(\.name)))
    }
    let known = ((object as? Group)?.variables.names ?? []) + object.storedRecordings().map(\.name) + (object is Synapses ? ["delay"] : [])
    if known.contains(variable) { return }
    problems.report("'\(owner)' has no variable '\(variable)'", at: place, hint: ProblemCollector.suggestion(variable, known.filter { !$0.hasPrefix("_") }))
  }

  private func take(_ restore: Step.RestoreStep, _ step: Step) {
    let node = restore.nodes["name"]
    let name = filled(restore.name, at: node, step.place)
    var allowing: Set<Difference> = []
    for word in restore.allow {
      guard let difference = Difference(rawValue: word) else {
        let kinds = Difference.allCases.map(\.rawValue)
        problems.report(
          "'allow' has no kind '\(word)'", at: restore.nodes["allow"]?.place ?? step.place,
          hint: ProblemCollector.suggestion(word, kinds) ?? "kinds: \(kinds.joined(separator: ", "))")
        continue
      }
      allowing.insert(difference)
    }
    if case .reseed(let node) = restore.random { _ = builder.reader.seed(node, "reseed") }
    isChanged = true
    if let file = restore.file {
      checkFile(filled(file, at: nil, step.place), at: restore.nodes["file"]?.place ?? step.place)
      isTimeKnown = false
      for case let synapses as Synapses in network.objects { synapses.assumeConnected() }
      return
    }
    guard let state = stored[name] ?? patterns.last(where: { RoundNames.matches(name, $0.pattern) })?.state ?? (name == "initial" ? beginning : nil) else {
      let known = Array(stored.keys).sorted()
      problems.report(
        name == "initial"
          ? "'initial' is stored when the first run begins, which comes later"
          : "no step before this one stores a checkpoint '\(name)'",
        at: node?.place ?? step.place, length: restore.name.count,
        hint: ProblemCollector.suggestion(name, known)
          ?? (known.isEmpty ? nil : "stored so far: \(known.prefix(8).joined(separator: ", "))\(known.count > 8 ? ", …" : "")"))
      return
    }
    let only = only(restore, state, at: restore.nodes["only"]?.place ?? step.place)
    do { try network.restore(rehearsed: state, allowing: allowing, only: only, renaming: restore.rename) } catch {
      builder.report(error, at: step.place, what: "restore")
    }
    if only.isEmpty { isTimeKnown = true }
  }

  /// The objects of `only`, also where variables of theirs are named.
  private func only(_ restore: Step.RestoreStep, _ state: Network.RehearsedState, at place: FilePlace) -> Set<String> {
    var objects: Set<String> = []
    for word in restore.only {
      let parts = word.split(separator: ".", maxSplits: 1).map(String.init)
      let name = parts.first ?? word
      guard let object = network[word] ?? network[name] else {
        problems.report(
          "there is no object '\(name)' in the network", at: place, hint: ProblemCollector.suggestion(name, network.allObjects.map(\.name)))
        continue
      }
      if object.name == name, parts.count == 2, let group = object as? Group, group.variables[parts[1]] == nil, network["\(name)_\(parts[1])"] == nil {
        problems.report(
          "'\(name)' has no variable '\(parts[1])'", at: place, hint: ProblemCollector.suggestion(parts[1], group.variables.names))
        continue
      }
      objects.insert(object.name)
    }
    return objects
  }
}
