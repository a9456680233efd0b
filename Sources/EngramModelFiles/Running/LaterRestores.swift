package import EngramStorage
internal import Foundation

/// What the steps of an experiment that lie behind a checkpoint go back to, as far as they do not store it before.
///
/// Whoever carries a checkpoint elsewhere takes these along, or says that they are missing: a run must not find that out hours later.
package struct LaterRestores: Equatable, Sendable {
  /// Names of checkpoints in the run directory, in the order in which they are needed.
  package private(set) var names: [String] = []
  /// Files beside the run directory.
  package private(set) var files: [String] = []

  /// - Parameter checkpoint: one that does not come from a model file needs nothing.
  /// - Throws: where its steps cannot be read.
  package init(behind checkpoint: LoadedCheckpoint) throws {
    guard let bytes = checkpoint.sections[ExperimentRecord.section] else { return }
    let record = try ExperimentRecord(decoding: bytes)
    let file = try FileReader.read(Array(record.text.utf8), fileName: record.fileName)
    let steps = try Experiment.steps(of: Experiment.replacing(record.replacedConstants, in: file), inputs: InputArrays(NoArrayFiles(), stored: checkpoint))
    guard let cursor = StepCursor(steps, path: record.path) else { throw ExperimentError.damagedRecord("its place in the steps does not exist") }
    walk(cursor)
  }

  /// Goes through the steps as they would be executed: from the innermost place outwards.
  private mutating func walk(_ cursor: StepCursor) {
    var seen = Seen()
    for level in cursor.frames.indices.reversed() {
      let frames = Array(cursor.frames[...level])
      let frame = frames[level]
      // The step of an outer frame is the repetition that has just been gone through.
      let next = level == cursor.frames.count - 1 ? frame.index : frame.index + 1
      visit(frame.steps[min(next, frame.steps.count)...], frames, &seen)
      if let repetition = frame.repetition { visit(repetition, from: frame.round + 1, Array(frames.dropLast()), &seen) }
    }
  }

  /// What has been stored on the way.
  private struct Seen {
    var names: Set<String> = []
    var files: Set<String> = []
    var rounds = 0
  }

  /// Far more than checkpoints with names can be made; a number somebody typed must not keep us here.
  private static let greatestRoundCount = 100_000

  private mutating func visit(_ steps: some Sequence<Step>, _ frames: [StepCursor.Frame], _ seen: inout Seen) {
    for step in steps {
      switch step.verb {
      case .repetition(let repetition): visit(repetition, from: 0, frames, &seen)
      case .choice(let choice):
        visit(choice.then, frames, &seen)
        visit(choice.otherwise, frames, &seen)
      case .store(let store):
        if let file = store.file { seen.files.insert(named(file, frames)) } else { seen.names.insert(named(store.name, frames)) }
      case .restore(let restore):
        if let file = restore.file.map({ named($0, frames) }) {
          if !seen.files.contains(file), !files.contains(file) { files.append(file) }
        } else {
          let name = named(restore.name, frames)
          // These mean whatever is newest then.
          if !["latest", "live"].contains(name), !seen.names.contains(name), !names.contains(name) { names.append(name) }
        }
      case .run, .export, .set, .constants, .dt, .active, .add, .remove, .connect, .link, .setSpikes, .seed, .record, .schedule, .code: break
      }
    }
  }

  private func named(_ pattern: String, _ frames: [StepCursor.Frame]) -> String {
    RoundNames(rounds: frames.compactMap { frame in frame.repetition.map { ($0.variable, frame.round) } }).fill(pattern).text
  }

  private mutating func visit(_ repetition: Step.RepeatStep, from first: Int, _ frames: [StepCursor.Frame], _ seen: inout Seen) {
    guard first < repetition.rounds.count else { return }
    // Rounds that name nothing after their number say the same, however many there are.
    let words = ["{k}"] + (repetition.variable.map { ["{\($0)}"] } ?? [])
    let isNumbered = repetition.steps.contains { step in words.contains { step.namesSomething($0) } }
    let end = isNumbered ? min(repetition.rounds.count, first + Self.greatestRoundCount) : first + 1
    for round in first..<end where seen.rounds < Self.greatestRoundCount {
      seen.rounds += 1
      visit(repetition.steps, frames + [StepCursor.Frame(steps: repetition.steps, index: 0, repetition: repetition, round: round)], &seen)
    }
  }
}

extension Step {
  /// Whether it stores or restores something whose name contains this.
  fileprivate func namesSomething(_ part: String) -> Bool {
    switch verb {
    case .store(let store): store.name.contains(part) || store.file?.contains(part) == true
    case .restore(let restore): restore.name.contains(part) || restore.file?.contains(part) == true
    case .repetition(let repetition): repetition.steps.contains { $0.namesSomething(part) }
    case .choice(let choice): (choice.then + choice.otherwise).contains { $0.namesSomething(part) }
    case .run, .export, .set, .constants, .dt, .active, .add, .remove, .connect, .link, .setSpikes, .seed, .record, .schedule, .code: false
    }
  }
}
