import EngramScalars
package import EngramSimulation
import EngramStorage
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
    /// The object that this one is a part of; nil: it stands in the network itself.
    package let owner: String?
  }

  package struct Clock: Sendable {
    package let name: String
    /// Of a regular clock [s].
    package let stepSeconds: Double?
    /// Of an event clock [s].
    package let times: [Double]
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
  /// The same, as it was stored.
  package let namespace: DescriptionValue?
  /// Preferences of the core that were not at their default, as text by name.
  package let preferences: [(name: String, text: String)]
  /// What was done since the last checkpoint that stays, one line each (CKP-18).
  package let commands: [String]
  /// Numbers of these commands; nil: a release stored it that kept less.
  package let commandNumbers: Range<Int64>?
  /// The checkpoint at which they begin.
  package let commandsSince: String?
  /// Start and end of a run that had not reached its end [s].
  package let unfinishedRun: (startSeconds: Double, endSeconds: Double)?
  /// Who made it, where, with what (CKP-35).
  package let provenance: [(key: String, text: String)]

  package init(_ source: any StateSource) throws { try self.init(sections: source.sections) }

  package init(sections: [String: [UInt8]]) throws {
    guard let network = sections["network"] else { throw CheckpointError.damaged("the description of the network is missing") }
    let record = try NetworkRecord(DescriptionValue(decoding: network))
    let descriptions = try [String: ObjectDescription](sections: sections)
    name = record.name
    timeSeconds = record.time.seconds
    seed = record.random.seed
    clockNames = record.clocks.map(\.name)
    let pathways = StoredNetwork.ownersOfPathways(descriptions)
    objects = record.objects.map {
      Object(
        name: $0.name, type: $0.kind, clock: $0.clock, when: $0.when.rawValue, order: $0.order, isActive: $0.isActive,
        description: descriptions[$0.name], owner: $0.owner ?? pathways[$0.name])
    }
    schedule = record.schedule?.map(\.rawValue)
    namespace = record.run?.namespace ?? record.lastNamespace
    constants = (namespace?.asFields ?? []).map { ($0.key, $0.value) }
    preferences = record.preferences.compactMap { field in field.value.asText.map { (field.key, $0) } }
    commands = record.commands.map { NetworkCommand($0).text }
    commandNumbers = record.firstCommand.map { $0..<$0 + Int64(record.commands.count) }
    commandsSince = record.commandsSince
    unfinishedRun = record.run.map { ($0.start.seconds, $0.end.seconds) }
    provenance = try sections["provenance"].map { try Provenance.texts(decoding: $0) } ?? []
  }

  /// The synapses of each pathway, by the pathways that their descriptions have (NAM-7): for checkpoints of releases that did not
  /// record owners.
  private static func ownersOfPathways(_ descriptions: [String: ObjectDescription]) -> [String: String] {
    var owners: [String: String] = [:]
    for description in descriptions.values {
      guard case .synapses(let synapses) = description.kind else { continue }
      for pathway in synapses.pathwayNames { owners["\(description.name)_\(pathway)"] = description.name }
    }
    return owners
  }

  /// What a checkpoint would say about some objects alone, whether or not a network has them.
  init(of objects: [BrianObject], clocks: [BaseClock]) {
    let network = objects.lazy.compactMap(\.simulatedBy).first
    var owners: [ObjectIdentifier: String] = [:]
    for object in objects { for part in object.containedObjects { owners[ObjectIdentifier(part)] = object.name } }
    name = network?.name ?? ""
    timeSeconds = network?.time.seconds ?? clocks.first?.timeSeconds ?? 0
    seed = (objects.first?.environment ?? .current).random.seed
    clockNames = Set(clocks.map(\.name)).sorted()
    self.objects = objects.map {
      Object(
        name: $0.name, type: String(describing: type(of: $0)), clock: $0.clock.name, when: $0.when.rawValue, order: $0.order,
        isActive: $0.isActive, description: $0.described, owner: owners[ObjectIdentifier($0)])
    }
    let values = network?.kept.lastNamespace?.description ?? network?.kept.storedNamespace
    namespace = values
    constants = (values?.asFields ?? []).map { ($0.key, $0.value) }
    (schedule, preferences, commands, commandNumbers, commandsSince, unfinishedRun) = (nil, [], [], nil, nil, nil)
    provenance = (try? Provenance.texts(decoding: Provenance.section(seed: seed))) ?? []
  }

  /// The clocks, with what the checkpoint they are of knows about their steps.
  package func clocks(in source: any StateSource) throws -> [Clock] {
    try clockNames.map { name in
      guard let shape = source.shape(StoredKey(name, "times")) else {
        return Clock(name: name, stepSeconds: try source.number(StoredKey(name, "dt"), of: Double.self), times: [])
      }
      guard shape.scalarType == .float64 else { throw CheckpointError.damaged("the times of clock '\(name)' are not numbers") }
      let times = try source.column(StoredKey(name, "times")).withElements(of: Double.self) { $0.filter(\.isFinite) }
      return Clock(name: name, stepSeconds: nil, times: times)
    }
  }
}
