public import EngramSimulation
public import EngramStorage
import EngramUnits

extension Network {
  /// What ends runs of this network as soon as it happens; none: nothing is looked at, and nothing costs anything. Read when a run starts;
  /// results do not depend on it.
  ///
  /// A run that is ended so throws a ``WatchdogError``. The network then holds the state that the step has left, and refuses to run or store
  /// until ``goBack(before:)`` or a restore.
  public var watchdogs: [Watchdog] {
    get { kept.watchdogs }
    set { kept.watchdogs = newValue }
  }

  /// Whether watchdogs may name objects that the network does not have at present, for those who know that it will.
  package var watchesMissingObjects: Bool {
    get { kept.watchesMissingObjects }
    set { kept.watchesMissingObjects = newValue }
  }

  /// Where the run that watchdogs have looked at last was to end [s].
  package var watchedRunEndSeconds: Double? { kept.watchedRun?.end.seconds }

  /// Throws what would keep a run with that watchdog from starting.
  package func check(_ watchdog: Watchdog) throws(WatchdogSetUpError) {
    _ = try StateInspector([watchdog], self, allObjects, allowsMissing: true)
  }

  /// Brings the network to the state before the step that a watchdog has ended the run at, and stores it where there is a run directory.
  ///
  /// Restores the newest checkpoint, or the state before the first step where there is no directory, and does again what was done since: runs
  /// and what was set between them, with the same bits. The run is unfinished then; ``resumeRun(functions:checkpoints:report:reportPeriod:)``
  /// goes on with it, once values or watchdogs are others.
  ///
  /// - Parameter found: what the last run of this network threw.
  /// - Returns: the checkpoint, tagged `watchdog`; nil without a run directory.
  /// - Throws: ``CheckpointError/notRepeatable(_:)`` where something was done since that is not recorded; the network is as it was then.
  @discardableResult
  public func goBack(before found: WatchdogError) throws -> CheckpointInfo? {
    if !found.isAboutStep { return found.checkpoint }
    guard let run = kept.watchedRun else { throw CheckpointError.notRepeatable("a run of this network that a watchdog has ended") }
    let log = kept.log
    let source: any StateSource
    if let home = kept.home, let newest = try wrappingStorage({ try home.directory.acknowledged() }) {
      source = try wrappingStorage { try home.directory.load(newest.id) }
    } else {
      source = try initialSnapshot()
    }
    guard let first = try StoredNetwork(source).commandNumbers?.upperBound, first >= log.first, first <= log.end else {
      throw CheckpointError.notRepeatable("what was done since the newest checkpoint is not recorded")
    }
    let between = log.commands.dropFirst(Int(first - log.first))
    for case .object(.unrecorded(let what)) in between { throw CheckpointError.notRepeatable(what) }
    _ = try restore(from: source)
    let (watchdogs, names) = (kept.watchdogs, inheritedNamespace)
    (kept.watchdogs, inheritedNamespace) = ([], [:])
    defer { (kept.watchdogs, inheritedNamespace) = (watchdogs, names) }
    for command in between { try repeatCommand(command) }
    try run.repeat(in: self, until: found.stepSeconds)
    guard kept.home != nil else { return nil }
    return try commit(.automatic, comment: found.sentence, tags: [Watchdog.tag])
  }

  /// The error with the checkpoint that its run has left on the way out.
  func completed(_ found: WatchdogError) -> WatchdogError {
    guard !found.isAboutStep, let newest = try? acknowledged(), newest.networkSeconds == found.stepSeconds else { return found }
    var found = found
    found.checkpoint = newest
    return found
  }
}

extension Watchdog {
  /// What checkpoints are tagged with that hold the state before a step which a watchdog has ended a run at: tagged ones are kept.
  package static let tag = "watchdog"
}

/// What is needed to do a run again up to one of its steps.
struct WatchedRun {
  private let request: RunRequest
  private let start: CompensatedTime
  let end: CompensatedTime
  private let activeNames: [String]
  private let random: RandomState.Snapshot
  private let schedule: Schedule?

  init(_ active: ActiveRun, schedule: Schedule?) {
    var request = active.request
    // Nobody looks on a second time.
    (request.observers, request.report, request.profile) = ([], .none, false)
    self.request = request
    (start, end, random, self.schedule) = (active.start, active.end, active.random, schedule)
    activeNames = active.active.map(\.name)
  }

  /// - Parameter seconds: time of the step before which it stops [s].
  func `repeat`(in network: Network, until seconds: Double) throws {
    var request = request
    let isContinued = network.kept.pendingRun.map { $0.start == start && $0.end == end } ?? false
    if !isContinued {
      network.random.snapshot = random
      network.ownSchedule = schedule
    }
    request.start = isContinued ? start : nil
    (request.end, request.activeNames) = (end, Set(activeNames))
    request.durationSeconds = max(0, end.seconds - network.time.seconds)
    request.stopSeconds = seconds
    // That runs differ in their names is no news here.
    request.comparesNamespace = false
    _ = try network.simulate(request)
  }
}
