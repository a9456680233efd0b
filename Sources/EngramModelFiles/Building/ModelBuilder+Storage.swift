internal import EngramCheckpoints
internal import EngramSimulation
internal import EngramStorage

extension ModelBuilder {
  /// `storage: memory`, or `storage: {v: memory, w: mapped}`: where the arrays of an object are while it runs (STO-1).
  func place(_ object: BrianObject, _ node: ModelNode) {
    let words = FileReader(problems: problems)
    guard let entries = node.entries else {
      object.storage = words.storage(node)
      return
    }
    for entry in entries {
      let storage = words.storage(entry.value)
      let owner = object as? any VariableOwner
      guard let array = owner?.variables[entry.key]?.array else {
        let arrays = owner.map { owner in owner.variables.names.filter { !$0.hasPrefix("_") && owner.variables[$0]?.array != nil } } ?? []
        problems.report(
          "'\(object.name)' has no array '\(entry.key)'", at: entry.keyPlace, length: entry.key.count, hint: ProblemCollector.suggestion(entry.key, arrays))
        continue
      }
      array.storage = storage
    }
  }
}
