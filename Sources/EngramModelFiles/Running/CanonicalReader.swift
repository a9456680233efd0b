internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// Brings a model file into its canonical form.
struct CanonicalReader {
  typealias Part = CanonicalForm.Part
  typealias Field = CanonicalForm.Field

  private let file: ModelFile
  /// Knows the constants; what it complains of was complained of when the file was read.
  private var reader: ValueReader

  init(_ file: ModelFile) {
    self.file = file
    reader = ValueReader(fileName: file.fileName, problems: ProblemCollector(), files: NoArrayFiles())
    for entry in file.constants { if let value = constant(entry.value, entry.key) { reader.constants[entry.key] = value } }
  }

  func form() -> CanonicalForm {
    var parts = [Field("dt", .text((file.dt.flatMap { reader.quantity($0, "dt", .time) } ?? Quantity(1e-4, .time)).exactText))]
    for entry in file.constants {
      parts.append(Field("constant \(entry.key)", reader.constants[entry.key].map(text) ?? value(entry.value, entry.key)))
    }
    for entry in file.functions.sorted(by: { $0.key < $1.key }) { parts.append(Field("function \(entry.key)", value(entry.value, entry.key))) }
    parts.append(Field("schedule", file.schedule.map(words) ?? .list(["start", "groups", "thresholds", "synapses", "resets", "end"].map { .text($0) })))
    let preferences = file.preferences.filter { !isDefault($0) }.sorted { $0.key < $1.key }
    parts.append(Field("dtype", .text(floats)))
    for entry in preferences { parts.append(Field("preference \(entry.key)", value(entry.value, entry.key))) }
    for (number, object) in objects(file.objects).enumerated() {
      parts.append(Field("object \(number + 1), \(object.title)", .fields(object.fields)))
    }
    return CanonicalForm(parts: parts, steps: file.steps.map(step))
  }

  /// The type of variables that have no other.
  private var floats: String {
    let preferred = file.preferences.first { $0.key == "core.default_float_dtype" }?.value
    return (file.dtype ?? preferred)?.scalar?.text.trimmingWhitespace() ?? "float64"
  }

  private func isDefault(_ entry: ModelNode.Entry) -> Bool {
    let standard = ["core.default_float_dtype": "float64", "core.default_integer_dtype": "int32", "legacy.refractory_timing": "false"]
    return entry.value.scalar?.text.lowercased() == standard[entry.key]
  }

  // -------------------------------------------------------------------------------------------------------------- values

  private func constant(_ node: ModelNode, _ key: String) -> Namespace.Entry? {
    switch reader.value(node, key, in: ValueScope(calculates: false)) {
    case .boolean(let flag)?: return .boolean(flag)
    case .quantity(let quantity)?:
      if quantity.isDimensionless, let integer = node.scalar.flatMap({ Int($0.text) }) { return .integer(integer) }
      return .quantity(quantity)
    case .expression(let source)?: return reader.constant(source, at: node, key)
    case .array?, .booleans?, .matrix?, nil: return nil
    }
  }

  private func text(_ constant: Namespace.Entry) -> Part {
    switch constant {
    case .quantity(let quantity): .text(quantity.exactText)
    case .integer(let integer): .text("\(integer)")
    case .boolean(let flag): .text("\(flag)")
    case .array, .function: .text("")
    }
  }

