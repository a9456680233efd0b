internal import EngramCheckpoints
internal import EngramEquations
internal import EngramExpressions
internal import EngramModels
internal import EngramScalars
public import EngramSimulation
public import EngramStorage
internal import EngramSystem
public import EngramUnits

/// A model file in execution: starts it, or continues what a run directory holds, step by step (modelfile.md §5, 6).
///
/// Everything that decides results lies in the file, the constants and the seed, and is stored with every checkpoint.
/// Where a run stops, when checkpoints are made and how many threads work never decides anything.
///
/// ```swift
/// let experiment = try Experiment(modelFile: URL(filePath: "cuba.yaml"))
/// let report = try experiment.run()
/// print(report.outcome, report.time)
/// ```
///
/// The same lines again continue what is there, after an interruption or a kill too, and end with the same bits.
public final class Experiment {
  /// A place in the steps, and the network time [s] there.
  struct Place {
    var path: [Int64]
    var isInsideRun: Bool
    var seconds: Double
    /// Where the run in progress there was to end [s].
    var endSeconds: Double?
  }

  /// What became of a call.
  public enum Outcome: Sendable, Hashable {
    /// Nothing was left to do; nothing was changed.
    case alreadyComplete
    case reachedEnd
    /// The time asked for was reached; steps are left.
    case reachedTarget
    /// Stopped early; the same command continues.
    case interrupted
  }

  /// What a call has done, and the checkpoint that holds it.
  public struct Report: Sendable {
    public package(set) var outcome: Outcome
    /// Network time [s] of the checkpoint; of the network where nothing has been begun.
    package var timeSeconds: Double
    /// Nil where it has not been read.
    public package(set) var seed: UInt64?
    /// Wall-clock time of all steps together, without making objects and storing.
    public package(set) var loop: Duration
    package var continuedFromSeconds: Double?
    /// The checkpoint that holds what is reported, as the directory has it; nil: nothing has been begun.
    public package(set) var checkpoint: CheckpointInfo?
    /// Where the time of the steps went, all runs of the call together; nil where it was not asked for or nothing ran.
    public package(set) var profile: ProfilingSummary?
    /// What each of several processes did with its time; empty where it was not asked for, nothing ran, or one process ran alone.
    package var processes: [ProcessTimes] = []

    /// Network time of the checkpoint; of the network where nothing has been begun.
    public var time: Time { Time(si: timeSeconds) }
    /// Network time at which the call went on with an earlier run; nil where it began one.
    public var continuedFrom: Time? { continuedFromSeconds.map { Time(si: $0) } }

    package init(outcome: Outcome, timeSeconds: Double, seed: UInt64?, loop: Duration, continuedFromSeconds: Double?, checkpoint: CheckpointInfo?) {
      (self.outcome, self.timeSeconds, self.seed) = (outcome, timeSeconds, seed)
      (self.loop, self.continuedFromSeconds, self.checkpoint) = (loop, continuedFromSeconds, checkpoint)
    }
  }

  package let file: ModelFile
  /// The network, with the values that it has now. Its objects are reached by name; it lives as long as the experiment.
  public let network: Network
  let builder: ModelBuilder
  package let directory: RunDirectory
  let options: Options
  private let replacedConstants: [(name: String, text: String)]
  private let choices: CheckpointChoices
  private let watchdogs: [Watchdog]
  /// The place in the steps to stop at.
  private var stop: Place?
  /// Whether objects or synapses have come or gone since the newest checkpoint, so that this network cannot go back to it.
  private var hasOtherStructure = false
  /// The seed of all random numbers.
  public let seed: UInt64
  /// How this line differs from the one that it came from, and whether it is about to begin to.
  private let changed: ChangedBranch?
  private var isChanging: Bool
  private let firstSeed: UInt64?
  private let changedConstants: Set<String>
  var cursor: StepCursor
  private var isInsideRun = false
  private var wasStarted: Bool
  private let continuedFrom: Double?
  /// Network time at which this line of checkpoints began (MDL-64).
  private let lineStart: Double
  /// The line of checkpoints that begins with the first step, and where (MDL-69).
  private let newLine: (name: String, from: String)?
  /// Id of the checkpoint that holds exactly the present position and state, as the directory gave it after its flush; nil: none does.
  private var committed: String?
  private var loop = Duration.zero
  private var profile: [ProfilingSummary.Entry] = []
  /// Names that steps of this call have stored.
  var storedNames: Set<String> = []
  /// Called at most ten times a second during runs: network time [s], and that of the next stop.
  public var onProgress: ((_ seconds: Double, _ target: Double) -> Void)?
  /// Called with a line of text when something worth telling happens between runs.
  public var onNote: ((String) -> Void)?
  /// What was opened for this experiment alone; nil where somebody else closes the run directory.
  private var place: RunPlace?

