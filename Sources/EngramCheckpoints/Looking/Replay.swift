import EngramSimulation
package import EngramStorage
package import Foundation

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

/// Does again what led from one checkpoint to a later one.
package protocol Repetition {
  /// Where it begins; nil: what it began at has been removed.
  func start(of later: CheckpointInfo, _ stored: StoredNetwork, among all: [CheckpointInfo]) -> CheckpointInfo?
  /// - Parameters:
  ///   - folder: for what it makes; removed when it is done.
  ///   - tell: told the network time [s] now and then.
  /// - Returns: what differs from the later one.
  /// - Throws: ``CheckpointError/notRepeatable(_:)`` where something was done that no checkpoint holds.
  func repeatWay(
    from earlier: CheckpointInfo, _ before: LoadedCheckpoint, to later: CheckpointInfo, _ after: LoadedCheckpoint, folder: URL,
    _ tell: @escaping (Double) -> Void
  ) throws -> StateDifference
}

/// Repeats what lies between the checkpoints of a run directory and compares every bit with what is stored. Nothing is changed.
package struct Replay {
  private let directory: RunDirectory
  private let choose: (LoadedCheckpoint) -> any Repetition
  /// Told before each stretch, and while it is repeated: which one of how many, between which checkpoints, and the network time [s].
  package var onProgress: ((_ number: Int, _ count: Int, _ from: String, _ to: String, _ seconds: Double) -> Void)?
  /// Told after each stretch.
  package var onStretch: ((ReplayedStretch) -> Void)?

  /// - Parameter choose: who can repeat what led to a checkpoint.
  package init(_ directory: RunDirectory, choosing choose: @escaping (LoadedCheckpoint) -> any Repetition) {
    (self.directory, self.choose) = (directory, choose)
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
    let repetition = choose(after)
    guard let earlier = repetition.start(of: later, stored, among: all) else {
      return ReplayedStretch(
        from: later.parent ?? "", to: later.id, startSeconds: .nan, endSeconds: stored.timeSeconds,
        outcome: .notRepeatable("its parent \(later.parent ?? "") has been removed"))
    }
    let before = try directory.look(at: earlier.id)
    let start = try StoredNetwork(before)
    tell(earlier.id, start.timeSeconds)
    var outcome: ReplayedStretch.Outcome
    do {
      let difference = try inFolder { folder in
        try repetition.repeatWay(from: earlier, before, to: later, after, folder: folder) { tell(earlier.id, $0) }
      }
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
