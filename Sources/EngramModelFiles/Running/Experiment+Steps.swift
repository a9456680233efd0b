internal import EngramCheckpoints
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits
internal import Foundation

/// The steps between runs (MDL-40…42).
extension Experiment {
  func duration(_ extent: Step.RunStep.Extent) throws -> Double {
    let seconds: Double
    switch extent {
    case .duration(let node):
      guard let time = builder.reader.time(node, "run") else { throw collected() }
      seconds = time.si
    case .until(let node):
      guard let time = builder.reader.time(node, "until") else { throw collected() }
      seconds = time.si - network.timeSeconds
    }
    guard seconds >= 0 else { throw StepError.past(seconds: network.timeSeconds + seconds, now: network.timeSeconds) }
    return seconds
  }

  /// One step that is not a run; leaves the cursor behind it.
  func execute(_ step: Step) throws {
    switch step.verb {
    case .run: preconditionFailure("runs are executed by the experiment itself")
    case .repetition(let repetition):
      cursor.enter(repetition)
      applyLoopConstants()
      return
    case .choice(let choice):
      guard let holds = builder.condition(choice.condition, of: network, isRehearsal: false) else { throw collected() }
      cursor.enter(choice, holds: holds)
      applyLoopConstants()
      noteChange()
      return
    case .store(let store):
      // The position lies behind the step before its checkpoint is made (MDL-61).
      let name = named(store.name)
      cursor.advance()
      applyLoopConstants()
      if let file = store.file {
        storePosition()
        try network.store(name, at: location(named(file)), options: StoreOptions(comment: store.comment, tags: store.tags))
        noteChange()
      } else {
        try commit(.named, name: name, comment: store.comment, tags: store.tags)
        if !storedNames.insert(name).inserted {
          Messages.emit(
            .warning, "model.store.again",
            "the steps store '\(name)' again (\(file.fileName):\(step.place.line)): the name means the newest one, and the one before is not kept; to keep "
              + "each, give it a name of its own, in a repetition with its constant, as in '\(name)-{k}'", once: true)
        }
      }
      onNote?("stored '\(name)' at \(Time(si: network.timeSeconds))")
      return
    case .restore(let restore): try self.restore(restore)
    case .export(let export):
      guard let choice = builder.exportOptions(export) else { throw collected() }
      guard let exports = options.exports else { throw StepError.noExports }
      let place = try neighbour(named(export.file))
      _ = try network.onFirst {
        try exports.export(network, to: place.path, choice)
        return nil
      }
      onNote?("exported '\(place.lastPathComponent)' at \(Time(si: network.timeSeconds))")
    case .set, .constants, .dt, .active, .add, .remove, .connect, .link, .setSpikes, .schedule, .seed, .record, .code:
      _ = StepActions(network: network, builder: builder, constants: file.constants).perform(step.verb)
      if Experiment.changesStructure(step) { noteStructure() }
      try builder.throwProblems(text: file.text)
    }
    cursor.advance()
    applyLoopConstants()
    noteChange()
  }

  private static func changesStructure(_ step: Step) -> Bool {
    switch step.verb {
    case .add, .remove, .connect, .link, .record, .code: true
    case .run, .store, .restore, .export, .set, .constants, .dt, .active, .setSpikes, .schedule, .seed, .repetition, .choice: false
    }
  }

  /// What comes behind a round of a repetition whose condition decides.
  func decide(_ repetition: Step.RepeatStep) throws {
    guard case .until(let condition, _) = repetition.rounds else { return }
    guard let holds = builder.condition(condition, of: network, isRehearsal: false) else { throw collected() }
    if !holds, cursor.isLastRound {
      Messages.emit(
        .warning, "modelfile.until",
        "the condition of 'until' (\(builder.reader.fileName):\(condition.place.line)) does not hold after \(repetition.rounds.count) rounds, "
          + "which is the limit; the steps go on")
    }
    cursor.decide(isOver: holds)
    applyLoopConstants()
    noteChange()
  }

  /// A name with the numbers of rounds in it.
  private func named(_ pattern: String) -> String { cursor.roundNames.fill(pattern).text }

  /// A file beside the run directory, below its parent (MDL-41).
  private func neighbour(_ file: String) throws -> URL {
    let parent = URL(fileURLWithPath: directory.path).deletingLastPathComponent().standardizedFileURL
    let url = parent.appendingPathComponent(file).standardizedFileURL
    guard !file.hasPrefix("/"), url.path.hasPrefix(parent.path + "/") else { throw StepError.outside(file: file) }
    return url
  }

  /// What is stored there is of the same format as the run directory.
  private func location(_ file: String) throws -> CheckpointLocation {
    CheckpointLocation(try neighbour(file), format: directory.format)
  }

  private func restore(_ step: Step.RestoreStep) throws {
    let random: RandomStateRestoration =
      switch step.random {
      case .restore: .restore
      case .keepCurrent: .keepCurrent
      case .reseed(let node): .reseed(try reseed(node))
      }
    var allowing: Set<Difference> = []
    for word in step.allow {
      guard let difference = Difference(rawValue: word) else { throw StepError.unknownDifference(word) }
      allowing.insert(difference)
    }
    let only: CheckpointSelection = step.only.isEmpty ? .all : .items(step.only)
    try network.restore(
      named(step.name), at: step.file.map { try location(named($0)) }, allowing: allowing, only: only, renaming: step.rename, randomState: random)
    onNote?("restored '\(named(step.name))', t = \(Time(si: network.timeSeconds))")
  }

  private func reseed(_ node: ModelNode) throws -> UInt64 {
    guard let seed = builder.reader.seed(node, "reseed") else { throw collected() }
    return seed
  }

  /// The problems that reading a value has reported.
  private func collected() -> any Error {
    do {
      try builder.throwProblems(text: file.text)
      return StepError.unreadable
    } catch { return error }
  }
}

/// Why a step cannot be carried out.
enum StepError: ExplainedError {
  case past(seconds: Double, now: Double)
  case outside(file: String)
  case unknownDifference(String)
  case unreadable
  case noExports

  var description: String {
    switch self {
    case .past(let seconds, let now): "the run would end at \(seconds) s, but the network is at \(now) s already"
    case .outside(let file): "'\(file)' must lie below the folder of the run directory"
    case .unknownDifference(let word):
      "'allow' has no kind '\(word)'; kinds: \(Difference.allCases.map(\.rawValue).joined(separator: ", "))"
    case .unreadable: "a value of the step cannot be read"
    case .noExports: "whoever runs these steps has given nothing that exports"
    }
  }
}
