internal import EngramModels
internal import EngramScalars
package import EngramSimulation
internal import EngramUnits

/// Building from the descriptions in a checkpoint. Parts of objects are made by the objects themselves.
extension ModelBuilder {
  func addClock(_ stored: StoredNetwork.Clock) throws {
    if stored.name == "defaultclock" {
      let clock = try Environment.checkedCurrent().device.defaultClock
      if let step = stored.stepSeconds { try clock.setDt(seconds: step) }
      clocks[stored.name] = clock
    } else if let step = stored.stepSeconds {
      clocks[stored.name] = try Clock(dt: Time(si: step), name: ObjectName(validating: stored.name))
    } else {
      clocks[stored.name] = try EventClock(times: stored.times.map { Time(si: $0) }, name: ObjectName(validating: stored.name))
    }
  }

  package func add(descriptions: [StoredNetwork.Object], of network: StoredNetwork) {
    let clockNames = Dictionary(network.objects.map { ($0.name, $0.clock) }) { first, _ in first }
    func isGroup(_ object: StoredNetwork.Object) -> Bool {
      ["NeuronGroup", "PoissonGroup", "SpikeGeneratorGroup"].contains(object.description?.kind ?? "")
    }
    for object in descriptions where isGroup(object) { add(object, clockNames) }
    addLinks(descriptions)
    // Each of the others after what it refers to.
    var waiting = descriptions.filter { !isGroup($0) }
    while !waiting.isEmpty {
      let names = Set(waiting.map(\.name))
      let ready = waiting.filter { object in references(object).isDisjoint(with: names.subtracting([object.name])) }
      // A circle is told by the errors of its members.
      for object in ready.isEmpty ? waiting : ready { add(object, clockNames) }
      if ready.isEmpty { break }
      let done = Set(ready.map(\.name))
      waiting.removeAll { done.contains($0.name) }
    }
  }

  private func references(_ object: StoredNetwork.Object) -> Set<String> {
    var names: Set<String> = []
    for key in ["source", "target", "of"] {
      if let text = object.description?[key]?.asText, let reference = try? Reference(text) { names.insert(reference.object) }
    }
    return names
  }

  private func add(_ object: StoredNetwork.Object, _ clockNames: [String: String]) {
    guard var description = object.description else { return }
    if description["dt"] != nil { description = description.replacing("dt", with: DescriptionField("clock", .reference(object.clock))) }
    for key in ["run_regularly", "run_at"] {
      guard let items = description[key]?.asList else { continue }
      description[key] = .list(
        items.map { item in
          guard let fields = item.asFields, let name = item["name"]?.asText, let clock = clockNames[name] else { return item }
          guard item["dt"] != nil || key == "run_at" else { return item }
          return .mapping(fields.filter { $0.key != "dt" && $0.key != "clock" } + [DescriptionField("clock", .reference(clock))])
        })
    }
    let left: Set<String> = ["namespace", "active", "link", "name"]
    let place = FilePlace(line: 1, column: 1)
    let fields = [DescriptionField("name", .text(object.name))] + description.fields.filter { !left.contains($0.key) }
    add([
      ObjectItem(
        kind: description.kind, place: place,
        fields: fields.map { ModelNode.Entry(key: $0.key, keyPlace: place, value: ModelNode($0.value)) })
    ])
    if description.kind == "Synapses" { addLinks([object]) }
  }

  /// Links may lead to links: those whose source is there come first.
  private func addLinks(_ descriptions: [StoredNetwork.Object]) {
    var waiting: [(group: any LinkingGroup, field: DescriptionField)] = []
    for object in descriptions {
      guard let group = byName[object.name] as? any LinkingGroup else { continue }
      waiting += (object.description?["link"]?.asFields ?? []).map { (group, $0) }
    }
    while !waiting.isEmpty {
      var failed: [(group: any LinkingGroup, field: DescriptionField, error: any Error)] = []
      for (group, field) in waiting {
        do { try link(group, field) } catch { failed.append((group, field, error)) }
      }
      if failed.count == waiting.count {
        for (group, field, error) in failed { problems.report("the link '\(group.name).\(field.key)': \(error)", at: FilePlace(line: 1, column: 1)) }
        return
      }
      waiting = failed.map { ($0.group, $0.field) }
    }
  }

  private func link(_ group: any LinkingGroup, _ field: DescriptionField) throws {
    // `G.x`, or `G[2:5].x` for a part.
    guard let text = field.value["to"]?.asText, let dot = text.lastIndex(of: "."), let reference = try? Reference(String(text[..<dot])),
      let whole = byName[reference.object] as? Group
    else { throw CheckpointError.damaged("the source of the link is unknown") }
    let node = ModelNode(.text(String(text[..<dot])))
    let owner = reference.selection.isEmpty ? whole : try self.group(node, "link")
    guard let owner else { throw CheckpointError.damaged("the source '\(text)' of the link is unknown") }
    var index = LinkIndex.automatic
    if let name = field.value["index"]?.asText {
      index = .variable(name)
    } else if let list = field.value["index"]?.asList {
      index = .indices(list.compactMap { $0.asInteger.map(Int.init) })
    }
    try group.link(field.key, to: owner.variable(String(text[text.index(after: dot)...])), index: index)
  }
}

extension ObjectDescription {
  fileprivate func replacing(_ key: String, with field: DescriptionField) -> ObjectDescription {
    ObjectDescription(kind: kind, name: name, fields: fields.map { $0.key == key ? field : $0 })
  }
}
