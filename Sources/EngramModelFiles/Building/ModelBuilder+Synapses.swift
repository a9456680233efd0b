internal import EngramEquations
internal import EngramExpressions
internal import EngramModels
internal import EngramSimulation
internal import EngramUnits

extension ModelBuilder {
  func makeSynapses(_ fields: Fields) throws -> Synapses? {
    guard let sourceNode = fields["source"], let source = try group(sourceNode, "source") else { return nil }
    var target: Group?
    if let node = fields["target"] {
      guard let found = try group(node, "target") else { return nil }
      target = found
    }
    guard let model = try fields.equations(), let method = fields.method else { return nil }
    let onPre = pathways(fields["on_pre"], "on_pre")
    let onPost = pathways(fields["on_post"], "on_post")
    var delays: [(name: String, delay: Quantity)] = []
    if let node = fields["delay"] {
      if let entries = node.entries, node["values"] == nil {
        for entry in entries {
          if let delay = reader.quantity(entry.value, entry.key, .time) { delays.append((entry.key, delay)) }
        }
      } else if let delay = reader.quantity(node, "delay", .time) {
        delays = [("pre", delay)]
      }
    }
    var events = PathwayEvents()
    if let node = fields["on_event"] {
      if let entries = node.entries {
        for entry in entries {
          if let event = reader.word(entry.value, entry.key) { events.byPathway[entry.key] = EventName(event) }
        }
      } else if let event = reader.word(node, "on_event") {
        events.forAll = EventName(event)
      }
    }
    let synapses = try Synapses(
      source, target, model, onPre: onPre, onPost: onPost, delay: PathwayDelays(delays), onEvent: events,
      multisynapticIndex: fields["multisynaptic_index"].flatMap { reader.word($0, "multisynaptic_index") }, method: method,
      methodOptions: fields.methodOptions, namespace: fields.namespace, scalarTypes: fields.scalarTypes, dt: fields.dt, clock: fields.clock,
      order: fields.order(), name: fields.name("synapses*"))
    try schedulePathways(of: synapses, fields)
    return synapses
  }

  /// Code, or pathway → code.
  private func pathways(_ node: ModelNode?, _ key: String) -> Pathways {
    guard let node else { return [:] }
    var pairs: [(name: String, code: ModelCode)] = []
    if let entries = node.entries {
      for entry in entries {
        if let source = reader.text(entry.value, entry.key) { pairs.append((entry.key, ModelCode(source))) }
      }
    } else if let source = reader.text(node, key) {
      let code = ModelCode(source)
      return code.isBlank ? [:] : Pathways(code)
    }
    return Pathways(pairs)
  }

  /// `pathways`: pathway → `{when, order}`.
  private func schedulePathways(of synapses: Synapses, _ fields: Fields) throws {
    for entry in fields["pathways"]?.entries ?? [] {
      let pathway = try synapses.pathway(entry.key)
      let keys = FileReader(problems: problems).fields(
        entry.value, table: KeyTable(required: [], optional: ["when", "order"]), of: "pathway '\(entry.key)'")
      for key in keys {
        if key.key == "when", let word = reader.word(key.value, "when") { pathway.when = Slot(word) }
        if key.key == "order", let order = reader.integer(key.value, "order") { pathway.order = order }
      }
    }
  }

  // -------------------------------------------------------------------------------------------------------------- connect

  /// `connect`: true, one mapping, or a list of mappings, made in order.
  func connect(_ synapses: Synapses, _ node: ModelNode) throws {
    if let items = node.items {
      for item in items { try connectOnce(synapses, item) }
    } else {
      try connectOnce(synapses, node)
    }
  }

  private static let connectKeys = KeyTable(required: [], optional: ["condition", "i", "j", "p", "n", "skip_if_invalid", "namespace"])

