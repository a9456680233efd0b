import EngramScalars
import EngramStorage
public import EngramUnits

extension Network {
  /// Simulates for `duration` (NET-20, 21).
  ///
  /// ```swift
  /// let summary = try network.run(1 * second, report: .text, namespace: ["tau": 10 * ms])
  /// print(summary.stopReason, summary.wallTime)
  /// ```
  ///
  /// Everything is checked and prepared before the first step; when that throws, nothing has changed.
  ///
  /// - Parameters:
  ///   - duration: simulated time, not negative.
  ///   - report: where progress is told; at the beginning, at least every `reportPeriod` of wall time, and at the end.
  ///   - reportPeriod: wall-clock time between two reports.
  ///   - namespace: values for names in model text that neither a group nor the defaults know (NSP-1).
  ///   - profile: whether wall time per object is measured.
  /// - Returns: where the run ended, why, and after how many steps.
  /// - Throws: what is wrong with the models, `NetworkError` for a network that cannot run, `BrianObjectError` for what happens in a step.
  @discardableResult
  public func run(
    _ duration: Time, report: ProgressReport = .none, reportPeriod: Duration = .seconds(10), namespace: Namespace = [:],
    profile: Bool = false
  ) throws -> RunSummary {
    try simulate(RunRequest(durationSeconds: duration.si, report: report, reportPeriod: reportPeriod, namespace: namespace, profile: profile))
  }

  /// The same, giving other tasks a turn every 10 ms; cancelling the task ends the run after the current step (NET-26).
  @discardableResult
  public func run(
    _ duration: Time, report: ProgressReport = .none, reportPeriod: Duration = .seconds(10), namespace: Namespace = [:],
    profile: Bool = false, isolation: isolated (any Actor)? = #isolation
  ) async throws -> RunSummary {
    try await simulate(
      RunRequest(durationSeconds: duration.si, report: report, reportPeriod: reportPeriod, namespace: namespace, profile: profile),
      isolation: isolation)
  }

  package func simulate(_ request: RunRequest) throws -> RunSummary {
    guard let device = networkDevice else { return try execute(request) }
    return try device.runNetwork(self, for: duration(of: request)) { try execute(request) }
  }

  package func simulate(_ request: RunRequest, isolation: isolated (any Actor)?) async throws -> RunSummary {
    guard let device = networkDevice else { return try await execute(request, isolation: isolation) }
    return try await device.runNetworkAsynchronously(self, for: duration(of: request), isolation: isolation) {
      try await execute(request, isolation: isolation)
    }
  }

  private func duration(of request: RunRequest) -> Time {
    Time(si: request.end.map { $0.seconds - time.seconds } ?? request.durationSeconds)
  }

  private func execute(_ request: RunRequest) throws -> RunSummary {
    guard let active = try begin(request) else { return emptySummary(request) }
    if active.listens { Interrupt.begin() }
    defer { if active.listens { Interrupt.end() } }
    _ = try proceed(active, until: nil)
    return try finish(active)
  }

  private func execute(_ request: RunRequest, isolation: isolated (any Actor)?) async throws -> RunSummary {
    guard let active = try begin(request) else { return emptySummary(request) }
    if active.listens { Interrupt.begin() }
    defer { if active.listens { Interrupt.end() } }
    while try proceed(active, until: .now + .milliseconds(10)) == .paused { await Task.yield() }
    return try finish(active)
  }

  // ------------------------------------------------------------------------------------------------------------- phases

