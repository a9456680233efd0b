internal import EngramCheckpoints
internal import EngramModels
internal import EngramSimulation
internal import EngramUnits

/// The step `export`, read into what an export takes.
extension ModelBuilder {
  /// nil: something is wrong with it, which has been reported.
  func exportOptions(_ step: Step.ExportStep) -> ExportOptions? {
    let before = problems.problems.count
    var options = ExportOptions(only: step.only.compactMap(exportItem))
    let lower = step.nodes["from"].map { ($0, reader.time($0, "from")) }
    let upper = step.nodes["to"].map { ($0, reader.time($0, "to")) }
    if lower != nil || upper != nil {
      let (first, last) = (lower?.1?.si ?? -.infinity, upper?.1?.si ?? .infinity)
      if first <= last {
        options.timeRange = first...last
      } else if let node = upper?.0 {
        problems.report("'to' lies before 'from'", at: node)
      }
    }
    if let node = step.nodes["chunked"] { options.isChunked = reader.boolean(node, "chunked") ?? false }
    if let node = step.nodes["internal"] { options.includesInternal = reader.boolean(node, "internal") ?? false }
    return problems.problems.count == before ? options : nil
  }

  private func exportItem(_ node: ModelNode) -> ExportItem? {
    if let text = node.scalar?.text, !namesVariable(text) {
      if let found = partVariable(text, at: node) {
        return found.flatMap { variable in elements(of: variable, at: node).map { ExportItem(variable.wholeName, elements: $0) } }
      }
      if let found = part(text, at: node) { return found.map { ExportItem($0.group.name, elements: $0.part) } }
    }
    guard let reference = reference(node, "only") else { return nil }
    do { return try ExportItem(reference) } catch {
      problems.report(error.message, at: node)
      return nil
    }
  }

  /// Whether a text is a variable of a whole group: a section of a neuron may have the name of one.
  private func namesVariable(_ text: String) -> Bool {
    guard let (owner, variable) = text.dividedAtVariable, let group = byName[owner] as? Group, !(group is Subgroup) else { return false }
    return group.variables.contains(variable.leadingName)
  }
}
