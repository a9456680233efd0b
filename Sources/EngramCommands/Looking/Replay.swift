internal import EngramHDF5
internal import EngramImport
internal import EngramModelFiles
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits
internal import Foundation

/// Repeats the way from one checkpoint to the next and compares every bit (CKP-28 b).
///
/// Each repetition runs in a directory of its own that begins as a branch of the parent, so that nothing here changes.
struct Replay {
  private let directory: RunDirectory
  private let reference: CheckpointReference

  init(_ place: CheckpointPlace, _ reference: CheckpointReference) throws {
    guard case .directory(let directory) = place else {
      throw CommandError("'\(reference.directory)' is a portable file, whose checkpoints have no parents; unpack it first (engram unpack)")
    }
    self.directory = directory
    self.reference = reference
  }

  /// What was repeated with success, and what was not.
  func run() throws -> (replayed: [String], problems: [Finding]) {
    let all = try directory.list()
    let wanted = try reference.name.map { [try directory.info($0)] } ?? all
    var replayed: [String] = []
    var problems: [Finding] = []
    for child in wanted {
      guard let parent = start(for: child, among: all) else { continue }
      if let problem = try repeatRun(from: parent, to: child) { problems.append(problem) } else { replayed.append(child.id) }
    }
    if replayed.isEmpty, problems.isEmpty {
      throw CommandError("'\(reference.text)' has no two checkpoints with a run between them, so there is nothing to repeat")
    }
    return (replayed, problems)
  }

  /// The parent; where it has been collected, the newest one before it in the same line.
  private func start(for child: CheckpointInfo, among all: [CheckpointInfo]) -> CheckpointInfo? {
    let parent = all.first { $0.id == child.parent } ?? all.last { $0.line == child.line && $0.sequence < child.sequence }
    guard let parent, let before = parent.networkSeconds, let after = child.networkSeconds, after > before else { return nil }
    return parent
  }

  private func repeatRun(from parent: CheckpointInfo, to child: CheckpointInfo) throws -> Finding? {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "engram-replay-\(UUID().uuidString)")
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: folder) }
    let path = folder.appending(path: "replay.engram").path
    try directory.branch(toDirectory: path, name: "replay", from: parent.id)
    let copy = try RunDirectory(at: path, creating: false, headers: HDF5HeaderWriter())
    defer { copy.close() }
    try withScope {
      var options = Experiment.Options()
      options.untilSeconds = child.networkSeconds
      options.checkpoints = .onInterrupt
      _ = try Experiment(resuming: copy, files: ImportedFiles(relativeTo: nil), options: options).run()
    }
    let made = try copy.list()
    let names = Set(child.names)
    let result = made.last { !names.isDisjoint(with: $0.names) } ?? made.max { $0.sequence < $1.sequence }
    guard let result else { throw CommandError("the repetition of \(child.id) left no checkpoint") }
    let difference = try StateDifference(directory.load(child.id), copy.load(result.id))
    if difference.isEmpty { return nil }
    let interval = "between t = \(parent.timeText) (\(parent.id)) and t = \(child.timeText) (\(child.id))"
    let what: String
    if let numbers = difference.numbers.first, let place = numbers.first, let values = numbers.firstValues {
      what = "the repetition differs \(interval): \(difference.numbers.count) variables, first '\(numbers.key)' at [\(place.row)"
        + (place.column > 0 ? ", \(place.column)" : "") + "], stored \(values.0), repeated \(values.1) \(numbers.unit)"
    } else {
      what = "the repetition differs \(interval): \((difference.structure + difference.otherState).first ?? "")"
    }
    return Finding(what: what, file: "", place: "", checkpoints: [child.id])
  }
}

extension CheckpointInfo {
  /// Network time [s].
  var networkSeconds: Double? { summary["time"].flatMap { Double($0) } }
}