  /// Goes on where `start` says, in the environment of its network.
  package init(_ start: Start) {
    (file, network, builder) = (start.model.file, start.model.network, start.model.builder)
    seed = start.firstSeed == nil ? start.model.seed : start.model.network.random.seed
    (changed, isChanging, firstSeed) = (start.changed, start.isChanging, start.firstSeed)
    changedConstants = start.model.changedConstants
    (options, replacedConstants, choices) = (start.model.options, start.model.replacedConstants, start.model.choices)
    (watchdogs, stop) = (start.model.watchdogs, start.model.options.stop)
    (directory, cursor, isInsideRun) = (start.directory, start.cursor, start.isInsideRun)
    (wasStarted, committed, continuedFrom) = (start.committed != nil, start.committed, start.continuedFrom)
    (newLine, lineStart) = (start.newLine, start.lineStart)
    if let changed { network.extraListing = changed.listing }
    network.watchdogs = watchdogs
    // Objects come and go by steps; what never comes was refused when the file was read.
    network.watchesMissingObjects = true
    if wasStarted { applyLoopConstants() }
  }

  /// The same with a run directory and an environment that belong to this experiment.
  package convenience init(_ start: Start, keeping place: RunPlace) {
    self.init(start)
    self.place = place
  }

  deinit { close() }

  /// Lets go of the network and closes the run directory, which others may write then. Happens by itself when the experiment goes.
  public func close() {
    guard let place else { return }
    self.place = nil
    network.environment.end()
    place.close()
  }

  // ------------------------------------------------------------------------------------------------------------- executing

  /// Executes steps up to the end, the target, or an interruption. Returns when what it reports survives a power cut.
  ///
  /// - Throws: ``ExperimentError`` or `CheckpointError`, what ended it otherwise; everything up to the newest checkpoint stays, and the
  ///   same call goes on from there. `WatchdogError` where a watchdog has ended it: the state before that step is in its checkpoint.
  @discardableResult
  public func run() throws -> Report {
    // What steps make belongs to where the network was made.
    try network.environment.entered {
      do { return try acknowledge(execute()) } catch let found as WatchdogError {
        let found = keepingState(before: found)
        network.publishFailure(found)
        throw found
      } catch {
        network.publishFailure(error)
        throw error
      }
    }
  }

  /// The one place where an outcome is acknowledged: what is reported is what the directory answers.
  private func acknowledge(_ outcome: Outcome) throws -> Report {
    var held: CheckpointInfo?
    do {
      // Before the first run step nothing has been begun; `store` steps may have left something all the same.
      if wasStarted {
        // What its values were computed from is read once more before they are told.
        if outcome != .alreadyComplete { try network.confirmSources() }
        if committed == nil { try commit(.automatic) }
        held = try committed.map { try directory.acknowledged($0) }
      } else {
        held = try directory.acknowledged()
      }
    } catch { throw network.brokenOff(by: error) }
    if outcome == .interrupted || outcome == .reachedTarget { network.publishStop() }
    var report = Report(
      outcome: outcome, timeSeconds: held?.networkSeconds ?? network.timeSeconds, seed: seed, loop: loop, continuedFromSeconds: continuedFrom,
      checkpoint: held)
    if !profile.isEmpty {
      report.profile = ProfilingSummary(profile)
      report.processes = network.distribution?.times(loop: loop) ?? []
    }
    return report
  }

  private func execute() throws -> Outcome {
    let target = target
    if file.steps.allSatisfy({ !$0.containsRun }), target == nil { throw ExperimentError.nothingToRun }
    let isDone = cursor.isAtEnd && !isInsideRun
    if let target, wasStarted, network.timeSeconds >= target * (1 - 1e-12) { return .alreadyComplete }
    if wasStarted, isDone, target == nil, stop == nil { return .alreadyComplete }
    // The first exchange: from here on the directory may change.
    if try network.hearsStop() { return .interrupted }
    directory.retention = choices.retention
    try beginLine()
    while true {
      if isAtStop { break }
      if let repetition = cursor.decision {
        try decide(repetition)
        continue
      }
      guard let step = cursor.step else { break }
      // Whatever was going on when the signal came: this is the next boundary.
      if try network.hearsStop() { return .interrupted }
      if case .run(let run) = step.verb {
        let target = self.target
        if let target, network.timeSeconds >= target * (1 - 1e-12) { return .reachedTarget }
        let isLast = stop != nil && target != nil
        switch try perform(step, { try self.run(run, target: target) }) {
        case .completed: if isLast { return .reachedEnd }
        case .stopped: return .reachedTarget
        case .interrupted: return .interrupted
        }
        isInsideRun = false
        cursor.advance()
        applyLoopConstants()
        noteChange()
      } else {
        try perform(step) { try self.execute(step) }
      }
    }
    guard let target = self.target ?? beyondSteps, target > network.timeSeconds * (1 + 1e-12), options.goesBeyondSteps else { return .reachedEnd }
    if try network.hearsStop() { return .interrupted }
    switch try extend(to: target) {
    case .completed, .stopped: return .reachedEnd
    case .interrupted: return .interrupted
    }
  }