  /// Checks and prepares everything. Nothing has changed when it throws (COR-2). `nil`: there are no objects.
  func begin(_ order: RunRequest) throws -> ActiveRun? {
    var request = order
    request.namespace = inheritedNamespace
    request.namespace.merge(order.namespace)
    switch activity {
    case .running: throw NetworkError.alreadyRunning
    case .inconsistent: throw NetworkError.inconsistent(timeSeconds: time.seconds)
    case .idle: break
    }
    guard request.durationSeconds >= 0, request.durationSeconds.isFinite else {
      throw NetworkError.invalidDuration(seconds: request.durationSeconds)
    }
    guard request.reportPeriod > .zero else { throw NetworkError.invalidReportPeriod("\(request.reportPeriod)") }
    let reporter = try request.report.makeReporter(period: request.reportPeriod)
    try request.namespace.checkUserKeys()
    try networkDevice?.prepareRun(of: self, for: duration(of: request))
    try keeper?.runIsAskedFor()
    try rebuildContents()
    var isBegun = false
    defer { if !isBegun { callEnded() } }

    let everything = allObjects
    let sorted = try sortedForRun(everything)
    let clocks = distinctClocks(of: everything)
    let start = time
    let end = request.end ?? start.adding(request.durationSeconds)
    let resumeEnd = end.seconds
    try checkNames(everything)
    try checkWrites(everything)
    try checkDependencies(everything)
    for object in everything {
      if let other = object.simulatedByID, other != id {
        throw NetworkError.simulatedElsewhere(object: object.name, other: object.simulatedBy?.name ?? "a network that no longer exists")
      }
    }
    let positions = clocks.map(ClockPosition.init)
    do {
      for clock in clocks { try clock.checkPosition(at: start.seconds) }
      for clock in clocks { try clock.setInterval(fromSeconds: start.seconds, toSeconds: resumeEnd) }
      environment.messages.tellOfPreferences()
      try warnAboutDeviceSchedule()
      stopRequested = false
      environment.stopRequested = false
      let active = request.activeNames.map { names in sorted.filter { names.contains($0.name) } } ?? sorted.filter(\.isActive)
      try keeper?.placeArrays(of: everything)
      let context = RunContext(
        network: self, namespace: request.namespace, startSeconds: start.seconds, endSeconds: resumeEnd, isResumption: request.start != nil,
        schedule: active)
      if request.profile { context.profile = RunProfile() }
      for object in active {
        context.profile?.object = object
        do { try object.beforeRun(context) } catch { throw BrianObjectError.wrap(error, object: object, phase: .preparing) }
      }
      if everything.isEmpty { return nil }
      if let verdict = context.verdict(active) {
        try distribution?.divide(verdict)
        for text in verdict.undivided {
          environment.messages.emit(.info, "processes.undivided", "code that every process executes for all elements: \(text)", once: true)
        }
        distribution?.runBegins()
      }
      try checkRecordingSize(active, until: request.stopSeconds)
      try keeper?.runBegins(request, context, everything)
      for object in everything {
        object.simulatedBy = self
        object.simulatedByID = id
        object.isInRun = true
      }
      for clock in clocks {
        clock.isLocked = true
        // Steps write without announcing: a checkpoint inside the run must not take the columns for unchanged.
        clock.touchColumns()
      }
      activity = .running
      let run = PreparedRun(
        network: self, objects: active.filter(\.doesWork), clocks: clocks, startSeconds: start.seconds,
        durationSeconds: resumeEnd - start.seconds, profile: context.profile)
      distribution?.timed?.isInRun = true
      run.threadChoice = context.threadChoice()
      let listens = Interrupt.isHeeded(preference: environment.preferences[.stopOnKeyboardInterrupt])
      run.heedsInterrupts = listens
      if let reporter {
        run.observers.append(reporter)
        reporter.begin(run)
      }
      let activeRun = ActiveRun(
        request: request, run: run, everything: everything, active: active, clocks: clocks, start: request.start ?? start, end: end,
        beganAt: start, random: random.snapshot, context: context, reporter: reporter, listens: listens)
      let history = keeper?.stepsBegin(activeRun, target: Swift.min(request.stopSeconds ?? resumeEnd, resumeEnd))
      run.observers += (history?.first ?? []) + request.observers
      if let stop = request.stopSeconds { run.observers.append(TargetTime(self, seconds: stop)) }
      run.observers += history?.last ?? []
      run.inspector = history?.inspector
      run.beginLiveSteps(history?.liveStep)
      currentRun = activeRun
      keeper?.runHasBegun()
      isBegun = true
      return activeRun
    } catch {
      for position in positions { position.restore() }
      throw error
    }
  }