  /// A value of any form. Constants of the file stay names: what they are is compared by itself.
  func value(_ node: ModelNode, _ key: String) -> Part {
    switch node.content {
    case .mapping(let entries):
      if ValueReader.namesFile(node) || node["sonata"] != nil {
        return .fields(entries.sorted { $0.key < $1.key }.map { Field($0.key, .text($0.value.scalar?.text ?? "")) })
      }
      if node["values"] == nil, node["start"] == nil { return fields(entries) { value($0.value, $0.key) } }
    case .scalar(let scalar):
      if scalar.text.trimmingWhitespace().isEmpty { return .text("") }
    case .list: break
    }
    let file = self.file
    let scope = ValueScope(isVariable: { name in file.constants.contains { $0.key == name } })
    switch reader.value(node, key, in: scope) {
    case .boolean(let flag)?: return .text("\(flag)")
    case .quantity(let quantity)?: return .text(quantity.exactText)
    case .booleans(let flags)?: return .list(flags.map { .text("\($0)") })
    case .array(let array)?: return .list(array.si.map { .text(Quantity($0, array.dimension).exactText) })
    case .matrix(let array, let columns)?: return .fields([Field("columns", .text("\(columns)")), Field("values", .text(array.exactText))])
    case .expression(let source)?: return .text(Self.code(source.text))
    case nil:
      if let items = node.items { return .list(items.map { value($0, key) }) }
      if let entries = node.entries { return fields(entries) { value($0.value, $0.key) } }
      return .text(Self.code(node.scalar?.text ?? ""))
    }
  }

  /// Code or an expression: as it prints, or word by word where it does not parse (generators of synapses).
  static func code(_ text: String) -> String {
    if let expression = try? ExpressionParser.parse(text) { return "\(expression)" }
    if let statements = try? ExpressionParser.parseStatements(text) { return statements.map(\.description).joined(separator: "; ") }
    var words: [String] = []
    var isWord = false
    for character in text {
      let continues = character.isLetter || character.isNumber || character == "_" || character == "."
      if character.isWhitespace {
        isWord = false
      } else if continues, isWord {
        words[words.count - 1].append(character)
      } else {
        words.append(String(character))
        isWord = continues
      }
    }
    return words.joined(separator: " ")
  }

  private func statements(_ node: ModelNode) -> Part {
    guard let text = node.scalar?.text else { return value(node, "code") }
    guard let statements = try? ExpressionParser.parseStatements(text) else { return .text(Self.code(text)) }
    return .text(statements.map(\.description).joined(separator: "; "))
  }

  private func words(_ node: ModelNode) -> Part { .list((node.items ?? [node]).map { .text($0.scalar?.text.trimmingWhitespace() ?? "") }) }

  /// `P[:n]` as `P[:30]`.
  private func reference(_ text: String) -> String {
    let reader = reader
    let found = try? Reference(text) { (calculation, offset) throws(Reference.SyntaxProblem) -> Reference.Place in
      try reader.placeOfSelection(calculation, at: offset)
    }
    return found?.description ?? Self.code(text)
  }

  /// - Parameter isOrdered: whether the order of the entries has a meaning.
  private func fields(_ entries: [ModelNode.Entry], isOrdered: Bool = false, _ body: (ModelNode.Entry) -> Part) -> Part {
    let all = entries.map { Field(ModelLanguage.spelling($0.key), body($0)) }
    return .fields(isOrdered ? all : all.sorted { $0.name < $1.name })
  }

  // ------------------------------------------------------------------------------------------------------------- objects

  /// Objects with the names that they get.
  private func objects(_ items: [ObjectItem]) -> [(title: String, fields: [Field])] {
    var taken = Set(items.compactMap(\.name))
    return items.map { item in
      var name = item.name ?? ""
      if item.name == nil, let base = Self.standardNames[item.kind] {
        name = base
        var number = 1
        while taken.contains(name) { (name, number) = ("\(base)_\(number)", number + 1) }
        taken.insert(name)
      }
      return ("\(item.kind) '\(name)'", object(item))
    }
  }

  private static let standardNames = [
    "NeuronGroup": "neurongroup", "SpatialNeuron": "spatialneuron", "Synapses": "synapses", "PoissonGroup": "poissongroup", "PoissonInput": "poissoninput",
    "SpikeGeneratorGroup": "spikegeneratorgroup", "StateMonitor": "statemonitor", "SpikeMonitor": "spikemonitor",
    "EventMonitor": "eventmonitor", "PopulationRateMonitor": "ratemonitor", "Subgroup": "subgroup", "Clock": "clock",
    "EventClock": "eventclock", "TimedArray": "_timedarray", "BinomialFunction": "_binomial",
  ]

