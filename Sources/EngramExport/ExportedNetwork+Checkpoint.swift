package import EngramSimulation

extension ExportedNetwork {
  /// What a stored network is to a reader of exports: each object by its part in the layout (HDF-2, 5, 6, 7).
  package init(_ stored: StoredNetwork) {
    self.init(name: stored.name, timeSeconds: stored.timeSeconds)
    objects = stored.objects.map { object in
      Object(
        name: object.name, kind: object.description?.kind ?? object.type, role: Self.role(of: object, among: stored.objects), clock: object.clock,
        when: object.when, order: object.order, isActive: object.isActive, texts: Self.texts(object.description))
    }
    clocks = stored.clockNames.map { Clock(name: $0, stepSeconds: nil) }
    constants = stored.constants.map { ($0.name, $0.value.modelText) }
    provenance = stored.provenance.map { ($0.key, $0.text) }
    if !provenance.contains(where: { $0.name == "seed" }) { provenance.append(("seed", "\(stored.seed)")) }
  }

  private static func role(of object: StoredNetwork.Object, among objects: [StoredNetwork.Object]) -> Object.Role {
    switch object.description?.kind ?? object.type {
    case "NeuronGroup", "Subgroup", "PoissonGroup", "SpikeGeneratorGroup": return .group
    case "Synapses":
      let source = Ends(object.description?["source"])
      let target = object.description?["target"].map { Ends($0) } ?? source
      return .synapses(source: source.name, sourceOffset: source.offset, target: target.name, targetOffset: target.offset)
    case "SynapticPathway":
      guard let owner = object.owner else { return .other }
      // A part is named after its owner (NAM-7).
      return .pathway(of: owner, name: String(object.name.dropFirst(owner.count + 1)))
    case "StateMonitor":
      let source = Ends(object.description?["source"])
      let perSynapse = objects.contains { $0.name == source.name && $0.description?.kind == "Synapses" }
      let elements = object.description?["record"]?.asList?.compactMap { $0.asInteger.map(Int.init) }
      return .stateMonitor(elements: elements, perSynapse: perSynapse)
    case "SpikeMonitor", "EventMonitor": return .eventMonitor
    case "PopulationRateMonitor": return .rateMonitor
    default: return .other
    }
  }

  /// A group, or the first element of a part of it: `P[800:4000]`.
  private struct Ends {
    let name: String
    let offset: Int

    init(_ value: DescriptionValue?) {
      let text = value?.asText ?? ""
      let parts = text.split(separator: "[", maxSplits: 1)
      name = parts.first.map(String.init) ?? ""
      offset = parts.count > 1 ? Int(parts[1].prefix { $0.isNumber }) ?? 0 : 0
    }
  }

  /// The texts of the model: equations, conditions, code.
  private static func texts(_ description: ObjectDescription?) -> [(key: String, text: String)] {
    var texts: [(key: String, text: String)] = []
    for field in description?.fields ?? [] {
      if let nested = field.value.asFields {
        for inner in nested { texts.append(("\(field.key).\(inner.key)", inner.value.modelText)) }
      } else {
        texts.append((field.key, field.value.modelText))
      }
    }
    return texts
  }
}
