internal import EngramCheckpoints
internal import EngramModels
internal import EngramSimulation
package import EngramStorage
internal import EngramUnits
internal import Foundation

/// The state of a run at any time: rebuilt from the nearest earlier checkpoint by doing again what was done from there on.
///
/// It has the bits that a checkpoint made there would have had. What is rebuilt is that with which the step at that time begins: what steps of
/// a list or a program do between two runs at that time has been done.
package struct StateAt {
  /// What was made, and what from.
  package struct Found {
    package let checkpoint: CheckpointInfo
    package let start: CheckpointInfo
    package let directory: String
    /// Whether it was there before.
    package let wasThere: Bool
  }

  /// The run directory.
  private let path: String
  private let format: CheckpointFormat
  private let seconds: Double
  private let name: String
  private let files: any ArrayFileReader
  /// Told the network time [s] now and then.
  package var onProgress: ((Double) -> Void)?

  /// - Parameters:
  ///   - seconds: network time [s].
  ///   - name: of the line, and of its checkpoint at that time.
  package init(of path: String, format: CheckpointFormat, seconds: Double, as name: String, files: any ArrayFileReader = NoArrayFiles()) {
    (self.path, self.format, self.seconds, self.name, self.files) = (path, format, seconds, name, files)
  }

  /// Rebuilds the state as a line of checkpoints in the run directory itself, or as a run directory of its own; all of it or nothing.
  ///
  /// - Parameters:
  ///   - goal: a checkpoint on whose way the time lies; nil: the newest of the run.
  ///   - target: the run directory to make; the run may go on meanwhile.
  /// - Throws: ``StateAtError`` for a time at which the run has no state; ``Interruption`` where a signal asked for an end.
  package func make(on goal: String?, to target: String?) throws -> Found {
    let source = try RunDirectory(at: path, access: target == nil ? .write : .read, creating: false, format: format)
    defer { source.close() }
    if target == nil, let known = try there(in: source) { return known }
    let way = try Way(to: goal, in: source, at: seconds)
    let loaded = try source.look(at: way.start.id)
    let later = try way.later.map { try source.look(at: $0.id) }
    if let target {
      var made: CheckpointInfo?
      _ = try source.branch(
        toDirectory: target, name: name, from: way.start.id, needed: LaterRestores(behind: loaded).names
      ) { copy in
        let directory = try RunDirectory(at: copy, creating: false, format: format)
        defer { directory.close() }
        made = try rebuild(in: directory, from: "latest", line: nil, later)
      }
      guard let made else { preconditionFailure("it has been completed") }
      return Found(checkpoint: made, start: way.start, directory: target, wasThere: false)
    }
    // What onlookers are told of the run is about the run.
    let said = try? source.statusText()
    defer { if let said { try? source.publishStatus(said) } }
    try source.checkNewLine(name)
    do {
      let made = try rebuild(in: source, from: way.start.id, line: name, later)
      return Found(checkpoint: made, start: way.start, directory: path, wasThere: false)
    } catch {
      for info in (try? source.list().filter { $0.line == name }.reversed()) ?? [] { try? source.remove(info.id) }
      // What it recorded meanwhile goes as well.
      _ = try? source.collectGarbage(.everything)
      throw error
    }
  }

  /// The same from an earlier call.
  private func there(in directory: RunDirectory) throws -> Found? {
    guard let known = try directory.list().last(where: { $0.line == name && $0.names.contains(name) }), known.tags.contains(RebuiltState.tag),
      let time = known.networkSeconds, StateAtError.isSame(time, seconds)
    else { return nil }
    return Found(checkpoint: known, start: known, directory: path, wasThere: true)
  }

  /// - Parameter line: the line to begin; nil: the directory has been begun as one.
  private func rebuild(in directory: RunDirectory, from start: String, line: String?, _ later: LoadedCheckpoint?) throws -> CheckpointInfo {
    let info = try directory.info(start)
    let comment = "rebuilt from \(info.id), t = \(Time(si: info.networkSeconds ?? 0))"
    // Where it begins stays as well, so that the way can be repeated.
    let first = try line.map { try directory.branch($0, from: info.id) } ?? info
    try directory.tag(first.id, [RebuiltState.tag])
    if let time = info.networkSeconds, StateAtError.isSame(time, seconds) { return try directory.info(first.id) }
    return try Environment.opening {
      directory.staysOnLine = false
      let loaded = try directory.load(first.id)
      return try Experiment.isFromModelFile(loaded)
        ? steps(from: loaded, in: directory, later, comment) : program(from: loaded, in: directory, later, comment)
    }
  }

  /// Of a model file: its steps once more.
  private func steps(
    from loaded: LoadedCheckpoint, in directory: RunDirectory, _ later: LoadedCheckpoint?, _ comment: String
  ) throws -> CheckpointInfo {
    var options = Experiment.Options()
    options.untilSeconds = seconds
    options.checkpoints = CheckpointPolicy(onInterrupt: false)
    options.exports = NoExports()
    options.storage = .private
    options.watching.heedsFile = false
    // A call may have gone on beyond the last step; nobody has gone further than its checkpoints tell.
    options.goesBeyondSteps = later != nil
    options.endBeyondSteps = try later.flatMap { try StoredNetwork($0).unfinishedRun?.endSeconds }
    let record = try Experiment.record(of: loaded, in: path)
    // The steps as they were when the later one was made: a call may have brought a file with more of them.
    let text = try later.map { try Experiment.record(of: $0, in: path) } ?? record
    let file = try FileReader.read(Array(text.text.utf8), fileName: text.fileName)
    let experiment = try Experiment(continuing: file, record, loaded, in: directory, files: files, options: options)
    experiment.onProgress = { seconds, _ in onProgress?(seconds) }
    return try experiment.storeState(at: seconds, named: name, comment: comment)
  }

  /// Of a program: the commands that its checkpoints recorded, in a network made from the earlier one alone.
  private func program(
    from loaded: LoadedCheckpoint, in directory: RunDirectory, _ later: LoadedCheckpoint?, _ comment: String
  ) throws -> CheckpointInfo {
    let rebuilt = try RebuiltModel(loaded, functions: [:], making: nil)
    let network = try Network(contentsOf: rebuilt.objects, name: ObjectName(validating: rebuilt.stored.name))
    try rebuilt.complete(network)
    _ = try network.restore(from: loaded)
    network.use(directory)
    network.storage = .private
    directory.staysOnLine = true
    if let later {
      guard let number = rebuilt.stored.commandNumbers?.upperBound else { throw CheckpointError.notRepeatable("a release stored it that recorded less") }
      for (key, description) in try StoredFunctions.read(later) { network.knownFunctions[key] = try StoredFunction.make(description) }
      try network.repeatCommands(of: later, from: number, until: seconds)
    } else if network.hasUnfinishedRun {
      _ = try network.simulate(ExperimentRun(durationSeconds: nil, namespace: [:], stopSeconds: seconds))
    }
    if Interrupt.isPending { throw Interruption() }
    try StateAtError.check(network, isAt: seconds)
    return try network.commit(.named, name: name, comment: comment, tags: [RebuiltState.tag])
  }

  /// Where the way to a time begins.
  private struct Way {
    /// The nearest earlier checkpoint.
    let start: CheckpointInfo
    /// The next one behind the time, where there is one.
    let later: CheckpointInfo?

    init(to goal: String?, in directory: RunDirectory, at seconds: Double) throws {
      guard let end = try goal.map(directory.info) ?? directory.newest() else { throw ExperimentError.notARunToContinue(directory: directory.path) }
      let all = try directory.list()
      let lines = Dictionary(try directory.lines().map { ($0.name, $0) }) { first, _ in first }
      // Backwards along the lines that it descends from.
      var passed: [CheckpointInfo] = []
      var (line, limit) = (end.line, goal == nil ? UInt64.max : end.sequence)
      var seen: Set<String> = []
      while seen.insert(line).inserted {
        passed += all.filter { $0.line == line && $0.sequence <= limit }
        guard let origin = lines[line]?.origin, let parent = lines[line]?.originLine, let sequence = CheckpointName.sequence(ofID: origin) else { break }
        (line, limit) = (parent, sequence)
      }
      passed.sort { $0.sequence < $1.sequence }
      let earlier = passed.filter { info in info.networkSeconds.map { $0 < seconds || StateAtError.isSame($0, seconds) } ?? false }
      // Of several at one time the newest: a list of steps may go back to an earlier one.
      guard let start = earlier.max(by: { ($0.networkSeconds ?? 0, $0.sequence) < ($1.networkSeconds ?? 0, $1.sequence) }) else {
        throw StateAtError.beforeFirst(seconds: seconds, first: passed.compactMap(\.networkSeconds).min() ?? 0)
      }
      self.start = start
      later = passed.first { $0.sequence > start.sequence && ($0.networkSeconds ?? 0) >= seconds && $0.kind != .branch }
    }
  }
}
