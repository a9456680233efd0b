internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// What every group may add to itself: links, connections, values, code (MDL-30, 33).
extension ModelBuilder {
  func complete(_ group: Group, _ description: inout ObjectDescription, _ fields: Fields) throws {
    // Synapses are there only once they are connected.
    if let node = fields["link"], !(group is Synapses) { try link(group, node) }
    if let synapses = group as? Synapses { apart?.separate(synapses, fields.item) }
    if let stored, let synapses = group as? Synapses { try synapses.adoptConnectivity(of: stored) }
    if let node = fields["connect"], let synapses = group as? Synapses, stored == nil { connect(synapses, node, at: fields.item.place(of: "connect")) }
    if let node = fields["link"], group is Synapses { try link(group, node) }
    if let node = fields["initial"], stored == nil {
      for entry in entries(node, "initial") {
        if let region = regionVariable(entry, of: group) {
          if let (part, reference) = region { assign(entry, in: part, reference) }
        } else {
          assign(entry, in: group)
        }
      }
    }
    try readCode(of: group, fields, into: &description)
  }

  private func entries(_ node: ModelNode, _ key: String) -> [ModelNode.Entry] {
    FileReader(problems: problems).entries(node, key)
  }

  // ---------------------------------------------------------------------------------------------------------------- links

  /// `link`: variable → `G.x`, or `{to: G.x, index: name or array}`.
  func link(_ group: Group, _ node: ModelNode) throws {
    for entry in entries(node, "link") {
      var targetNode = entry.value
      var index = LinkIndex.automatic
      if entry.value.entries != nil {
        let parts = FileReader(problems: problems).fields(
          entry.value, table: ModelLanguage.link, of: "the link of '\(entry.key)'")
        guard let to = parts.first(where: { $0.key == "to" })?.value else { continue }
        targetNode = to
        if let node = parts.first(where: { $0.key == "index" })?.value {
          if let name = node.scalar?.text, Int(name) == nil {
            index = .variable(name)
          } else if let list = reader.integers(node, "index") {
            index = .indices(list)
          }
        }
      }
      guard let target = try linkTarget(targetNode) else { continue }
      guard let linking = group as? any LinkingGroup else {
        problems.report("only a NeuronGroup and Synapses have linked variables", at: entry.keyPlace, length: entry.key.count)
        continue
      }
      // How many synapses there will be is known when they are made.
      if onlyChecks, group is Synapses, case .indices = index { index = .indices([]) }
      do { try linking.link(entry.key, to: target, index: index) } catch {
        report(error, at: entry.keyPlace, what: "the link of '\(entry.key)'")
      }
    }
  }

  /// `G.x`, or a variable of a part: `G[2:5].x`, `G.x[2:5]`, `part.x`, `cell.axon.x`.
  private func linkTarget(_ node: ModelNode) throws -> VariableView? {
    if let text = node.scalar?.text, let found = partVariable(text, at: node) {
      return try found.flatMap { variable in try range(of: variable, at: node).map { try variable.group.part($0, name: nil).variable(variable.name) } }
    }
    let count = problems.problems.count
    if let reference = reference(node, "link"), let owner = byName[reference.object] as? Group, reference.names.count == 2 {
      guard !reference.selection.isEmpty else { return try owner.variable(reference.names[1]) }
      guard let whole = owner as? SpikingGroup else {
        problems.report("only elements of a group of neurons can be chosen for a link", at: node)
        return nil
      }
      let variable = PartVariable(group: whole, part: 0..<whole.count, name: reference.names[1], selection: reference.selection)
      return try range(of: variable, at: node).map { try whole.part($0, name: nil).variable(variable.name) }
    }
    let name = node.scalar?.text.leadingName
    if problems.problems.count == count, name.map(hasFailed) != true {
      problems.report(
        "a link names a variable of a group, such as G.x" + (name.map { byName[$0] == nil ? "; there is no group '\($0)'" : "" } ?? ""),
        at: node, hint: name.flatMap(groupSuggestion))
    }
    return nil
  }