  /// Executes steps. An error in a step ends the run and marks the state inconsistent (NET-27); one between two steps leaves a good
  /// state behind, and the run pauses there.
  func proceed(_ active: ActiveRun, until deadline: ContinuousClock.Instant?) throws -> PreparedRun.Outcome {
    do { return try active.run.advance(until: deadline) } catch let boundary as BoundaryError {
      active.run.stopReason = .stopped
      var problem = boundary.underlying
      // The last attempt to store is part of it: what the error says is durable was asked after that.
      do { _ = try complete(active, isBrokenOff: true) } catch { problem = error }
      throw keeper?.runFailed(problem, isAboutStoring: boundary.isAboutStoring) ?? problem
    } catch {
      let problem = keeper?.runFailed(error, isAboutStoring: false) ?? error
      release(active)
      activity = .inconsistent
      // What a step leaves for the next one is of no use any more.
      for object in active.active { try? object.afterRun() }
      callEnded()
      throw problem
    }
  }

  /// What follows the last step: value check, final report, `afterRun`, and the checkpoint of a run that stopped early.
  func finish(_ active: ActiveRun) throws -> RunSummary {
    do {
      let summary = try complete(active)
      keeper?.runEnded(summary.stopReason)
      return summary
    } catch {
      throw keeper?.runFailed(error, isAboutStoring: false) ?? error
    }
  }

  private func complete(_ active: ActiveRun, isBrokenOff: Bool = false) throws -> RunSummary {
    let run = active.run
    if run.stopReason == nil { time = active.end }
    keeper?.runStops(active)
    run.endLiveSteps()
    // What is done between runs is done by every process, with all values.
    distribution?.runEnds()
    distribution?.timed?.isInRun = false
    release(active)
    defer { callEnded() }
    try keeper?.confirm(active)
    checkValues(active.everything)
    active.reporter?.end(run)
    profile = active.context.profile?.entries
    for object in active.active {
      do { try run.stopReason == nil ? object.afterRun() : object.afterPause() } catch { throw BrianObjectError.wrap(error, object: object, phase: .finishing) }
    }
    return RunSummary(
      start: Time(si: active.beganAt.seconds), end: t, steps: run.steps, wallTime: run.elapsed, completedFraction: run.completedFraction,
      stopReason: run.stopReason ?? .completed, seed: random.seed, checkpoint: try keeper?.checkpoint(of: active, isBrokenOff: isBrokenOff))
  }

  private func release(_ active: ActiveRun) {
    activity = .idle
    currentRun = nil
    deferred = []
    for changes in pendingChanges { changes.carryOut() }
    pendingChanges = []
    for kernel in active.context.kernels { kernel.runEnded() }
    for object in active.everything { object.isInRun = false }
    for clock in active.clocks {
      clock.isLocked = false
      clock.touchColumns()
    }
  }

  private func emptySummary(_ request: RunRequest) -> RunSummary {
    RunSummary(
      start: t, end: t, steps: [:], wallTime: .zero, completedFraction: 1, stopReason: .completed, seed: random.seed, checkpoint: nil)
  }

  // ------------------------------------------------------------------------------------------------------------- checks

