internal import EngramEquations
internal import EngramExpressions
internal import EngramModels
internal import EngramScalars
package import EngramSimulation
package import EngramStorage
internal import EngramUnits

/// A model file in execution: starts it, or continues what a run directory holds, step by step (modelfile.md §5, 6).
///
/// Everything that decides results lies in the file, the constants and the seed, and is stored with every checkpoint.
/// Where a run stops, when checkpoints are made and how many threads work never decides anything.
package final class Experiment {
  package struct Options {
    /// Network time to stop at [s] (MDL-64).
    package var untilSeconds: Double?
    /// The same, counted from the start of the line [s].
    package var forSeconds: Double?
    /// Stop at this place in the steps instead, as a checkpoint recorded it; for repeating a stretch of a run.
    var stop: Place?
    package var seed: UInt64?
    package var constants: [(name: String, text: String)] = []
    /// Replaces the file's interval (MDL-68).
    package var checkpoints: CheckpointPolicy?
    /// Replaces parts of the file's `keep`.
    package var keeping = Keeping()
    package init() {}
  }

  /// A place in the steps, and the network time [s] there.
  struct Place {
    var path: [Int64]
    var isInsideRun: Bool
    var seconds: Double
  }

  /// Which automatic checkpoints stay, as far as it was said (CKP-19).
  package struct Keeping {
    package var last: Int?
    package var perSimulatedSeconds: Double?
    package var perWall: Duration?
    package init() {}
  }

  package enum Outcome {
    /// Nothing was left to do; nothing was changed.
    case alreadyComplete
    case reachedEnd
    /// The time asked for was reached; steps are left.
    case reachedTarget
    /// Stopped early; the same command continues.
    case interrupted
  }

  package struct Report {
    package var outcome: Outcome
    package var timeSeconds: Double
    package var seed: UInt64
    /// Wall time of all steps together, without making objects and storing.
    package var loop: Duration
    package var continuedFromSeconds: Double?

    package init(outcome: Outcome, timeSeconds: Double, seed: UInt64, loop: Duration, continuedFromSeconds: Double?) {
      (self.outcome, self.timeSeconds, self.seed) = (outcome, timeSeconds, seed)
      (self.loop, self.continuedFromSeconds) = (loop, continuedFromSeconds)
    }
  }

  package let file: ModelFile
  package let network: Network
  let builder: ModelBuilder
  let directory: RunDirectory
  private let options: Options
  private let replacedConstants: [(name: String, text: String)]
  package let seed: UInt64
  var cursor: StepCursor
  private var isInsideRun = false
  private var wasStarted: Bool
  private let continuedFrom: Double?
  /// Network time at which this line of checkpoints began (MDL-64).
  private let lineStart: Double
  /// The line of checkpoints that begins with the first step, and where (MDL-69).
  private let newLine: (name: String, from: String)?
  /// Whether the newest checkpoint holds exactly the present position and state.
  private var isCommitted: Bool
  private var loop = Duration.zero
  /// Called at most ten times a second during runs: simulated time, and the time of the next stop.
  package var onProgress: ((_ seconds: Double, _ target: Double) -> Void)?
  /// Called with a line of text when something worth telling happens between runs.
  package var onNote: ((String) -> Void)?

  // ------------------------------------------------------------------------------------------------------------- starting

  /// Starts the file in a directory without checkpoints, or continues what it holds.
  ///
  /// - Throws: ``ModelFileError`` with all problems of the file, ``ExperimentError`` when the directory holds another run.
  package convenience init(
    _ file: ModelFile, in directory: RunDirectory, files: any ArrayFileReader, options: Options
  ) throws {
    guard let newest = try directory.newest() else {
      try self.init(starting: file, in: directory, files: files, options: options)
      return
    }
    let checkpoint = try directory.load(newest.id)
    let record = try Experiment.record(of: checkpoint, in: directory.path)
    try Experiment.checkSame(file, record, directory, options)
    try self.init(continuing: file, record, checkpoint, in: directory, files: files, options: options)
  }

  /// Continues without the file, from what the directory keeps (MDL-69).
  package convenience init(
    resuming directory: RunDirectory, at place: Continuation, files: any ArrayFileReader, options: Options
  ) throws {
    let checkpoint = try directory.load(place.checkpoint)
    let record = try Experiment.record(of: checkpoint, in: directory.path)
    let file = try FileReader.read(Array(record.text.utf8), fileName: record.fileName)
    try self.init(continuing: file, record, checkpoint, newLine: place.newLine, in: directory, files: files, options: options)
  }

  package convenience init(resuming directory: RunDirectory, files: any ArrayFileReader, options: Options) throws {
    try self.init(resuming: directory, at: Continuation(nil, in: directory), files: files, options: options)
  }

  private init(starting file: ModelFile, in directory: RunDirectory, files: any ArrayFileReader, options: Options) throws {
    let replaced = try Experiment.checkedConstants(options.constants, in: file)
    let file = Experiment.replacing(replaced, in: file)
    let seed = options.seed ?? file.chosenSeed
    let made = try Experiment.make(file, seed: seed, files: files)
    (self.file, self.directory, self.options, self.seed) = (file, directory, options, seed)
    (network, builder) = made
    replacedConstants = replaced
    cursor = StepCursor(file.steps)
    wasStarted = false
    continuedFrom = nil
    lineStart = 0
    newLine = nil
    isCommitted = false
    try checkBeforeFirstStep()
    network.use(directory)
  }

  private init(
    continuing file: ModelFile, _ record: ExperimentRecord, _ checkpoint: LoadedCheckpoint, newLine: String? = nil,
    in directory: RunDirectory, files: any ArrayFileReader, options: Options
  ) throws {
    let file = Experiment.replacing(record.replacedConstants, in: file)
    (network, builder, cursor) = try Experiment.rebuilt(file, record, checkpoint, in: directory.path, files: files)
    (self.file, self.directory, self.options, seed) = (file, directory, options, record.seed)
    replacedConstants = record.replacedConstants
    isInsideRun = record.isInsideRun
    wasStarted = true
    isCommitted = true
    // That the model is the same has been shown by its text; steps before the position changed delays and spikes.
    _ = try network.restore(from: checkpoint, allowing: [.structure])
    network.use(directory)
    // What later steps add comes from the file again.
    builder.fillsValues = true
    builder.stored = nil
    builder.takeConstants(try Namespace(record.constants, functions: builder.functions))
    continuedFrom = network.timeSeconds
    self.newLine = newLine.map { ($0, checkpoint.info.id) }
    lineStart = newLine != nil || checkpoint.info.kind == .branch ? network.timeSeconds : record.lineStartSeconds
    applyLoopConstants()
  }

  // ------------------------------------------------------------------------------------------------------------- executing

  /// Executes steps up to the end, the target, or an interruption.
  package func run() throws -> Report {
    let target = target
    if file.steps.allSatisfy({ !$0.containsRun }), target == nil { throw ExperimentError.nothingToRun }
    let isDone = cursor.isAtEnd && !isInsideRun
    if let target, wasStarted, network.timeSeconds >= target * (1 - 1e-12) { return report(.alreadyComplete) }
    if wasStarted, isDone, target == nil { return report(.alreadyComplete) }
    directory.retention = retention
    if let newLine {
      let first = try directory.branch(newLine.name, from: newLine.from)
      _ = try directory.load(first.id)
    }
    var outcome = Outcome.reachedEnd
    steps: while let step = cursor.step {
      if isAtStop { break }
      if case .run(let run) = step.verb {
        let target = self.target
        if let target, network.timeSeconds >= target * (1 - 1e-12) {
          outcome = .reachedTarget
          break steps
        }
        let isLast = options.stop != nil && target != nil
        switch try perform(step, { try self.run(run, target: target) }) {
        case .completed: if isLast { break steps }
        case .stopped:
          outcome = .reachedTarget
          break steps
        case .interrupted: return report(.interrupted)
        }
        isInsideRun = false
        cursor.advance()
        applyLoopConstants()
        isCommitted = false
      } else {
        try perform(step) { try self.execute(step) }
      }
    }
    if outcome == .reachedEnd, let target = self.target, target > network.timeSeconds * (1 + 1e-12) {
      switch try extend(to: target) {
      case .completed, .stopped: break
      case .interrupted: return report(.interrupted)
      }
    }
    if !isCommitted { try commit(.automatic) }
    return report(outcome)
  }

  /// Network time to stop at [s], as far as it is known at the present step.
  private var target: Double? {
    guard let stop = options.stop else { return options.untilSeconds ?? options.forSeconds.map { lineStart + $0 } }
    return stop.isInsideRun && cursor.path == stop.path ? stop.seconds : nil
  }

  private var isAtStop: Bool { options.stop.map { !$0.isInsideRun && cursor.path == $0.path } ?? false }

  private func report(_ outcome: Outcome) -> Report {
    Report(outcome: outcome, timeSeconds: network.timeSeconds, seed: seed, loop: loop, continuedFromSeconds: continuedFrom)
  }

  private func perform<R>(_ step: Step, _ body: () throws -> R) throws -> R {
    do { return try body() } catch let error as ModelFileError { throw error } catch {
      throw ExperimentError.failedStep(text: cursor.text, place: "\(file.fileName):\(step.place.line)", underlying: error)
    }
  }

  /// One run step, or the rest of one.
  private func run(_ step: Step.RunStep, target: Double?) throws -> RunSummary.StopReason {
    var duration: Double?
    if !isInsideRun || !network.hasUnfinishedRun {
      duration = try self.duration(step.extent)
      if !wasStarted { try begin() }
      isInsideRun = true
    }
    var names = builder.namespace
    if !step.namespace.isEmpty { names.merge(try builder.values(step.namespace)) }
    return try simulate(duration, names, target: target)
  }

  /// After the last step: on to a target beyond it.
  private func extend(to target: Double) throws -> RunSummary.StopReason {
    if !wasStarted { try begin() }
    if network.hasUnfinishedRun, isInsideRun {
      let reason = try simulate(nil, builder.namespace, target: target)
      if reason != .completed { return reason }
    }
    isInsideRun = true
    defer { isInsideRun = network.hasUnfinishedRun }
    return try simulate(max(0, target - network.timeSeconds), builder.namespace, target: nil)
  }

  private func simulate(_ duration: Double?, _ names: Namespace, target: Double?) throws -> RunSummary.StopReason {
    storePosition()
    let end = duration.map { network.timeSeconds + $0 } ?? network.unfinishedRunEndSeconds ?? network.timeSeconds
    let stop = target.flatMap { $0 < end * (1 - 1e-12) ? $0 : nil }
    var order = ExperimentRun(durationSeconds: duration, namespace: names, stopSeconds: stop, checkpoints: policy)
    if let onProgress {
      let shown = stop ?? end
      order.report = .callback { onProgress($0.start.si + $0.completedFraction * $0.duration.si, shown) }
      order.reportPeriod = .milliseconds(100)
    }
    let summary = try network.simulate(order)
    loop += summary.wallTime
    if summary.stopReason == .completed { isCommitted = false }
    // A run that stops early leaves a checkpoint itself.
    if summary.stopReason != .completed { isCommitted = true }
    return summary.stopReason
  }

  /// Prepares everything once, then commits `initial` (MDL-60): errors of any text come before the first step.
  private func begin() throws {
    storePosition()
    try network.commit(.initial)
    wasStarted = true
  }

  /// What the file says, and what the call says instead.
  var retention: RetentionPolicy {
    func seconds(_ node: ModelNode?, _ key: String) -> Double? { node.flatMap { builder.reader.time($0, key) }?.si }
    let wall = wall(file.checkpoints.keepPerWall)
    return RetentionPolicy(
      automatic: options.keeping.last ?? file.checkpoints.keep ?? RetentionPolicy().automatic,
      perSimulatedSeconds: options.keeping.perSimulatedSeconds ?? seconds(file.checkpoints.keepPerSimulated, "simulated"),
      perWall: options.keeping.perWall ?? wall)
  }

  var policy: CheckpointPolicy {
    if let given = options.checkpoints { return given }
    let simulated = file.checkpoints.simulated.flatMap { builder.reader.time($0, "every") }
    let wall = wall(file.checkpoints.wall)
    if simulated == nil, wall == nil { return .every(wall: .seconds(60)) }
    return CheckpointPolicy(simulated: simulated, wall: wall)
  }

  /// `wall: 5 min`, or a quantity.
  private func wall(_ node: ModelNode?) -> Duration? {
    guard let node, let seconds = node.scalar.flatMap({ WallTime.seconds($0.text) }) ?? builder.reader.time(node, "wall")?.si else { return nil }
    return .nanoseconds(Int64(clamping: seconds * 1e9))
  }

  // -------------------------------------------------------------------------------------------------------------- position

  /// Every checkpoint from now on holds this position.
  func storePosition() {
    network.extraSections[ExperimentRecord.section] = ExperimentRecord(
      fileName: file.fileName, text: file.text, replacedConstants: replacedConstants, seed: seed, path: cursor.path, isInsideRun: isInsideRun,
      constants: builder.constantsOnly.description, lineStartSeconds: lineStart
    ).encoded
  }

  func commit(_ kind: CheckpointKind, name: String? = nil, comment: String = "", tags: [String] = []) throws {
    storePosition()
    try network.commit(kind, name: name, comment: comment, tags: tags)
    isCommitted = true
  }

  func noteChange() { isCommitted = false }

  /// The constants that repetitions define, for the rounds the cursor is in.
  func applyLoopConstants() {
    for frame in cursor.frames {
      guard let repetition = frame.repetition, let name = repetition.variable else { continue }
      switch repetition.rounds {
      case .count: builder.setConstant(name, .integer(frame.round))
      case .over(let values):
        if frame.round < values.count, let value = builder.constantValue(values[frame.round], name) { builder.setConstant(name, value) }
      }
    }
  }
}

extension Step {
  var containsRun: Bool {
    switch verb {
    case .run: true
    case .repetition(let repetition): repetition.steps.contains { $0.containsRun }
    default: false
    }
  }
}

extension RunDirectory {
  /// The newest commit, by sequence number (MDL-62). Damage to a newer one is never passed over in silence.
  func newest() throws -> CheckpointInfo? {
    let intact = try list().max { $0.sequence < $1.sequence }
    for (id, problem) in damagedCheckpoints.sorted(by: { $0.key < $1.key }) {
      guard let sequence = CheckpointName.sequence(ofID: id), sequence > intact?.sequence ?? 0 else { continue }
      throw ExperimentError.damagedNewest(directory: path, id: id, problem: "\(problem)", intact: intact?.id)
    }
    return intact
  }
}

extension Int64 {
  /// Truncated; the nearest one there is for numbers beyond, 0 for none.
  fileprivate init(clamping value: Double) { self = value.isNaN ? 0 : value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value) }
}
