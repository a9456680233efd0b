package import EngramCheckpoints
internal import EngramModels
package import EngramSimulation
package import EngramStorage
internal import Foundation

extension Replay {
  /// Runs of model files repeat the steps of their file. Runs of Swift programs repeat what their checkpoints recorded, in a network
  /// made from the earlier checkpoint alone.
  ///
  /// - Parameters:
  ///   - functions: functions with a body in Swift that the model uses, by their names (CKP-21).
  ///   - making: makes what needs Swift, under the same name.
  ///   - files: reads what model files name.
  package init(
    _ directory: RunDirectory, functions: [String: Function] = [:], making: ((StoredObject) throws -> BrianObject?)? = nil,
    files: any ArrayFileReader = NoArrayFiles()
  ) {
    self.init(directory) { checkpoint in
      if Experiment.isFromModelFile(checkpoint) { return RepeatedSteps(directory: directory, files: files) }
      return RepeatedProgram(directory: directory, functions: functions, making: making)
    }
  }
}

/// Of a Swift program: the commands that checkpoints recorded.
private struct RepeatedProgram: Repetition {
  let directory: RunDirectory
  let functions: [String: Function]
  let making: ((StoredObject) throws -> BrianObject?)?

  /// Where the parent has been collected, what is recorded since the last checkpoint that stays leads there as well.
  func start(of later: CheckpointInfo, _ stored: StoredNetwork, among all: [CheckpointInfo]) -> CheckpointInfo? {
    all.first { $0.id == later.parent } ?? all.first { $0.id == stored.commandsSince }
  }

  func repeatWay(
    from earlier: CheckpointInfo, _ before: LoadedCheckpoint, to later: CheckpointInfo, _ after: LoadedCheckpoint, folder: URL,
    _ tell: @escaping (Double) -> Void
  ) throws -> StateDifference {
    guard let number = try StoredNetwork(before).commandNumbers?.upperBound else {
      throw CheckpointError.notRepeatable("a release stored it that recorded less")
    }
    return try Environment.opening {
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

/// Of a model file: its steps, in a directory of its own that begins as a branch of the earlier checkpoint.
private struct RepeatedSteps: Repetition {
  let directory: RunDirectory
  let files: any ArrayFileReader

  /// Steps go on from the place of the commit before, whatever state a step has restored since.
  func start(of later: CheckpointInfo, _ stored: StoredNetwork, among all: [CheckpointInfo]) -> CheckpointInfo? {
    all.last { $0.line == later.line && $0.sequence < later.sequence } ?? all.first { $0.id == later.parent }
      ?? all.first { $0.id == stored.commandsSince }
  }

  func repeatWay(
    from earlier: CheckpointInfo, _ before: LoadedCheckpoint, to later: CheckpointInfo, _ after: LoadedCheckpoint, folder: URL,
    _ tell: @escaping (Double) -> Void
  ) throws -> StateDifference {
    let path = folder.appending(path: "replay.engram").path
    try directory.branch(toDirectory: path, name: "replay", from: earlier.id)
    let copy = try RunDirectory(at: path, creating: false, format: directory.format.withoutViews)
    defer { copy.close() }
    let beginnings = Set(try copy.list().map(\.id))
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
    // What it began with may share a name with the later one, such as that of rebuilt states.
    let made = try copy.list()
    let names = Set(later.names)
    let result =
      made.last { !beginnings.contains($0.id) && !names.isDisjoint(with: $0.names) } ?? made.max { $0.sequence < $1.sequence }
    guard let result else { throw CheckpointError.notRepeatable("the steps of the model file lead to no checkpoint there") }
    return try StateDifference(after, copy.look(at: result.id))
  }
}

/// A repetition exports nothing: an export changes no bit of a network.
struct NoExports: NetworkExports {
  func export(_ network: Network, to path: String, _ options: ExportOptions) {}
}
