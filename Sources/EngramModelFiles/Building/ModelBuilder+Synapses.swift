internal import EngramEquations
internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

extension ModelBuilder {
  func synapses(_ fields: Fields) throws -> SynapsesDescription? {
    guard let sourceNode = fields["source"], let source = try group(sourceNode, "source") else { return nil }
    var target: GroupReference?
    if let node = fields["target"] {
      guard let found = try group(node, "target") else { return nil }
      target = found.reference
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
    var description = SynapsesDescription(
      source.reference, target, model.source, onPre: onPre, onPost: onPost, delays: PathwayDelays(delays),
      multisynapticIndex: fields["multisynaptic_index"].flatMap { reader.word($0, "multisynaptic_index") }, method: method,
      methodOptions: fields.methodOptions, types: fields.scalarTypes,
      group: GroupDescription(timing: try fields.timing(slot: SynapsesDescription.slot, isFree: false)))
    description.events = events(fields["on_event"], of: description.pathwayNames)
    description.schedule = schedule(fields["pathways"], of: description)
    return description
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

  /// `on_event`: an event for all pathways, or pathway → event.
  private func events(_ node: ModelNode?, of pathways: [String]) -> [Named<EventName>] {
    guard let node else { return [] }
    guard let entries = node.entries else {
      return reader.word(node, "on_event").map { event in
        pathways.map { Named($0, EventName(event)) }
      } ?? []
    }
    return entries.compactMap { entry in
      reader.word(entry.value, entry.key).map { Named(entry.key, EventName($0)) }
    }
  }

  /// `pathways`: pathway → `{when, order}`.
  private func schedule(_ node: ModelNode?, of synapses: SynapsesDescription) -> [Named<
    PlaceInStep
  >] {
    (node?.entries ?? []).map { entry in
      var place = synapses.place(of: entry.key)
      let keys = FileReader(problems: problems).fields(
        entry.value, table: ModelLanguage.place, of: "pathway '\(entry.key)'")
      for key in keys {
        if key.key == "when", let word = reader.word(key.value, "when") { place.when = Slot(word) }
        if key.key == "order", let order = reader.integer(key.value, "order") {
          place.order = order
        }
      }
      return Named(entry.key, place)
    }
  }

  // -------------------------------------------------------------------------------------------------------------- connect

  /// `connect`: true, one mapping, or a list of mappings, made in order. Problems are reported at their places.
  ///
  /// - Parameter place: of the key; items of a list have places of their own.
  func connect(_ synapses: Synapses, _ node: ModelNode, at place: FilePlace) {
    let owner = reader.samples?.owner
    defer { reader.samples?.owner = owner ?? "" }
    for (number, item) in (node.items ?? [node]).enumerated() {
      // Each draws samples of its own.
      if number > 0 { reader.samples?.owner = "\(owner ?? "") \(number)" }
      guard let (request, names) = connectRequest(synapses, item) else { continue }
      do {
        switch values {
        case .filled: try synapses.connect(request, namespace: names)
        case .checked: try synapses.rehearse(request, namespace: names)
        case .stored: break
        }
      } catch {
        report(error, at: node.items == nil ? place : item.place, what: "'\(synapses.name)'")
      }
    }
  }

  private func connectRequest(_ synapses: Synapses, _ node: ModelNode) -> (ConnectRequest, Namespace)? {
    if let text = node.scalar?.text {
      switch text {
      case "true", "True": return (.pairs(condition: nil, p: 1, n: 1), namespace)
      case "false", "False": return (.pairs(condition: "False", p: 1, n: 1), namespace)
      default:
        problems.report(
          "'connect' is true, a mapping or a list of mappings, found \(node.kindName)", at: node,
          hint: "a condition is written as 'connect: {condition: \"i != j\"}'")
        return nil
      }
    }
    let before = problems.problems.count
    let fields = FileReader(problems: problems).fields(node, table: ModelLanguage.connect, of: "'connect'", aliases: ["skipInvalid": "skip_if_invalid"])
    guard problems.problems.count == before else { return nil }
    func field(_ key: String) -> ModelNode? { fields.first { $0.key == key }?.value }
    var names = namespace
    if let own = field("namespace") { names.merge(self.namespace(own, "namespace") ?? [:]) }
    let skip = field("skip_if_invalid").map { reader.boolean($0, "skip_if_invalid") ?? false } ?? false
    var own = synapses.ownNamespace ?? [:]
    if let node = field("namespace") { own.merge(self.namespace(node, "namespace") ?? [:]) }
    let scope = ValueScope(isVariable: { synapses.variables.contains($0) || $0.hasSuffix("_pre") || $0.hasSuffix("_post") }, own: own)
    let p = field("p").flatMap { probability($0, scope) } ?? 1
    let n = field("n").flatMap { number($0, scope) } ?? 1
    // A text is a generator, be it of a single element.
    let sizes: Namespace = ["N_pre": synapses.source.elementCount, "N_post": synapses.target.elementCount]
    let generators = ValueScope(own: own, fixed: sizes, calculates: false)
    let i = field("i").flatMap { reader.value($0, "i", in: generators) }
    let j = field("j").flatMap { reader.value($0, "j", in: generators) }
    func refuse(_ keys: String..., beside what: String) {
      for key in keys { if let node = field(key) { problems.report("'\(key)' cannot be combined with \(what)", at: node) } }
    }
    var request: ConnectRequest?
    switch (i, j) {
    case (nil, nil):
      let condition = field("condition").flatMap { reader.text($0, "condition") }.map { ModelExpression($0) }
      request = .pairs(condition: condition, p: p, n: n)
    case (nil, .expression(let text)?):
      refuse("condition", "p", beside: "a generator for j")
      request = .targets(SynapseGenerator(text), n: n, skipInvalid: skip)
    case (.expression(let text)?, nil):
      refuse("condition", "p", beside: "a generator for i")
      request = .sources(SynapseGenerator(text), n: n, skipInvalid: skip)
    case (.expression?, .expression?) where hasVariables(i, scope) || hasVariables(j, scope):
      problems.report(
        "'i' and 'j' cannot both be formulas: one of them gives the elements of the other", at: field("j") ?? node,
        hint: "keep one of them, as in {j: i}, or write a condition, as in {condition: i == j}")
    case (let sources?, let targets?):
      refuse("condition", "skip_if_invalid", beside: "arrays")
      if let iNode = field("i"), let jNode = field("j") { request = arrays((sources, iNode), (targets, jNode), p, n, at: node) }
    case (_?, nil), (nil, _?):
      problems.report("'connect' has an array for one of i and j only", at: node, hint: "give both, or a condition")
    }
    guard problems.problems.count == before, let request else { return nil }
    return (request, names)
  }

  private func hasVariables(_ value: FileValue?, _ scope: ValueScope) -> Bool {
    guard case .expression(let source)? = value else { return false }
    guard let expression = try? ExpressionParser.parse(source) else { return true }
    return expression.identifiers.contains(where: scope.isVariable)
  }

  private func arrays(
    _ i: (value: FileValue, node: ModelNode), _ j: (value: FileValue, node: ModelNode), _ p: Probability, _ n: Count, at node: ModelNode
  ) -> ConnectRequest? {
    guard let sources = reader.integers(i.value, at: i.node, "i"), let targets = reader.integers(j.value, at: j.node, "j") else { return nil }
    guard case .number(let chance) = p, case .number(let copies) = n else {
      problems.report("with arrays, 'p' and 'n' are plain numbers", at: node)
      return nil
    }
    let count = max(sources.count, targets.count)
    guard sources.count == count || sources.count == 1, targets.count == count || targets.count == 1 else {
      problems.report("'i' has \(sources.count) values, 'j' has \(targets.count)", at: j.node)
      return nil
    }
    return .arrays(
      i: sources.count == count ? sources : [Int](repeating: sources[0], count: count),
      j: targets.count == count ? targets : [Int](repeating: targets[0], count: count), p: chance, n: copies)
  }

  private func probability(_ node: ModelNode, _ scope: ValueScope) -> Probability? {
    switch reader.value(node, "p", in: scope) {
    case .quantity(let quantity)? where quantity.dimension == .dimensionless: return .number(quantity.si)
    case .expression(let source)?: return .expression(ModelExpression(source))
    case nil: return nil
    case .quantity?, .array?, .booleans?, .matrix?, .boolean?:
      problems.report("'p' is a number from 0 to 1 or an expression, found \(node.kindName)", at: node)
      return nil
    }
  }

  private func number(_ node: ModelNode, _ scope: ValueScope) -> Count? {
    switch reader.value(node, "n", in: scope) {
    case .quantity(let quantity)?:
      if quantity.dimension == .dimensionless, let count = Int(exactly: quantity.si), count >= 0 { return .number(count) }
    case .expression(let source)?: return .expression(ModelExpression(source))
    case nil: return nil
    case .array?, .booleans?, .matrix?, .boolean?: break
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
      case .index(let index): return [index.counted(fromEndOf: synapses.synapseCount)]
      case .slice(let low, let high): return Array(Range(slice: low, high, of: synapses.synapseCount))
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
    case .index(let index): return SelectedNeurons { index.selectedElements(count: $0) }
    case .slice(nil, nil): return SelectedNeurons { _ in nil }
    case .slice(let low, let high): return SelectedNeurons { Set(Range(slice: low, high, of: $0)) }
    case .list(let list): return SelectedNeurons { list.selectedElements(count: $0) }
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