  private func object(_ item: ObjectItem) -> [Field] {
    item.fields.compactMap { field in
      if field.key == "name" || field.key == "storage" { return nil }
      let part = part(field, of: item)
      return isDefault(field.key, part, of: item) ? nil : Field(field.key, part)
    }.sorted { $0.name < $1.name }
  }

  private func part(_ field: ModelNode.Entry, of item: ObjectItem) -> Part {
    let node = field.value
    switch field.key {
    case "model": return equations(node)
    case "reset": return statements(node)
    case "on_pre", "on_post":
      guard let entries = node.entries else {
        return .fields([Field(field.key == "on_pre" ? "pre" : "post", statements(node))])
      }
      return fields(entries, isOrdered: true) { statements($0.value) }
    case "source", "target", "of": return .text(reference(node.scalar?.text ?? ""))
    case "record":
      if let text = node.scalar?.text, text.first?.isLetter == true, !node.isBoolean { return .text(reference(text)) }
      if case .text(let text) = value(node, "record"), !node.isBoolean { return .list([.text(text)]) }
      return value(node, "record")
    case "variables", "method":
      return node.entries == nil ? words(node) : value(node, field.key)
    case "initial": return fields(node.entries ?? [], isOrdered: true) { value($0.value, $0.key) }.renamed(reference)
    case "connect": return connect(node)
    case "run_regularly", "run_at": return .list((node.items ?? [node]).map(codeItem))
    case "run_on_event": return fields(node.entries ?? []) { codeItem($0.value) }
    case "delay": return node.entries == nil || node["values"] != nil ? .fields([Field("pre", value(node, "delay"))]) : value(node, "delay")
    case "link":
      return fields(node.entries ?? []) { entry in
        guard let to = entry.value["to"] else { return .fields([Field("to", .text(reference(entry.value.scalar?.text ?? "")))]) }
        let index = entry.value["index"].map { [Field("index", value($0, "index"))] } ?? []
        return .fields(index + [Field("to", .text(reference(to.scalar?.text ?? "")))])
      }
    default: return value(node, field.key)
    }
  }

  private func equations(_ node: ModelNode) -> Part {
    if let items = node.items { return .list(items.map(equations)) }
    if let text = node["text"] {
      if let sets = node["replace"]?.items {
        return .fields([
          Field("text", equations(text)), Field("replace", .list(sets.map { set in fields(set.entries ?? []) { value($0.value, $0.key) } })),
        ])
      }
      let names = node["replace"]?.entries ?? []
      return .fields([Field("text", equations(text)), Field("replace", fields(names) { value($0.value, $0.key) })])
    }
    guard let text = node.scalar?.text else { return value(node, "model") }
    let equations = Equations(reading: SourceText(text))
    guard equations.problem == nil else { return .text(Self.code(text)) }
    return .fields(equations.all.map { Field($0.kind == .differential ? "d\($0.name)/dt" : $0.name, .text($0.readableText)) })
  }

  private func codeItem(_ node: ModelNode) -> Part {
    guard let entries = node.entries else { return .fields([Field("code", statements(node))]) }
    let kept = entries.filter { entry in
      !(entry.key == "when" && entry.value.scalar?.text == "start" || entry.key == "order" && entry.value.scalar?.text == "0"
        || entry.key == "active" && entry.value.scalar?.text.lowercased() == "true")
    }
    return fields(kept) { $0.key == "code" ? statements($0.value) : value($0.value, $0.key) }
  }

  private func connect(_ node: ModelNode) -> Part {
    .list(
      (node.items ?? [node]).map { item in
        guard let entries = item.entries else {
          return item.scalar?.text.lowercased() == "false" ? .fields([Field("condition", .text("False"))]) : .fields([])
        }
        guard case .fields(let all) = fields(entries, { value($0.value, $0.key) }) else { return .fields([]) }
        let standard = ["p": ["1", "1.0"], "n": ["1", "1.0"], "skip_if_invalid": ["false"]]
        return .fields(
          all.filter { field in
            guard case .text(let text) = field.value else { return true }
            return standard[field.name]?.contains(text) != true
          })
      })
  }