  /// Executes steps up to a time, and stores the state there.
  ///
  /// - Throws: ``StateAtError`` where no step begins at that time; ``Interruption`` where a signal asked for an end.
  func storeState(at seconds: Double, named name: String, comment: String) throws -> CheckpointInfo {
    try network.environment.entered {
      if try execute() == .interrupted { throw Interruption() }
      try StateAtError.check(network, isAt: seconds)
      try commit(.named, name: name, comment: comment, tags: [RebuiltState.tag])
      guard let id = committed else { preconditionFailure("it has just been committed") }
      return try directory.acknowledged(id)
    }
  }

  /// Begins the line of checkpoints that this call is to begin, with what it changes.
  ///
  /// - Parameter name: of the first checkpoint, where the line has been begun already.
  /// - Returns: its first checkpoint.
  @discardableResult
  package func beginLine(named name: String? = nil) throws -> CheckpointInfo? {
    if isChanging {
      storePosition()
      let first = try network.commit(.branch, name: name, beginning: newLine?.name)
      (isChanging, committed) = (false, first.id)
      return first
    }
    guard let newLine else { return nil }
    let begun = try network.onFirst { try directory.branch(newLine.name, from: newLine.from).id }
    guard let begun else { preconditionFailure("a checkpoint has an id") }
    let first = try directory.acknowledged(begun)
    directory.staysOnLine = false
    _ = try directory.load(first.id)
    directory.staysOnLine = true
    committed = first.id
    return first
  }

  /// Network time to stop at [s], as far as it is known at the present step.
  private var target: Double? {
    guard let stop else { return options.untilSeconds ?? options.forSeconds.map { lineStart + $0 } }
    return stop.isInsideRun && cursor.path == stop.path ? stop.seconds : nil
  }

  private var isAtStop: Bool { stop.map { !$0.isInsideRun && cursor.path == $0.path } ?? false }

  /// Where a stretch that is repeated ends behind the last step: a call with a target went on there.
  private var beyondSteps: Double? { stop.flatMap { cursor.isAtEnd && cursor.path == $0.path ? $0.seconds : nil } }

  private func perform<R>(_ step: Step, _ body: () throws -> R) throws -> R {
    do { return try body() } catch let error where error is ModelFileError || error is WatchdogError || error is DistributionError { throw error } catch {
      // What is about a text or an object of the file is told at its place there.
      if ModelBuilder.isAboutFile(error) {
        builder.report(error, at: step.place, what: cursor.text)
        try builder.throwProblems(text: file.text)
      }
      throw ExperimentError.failedStep(text: cursor.text, place: "\(file.fileName):\(step.place.line)", underlying: error)
    }
  }

  /// One run step, or the rest of one.
  private func run(_ step: Step.RunStep, target: Double?) throws -> RunSummary.StopReason {
    var duration: Double?
    if !isInsideRun || !network.hasUnfinishedRun {
      duration = try self.duration(step.extent)
      if !wasStarted { try begin(step.namespace) } else if hasOtherStructure, !network.watchdogs.isEmpty { try commit(.automatic) }
      hasOtherStructure = false
      isInsideRun = true
    }
    var names = builder.namespace
    if !step.namespace.isEmpty { names.merge(try builder.values(step.namespace)) }
    return try simulate(duration, names, target: target)
  }

  /// After the last step: on to a target beyond it.
  private func extend(to target: Double) throws -> RunSummary.StopReason {
    if !wasStarted { try begin([]) }
    // The names of the last run of the steps go on being known.
    var names = RunNamespaces(file.steps, builder).last ?? [:]
    names.merge(builder.namespace)
    try builder.throwProblems(text: file.text)
    if network.hasUnfinishedRun, isInsideRun {
      let reason = try simulate(nil, names, target: target)
      if reason != .completed { return reason }
    }
    isInsideRun = true
    defer { isInsideRun = network.hasUnfinishedRun }
    let end = stop?.endSeconds ?? options.endBeyondSteps ?? target
    return try simulate(max(0, end - network.timeSeconds), names, target: end > target ? target : nil)
  }

