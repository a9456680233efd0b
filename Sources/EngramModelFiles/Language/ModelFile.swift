package import EngramStorage
package import EngramUnits

/// A model file, read: its structure is checked, its values are still text (modelfile.md).
package struct ModelFile: Sendable {
  package var fileName: String
  package var text: String
  package var name: String
  package var metadata: [(key: String, text: String)] = []
  package var dt: ModelNode?
  package var seed: SeedChoice = .entropy
  package var constants: [ModelNode.Entry] = []
  /// Functions that formulas define.
  package var functions: [ModelNode.Entry] = []
  package var schedule: ModelNode?
  package var dtype: ModelNode?
  package var preferences: [ModelNode.Entry] = []
  package var checkpoints = CheckpointInterval()
  /// Where arrays are while the file runs (STO-1).
  package var storage: ArrayStorage?
  package var objects: [ObjectItem] = []
  /// What is no mistake, and not what somebody wants either.
  var remarks: [ProblemCollector.Remark] = []
  /// Names of the objects that could not be read.
  var leftOut: Set<String> = []
  package var steps: [Step] = []
  package var sweep: SweepPart?
  package var watch: WatchPart?

  package enum SeedChoice: Sendable {
    case number(UInt64)
    case entropy
    /// Calculated from constants.
    case value(ModelNode)
  }

  /// `checkpoints:` of the file. Durations are still nodes.
  package struct CheckpointInterval: Sendable {
    package var simulated: ModelNode?
    package var wall: ModelNode?
    /// Automatic checkpoints to keep, newest first.
    package var keep: Int?
    /// One is kept of each of these.
    package var keepPerSimulated: ModelNode?
    package var keepPerWall: ModelNode?
  }
}

/// An item of `objects`: kind and keys are known to be words of the language.
package struct ObjectItem: Sendable {
  package var kind: String
  package var place: FilePlace
  /// Canonical key → value, in written order.
  package var fields: [ModelNode.Entry]

  package init(kind: String, place: FilePlace, fields: [ModelNode.Entry]) {
    self.kind = kind
    self.place = place
    self.fields = fields
  }

  package subscript(key: String) -> ModelNode? { fields.first { $0.key == key }?.value }
  package var name: String? { self["name"]?.scalar?.text }
  /// Where the value of a key stands; the object itself for keys that it has not.
  func place(of key: String?) -> FilePlace { key.flatMap { key in fields.first { $0.key == key }?.keyPlace } ?? place }
}

/// One step of an experiment (modelfile.md §5).
package struct Step: Sendable {
  package indirect enum Verb: Sendable {
    case run(RunStep)
    case store(StoreStep)
    case restore(RestoreStep)
    case export(ExportStep)
    case set([ModelNode.Entry])
    case constants([ModelNode.Entry])
    case dt(ModelNode)
    case active([ModelNode.Entry])
    case add([ObjectItem])
    case remove([ModelNode])
    case connect([ModelNode.Entry])
    case link([ModelNode.Entry])
    case setSpikes([ModelNode.Entry])
    case schedule(ModelNode)
    case seed(ModelFile.SeedChoice)
    case record([ModelNode])
    case repetition(RepeatStep)
    case choice(ChoiceStep)
    /// Code and events that groups get between runs: which kind, and for which groups.
    case code(CodeKind, [ModelNode.Entry])
  }

  /// The keys of code and of what calls it that objects and steps have.
  package enum CodeKind: String, Sendable, CaseIterable {
    case regularly = "run_regularly"
    case at = "run_at"
    case onEvent = "run_on_event"
    case events
    case eventSchedule = "event_schedule"
  }

  /// One list of steps or another.
  package struct ChoiceStep: Sendable {
    package var condition: ModelNode
    package var then: [Step]
    package var otherwise: [Step]
  }

  package struct RunStep: Sendable {
    package enum Extent: Sendable {
      case duration(ModelNode)
      case until(ModelNode)
    }
    package var extent: Extent
    package var report: String?
    package var namespace: [ModelNode.Entry] = []
  }

  package struct StoreStep: Sendable {
    package var name: String
    /// Where the name stands.
    package var nameNode: ModelNode?
    package var comment: String = ""
    package var tags: [String] = []
    package var file: String?
  }

  package struct RestoreStep: Sendable {
    package var name: String
    /// Where the parts stand.
    package var nodes: [String: ModelNode] = [:]
    package var file: String?
    package var random: RandomChoice = .restore
    package var allow: [String] = []
    package var only: [String] = []
    package var rename: [String: String] = [:]
  }

  package struct ExportStep: Sendable {
    package var file: String
    /// References to what is exported; empty: everything.
    package var only: [ModelNode] = []
    /// The values of the other keys.
    package var nodes: [String: ModelNode] = [:]
  }

  package enum RandomChoice: Sendable {
    case restore, keepCurrent
    /// A number, or what constants make one.
    case reseed(ModelNode)
  }

  package struct RepeatStep: Sendable {
    package enum Rounds: Sendable {
      case count(Int)
      case over([ModelNode])
      case values(QuantityArray)
      /// A list in every round.
      case rows(QuantityArray, columns: Int)
      /// Until a condition holds at the end of a round, and at most so often.
      case until(ModelNode, atMost: Int)
      /// The same with a number that constants say.
      case untilWritten(ModelNode, atMost: ModelNode)
      /// Written as a calculation, a ramp, a file, …: what it is, constants say (``ModelBuilder/resolveRounds(of:)``).
      case written(ModelNode, isCount: Bool)

      package var count: Int {
        switch self {
        case .count(let count): count
        case .over(let values): values.count
        case .values(let array): array.si.count
        case .rows(let array, let columns): columns == 0 ? 0 : array.si.count / columns
        case .until(_, let limit): limit
        case .written, .untilWritten: 0
        }
      }
    }
    package var rounds: Rounds
    /// Whether what happens in it decides how many rounds there are.
    package var isConditional: Bool {
      switch rounds {
      case .until, .untilWritten: true
      case .count, .over, .values, .rows, .written: false
      }
    }
    /// The constant that holds the number of the round, or the value.
    package var variable: String?
    package var steps: [Step]
  }

  package var verb: Verb
  package var place: FilePlace
  /// The step as it was read, for comparisons between files (MDL-63).
  package var node: ModelNode
}
