internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

extension ModelBuilder {
  func makeStateMonitor(_ fields: Fields) throws -> StateMonitor? {
    guard let sourceNode = fields["source"], let source = try group(sourceNode, "source"), let variables = variableSet(fields),
      let recordNode = fields["record"], let record = try recorded(recordNode, of: source)
    else { return nil }
    return try StateMonitor(
      source, variables, record: record, dt: fields.dt, clock: fields.clock, when: fields.when(.start), order: fields.order(),
      name: fields.name("statemonitor*"))
  }

  private func variableSet(_ fields: Fields) -> VariableSet? {
    guard let node = fields["variables"] else { return nil }
    if let items = node.items {
      let names = items.compactMap { reader.word($0, "variables") }
      return names.count == items.count ? .names(names) : nil
    }
    return reader.word(node, "variables").map { $0 == "all" || $0 == "true" ? .all : .names([$0]) }
  }

  /// `record`: true, false, an index, a list, a range, a subgroup or a synaptic selection.
  private func recorded(_ node: ModelNode, of source: Group) throws -> RecordedIndices? {
    if let text = node.scalar?.text {
      if text == "true" || text == "True" || text == "all" { return .all }
      if text == "false" || text == "False" { return RecordedIndices.none }
    }
    // Synapses come with the checkpoint, and so does what was recorded of them.
    if onlyChecks, source is Synapses { return RecordedIndices.none }
    if let text = node.scalar?.text {
      if Int(text) == nil, text.first?.isLetter == true, text.contains("[") || byName[text] != nil,
        let parsed = reference(node, "record")
      {
        return try recordedPart(parsed, of: source, at: node)
      }
      if text.contains(":"), let range = try? Reference("x[\(text)]", evaluate: integerOfSelection), case .slice(let low, let high)? = range.selection.first {
        return RecordedIndices(Range(slice: low, high, of: source.elementCount))
      }
    }
    return reader.integers(node, "record").map { .indices($0) }
  }

  private func recordedPart(_ reference: Reference, of source: Group, at node: ModelNode) throws -> RecordedIndices? {
    if let synapses = byName[reference.object] as? Synapses, !reference.selection.isEmpty {
      guard synapses === source else {
        problems.report("'\(reference.object)' is not the source of the monitor", at: node)
        return nil
      }
      return .indices(try selection(of: synapses, reference.selection))
    }
    guard let part = try group(node, "record") as? Subgroup else {
      problems.report("'record' is true, false, an index, a list, a range, a subgroup or a selection of synapses", at: node)
      return nil
    }
    return .subgroup(part)
  }

  func makeEventMonitor(_ fields: Fields) throws -> EventMonitor? {
    guard let node = fields["source"], let source = try spikeSource(node, "source") else { return nil }
    var names: [String] = []
    if fields["variables"] != nil {
      guard case .names(let list)? = variableSet(fields) else {
        problems.report("'variables' is a name or a list of names", at: fields["variables"] ?? node)
        return nil
      }
      names = list
    }
    let record = fields["record"].map { reader.boolean($0, "record") ?? true } ?? true
    if fields.item.kind == "SpikeMonitor" {
      return try SpikeMonitor(
        source, variables: names, record: record, timing: fields.timing(order: 0), name: fields.name("spikemonitor*"))
    }
    guard let eventNode = fields["event"], let event = reader.word(eventNode, "event") else { return nil }
    return try EventMonitor(
      source, event: EventName(event), variables: names, record: record, timing: fields.timing(order: 0),
      name: fields.name("eventmonitor*"))
  }

  func makeRateMonitor(_ fields: Fields) throws -> PopulationRateMonitor? {
    guard let node = fields["source"], let source = try spikeSource(node, "source") else { return nil }
    return try PopulationRateMonitor(source, name: fields.name("ratemonitor*"))
  }
}
