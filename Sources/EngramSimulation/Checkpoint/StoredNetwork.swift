import EngramUnits

/// What a checkpoint says about its network beside the numbers, for those who look at checkpoints without rebuilding them.
package struct StoredNetwork {
  package struct Object: Sendable {
    package let name: String
    /// The Swift type; the kind in model files is in the description.
    package let type: String
    package let clock: String
    package let when: String
    package let order: Int
    package let isActive: Bool
    package let description: ObjectDescription?
  }

  package let name: String
  package let timeSeconds: Double
  package let seed: UInt64
  package let clockNames: [String]
  /// Parents before parts.
  package let objects: [Object]
  /// Set on the network; nil: the usual one.
  package let schedule: [String]?
  /// Constants of the run in progress, else of the last one, as text.
  package let constants: [(name: String, value: DescriptionValue)]
  /// Run commands since the parent checkpoint (CKP-18).
  package let commands: [DescriptionValue]
  /// Start and end of a run that had not reached its end [s].
  package let unfinishedRun: (startSeconds: Double, endSeconds: Double)?
  /// Who made it, where, with what (CKP-35).
  package let provenance: [(key: String, text: String)]

  package init(_ source: any StateSource) throws { try self.init(sections: source.sections) }

  package init(sections: [String: [UInt8]]) throws {
    guard let network = sections["network"] else { throw CheckpointError.damaged("the description of the network is missing") }
    let record = try NetworkRecord(DescriptionValue(decoding: network))
    guard let model = sections["model"], let list = try DescriptionValue(decoding: model).asList else {
      throw CheckpointError.damaged("the description of the model is missing")
    }
    var descriptions: [String: ObjectDescription] = [:]
    for value in list {
      let description = try ObjectDescription(value)
      descriptions[description.name] = description
    }
    name = record.name
    timeSeconds = record.time.seconds
    seed = record.random.seed
    clockNames = record.clocks.map(\.name)
    objects = record.objects.map {
      Object(
        name: $0.name, type: $0.kind, clock: $0.clock, when: $0.when.rawValue, order: $0.order, isActive: $0.isActive,
        description: descriptions[$0.name])
    }
    schedule = record.schedule?.map(\.rawValue)
    constants = ((record.run?.namespace ?? record.lastNamespace)?.asFields ?? []).map { ($0.key, $0.value) }
    commands = record.commands
    unfinishedRun = record.run.map { ($0.start.seconds, $0.end.seconds) }
    provenance = try sections["provenance"].map { try Provenance.texts(decoding: $0) } ?? []
  }
}

extension DescriptionValue {
  /// As a model file would write it, on one line where it is short.
  package var modelText: String {
    switch self {
    case .text(let text): text
    case .quantity(let quantity): quantity.exactText
    default: readable
    }
  }
}
