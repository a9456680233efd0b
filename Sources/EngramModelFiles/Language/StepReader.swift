/// Reads the list under `run` (modelfile.md §5).
struct StepReader {
  let file: FileReader
  private static let depthLimit = 8
  private static let stepLimit = 100_000

  init(file: FileReader) { self.file = file }

  func steps(of node: ModelNode, depth: Int = 0) -> [Step] {
    switch node.content {
    case .scalar:
      return [Step(verb: .run(.init(extent: .duration(node))), place: node.place, node: node)]
    case .list(let items):
      if items.count > Self.stepLimit {
        file.problems.report("a list may have \(Self.stepLimit) steps, this one has \(items.count)", at: node)
        return []
      }
      return items.compactMap { step($0, depth: depth) }
    case .mapping:
      file.problems.report("'run' is a duration or a list of steps, found a mapping", at: node, hint: "begin each step with '- '")
      return []
    }
  }

  private func step(_ node: ModelNode, depth: Int) -> Step? {
    guard let entries = node.entries, entries.count == 1, let entry = entries.first else {
      file.problems.report(
        "a step is a mapping with one verb, found \(node.kindName)", at: node,
        hint: "verbs: \(ModelLanguage.verbs.joined(separator: ", "))")
      return nil
    }
    guard let name = ModelLanguage.steps.canonical(entry.key) else {
      file.problems.report(
        "'\(entry.key)' is not a verb of a step", at: entry.keyPlace, length: entry.key.count,
        hint: ProblemCollector.suggestion(entry.key, ModelLanguage.verbs) ?? "verbs: \(ModelLanguage.verbs.joined(separator: ", "))")
      return nil
    }
    guard let verb = verb(name, entry.value, depth: depth) else { return nil }
    return Step(verb: verb, place: entry.keyPlace, node: node)
  }

  private func verb(_ name: String, _ value: ModelNode, depth: Int) -> Step.Verb? {
    switch name {
    case "run": run(value).map(Step.Verb.run)
    case "store": store(value).map(Step.Verb.store)
    case "restore": restore(value).map(Step.Verb.restore)
    case "export": export(value).map(Step.Verb.export)
    case "set": .set(file.entries(value, name))
    case "constants": .constants(file.entries(value, name))
    case "dt": .dt(value)
    case "active": .active(file.entries(value, name))
    case "add": .add(file.objects(value))
    case "remove": .remove(list(value))
    case "connect": .connect(file.entries(value, name))
    case "link": .link(file.entries(value, name))
    case "set_spikes": .setSpikes(file.entries(value, name))
    case "schedule": .schedule(value)
    case "seed": file.seed(value).map(Step.Verb.seed)
    case "record": .record(list(value))
    case "repeat": repetition(value, depth: depth).map(Step.Verb.repetition)
    case "until": until(value, depth: depth).map(Step.Verb.repetition)
    case "if": choice(value, depth: depth).map(Step.Verb.choice)
    default: Step.CodeKind(rawValue: name).map { .code($0, file.entries(value, name)) }
    }
  }

  private func list(_ node: ModelNode) -> [ModelNode] { node.items ?? [node] }

  private func run(_ node: ModelNode) -> Step.RunStep? {
    guard node.entries != nil else { return .init(extent: .duration(node)) }
    var step: Step.RunStep?
    var report: String?
    var namespace: [ModelNode.Entry] = []
    for entry in file.fields(node, table: ModelLanguage.run, of: "run") {
      switch entry.key {
      case "for", "until":
        if step != nil { file.problems.report("'run' has either 'for' or 'until'", at: entry.keyPlace, length: entry.key.count) }
        step = .init(extent: entry.key == "for" ? .duration(entry.value) : .until(entry.value))
      case "report": report = file.text(entry.value, "report")
      default: namespace = file.entries(entry.value, "namespace")
      }
    }
    guard step != nil else {
      file.problems.report("'run' needs 'for' (a duration) or 'until' (a network time)", at: node)
      return nil
    }
    step?.report = report
    step?.namespace = namespace
    return step
  }

  private func store(_ node: ModelNode) -> Step.StoreStep? {
    guard node.entries != nil else { return file.text(node, "store").map { .init(name: $0, nameNode: node) } }
    var step = Step.StoreStep(name: "")
    for entry in file.fields(node, table: ModelLanguage.store, of: "store") {
      switch entry.key {
      case "name":
        step.name = file.text(entry.value, "name") ?? ""
        step.nameNode = entry.value
      case "comment": step.comment = file.text(entry.value, "comment") ?? ""
      case "tags": step.tags = list(entry.value).compactMap { file.text($0, "tags") }
      default: step.file = file.text(entry.value, "file")
      }
    }
    return step
  }

