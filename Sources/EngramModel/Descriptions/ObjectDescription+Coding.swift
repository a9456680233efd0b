// The one place where descriptions of objects become what checkpoints store, and come back.

extension ObjectDescription {
  /// What is stored of the object beside its name and kind, in the order of the vocabulary: absent means default.
  public var fields: [DescriptionField] {
    switch kind {
    case .neuronGroup(let group): fields(group)
    case .spatialNeuron(let neuron): fields(neuron)
    case .synapses(let synapses): fields(synapses)
    case .poissonGroup(let group): fields(group)
    case .spikeGenerator(let group): fields(group)
    case .subgroup(let group): fields(group)
    case .poissonInput(let input): fields(input)
    case .stateMonitor(let monitor): fields(monitor)
    case .eventMonitor(let monitor): fields(monitor)
    case .rateMonitor(let monitor): fields(monitor)
    case .pathway, .networkOperation: fields(OtherFields([]))
    case .other(_, let fields): self.fields(OtherFields(fields))
    }
  }

  private func fields<Kind: WalkedFields>(_ kind: Kind) -> [DescriptionField] where Kind.Key == DescriptionKey {
    var walk = kind.fields(namespace: namespace)
    walk.writeNamespace(evenEmpty: true)
    return walk.fields
  }

  private func fields(_ other: OtherFields) -> [DescriptionField] {
    other.fields + (namespace.map { [DescriptionField(DescriptionKey.namespace.rawValue, $0.stored)] } ?? [])
  }

  /// As a checkpoint has it.
  package var stored: DescriptionValue { DescriptionValue(kind: kind.name, name: name, fields: fields) }

  /// - Throws: ``DescriptionError`` where no release, or only a newer one, can have written it.
  package init(stored: DescriptionValue) throws(DescriptionError) {
    let (word, name, fields) = try stored.outerFields()
    self.name = name
    // A class of a program may have a name of this library; its objects say nothing that those of this library need.
    guard let known = ModelKind(rawValue: word), !fields.isEmpty || known == .pathway || known == .networkOperation else {
      (kind, namespace) = try Self.other(word, fields, name)
      return
    }
    do throws(DescriptionError) {
      var found: NamespaceDescription?
      func read<Kind: WalkedFields>(_ type: Kind.Type) throws(DescriptionError) -> Kind where Kind.Key == DescriptionKey {
        var walk = FieldWalk<Kind, DescriptionKey>(reading: fields)
        let kind = try Kind(&walk)
        found = try walk.readNamespace()
        try walk.finish()
        return kind
      }
      switch known {
      case .neuronGroup: kind = .neuronGroup(try read(NeuronGroupDescription.self))
      case .spatialNeuron: kind = .spatialNeuron(try read(SpatialNeuronDescription.self))
      case .synapses: kind = .synapses(try read(SynapsesDescription.self))
      case .poissonGroup: kind = .poissonGroup(try read(PoissonGroupDescription.self))
      case .spikeGenerator: kind = .spikeGenerator(try read(SpikeGeneratorDescription.self))
      case .subgroup: kind = .subgroup(try read(SubgroupDescription.self))
      case .poissonInput: kind = .poissonInput(try read(PoissonInputDescription.self))
      case .stateMonitor: kind = .stateMonitor(try read(StateMonitorDescription.self))
      case .spikeMonitor, .eventMonitor: kind = .eventMonitor(try read(EventMonitorDescription.self))
      case .rateMonitor: kind = .rateMonitor(try read(RateMonitorDescription.self))
      case .pathway, .networkOperation, .timedArray, .binomialFunction, .clock, .eventClock: (kind, found) = try Self.other(word, fields, name)
      }
      namespace = found
    } catch { throw error.inside("the description of '\(name)'") }
  }

  private static func other(_ word: String, _ fields: [DescriptionField], _ name: String) throws(DescriptionError) -> (ObjectKind, NamespaceDescription?) {
    let key = DescriptionKey.namespace.rawValue
    let rest = fields.filter { $0.key != key }
    let stored = fields.first { $0.key == key }?.value
    var namespace: NamespaceDescription?
    if let stored {
      do throws(DescriptionError) { namespace = try NamespaceDescription(stored: stored) } catch { throw error.inside("the namespace of '\(name)'") }
    }
    switch ModelKind(rawValue: word) {
    case .pathway where rest.isEmpty: return (.pathway, namespace)
    case .networkOperation where rest.isEmpty: return (.networkOperation, namespace)
    default: return (.other(word, rest), namespace)
    }
  }
}

/// The fields of an object that this room knows nothing of.
private struct OtherFields {
  let fields: [DescriptionField]
  init(_ fields: [DescriptionField]) { self.fields = fields }
}

extension [ObjectDescription] {
  /// The section `model` of a checkpoint.
  package var encoded: [UInt8] { DescriptionValue.list(map(\.stored)).encoded }

  /// - Throws: ``DescriptionError``.
  package init(decoding bytes: [UInt8]) throws(DescriptionError) {
    guard let list = try DescriptionValue(bytes: bytes).asList else { throw .damaged("the description of the model is no list") }
    self = []
    for value in list { append(try ObjectDescription(stored: value)) }
  }
}

extension DescriptionValue {
  init(kind: String, name: String, fields: [DescriptionField]) {
    self = .mapping([OuterKey.kind.field(.text(kind)), OuterKey.name.field(.text(name)), OuterKey.fields.field(.mapping(fields))])
  }

  init(kind: ModelKind, name: String, fields: [DescriptionField]) { self.init(kind: kind.rawValue, name: name, fields: fields) }

  func outerFields() throws(DescriptionError) -> (kind: String, name: String, fields: [DescriptionField]) {
    guard let kind = self[OuterKey.kind]?.asText, let name = self[OuterKey.name]?.asText, let fields = self[OuterKey.fields]?.asFields else {
      throw .damaged("a description lacks its kind, its name or its fields")
    }
    return (kind, name, fields)
  }
}

extension WalkedFields {
  /// Nothing may be left over.
  init(reading fields: [DescriptionField], of name: String) throws(DescriptionError) {
    do throws(DescriptionError) {
      var walk = FieldWalk<Self, Key>(reading: fields)
      self = try Self(&walk)
      try walk.finish()
    } catch { throw error.inside("the description of '\(name)'") }
  }
}
