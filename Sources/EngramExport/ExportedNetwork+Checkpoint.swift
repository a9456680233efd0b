package import EngramCheckpoints
internal import EngramModel
internal import EngramSimulation
internal import EngramUnits

extension ExportedNetwork {
  /// What a stored network is to a reader of exports: each object by its part in the layout (HDF-2, 5, 6, 7).
  package init(_ stored: StoredNetwork) {
    self.init(name: stored.name, timeSeconds: stored.timeSeconds)
    objects = stored.objects.map { object in
      var exported = Object(
        name: object.name, kind: object.description?.kind.name ?? object.type, role: Self.role(of: object, among: stored.objects), clock: object.clock,
        when: object.when, order: object.order, isActive: object.isActive, texts: Self.texts(object.description))
      exported.source = Self.source(object.description).map { ($0.object, $0.offset) }
      return exported
    }
    clocks = stored.clockNames.map { Clock(name: $0, stepSeconds: nil) }
    constants = stored.constants.map { ($0.name, $0.value.modelText, Self.numbers($0.value)) }
    provenance = stored.provenance.map { ($0.key, $0.text) }
    if !provenance.contains(where: { $0.name == "seed" }) { provenance.append(("seed", "\(stored.seed)")) }
  }

  private static func role(of object: StoredNetwork.Object, among objects: [StoredNetwork.Object]) -> Object.Role {
    switch object.description?.kind {
    case .neuronGroup, .spatialNeuron, .subgroup, .poissonGroup, .spikeGenerator: return .group
    case .synapses(let synapses):
      let target = synapses.target ?? synapses.source
      return .synapses(
        source: synapses.source.object, sourceOffset: synapses.source.offset, target: target.object, targetOffset: target.offset)
    case .pathway:
      guard let owner = object.owner else { return .other }
      // A part is named after its owner (NAM-7).
      return .pathway(of: owner, name: String(object.name.dropFirst(owner.count + 1)))
    case .stateMonitor(let monitor):
      let perSynapse = objects.contains { if case .synapses = $0.description?.kind { $0.name == monitor.source.object } else { false } }
      let elements: [Int]? = if case .indices(let list) = monitor.record { list } else { nil }
      return .stateMonitor(elements: elements, perSynapse: perSynapse)
    case .eventMonitor: return .eventMonitor
    case .rateMonitor: return .rateMonitor
    case .poissonInput, .networkOperation, .other, nil: return .other
    }
  }

  private static func source(_ description: ObjectDescription?) -> GroupReference? {
    switch description?.kind {
    case .stateMonitor(let monitor): monitor.source
    case .eventMonitor(let monitor): monitor.source
    case .rateMonitor(let monitor): monitor.source
    default: nil
    }
  }

  /// The numbers of a constant; nil where it has none.
  private static func numbers(_ value: DescriptionValue) -> Numbers? {
    func single(_ value: Double, _ exponents: [Double] = Dimension.dimensionless.exponents) -> Numbers {
      Numbers(values: [value], isSingle: true, exponents: exponents)
    }
    switch value {
    case .quantity(let quantity): return single(quantity.si, quantity.dimension.exponents)
    case .real(let number): return single(number)
    case .integer(let number): return single(Double(number))
    case .boolean(let isTrue): return single(isTrue ? 1 : 0)
    case .numbers(let numbers): return Numbers(values: numbers, isSingle: false, exponents: Dimension.dimensionless.exponents)
    case .list(let items):
      let parts = items.compactMap(numbers)
      guard let first = parts.first, parts.count == items.count, parts.allSatisfy({ $0.isSingle && $0.exponents == first.exponents }) else { return nil }
      return Numbers(values: parts.flatMap(\.values), isSingle: false, exponents: first.exponents)
    case .text, .mapping, .reference: return nil
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
