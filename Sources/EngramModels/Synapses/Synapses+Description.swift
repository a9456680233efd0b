internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

extension Synapses {
  func described() -> ObjectDescription {
    var description = ObjectDescription(kind: "Synapses", name: name)
    description["source"] = .reference(source.referenceText)
    if target !== source { description["target"] = .reference(target.referenceText) }
    if !equations.source.text.allSatisfy(\.isWhitespace) { description["model"] = .text(equations.source.text) }
    description["on_pre"] = Synapses.described(onPre, default: "pre")
    description["on_post"] = Synapses.described(onPost, default: "post")
    let uniform = pathways.filter(\.hasUniformDelay)
    if !uniform.isEmpty {
      // The value in force, which may have been set after construction.
      description["delay"] = .mapping(
        uniform.map { pathway in
          let seconds = (try? (pathway.variables["delay"] as? ArrayVariable)?.item()) ?? 0
          return DescriptionField(pathway.pathwayName, .quantity(Quantity(seconds, .time)))
        })
    }
    let events = pathways.filter { $0.event != .spike }
    if !events.isEmpty {
      description["on_event"] = .mapping(events.map { DescriptionField($0.pathwayName, .text($0.event.rawValue)) })
    }
    let moved = pathways.filter { $0.when != .synapses || $0.order != ($0.side == .pre ? -1 : 1) }
    if !moved.isEmpty {
      description["pathways"] = .mapping(
        moved.map { pathway in
          DescriptionField(
            pathway.pathwayName,
            .mapping([
              DescriptionField("when", .text(pathway.when.rawValue)), DescriptionField("order", .integer(Int64(pathway.order))),
            ]))
        })
    }
    if let multisynapticIndex { description["multisynaptic_index"] = .text(multisynapticIndex) }
    description.add(method, methodOptions)
    description.add(scalarTypes)
    describeCommon(in: &description, when: nil)
    description.add(links)
    return description
  }

  private static func described(_ pathways: Pathways, default name: String) -> DescriptionValue? {
    if pathways.list.isEmpty { return nil }
    if pathways.list.count == 1, let only = pathways.list.first, only.name == nil || only.name == name { return .text(only.code.text) }
    return .mapping(pathways.list.map { DescriptionField($0.name ?? name, .text($0.code.text)) })
  }

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