  // --------------------------------------------------------------------------------------------------------------- values

  /// Assigns to `v`, `v[0:10]`, `w[i, :]`, `pre.delay`, … of a group. Problems are reported at the entry.
  func assign(_ entry: ModelNode.Entry, in group: Group, _ known: Reference? = nil) {
    do {
      let target: Reference
      do throws(Reference.SyntaxProblem) {
        if let known { target = known } else { target = try Reference(entry.key, evaluate: placeOfSelection) }
      } catch {
        problems.report(
          "not a variable with an optional selection: \(error.message)",
          at: entry.place(ofOffset: error.offset), hint: "forms: v, v[3], v[0:10], v[chosen] with a list of constants, v['i > 3'], w[i, :]")
        return
      }
      try assign(target, entry.value, key: entry, in: group)
    } catch {
      report(error, at: entry.keyPlace, what: known == nil ? "'\(entry.key)' of '\(group.name)'" : "'\(entry.key)'")
    }
  }

  /// As many values as a target such as `G.v[0:10]` can take; nil where that is not known yet: synapses may still be made.
  func mostValues(_ target: String) -> Int? {
    guard let reference = try? Reference(target), reference.names.count > 1, let group = byName[reference.object] as? Group else { return nil }
    return group is Synapses ? nil : group.elementCount
  }

  private func assign(_ target: Reference, _ node: ModelNode, key entry: ModelNode.Entry, in group: Group) throws {
    let key = entry.key
    // A variable is not given itself: a constant of its name is meant.
    let itself = target.names.last.flatMap { node.scalar?.text.trimmingWhitespace() == $0 && reader.constants[$0] != nil ? $0 : nil }
    let scope = ValueScope(
      isVariable: { $0 != itself && group.variables.contains($0) }, own: group.ownNamespace ?? [:], fixed: fixedNames(of: group),
      unknown: group is Synapses && (onlyChecks || stored != nil) ? ["N"] : [])
    // How many synapses there will be is known when they are made.
    let count = !onlyChecks && stored == nil || !(group is Synapses) ? group.elementCount : nil
    guard let value = reader.value(node, key, atMost: count, in: scope) else { return }
    let view = try view(target, in: group)
    let selection = try self.selection(target.selection, of: view, in: group, key: entry)
    switch value {
    case .quantity(let quantity): try set(quantity, selection, in: group)
    case .boolean(let flag): try set(flag, selection, in: group)
    case .booleans(let flags): try set(flags, selection, in: group)
    case .array(let array): try set(array, selection, in: group)
    case .expression(let source): try set(ModelExpression(source), selection, in: group)
    case .matrix: problems.report("'\(key)' takes one value or a list, found a list of lists", at: node)
    }
  }

  /// Sizes, for texts of lists.
  private func fixedNames(of group: Group) -> Namespace {
    guard let synapses = group as? Synapses else { return ["N": group.elementCount] }
    var names: Namespace = ["N_pre": synapses.source.elementCount, "N_post": synapses.target.elementCount]
    if !onlyChecks, stored == nil { names["N"] = .integer(synapses.wholeSynapseCount) }
    return names
  }

  private func set(_ value: some VariableValue, _ selection: VariableSelection, in group: Group) throws {
    switch values {
    case .filled: try selection.set(value, namespace: namespace)
    // How many synapses there will be is known when they are made.
    case .checked: try selection.rehearse(value.assignment, namespace: namespace, countIsKnown: !(group is Synapses))
    case .stored: break
    }
  }

  private func view(_ target: Reference, in group: Group) throws -> VariableView {
    if let synapses = group as? Synapses {
      if target.names == ["delay"] { return try synapses.pre.variable("delay") }
      if target.names.count == 2, target.names[1] == "delay" {
        return try synapses.pathway(target.names[0]).variable("delay")
      }
    }
    return try group.variable(target.names.joined(separator: "."))
  }

