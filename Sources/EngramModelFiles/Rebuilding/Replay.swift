internal import EngramModels
package import EngramSimulation
package import EngramStorage
internal import EngramUnits
internal import Foundation

/// The way from one checkpoint to a later one, done again (CKP-28 b).
public struct ReplayedStretch: Sendable {
  public enum Outcome: Sendable {
    /// Every bit is the same.
    case equal
    /// In words: how many variables, and the first place of the first one.
    case differs(String)
    /// Something happened in between that no checkpoint holds.
    case notRepeatable(String)
  }

  /// Ids of the checkpoints at its ends.
  public let from: String
  public let to: String
  /// Network times at its ends [s].
  public let startSeconds: Double
  public let endSeconds: Double
  public let outcome: Outcome
}

/// Repeats what lies between the checkpoints of a run directory and compares every bit with what is stored. Nothing is changed.
///
/// Runs of model files repeat the steps of their file. Runs of Swift programs repeat what their checkpoints recorded, in a network
/// made from the earlier checkpoint alone.
package struct Replay {
  private let directory: RunDirectory
  private let functions: [String: Function]
  private let making: ((StoredObject) throws -> BrianObject?)?
  private let files: any ArrayFileReader

  package init(
    _ directory: RunDirectory, functions: [String: Function] = [:], making: ((StoredObject) throws -> BrianObject?)? = nil,
    files: any ArrayFileReader = NoArrayFiles()
  ) {
    self.directory = directory
    self.functions = functions
    self.making = making
    self.files = files
  }

  /// - Parameter name: the checkpoint to arrive at; nil: every one that has something before it.
  package func run(_ name: String? = nil) throws -> [ReplayedStretch] {
    let all = try directory.list()
    let wanted = try name.map { [try directory.info($0)] } ?? all
    return try wanted.compactMap { later in
      // The first one of a branch is the checkpoint that it branches from.
      guard later.kind != .branch, later.parent != nil else { return nil }
      return try repeatWay(to: later, among: all)
    }
  }

  private func repeatWay(to later: CheckpointInfo, among all: [CheckpointInfo]) throws -> ReplayedStretch {
    let after = try directory.look(at: later.id)
    let stored = try StoredNetwork(after)
    func known(_ id: String?) -> CheckpointInfo? { id.flatMap { id in all.first { $0.id == id } } }
    let isFromModelFile = Experiment.isFromModelFile(after)
    // Steps go on from the place of the commit before, whatever state a step has restored since. In other runs, where the
    // parent has been collected, what is recorded since the last checkpoint that stays leads here as well.
    let inLine = isFromModelFile ? all.last { $0.line == later.line && $0.sequence < later.sequence } : nil
    guard let earlier = inLine ?? known(later.parent) ?? known(stored.commandsSince) else {
      return ReplayedStretch(
        from: later.parent ?? "", to: later.id, startSeconds: .nan, endSeconds: stored.timeSeconds,
        outcome: .notRepeatable("its parent \(later.parent ?? "") has been removed"))
    }
    let before = try directory.look(at: earlier.id)
    let start = try StoredNetwork(before)
    var outcome: ReplayedStretch.Outcome
    do {
      let difference = isFromModelFile ? try repeatSteps(from: earlier, to: later, after) : try repeatCommands(from: earlier, start, after)
      outcome = difference.isEmpty ? .equal : .differs(difference.firstPlace)
    } catch let error as StorageError { throw error } catch let error as CheckpointError {
      switch error {
      case .notRepeatable(let what): outcome = .notRepeatable(what)
      case .unsupported, .missingFunctions: outcome = .notRepeatable("\(error)")
      default: throw error
      }
    }
    return ReplayedStretch(
      from: earlier.id, to: later.id, startSeconds: start.timeSeconds, endSeconds: stored.timeSeconds, outcome: outcome)
  }

  // ------------------------------------------------------------------------------------------------------- Swift programs

  private func repeatCommands(from earlier: CheckpointInfo, _ start: StoredNetwork, _ after: LoadedCheckpoint) throws -> StateDifference {
    guard let number = start.commandNumbers?.upperBound else { throw CheckpointError.notRepeatable("a release stored it that recorded less") }
    return try withScope {
      let network = try Network(
        checkpoint: earlier.id, in: URL(fileURLWithPath: directory.path), functions: functions, readingOnly: true, making: making)
      for (key, description) in try StoredFunctions.read(after) { network.knownFunctions[key] = try StoredFunction.make(description) }
      try network.repeatCommands(of: after, from: number)
      return try network.difference(from: after)
    }
  }

  // --------------------------------------------------------------------------------------------------------- model files

  /// In a directory of its own that begins as a branch of the earlier checkpoint.
  private func repeatSteps(from earlier: CheckpointInfo, to later: CheckpointInfo, _ after: LoadedCheckpoint) throws -> StateDifference {
    let folder = FileManager.default.temporaryDirectory.appending(path: "engram-replay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "replay.engram").path
    try directory.branch(toDirectory: path, name: "replay", from: earlier.id)
    let copy = try RunDirectory(at: path, creating: false, headers: directory.headers)
    defer { copy.close() }
    try withScope {
      var options = Experiment.Options()
      options.stop = try Experiment.place(of: after, in: directory)
      options.checkpoints = .onInterrupt
      _ = try Experiment(resuming: copy, files: files, options: options).run()
    }
    let made = try copy.list()
    let names = Set(later.names)
    let result = made.last { !names.isDisjoint(with: $0.names) } ?? made.max { $0.sequence < $1.sequence }
    guard let result else { throw CheckpointError.notRepeatable("the steps of the model file lead to no checkpoint there") }
    return try StateDifference(after, copy.look(at: result.id))
  }
}

extension CheckpointInfo {
  /// Network time [s].
  package var networkSeconds: Double? { summary["time"].flatMap { Double($0) } }
}

extension StateDifference {
  /// What differs first, between what is stored and what a repetition gave.
  fileprivate var firstPlace: String {
    guard let numbers = numbers.first, let place = numbers.first, let values = numbers.firstValues else {
      return (structure + otherState.map { "other state of '\($0)'" }).first ?? ""
    }
    let count = self.numbers.count == 1 ? "" : "\(self.numbers.count) variables, first "
    let index = place.column > 0 ? "\(place.row), \(place.column)" : "\(place.row)"
    let unit = numbers.unit == "1" ? "" : " \(numbers.unit)"
    return "\(count)'\(numbers.key)' at [\(index)], stored \(values.0), repeated \(values.1)\(unit)"
  }
}