  private func simulate(_ duration: Double?, _ names: Namespace, target: Double?) throws -> RunSummary.StopReason {
    storePosition()
    network.place = cursor.roundText
    let end = duration.map { network.timeSeconds + $0 } ?? network.unfinishedRunEndSeconds ?? network.timeSeconds
    let stop = target.flatMap { $0 < end * (1 - 1e-12) ? $0 : nil }
    var order = ExperimentRun(durationSeconds: duration, namespace: names, stopSeconds: stop, checkpoints: choices.policy)
    if let onProgress {
      let shown = stop ?? end
      order.report = .callback { onProgress($0.start.si + $0.completedFraction * $0.duration.si, shown) }
      order.reportPeriod = .milliseconds(100)
    }
    order.profile = options.profile
    noteChange()
    let summary = try network.simulate(order)
    loop += summary.wallTime
    if options.profile { profile += try network.profilingInfo }
    // A run that stops early leaves a checkpoint itself.
    committed = summary.checkpoint
    return summary.stopReason
  }

  /// Prepares everything once, then commits `initial` (MDL-60): errors of any text come before the first step.
  private func begin(_ names: [ModelNode.Entry]) throws {
    try checkDivision(names)
    storePosition()
    _ = try SetUpProgress.during("storing the state before the first step") { try network.commit(.initial) }
    wasStarted = true
  }

  /// Finds out whether several processes can run the network before anything is stored.
  ///
  /// - Throws: `DistributionError.refused`.
  private func checkDivision(_ names: [ModelNode.Entry]) throws {
    guard network.distribution != nil else { return }
    var namespace = builder.namespace
    if !names.isEmpty { namespace.merge(try builder.values(names)) }
    for case let problem as DistributionError in network.rehearse(namespace: namespace).problems { throw problem }
  }

  // -------------------------------------------------------------------------------------------------------------- position

  /// Every checkpoint from now on holds this position.
  func storePosition() {
    network.extraSections[ExperimentRecord.section] =
      ExperimentRecord(
        fileName: file.fileName, text: file.text, replacedConstants: replacedConstants, seed: seed, path: cursor.path, isInsideRun: isInsideRun,
        constants: builder.constantsOnly.description, lineStartSeconds: lineStart, calculatesWhatLasts: builder.reader.calculatesWhatLasts,
        changedConstants: changedConstants, firstSeed: firstSeed
      ).encoded
  }

  func commit(_ kind: CheckpointKind, name: String? = nil, comment: String = "", tags: [String] = []) throws {
    storePosition()
    committed = try network.commit(kind, name: name, comment: comment, tags: tags).id
  }

  func noteChange() { committed = nil }

  /// Objects or synapses have come or gone.
  func noteStructure() { hasOtherStructure = true }

  // ------------------------------------------------------------------------------------------------------------- watchdogs

  /// Goes back to the newest checkpoint, and on from there to the step at which a watchdog has ended the run: that is the state before it.
  ///
  /// - Returns: the error with the checkpoint, or with what kept it from being made.
  private func keepingState(before found: WatchdogError) -> WatchdogError {
    guard found.isAboutStep else { return found }
    var found = found
    do {
      guard let newest = try directory.acknowledged() else { throw CheckpointError.notRepeatable("no checkpoint has been made") }
      let checkpoint = try directory.load(newest.id)
      let record = try Self.record(of: checkpoint, in: directory.path)
      guard let begin = StepCursor(file.steps, path: record.path) else { throw ExperimentError.positionDoesNotFit(directory: directory.path) }
      // Nobody looks on a second time.
      network.watchdogs = []
      stop = Place(path: cursor.path, isInsideRun: true, seconds: found.stepSeconds, endSeconds: network.watchedRunEndSeconds)
      onNote?(
        "a watchdog has ended the run: \(found.sentence); going back to \(newest.id), t = \(Time(si: newest.networkSeconds ?? 0)), and on to the state before that step"
      )
      _ = try network.restore(from: checkpoint, allowing: [.structure, .equations, .code, .types])
      builder.takeConstants(try Namespace(stored: record.constants, functions: builder.functions))
      (cursor, isInsideRun, committed) = (begin, record.isInsideRun, newest.id)
      applyLoopConstants()
      if try execute() == .interrupted {
        if committed == nil { try commit(.automatic) }
        throw Interruption()
      }
      guard network.timeSeconds == found.stepSeconds else {
        throw CheckpointError.notRepeatable("the repetition arrived at t = \(Time(si: network.timeSeconds))")
      }
      try commit(.automatic, comment: found.sentence, tags: [Watchdog.tag])
      found.checkpoint = try committed.map { try directory.acknowledged($0) }
    } catch { found.obstacle = "\(error)" }
    return found
  }

  /// The constants that repetitions define, for the rounds the cursor is in.
  func applyLoopConstants() {
    builder.bindConstants(of: cursor)
  }
}

extension Step {
  var containsRun: Bool {
    switch verb {
    case .run: true
    case .repetition(let repetition): repetition.steps.contains { $0.containsRun }
    case .choice(let choice): (choice.then + choice.otherwise).contains { $0.containsRun }
    default: false
    }
  }
}
