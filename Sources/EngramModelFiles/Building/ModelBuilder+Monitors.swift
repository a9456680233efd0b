internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

extension ModelBuilder {
  func stateMonitor(_ fields: Fields) throws -> StateMonitorDescription? {
    guard let sourceNode = fields["source"], let source = try group(sourceNode, "source"), let variables = variableSet(fields),
      let recordNode = fields["record"], let record = try recorded(recordNode, of: source)
    else { return nil }
    return StateMonitorDescription(
      source.reference, variables, record: record,
      timing: try fields.timing(slot: StateMonitorDescription.slot))
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
  private func recorded(_ node: ModelNode, of source: ReferredGroup) throws -> RecordedIndices? {
    if let text = node.scalar?.text {
      if text == "true" || text == "True" || text == "all" { return .all }
      if text == "false" || text == "False" { return RecordedIndices.none }
    }
    // Synapses come with the checkpoint, and so does what was recorded of them.
    if onlyChecks, source.group is Synapses { return RecordedIndices.none }
    if let region = regionGroup(node) { return region.flatMap { recordedRegion($0, of: source, at: node) } }
    if let text = node.scalar?.text {
      if Int(text) == nil, text.first?.isLetter == true, text.contains("[") || byName[text] != nil, !isList(node, text),
        let parsed = reference(node, "record")
      {
        return try recordedPart(parsed, of: source, at: node)
      }
      if text.contains(":"), let range = try? Reference("x[\(text)]", evaluate: placeOfSelection), case .slice(let low, let high)? = range.selection.first {
        return RecordedIndices(Range(slice: low, high, of: source.count))
      }
    }
    return reader.integers(node, "record").map { .indices($0) }
  }

  /// A part of a neuron with a shape, in the numbering of the source, which may be a part itself.
  private func recordedRegion(_ region: ReferredGroup, of source: ReferredGroup, at node: ModelNode) -> RecordedIndices? {
    let whole = source.elementsOfWhole ?? 0..<source.count
    guard let elements = region.elementsOfWhole ?? region.reference.part, region.group === (source.group as? Subgroup)?.parent ?? source.group,
      whole.contains(elements.lowerBound),
      elements.upperBound <= whole.upperBound
    else {
      problems.report("'\(region.reference)' is not among what the monitor looks at, '\(source.reference)'", at: node)
      return nil
    }
    return RecordedIndices(elements.lowerBound - whole.lowerBound..<elements.upperBound - whole.lowerBound)
  }

  /// Whether a text is one of lists, be it with brackets.
  private func isList(_ node: ModelNode, _ text: String) -> Bool {
    let word = String(text.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    guard byName[word] == nil, let scalar = node.scalar else { return false }
    // One that is wrong is one, too.
    do { return try reader.arrayExpression(reader.source(scalar), "record", ValueScope()).map { _ in true } ?? false } catch { return true }
  }

  private func recordedPart(_ reference: Reference, of source: ReferredGroup, at node: ModelNode)
    throws -> RecordedIndices?
  {
    if let synapses = byName[reference.object] as? Synapses, !reference.selection.isEmpty {
      guard synapses === source.group else {
        problems.report("'\(reference.object)' is not the source of the monitor", at: node)
        return nil
      }
      return .indices(try selection(of: synapses, reference.selection))
    }
    guard let found = try group(node, "record"), let elements = found.elementsOfWhole else {
      problems.report("'record' is true, false, an index, a list, a range, a subgroup or a selection of synapses", at: node)
      return nil
    }
    return RecordedIndices(elements)
  }

  func eventMonitor(_ fields: Fields) throws -> EventMonitorDescription? {
    guard let node = fields["source"], let source = try spikeSource(node, "source") else { return nil }
    var names: [String] = []
    if fields["variables"] != nil {
      guard case .names(let list)? = variableSet(fields) else {
        problems.report("'variables' is a name or a list of names", at: fields["variables"] ?? node)
        return nil
      }
      names = list
    }
    let record = fields["record"].flatMap { reader.boolean($0, "record") } ?? EventMonitorDescription.isUsuallyRecording
    var event: EventName?
    if ModelKind(rawValue: fields.item.kind) == .eventMonitor {
      guard let node = fields["event"], let word = reader.word(node, "event") else { return nil }
      event = EventName(word)
    }
    return EventMonitorDescription(
      source, event: event, variables: names, isRecording: record, place: fields.place)
  }

  func rateMonitor(_ fields: Fields) throws -> RateMonitorDescription? {
    guard let node = fields["source"], let source = try spikeSource(node, "source") else { return nil }
    return RateMonitorDescription(source)
  }
}