  /// Whether a key says what its absence says, too.
  private func isDefault(_ key: String, _ part: Part, of item: ObjectItem) -> Bool {
    func isText(_ texts: String...) -> Bool { if case .text(let text) = part { texts.contains(text) } else { false } }
    switch key {
    case "active": return isText("true")
    case "order": return isText("0", "0.0")
    case "dtype": return isText(floats)
    case "when":
      switch item.kind {
      case "PoissonGroup", "SpikeGeneratorGroup": return isText("thresholds")
      case "PoissonInput": return isText("synapses")
      case "StateMonitor": return isText("start")
      default: return false
      }
    case "record": return item.kind != "StateMonitor" && isText("true")
    case "target": return isText(reference(item["source"]?.scalar?.text ?? ""))
    case "sorted", "refractory": return isText("false")
    case "approximate": return isText("true")
    case "on_event": return isText("spike")
    case "clock": return isText("defaultclock") && ["NeuronGroup", "PoissonGroup", "SpikeGeneratorGroup", "Synapses"].contains(item.kind)
    case "model": return part == .fields([]) || isText("")
    case "connect", "initial", "link", "run_regularly", "run_at", "run_on_event", "event_schedule", "pathways", "events", "namespace",
      "method_options":
      return part == .fields([]) || part == .list([])
    default: return false
    }
  }

  // --------------------------------------------------------------------------------------------------------------- steps

