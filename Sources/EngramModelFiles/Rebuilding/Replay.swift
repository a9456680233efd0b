internal import EngramModels
package import EngramSimulation
package import EngramStorage
internal import EngramUnits
internal import Foundation

/// The way from one checkpoint to a later one, done again (CKP-28 b).
public struct ReplayedStretch: Sendable {
  /// What came out of it.
  public enum Outcome: Sendable {
    /// Every bit is the same.
    case equal
    /// In words: how many variables, and the first place of the first one.
    case differs(String)
    /// Something happened in between that no checkpoint holds.
    case notRepeatable(String)
  }

  /// Id of the earlier checkpoint.
  public let from: String
  /// Id of the later checkpoint.
  public let to: String
  /// Network time at the earlier one [s].
  public let startSeconds: Double
  /// Network time at the later one [s].
  public let endSeconds: Double
  /// What came out of it.
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
  /// Told before each stretch, and while it is repeated: which one of how many, between which checkpoints, and the network time [s].
  package var onProgress: ((_ number: Int, _ count: Int, _ from: String, _ to: String, _ seconds: Double) -> Void)?
  /// Told after each stretch.
  package var onStretch: ((ReplayedStretch) -> Void)?

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
  /// - Throws: ``Interruption`` where a signal asked for an end.
  package func run(_ name: String? = nil) throws -> [ReplayedStretch] {
    let all = try directory.list()
    // The first one of a branch is the checkpoint that it branches from.
    let wanted = (try name.map { [try directory.info($0)] } ?? all).filter { $0.kind != .branch && $0.parent != nil }
    return try wanted.enumerated().map { place, later in
      let stretch = try repeatWay(to: later, among: all) { from, seconds in
        onProgress?(place + 1, wanted.count, from, later.id, seconds)
      }
      onStretch?(stretch)
      return stretch
    }
  }

  private func repeatWay(
    to later: CheckpointInfo, among all: [CheckpointInfo], _ tell: @escaping (_ from: String, _ seconds: Double) -> Void
  ) throws -> ReplayedStretch {
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
    tell(earlier.id, start.timeSeconds)
    var outcome: ReplayedStretch.Outcome
    do {
      let difference =
        isFromModelFile ? try repeatSteps(from: earlier, to: later, after) { tell(earlier.id, $0) } : try repeatCommands(from: earlier, start, after)
      // A run that a signal ended is none that could be compared.
      if Interrupt.isPending { throw Interruption() }
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
    return try inFolder { folder in
      try Environment.opening {
        let network = try Network(
          checkpoint: earlier.id, at: CheckpointLocation(URL(fileURLWithPath: directory.path), format: directory.format), functions: functions,
          readingOnly: true, making: making)
        for (key, description) in try StoredFunctions.read(after) { network.knownFunctions[key] = try StoredFunction.make(description) }
        let spill = try RunDirectory(at: folder.appending(path: "recordings.engram").path, format: directory.format.withoutViews)
        defer { spill.close() }
        network.recordingsSpill(to: spill)
        try network.repeatCommands(of: after, from: number)
        return try network.difference(from: after)
      }
    }
  }

  // --------------------------------------------------------------------------------------------------------- model files

  /// In a directory of its own that begins as a branch of the earlier checkpoint.
  private func repeatSteps(
    from earlier: CheckpointInfo, to later: CheckpointInfo, _ after: LoadedCheckpoint, _ tell: @escaping (Double) -> Void
  ) throws -> StateDifference {
    try inFolder { folder in
      let path = folder.appending(path: "replay.engram").path
      try directory.branch(toDirectory: path, name: "replay", from: earlier.id)
      let copy = try RunDirectory(at: path, creating: false, format: directory.format.withoutViews)
      defer { copy.close() }
      try Environment.opening {
        var options = Experiment.Options()
        options.stop = try Experiment.place(of: after, in: directory)
        options.checkpoints = .onInterrupt
        options.exports = NoExports()
        // The steps as they were when the later one was made: a call may have brought a file with more of them.
        let made = try Experiment.record(of: after, in: directory.path)
        let file = try FileReader.read(Array(made.text.utf8), fileName: made.fileName)
        let start = try copy.load("latest")
        let experiment = try Experiment(
          continuing: file, Experiment.record(of: start, in: copy.path), start, in: copy, files: files, options: options)
        experiment.onProgress = { seconds, _ in tell(seconds) }
        _ = try experiment.run()
      }
      let made = try copy.list()
      let names = Set(later.names)
      let result = made.last { !names.isDisjoint(with: $0.names) } ?? made.max { $0.sequence < $1.sequence }
      guard let result else { throw CheckpointError.notRepeatable("the steps of the model file lead to no checkpoint there") }
      return try StateDifference(after, copy.look(at: result.id))
    }
  }

  /// A folder for what a repetition makes: beside the run directory, where arrays can be shared instead of copied, or where temporary
  /// files go if that is not allowed.
  private func inFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let run = URL(fileURLWithPath: directory.path).standardizedFileURL
    let name = ".\(run.lastPathComponent).replay-\(UUID().uuidString)"
    var folder = run.deletingLastPathComponent().appending(path: name)
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false) } catch {
      folder = FileManager.default.temporaryDirectory.appending(path: "engram\(name)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}

/// A repetition exports nothing: an export changes no bit of a network.
private struct NoExports: NetworkExports {
  func export(_ network: Network, to path: String, _ options: ExportOptions) {}
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