  private func connectOnce(_ synapses: Synapses, _ node: ModelNode) throws {
    if let text = node.scalar?.text {
      switch text {
      case "true", "True": try synapses.connect(namespace: namespace)
      case "false", "False": try synapses.connect(where: "False", namespace: namespace)
      default:
        problems.report("'connect' is true, a mapping or a list of mappings, found \(node.kindName)", at: node,
          hint: "a condition is written as 'connect: {condition: \"i != j\"}'")
      }
      return
    }
    let before = problems.problems.count
    let fields = FileReader(problems: problems).fields(node, table: Self.connectKeys, of: "'connect'")
    guard problems.problems.count == before else { return }
    func field(_ key: String) -> ModelNode? { fields.first { $0.key == key }?.value }
    var names = namespace
    if let own = field("namespace") { names.merge(self.namespace(own, "namespace") ?? [:]) }
    let skip = field("skip_if_invalid").map { reader.boolean($0, "skip_if_invalid") ?? false } ?? false
    let p = field("p").flatMap(probability) ?? 1
    let n = field("n").flatMap(number) ?? 1
    guard problems.problems.count == before else { return }

    let i = field("i").flatMap { reader.value($0, "i") }
    let j = field("j").flatMap { reader.value($0, "j") }
    switch (i, j) {
    case (nil, nil):
      let condition = field("condition").flatMap { reader.text($0, "condition") }.map { ModelExpression($0) }
      try synapses.connect(where: condition, p: p, n: n, namespace: names)
    case (nil, .expression(let text)?):
      try refuse(field("condition"), beside: "a generator for j")
      try refuse(field("p"), beside: "a generator for j")
      try synapses.connect(j: SynapseGenerator(text), n: n, skipInvalid: skip, namespace: names)
    case (.expression(let text)?, nil):
      try refuse(field("condition"), beside: "a generator for i")
      try refuse(field("p"), beside: "a generator for i")
      try synapses.connect(i: SynapseGenerator(text), n: n, skipInvalid: skip, namespace: names)
    case (_?, _?):
      guard let iNode = field("i"), let jNode = field("j") else { return }
      try refuse(field("condition"), beside: "arrays")
      try refuse(field("skip_if_invalid"), beside: "arrays")
      guard let sources = reader.integers(iNode, "i"), let targets = reader.integers(jNode, "j") else { return }
      guard case .number(let chance) = p, case .number(let copies) = n else {
        problems.report("with arrays, 'p' and 'n' are plain numbers", at: node)
        return
      }
      let count = max(sources.count, targets.count)
      guard sources.count == count || sources.count == 1, targets.count == count || targets.count == 1 else {
        problems.report("'i' has \(sources.count) values, 'j' has \(targets.count)", at: jNode)
        return
      }
      try synapses.connect(
        i: sources.count == count ? sources : [Int](repeating: sources[0], count: count),
        j: targets.count == count ? targets : [Int](repeating: targets[0], count: count), p: chance, n: copies)
    case (_?, nil), (nil, _?):
      problems.report("'connect' has an array for one of i and j only", at: node, hint: "give both, or a condition")
    }
  }

  private func refuse(_ node: ModelNode?, beside what: String) throws {
    if let node { problems.report("this cannot be combined with \(what)", at: node) }
  }

  private func probability(_ node: ModelNode) -> Probability? {
    switch reader.value(node, "p") {
    case .quantity(let quantity)? where quantity.dimension == .dimensionless: return .number(quantity.si)
    case .expression(let source)?: return .expression(ModelExpression(source))
    case nil: return nil
    case .quantity?, .array?, .matrix?, .boolean?:
      problems.report("'p' is a number from 0 to 1 or an expression, found \(node.kindName)", at: node)
      return nil
    }
  }

  private func number(_ node: ModelNode) -> Count? {
    switch reader.value(node, "n") {
    case .quantity(let quantity)?:
      if quantity.dimension == .dimensionless, let count = Int(exactly: quantity.si), count >= 0 { return .number(count) }
    case .expression(let source)?: return .expression(ModelExpression(source))
    case nil: return nil
    case .array?, .matrix?, .boolean?: break
    }
    problems.report("'n' is a whole number or an expression, found \(node.kindName)", at: node)
    return nil
  }

  // ----------------------------------------------------------------------------------------------------------- selections

  /// Numbers of the synapses that a selection in brackets names (SYN-35, 36).
  func selection(of synapses: Synapses, _ selection: [Reference.Selector]) throws -> [Int] {
    if selection.count == 1 {
      switch selection[0] {
      case .condition(let text): return try synapses.variable("i")[where: ModelExpression(text)].with(namespace: namespace).elements()
      case .index(let index): return [index < 0 ? index + synapses.synapseCount : index]
      case .slice(let low, let high): return Array(Fields.slice(low, high, count: synapses.synapseCount).clamped(to: 0..<synapses.synapseCount))
      case .list(let list): return list
      }
    }
    let pre = try neurons(selection[0], of: synapses.source)
    let post = try neurons(selection[1], of: synapses.target)
    if selection.count > 2 { return try synapses[pre, post, try neurons(selection[2], of: nil)].checkedIndices() }
    return try synapses[pre, post].checkedIndices()
  }

  private func neurons(_ selector: Reference.Selector, of group: Group?) throws -> SelectedNeurons {
    switch selector {
    case .index(let index): return SelectedNeurons { [index < 0 ? index + $0 : index] }
    case .slice(nil, nil): return SelectedNeurons { _ in nil }
    case .slice(let low, let high): return SelectedNeurons { Set(Fields.slice(low, high, count: $0).clamped(to: 0..<$0)) }
    case .list(let list): return SelectedNeurons { count in Set(list.map { $0 < 0 ? $0 + count : $0 }) }
    case .condition(let text):
      let elements = try group?.variable("i")[where: ModelExpression(text)].with(namespace: namespace).elements() ?? []
      return SelectedNeurons { _ in Set(elements) }
    }
  }
}

/// Elements that one of several selectors in brackets means.
struct SelectedNeurons: NeuronSelection {
  let elements: (Int) -> Set<Int>?
  func selectedElements(count: Int) -> Set<Int>? { elements(count) }
}