  private func step(_ step: Step) -> Part {
    switch step.verb {
    case .run(let run):
      var parts: [Field]
      switch run.extent {
      case .duration(let node): parts = [Field("run for", value(node, "run"))]
      case .until(let node): parts = [Field("run until", value(node, "until"))]
      }
      if !run.namespace.isEmpty { parts.append(Field("namespace", fields(run.namespace) { value($0.value, $0.key) })) }
      return .fields(parts)
    case .store(let store):
      var parts = [Field("store", .text(store.name))]
      if !store.comment.isEmpty { parts.append(Field("comment", .text(store.comment))) }
      if !store.tags.isEmpty { parts.append(Field("tags", .list(store.tags.sorted().map { .text($0) }))) }
      if let file = store.file { parts.append(Field("file", .text(file))) }
      return .fields(parts)
    case .restore(let restore):
      var parts = [Field("restore", .text(restore.name))]
      if let file = restore.file { parts.append(Field("file", .text(file))) }
      switch restore.random {
      case .restore: break
      case .keepCurrent: parts.append(Field("random", .text("keep_current")))
      case .reseed(let node): parts.append(Field("reseed", value(node, "reseed")))
      }
      for (name, words) in [("allow", restore.allow), ("only", restore.only)] where !words.isEmpty {
        parts.append(Field(name, .list(words.sorted().map { .text($0) })))
      }
      if !restore.rename.isEmpty { parts.append(Field("rename", .fields(restore.rename.sorted { $0.key < $1.key }.map { Field($0.key, .text($0.value)) }))) }
      return .fields(parts)
    case .export(let export):
      var parts = [Field("export", .text(export.file))]
      if !export.only.isEmpty { parts.append(Field("only", .list(export.only.map(words)))) }
      for name in ["from", "to", "chunked", "internal"] { if let node = export.nodes[name] { parts.append(Field(name, value(node, name))) } }
      return .fields(parts)
    case .set(let entries): return .fields([Field("set", fields(entries, isOrdered: true) { value($0.value, $0.key) }.renamed(reference))])
    case .constants(let entries): return .fields([Field("constants", fields(entries, isOrdered: true) { value($0.value, $0.key) })])
    case .dt(let node): return .fields([Field("dt", value(node, "dt"))])
    case .active(let entries): return .fields([Field("active", fields(entries) { value($0.value, $0.key) })])
    case .add(let items): return .fields([Field("add", .list(objects(items).map { .fields([Field($0.title, .fields($0.fields))]) }))])
    case .remove(let nodes): return .fields([Field("remove", .list(nodes.map(words)))])
    case .connect(let entries): return .fields([Field("connect", fields(entries, isOrdered: true) { connect($0.value) })])
    case .link(let entries):
      return .fields([
        Field(
          "link",
          fields(entries) { entry in
            part(.init(key: "link", keyPlace: entry.keyPlace, value: entry.value), of: ObjectItem(kind: "", place: entry.keyPlace, fields: []))
          })
      ])
    case .setSpikes(let entries): return .fields([Field("set_spikes", fields(entries) { value($0.value, $0.key) })])
    case .schedule(let node): return .fields([Field("schedule", words(node))])
    case .seed(let choice):
      switch choice {
      case .number(let number): return .fields([Field("seed", .text("\(number)"))])
      case .entropy: return .fields([Field("seed", .text("entropy"))])
      case .value(let node): return .fields([Field("seed", value(node, "seed"))])
      }
    case .record(let nodes): return .fields([Field("record", .list(nodes.map(words)))])
    case .choice(let choice):
      return .fields([
        Field("if", value(choice.condition, "condition")), Field("then", .list(choice.then.map(self.step))),
        Field("else", .list(choice.otherwise.map(self.step))),
      ])
    case .code(let kind, let entries):
      return .fields([
        Field(
          kind.rawValue,
          fields(entries) { entry in
            part(.init(key: kind.rawValue, keyPlace: entry.keyPlace, value: entry.value), of: ObjectItem(kind: "", place: entry.keyPlace, fields: []))
          })
      ])
    case .repetition(let repetition):
      var parts: [Field]
      switch repetition.rounds {
      case .count(let count): parts = [Field("repeat count", .text("\(count)"))]
      case .over(let nodes): parts = [Field("repeat over", .list(nodes.map { value($0, "over") }))]
      case .values(let array): parts = [Field("repeat over", .list(array.si.map { .text(Quantity($0, array.dimension).exactText) }))]
      case .rows(let array, let columns): parts = [Field("repeat over", .list([.text("\(columns)"), .text(array.exactText)]))]
      case .until(let condition, let limit): parts = [Field("until", value(condition, "condition")), Field("at_most", .text("\(limit)"))]
      case .untilWritten(let condition, let limit): parts = [Field("until", value(condition, "condition")), Field("at_most", count(limit))]
      case .written(let node, let isCount): parts = [Field(isCount ? "repeat count" : "repeat over", isCount ? count(node) : value(node, "over"))]
      }
      if let name = repetition.variable { parts.append(Field("as", .text(name))) }
      return .fields(parts + [Field("steps", .list(repetition.steps.map(self.step)))])
    }
  }

  private func count(_ node: ModelNode) -> Part {
    if let integer = reader.integer(node, "count") { return .text("\(integer)") }
    return value(node, "count")
  }
}

extension CanonicalForm.Part {
  /// The same with other names of its fields.
  fileprivate func renamed(_ name: (String) -> String) -> CanonicalForm.Part {
    guard case .fields(let fields) = self else { return self }
    return .fields(fields.map { CanonicalForm.Field(name($0.name), $0.value) })
  }
}

extension ModelLanguage {
  /// Keys of the language have two spellings; targets such as `w[i, :]` have one.
  static func spelling(_ key: String) -> String {
    if key == "skipInvalid" { return "skip_if_invalid" }
    let snake = KeyTable.snakeCase(key)
    return allKeys.contains(snake) ? snake : key
  }

  /// Every key of the language, for the comparison of spellings.
  private static let allKeys: Set<String> = Set(top.all + kinds.values.flatMap(\.all) + verbs)
    .union(["skip_if_invalid", "reseed", "keep", "every", "simulated", "wall", "last", "condition", "at_most", "select", "column"])
}