  private func restore(_ node: ModelNode) -> Step.RestoreStep? {
    guard node.entries != nil else { return file.text(node, "restore").map { .init(name: $0, nodes: ["name": node]) } }
    var step = Step.RestoreStep(name: "")
    for entry in file.fields(node, table: ModelLanguage.restore, of: "restore") {
      step.nodes[entry.key] = entry.value
      switch entry.key {
      case "name": step.name = file.text(entry.value, "name") ?? ""
      case "file": step.file = file.text(entry.value, "file")
      case "random": step.random = random(entry.value) ?? .restore
      case "allow": step.allow = list(entry.value).compactMap { file.text($0, "allow") }
      case "only": step.only = list(entry.value).compactMap { file.text($0, "only") }
      default:
        for pair in file.entries(entry.value, "rename") { step.rename[pair.key] = file.text(pair.value, pair.key) }
      }
    }
    return step
  }

  private func export(_ node: ModelNode) -> Step.ExportStep? {
    guard node.entries != nil else { return file.text(node, "export").map { .init(file: $0, nodes: ["file": node]) } }
    var step = Step.ExportStep(file: "")
    for entry in file.fields(node, table: ModelLanguage.export, of: "export") {
      step.nodes[entry.key] = entry.value
      switch entry.key {
      case "file": step.file = file.text(entry.value, "file") ?? ""
      case "only": step.only = list(entry.value)
      default: break
      }
    }
    return step
  }

  private func random(_ node: ModelNode) -> Step.RandomChoice? {
    if let entries = node.entries, entries.count == 1, entries[0].key == "reseed" {
      if entries[0].value.scalar != nil { return .reseed(entries[0].value) }
      file.problems.report("'reseed' is an integer from 0 to 2^64 − 1, found \(entries[0].value.kindName)", at: entries[0].value)
      return nil
    }
    switch node.scalar?.text {
    case "restore": return .restore
    case "keep_current", "keepCurrent": return .keepCurrent
    default:
      file.problems.report("'random' is restore, keep_current or {reseed: number}, found \(node.kindName)", at: node)
      return nil
    }
  }

  /// `until: {condition, at_most, as, steps}`.
  private func until(_ node: ModelNode, depth: Int) -> Step.RepeatStep? {
    if isTooDeep(node, depth, "until") { return nil }
    let fields = file.fields(node, table: ModelLanguage.until, of: "until")
    func field(_ key: String) -> ModelNode? { fields.first { $0.key == key }?.value }
    guard let condition = field("condition"), let limit = field("at_most"), let steps = field("steps") else { return nil }
    let variable = field("as").flatMap { file.identifier($0, what: "the name after 'as'") }
    return .init(rounds: .untilWritten(condition, atMost: limit), variable: variable, steps: self.steps(of: steps, depth: depth + 1))
  }

  /// `if: {condition, then, else}`.
  private func choice(_ node: ModelNode, depth: Int) -> Step.ChoiceStep? {
    if isTooDeep(node, depth, "if") { return nil }
    let fields = file.fields(node, table: ModelLanguage.choice, of: "if")
    func field(_ key: String) -> ModelNode? { fields.first { $0.key == key }?.value }
    guard let condition = field("condition"), let then = field("then") else { return nil }
    return .init(
      condition: condition, then: steps(of: then, depth: depth + 1), otherwise: field("else").map { steps(of: $0, depth: depth + 1) } ?? [])
  }

  private func isTooDeep(_ node: ModelNode, _ depth: Int, _ verb: String) -> Bool {
    if depth >= Self.depthLimit { file.problems.report("'\(verb)' is nested more than \(Self.depthLimit) deep", at: node) }
    return depth >= Self.depthLimit
  }

  private func repetition(_ node: ModelNode, depth: Int) -> Step.RepeatStep? {
    if isTooDeep(node, depth, "repeat") { return nil }
    var rounds: Step.RepeatStep.Rounds?
    var variable: String?
    var steps: [Step] = []
    for entry in file.fields(node, table: ModelLanguage.repetition, of: "repeat") {
      switch entry.key {
      case "count", "over":
        let isCount = entry.key == "count"
        if rounds != nil {
          file.problems.report("'repeat' has either 'count' or 'over'", at: entry.keyPlace, length: entry.key.count)
        } else if let items = entry.value.items, !isCount {
          rounds = .over(items)
        } else {
          rounds = .written(entry.value, isCount: isCount)
        }
      case "as": variable = file.identifier(entry.value, what: "the name after 'as'")
      default: steps = self.steps(of: entry.value, depth: depth + 1)
      }
    }
    guard let rounds else {
      file.problems.report("'repeat' needs 'count' or 'over'", at: node)
      return nil
    }
    return .init(rounds: rounds, variable: variable, steps: steps)
  }
}