  package func distinctClocks(of objects: [BrianObject]) -> [BaseClock] {
    var seen: Set<ObjectIdentifier> = []
    return objects.map(\.clock).filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

  package func checkNames(_ objects: [BrianObject]) throws {
    var owners: [String: ObjectIdentifier] = [:]
    var duplicates: Set<String> = []
    for nameable in objects as [Nameable] + distinctClocks(of: objects) {
      if let known = owners.updateValue(ObjectIdentifier(nameable), forKey: nameable.name), known != ObjectIdentifier(nameable) {
        duplicates.insert(nameable.name)
      }
    }
    if !duplicates.isEmpty { throw NetworkError.duplicateNames(duplicates.sorted()) }
  }

  /// No two objects overwrite overlapping parts of one variable (NET-16).
  package func checkWrites(_ objects: [BrianObject]) throws {
    var claims: [ObjectIdentifier: [(claim: ExclusiveWrite, object: String)]] = [:]
    for object in objects {
      for claim in object.exclusiveWrites {
        let key = ObjectIdentifier(claim.variable)
        for earlier in claims[key] ?? [] where earlier.claim.elements.overlaps(claim.elements) {
          throw NetworkError.conflictingWrites(variable: claim.variable.path, objects: [earlier.object, object.name])
        }
        claims[key, default: []].append((claim, object.name))
      }
    }
  }

  package func checkDependencies(_ objects: [BrianObject]) throws {
    let present = Set(objects.map(ObjectIdentifier.init))
    for object in objects {
      for dependency in object.dependencies where !present.contains(ObjectIdentifier(dependency)) {
        try missing(dependency, of: object)
      }
    }
  }

  /// Warns about values that are not numbers or enormous (NET-30).
  private func checkValues(_ objects: [BrianObject]) {
    for case let group as Group in objects {
      for name in group.checkedVariables {
        guard let variable = group.variables[name]?.array, variable.scalarType.isFloat else { continue }
        let isBad = (0..<variable.count).contains { index in
          let value = variable.value(at: index)
          return value.isNaN || abs(value) > 1e50
        }
        if isBad {
          environment.messages.emit(
            .warning, "group.invalid_values",
            "variable '\(name)' of '\(group.name)' has values that are NaN or larger than 1e50; "
              + "the integration method or the time step may not suit these equations")
        }
      }
    }
  }
}

/// What was asked of a run.
package struct RunRequest {
  package var durationSeconds: Double
  package var report: ProgressReport
  package var reportPeriod: Duration
  package var namespace: Namespace
  package var profile: Bool
  /// Whether values that differ from those before the restored checkpoint deserve a warning.
  package var comparesNamespace = true
  package var observers: [any StepObserver] = []
  /// Whether what columns show of files is read again before the run reports its end; false where the caller does that itself.
  package var confirmsSources = true
  /// Stop at the step boundary that reaches this network time [s], before the end of the run.
  package var stopSeconds: Double?
  /// When a run is continued: its start, and its end instead of now + duration.
  package var start: CompensatedTime?
  package var end: CompensatedTime?
  /// When a run is continued: the objects that were active at its start (CKP-47).
  package var activeNames: Set<String>?

  package init(
    durationSeconds: Double, report: ProgressReport = .none, reportPeriod: Duration = .seconds(10), namespace: Namespace = [:],
    profile: Bool = false
  ) {
    self.durationSeconds = durationSeconds
    self.report = report
    self.reportPeriod = reportPeriod
    self.namespace = namespace
    self.profile = profile
  }
}

/// A run between its preparation and its end.
package struct ActiveRun {
  package let request: RunRequest
  package let run: PreparedRun
  package let everything: [BrianObject]
  package let active: [BrianObject]
  package let clocks: [BaseClock]
  package let start: CompensatedTime
  package let end: CompensatedTime
  /// When it is continued: where.
  package let beganAt: CompensatedTime
  package let random: RandomState.Snapshot
  package let context: RunContext
  let reporter: Reporter?
  /// Whether an interrupt signal ends it.
  let listens: Bool
}

/// Where a clock stood, to put it back.
private struct ClockPosition {
  let clock: BaseClock
  let timestep: Int64
  let endStep: Int64
  let positionedStep: Double?

  init(_ clock: BaseClock) {
    self.clock = clock
    timestep = clock.timestep
    endStep = clock.endStep
    positionedStep = (clock as? Clock)?.positionedStep
  }

  func restore() {
    clock.place(at: timestep)
    clock.endStep = endStep
    (clock as? Clock)?.positionedStep = positionedStep
  }
}

/// Ends a run at the first step boundary at or after a time.
private final class TargetTime: StepObserver {
  private unowned let network: Network
  private let seconds: Double
  let wallInterval: Duration? = nil

  init(_ network: Network, seconds: Double) {
    self.network = network
    let shortest = network.distinctClocks(of: network.allObjects).compactMap(\.stepSeconds).min() ?? 0
    self.seconds = seconds - Clock.epsilonDt * shortest
  }

  func observe(seconds now: Double, wall: ContinuousClock.Instant, run: PreparedRun) { if now >= seconds { network.stop() } }
}
