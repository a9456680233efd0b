public import EngramSimulation
public import EngramStorage
import EngramUnits

/// What is kept of a network: its checkpoints, where they go, and what was done since the last one.
package final class NetworkHistory: RunHistory {
  private unowned let network: Network
  /// Snapshots in memory, by name.
  var snapshots: [String: MemorySnapshot] = [:]
  /// The state before the first step, of a network without run directory (CKP-37, 43).
  var beginning = Beginning.notYet
  /// Where checkpoints go (CKP-43).
  var home: CheckpointHome?
  var storage = ArrayStorage.standard
  /// Where recordings go of a network without run directory, if not into memory.
  var spill: RunDirectory?
  /// What has been restored, while its bytes are still being verified (CKP-42).
  var unverified: [any StateSource] = []
  /// Stored arrays that columns show.
  var sources = SourceGuard()
  /// Tells others about the run in progress, or the last one, of a network with a run directory.
  var status: StatusPublisher?
  /// A run that ended before its end.
  var pendingRun: NetworkRecord.RunRecord?
  /// The namespace of the last run, and that of the checkpoint restored last (CKP-23).
  var lastNamespace: Namespace?
  var storedNamespace: DescriptionValue?
  /// Values of stored functions, so that they are written once (CKP-23).
  var functionColumns: [String: Column] = [:]
  /// What was done since the last checkpoint that stays (CKP-18).
  var log = CommandLog()
  var joinsPartsOfRuns = false
  var place: String?
  var extraListing: [String: String] = [:]
  var extraSections: [String: [UInt8]] = [:]
  var extraColumns: [StoredKey: Column] = [:]
  /// What ends runs of this network, and whether it may name objects that are not there at present.
  var watchdogs: [Watchdog] = []
  var watchesMissingObjects = false
  /// The run that watchdogs look at, or looked at last.
  var watchedRun: WatchedRun?
  private var inspector: StateInspector?
  /// Where the arrays of the run in progress are.
  private var placement: ArrayPlacement?

  package init(of network: Network) { self.network = network }

  deinit { sources.end() }

  // ------------------------------------------------------------------------------------------------------ a run, in order

  package func runIsAskedFor() throws { try wrappingStorage { try home?.throwUnawaitedFailure() } }

  package func placeArrays(of objects: [BrianObject]) throws { placement = try network.placeArrays(objects) }

  package var recordingRoom: (byteCount: Int, directory: String)? {
    home.map { (network.followsAnother ? .max : Int(clamping: $0.directory.freeByteCount), $0.directory.path) }
  }

  package func runBegins(_ request: RunRequest, _ context: RunContext, _ objects: [BrianObject]) throws {
    inspector = try StateInspector(watchdogs, network, objects, allowsMissing: watchesMissingObjects)
    compareNamespace(request)
    try network.storeInitial(context)
    home?.cadence.runBegins(at: network.time.seconds)
    for observer in request.observers { observer.runBegins() }
  }

  /// CKP-23: values of names that changed since the checkpoint that was restored.
  private func compareNamespace(_ request: RunRequest) {
    if request.comparesNamespace, let stored = storedNamespace {
      let changes = Fingerprint.constants(stored, request.namespace.description)
      if !changes.isEmpty {
        network.environment.messages.emit(
          .warning, "network.restore.constants",
          "the namespace of this run differs from that before the checkpoint: \(changes.joined(separator: "; "))")
      }
    }
    storedNamespace = nil
    lastNamespace = request.namespace
  }

  package func stepsBegin(_ active: ActiveRun, target: Double) -> RunObservers {
    let directory = home?.directory
    var observers = RunObservers(first: [], last: [], liveStep: directory?.liveStep)
    placement?.settle()
    if !network.followsAnother, let place = directory ?? spill { observers.first.append(RecordingGuard(place)) }
    if let placement { observers.last.append(placement) }
    watch(active, &observers)
    network.attachRecordings(active.everything)
    status = network.followsAnother ? nil : directory.map { StatusPublisher(network, $0, start: active.beganAt.seconds, target: target) }
    if let status { observers.last.append(status) }
    if let watch = network.makeSourceWatch() { observers.last.append(watch) }
    placement = nil
    return observers
  }

  private func watch(_ active: ActiveRun, _ observers: inout RunObservers) {
    if watchdogs.isEmpty { return }
    watchedRun = WatchedRun(active, schedule: network.ownSchedule)
    (observers.inspector, inspector) = (inspector, nil)
    for case .freeSpace(let byteCount) in watchdogs.map(\.subject) {
      if !network.followsAnother, let directory = home?.directory { observers.first.append(SpaceWatch(directory, below: byteCount)) }
    }
  }

  package func runHasBegun() {
    network.collectAssignments()
    pendingRun = nil
  }

  package func runStops(_ active: ActiveRun) {
    let isComplete = active.run.stopReason == nil
    let namespace = active.request.namespace.description
    let names = active.active.map(\.name)
    if !isComplete {
      pendingRun = NetworkRecord.RunRecord(start: active.start, end: active.end, activeNames: names, namespace: namespace)
    }
    log.append(
      .run(
        RunCommand(
          start: active.start, end: active.end, stopped: isComplete ? nil : network.time, activeNames: names, namespace: namespace,
          schedule: network.ownSchedule?.slots, random: active.random)),
      isJoined: joinsPartsOfRuns)
    home?.cadence.runEnds(at: network.time.seconds)
  }

  package func confirm(_ active: ActiveRun) throws {
    try network.waitForVerification()
    if active.request.confirmsSources || active.run.stopReason != nil { try network.confirmSources() }
  }

  package func checkpoint(of active: ActiveRun, isBrokenOff: Bool) throws -> String? {
    var found: String?
    do {
      for observer in active.request.observers {
        if let id = try observer.runEnds(completed: active.run.stopReason == nil) { found = id }
      }
      return try found.map { try home?.directory.acknowledged($0).id } ?? nil
    } catch {
      // Why it was broken off has been found before, and is told.
      if isBrokenOff { return nil }
      throw network.brokenOff(by: error)
    }
  }

  package func runEnded(_ reason: RunSummary.StopReason) { status?.end(reason == .completed ? .complete : .stopped) }

  package func runFailed(_ error: any Error, isAboutStoring: Bool) -> any Error {
    sources.end()
    let problem: any Error
    if let found = error as? WatchdogError { problem = network.completed(found) } else { problem = isAboutStoring ? network.brokenOff(by: error) : error }
    status?.end(.failed, problem: problem)
    return problem
  }

  // --------------------------------------------------------------------------------------------------------- between runs

  package func networkBeginsAnew() { snapshots = [:] }

  /// What an operation captured cannot keep the network's files.
  package func environmentEnds() {
    if home?.isOwn == true { network.closeRunDirectory() } else { (home, status) = (nil, nil) }
    snapshots = [:]
    spill = nil
  }
}