  private func selection(_ selectors: [Reference.Selector], of view: VariableView, in group: Group, key: ModelNode.Entry) throws -> VariableSelection {
    guard let first = selectors.first else { return view[...] }
    if let synapses = group as? Synapses, selectors.count > 1 {
      let chosen = try selection(of: synapses, selectors)
      return onlyChecks ? view[...] : view[chosen]
    }
    switch first {
    case .index(let index): return view[[index]]
    case .slice(let low, let high): return view[Range(slice: low, high, of: group.elementCount)]
    case .list(let list): return view[list]
    case .condition(let text):
      return view[where: ModelExpression(source(ofCondition: text, in: key))].with(namespace: namespace)
    }
  }

  /// A condition inside a key, whose problems are shown where it stands there.
  private func source(ofCondition text: String, in key: ModelNode.Entry) -> SourceText {
    guard let range = key.key.firstRange(of: text), let whole = key.keyText.map(reader.source) else {
      return SourceText(text, origin: .file(name: reader.fileName, runs: [.init(offset: 0, line: key.keyPlace.line, column: key.keyPlace.column)]))
    }
    let before = key.key.utf8.distance(from: key.key.startIndex, to: range.lowerBound)
    let behind = key.key.utf8.distance(from: key.key.startIndex, to: range.upperBound)
    return whole.replacing([(0..<before, ""), (behind..<key.key.utf8.count, "")])
  }

  // ----------------------------------------------------------------------------------------------------------------- code

  /// What runs for the elements of a group, which is there already: its code may be for parts of it.
  private func readCode(
    of group: Group, _ fields: Fields, into description: inout ObjectDescription
  ) throws {
    let regular = try items(fields["run_regularly"]).compactMap { try regularCode($0) }
    let timed = try items(fields["run_at"]).compactMap { try timedCode($0) }
    var code: [Named<EventCodeDescription>] = []
    for entry in fields["run_on_event"]?.entries ?? [] {
      if let item = eventCode(entry, of: group) { code.append(Named(entry.key, item)) }
    }
    let schedule = schedule(fields["event_schedule"]?.entries ?? [], of: group)
    if case .subgroup = description.kind {
      // Code for a part belongs to the whole group, which is described already.
      try maker.addCode(regular: regular, timed: timed, to: group)
    } else {
      description.kind.add(regular: regular, timed: timed, onEvents: code, schedule: schedule)
    }
  }

  /// Code of a step for a group that is there. Its parts belong to the network from the next run on.
  func addCode(_ kind: Step.CodeKind, _ node: ModelNode, to group: Group) throws {
    switch kind {
    case .regularly: try maker.addCode(regular: try items(node).compactMap { try regularCode($0) }, timed: [], to: group)
    case .at: try maker.addCode(regular: [], timed: try items(node).compactMap { try timedCode($0) }, to: group)
    case .onEvent:
      for entry in entries(node, kind.rawValue) {
        guard let code = eventCode(entry, of: group), let neurons = group as? NeuronGroup else { continue }
        try neurons.run(code.code, on: EventName(entry.key), when: code.place.when, order: code.place.order)
      }
    case .events:
      guard let neurons = neurons(group, kind.rawValue, at: node.place) else { return }
      for event in events(entries(node, kind.rawValue)) { try neurons.addEvent(EventName(event.name), event.value) }
    case .eventSchedule:
      for event in schedule(entries(node, kind.rawValue), of: group) {
        try (group as? NeuronGroup)?.setSchedule(of: EventName(event.name), when: event.value.when, order: event.value.order)
      }
    }
    noteParts(of: (group as? Subgroup)?.parent ?? group)
  }

  /// The group, unless it is of a kind that has no such key, which is told.
  private func neurons(_ group: Group, _ key: String, at place: FilePlace) -> NeuronGroup? {
    if group is NeuronGroup == false { problems.report("only a NeuronGroup has '\(key)'", at: place) }
    return group as? NeuronGroup
  }

