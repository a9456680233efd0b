internal import EngramEquations
internal import EngramSimulation

extension Synapses {
  /// A variable of a group has become a link: names that lead to it lead to its source now.
  func renewReferences(_ name: String, of group: NeuronGroup) {
    guard let pre = preEnds, let post = postEnds, let entry = group.variables.entry(name) else { return }
    func belongs(_ end: Group) -> Bool { end === group || (end as? Subgroup)?.parent === group }
    if belongs(source) {
      variables.replace("\(name)_pre", with: entry.reached(through: pre, offset: source.elementOffset, from: group))
    }
    if belongs(target) {
      let reached = entry.reached(through: post, offset: target.elementOffset, from: group)
      variables.replace("\(name)_post", with: reached)
      if equations[name] == nil { variables.replace(name, with: reached) }
    }
  }
}