// What the room keeps of a network, by the names that its extensions of networks use.
extension Network {
  var kept: NetworkHistory { history() }

  /// Where arrays are in runs with a run directory, unless an object or an array says otherwise (STO-1). Read when a run starts; results do
  /// not depend on it.
  public var storage: ArrayStorage {
    get { kept.storage }
    set { kept.storage = newValue }
  }

  /// Stored arrays that columns show.
  package var sources: SourceGuard { kept.sources }

  /// Whether parts of a run that was stopped and continued are one command in the log. So it is where steps of a file are repeated rather
  /// than commands; a run may be continued any number of times without its checkpoints getting longer.
  package var joinsPartsOfRuns: Bool {
    get { kept.joinsPartsOfRuns }
    set { kept.joinsPartsOfRuns = newValue }
  }

  /// Where in its steps whoever runs this network is, for those who look on.
  package var place: String? {
    get { kept.place }
    set { kept.place = newValue }
  }

  /// What rooms above want to be listed of each checkpoint, beside times and clocks.
  package var extraListing: [String: String] {
    get { kept.extraListing }
    set { kept.extraListing = newValue }
  }

  /// Parts of checkpoints that rooms above keep for themselves, such as the place in a list of steps (MDL-61).
  package var extraSections: [String: [UInt8]] {
    get { kept.extraSections }
    set { kept.extraSections = newValue }
  }

  /// Numbers that go with them; they are no part of the state, so digests and comparisons pass them over.
  package var extraColumns: [StoredKey: Column] {
    get { kept.extraColumns }
    set { kept.extraColumns = newValue }
  }
}