  /// `event_schedule: {high: {when, order}}`, of an object or of a step.
  private func schedule(_ entries: [ModelNode.Entry], of group: Group) -> [Named<PlaceInStep>] {
    entries.compactMap { entry in
      guard let neurons = neurons(group, "event_schedule", at: entry.keyPlace) else { return nil }
      let (when, order) = timing(entry.value, "the schedule of '\(entry.key)'")
      return Named(entry.key, PlaceInStep(when ?? NeuronGroupDescription.eventSlot, order: order ?? neurons.order))
    }
  }

  private func items(_ node: ModelNode?) -> [ModelNode] { node.map { $0.items ?? [$0] } ?? [] }

  private func timing(_ node: ModelNode, _ what: String) -> (Slot?, Int?) {
    let parts = FileReader(problems: problems).fields(node, table: ModelLanguage.place, of: what)
    return (
      parts.first { $0.key == "when" }.flatMap { reader.word($0.value, "when") }.map { Slot($0) },
      parts.first { $0.key == "order" }.flatMap { reader.integer($0.value, "order") }
    )
  }

  /// One item of `run_regularly` or `run_at`, with the keys they share.
  private func codeItem(_ node: ModelNode, _ what: String, _ table: KeyTable) -> Fields? {
    if node.scalar != nil {
      return Fields(item: ObjectItem(kind: what, place: node.place, fields: [.init(key: "code", keyPlace: node.place, value: node)]), builder: self)
    }
    let before = problems.problems.count
    let fields = FileReader(problems: problems).fields(node, table: table, of: "'\(what)'")
    guard problems.problems.count == before else { return nil }
    return Fields(item: ObjectItem(kind: what, place: node.place, fields: fields), builder: self)
  }

  private func name(_ fields: Fields) -> String? {
    fields["name"].map { _ in fields.name("coderunner*") }
  }

  /// The part of the group that code runs over, by `of`; the outer nil: something is wrong with it.
  private func part(_ fields: Fields) throws -> GroupReference?? {
    guard let node = fields["of"] else { return .some(nil) }
    return try group(node, "of").map { .some($0.reference) }
  }

  private func timing(_ fields: Fields) throws -> TimingDescription {
    var timing = try fields.timing(slot: CodeDescription.slot)
    if let active = fields["active"], let flag = reader.boolean(active, "active") {
      timing.isActive = flag
    }
    return timing
  }

  private func regularCode(_ node: ModelNode) throws -> CodeDescription? {
    guard let fields = codeItem(node, "run_regularly", ModelLanguage.regularCode),
      let code = fields.code("code"), let part = try part(fields)
    else {
      return nil
    }
    return CodeDescription(code, name: name(fields), part: part, timing: try timing(fields))
  }

  private func timedCode(_ node: ModelNode) throws -> CodeDescription? {
    guard let fields = codeItem(node, "run_at", ModelLanguage.timedCode),
      let code = fields.code("code"), let part = try part(fields)
    else {
      return nil
    }
    guard let timesNode = fields["times"], let times = reader.array(timesNode, "times", .time)
    else {
      if fields["times"] == nil { problems.report("'run_at' needs 'times'", at: node) }
      return nil
    }
    return CodeDescription(
      code, name: name(fields), part: part, times: times.si.map { Quantity($0, .time) },
      timing: try timing(fields))
  }

  private func eventCode(_ entry: ModelNode.Entry, of group: Group) -> EventCodeDescription? {
    guard let neurons = neurons(group, "run_on_event", at: entry.keyPlace) else { return nil }
    let usual =
      EventName(entry.key) == .spike
      ? NeuronGroupDescription.resetSlot : NeuronGroupDescription.eventCodeSlot
    guard let fields = codeItem(entry.value, "run_on_event", ModelLanguage.eventCode),
      let code = fields.code("code")
    else { return nil }
    return EventCodeDescription(
      code, at: PlaceInStep(fields.when(usual), order: fields.order(neurons.order)))
  }
}
