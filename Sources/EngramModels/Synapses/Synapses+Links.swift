internal import EngramEquations
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

extension Synapses: LinkFollower {
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

extension Synapses: LinkingGroup {
  public var growsByConnecting: Bool { true }
}

extension Synapses: LinkKeeper {
  /// Grows with the synapses; new ones mean the first element of the source.
  func makeLinkIndex(_ name: String, _ list: [Int], isUnique: Bool) throws -> ArrayVariable {
    let array = try variables[name]?.dynamicArray ?? variables.addDynamicArray(name, type: .int32, flags: [.constant, .readOnly])
    array.sizedAs = preEnds
    try array.resize(to: list.count)
    try array.overwrite(of: Int32.self) { for (place, value) in list.enumerated() { $0[place] = Int32(value) } }
    return array
  }

  func linksChanged(_ name: String, to entry: Variables.Entry) {
    for pathway in pathways where pathway.variables.contains(name) { pathway.variables.replace(name, with: entry) }
  }

  /// Nobody knows which elements new synapses would mean.
  func checkLinksAllowConnecting() throws {
    if let name = links.enumerated.sorted().first { throw SynapseError.linkedElementByElement(synapses: self.name, variable: name) }
  }
}
