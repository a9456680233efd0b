public import EngramSimulation
public import EngramStorage

/// One stretch of simulation as an experiment orders it: a new run, or the rest of an unfinished one, perhaps only up to
/// some time.
package struct ExperimentRun {
  /// Duration of a new run [s]; nil: the rest of the unfinished run.
  package var durationSeconds: Double?
  package var namespace: Namespace
  /// Stop at the step boundary that reaches this network time [s]; the run stays unfinished.
  package var stopSeconds: Double?
  package var checkpoints: CheckpointPolicy?
  package var report: ProgressReport
  package var reportPeriod: Duration
  package var profile = false

  package init(
    durationSeconds: Double?, namespace: Namespace, stopSeconds: Double? = nil, checkpoints: CheckpointPolicy? = nil,
    report: ProgressReport = .none, reportPeriod: Duration = .seconds(10)
  ) {
    self.durationSeconds = durationSeconds
    self.namespace = namespace
    self.stopSeconds = stopSeconds
    self.checkpoints = checkpoints
    self.report = report
    self.reportPeriod = reportPeriod
  }
}

extension Network {
  package func simulate(_ order: ExperimentRun) throws -> RunSummary {
    var request = RunRequest(
      durationSeconds: order.durationSeconds ?? 0, report: order.report, reportPeriod: order.reportPeriod, namespace: order.namespace,
      profile: order.profile)
    // The steps of an experiment say which constants change; that it is the same experiment has been checked (MDL-63).
    request.comparesNamespace = false
    // Once before the experiment reports anything, not after each of many runs.
    request.confirmsSources = false
    if order.durationSeconds == nil {
      guard let pending = kept.pendingRun else { throw NetworkError.noRunToResume }
      request.durationSeconds = Swift.max(pending.end.seconds - time.seconds, 0)
      request.start = pending.start
      request.end = pending.end
      request.activeNames = Set(pending.activeNames)
    }
    if let policy = order.checkpoints, runDirectory != nil { request.observers.append(try automatic(policy)) }
    request.stopSeconds = order.stopSeconds
    return try simulate(request)
  }

  /// The end of the unfinished run [s].
  package var unfinishedRunEndSeconds: Double? { kept.pendingRun?.end.seconds }
  package var timeSeconds: Double { time.seconds }

  /// Stores the state in the run directory and waits until it is durable.
  ///
  /// - Parameter line: the line of checkpoints that begins with it.
  /// - Returns: the checkpoint as the directory has it after the flush.
  @discardableResult
  package func commit(_ kind: CheckpointKind, name: String? = nil, comment: String = "", tags: [String] = [], beginning line: String? = nil) throws
    -> CheckpointInfo
  {
    guard let directory = runDirectory else { throw CheckpointError.noRunDirectory }
    try positionClocks()
    var options = CommitOptions(name: name, kind: kind, summary: listing)
    options.comment = comment
    options.tags = tags
    options.newLine = line
    let began = ContinuousClock.now
    let stored = try storing {
      let state = try gatherState()
      return try onFirst { try wrappingStorage { try directory.commitWithView(state, options, copying: false).wait().id } }
    }
    guard let id = stored else { preconditionFailure("a checkpoint has an id") }
    let info = try wrappingStorage { try directory.acknowledged(id) }
    WallLimit.noteCheckpoint(ContinuousClock.now - began)
    if kind != .automatic { kept.log.begin(at: info.id) }
    tookCheckpoint()
    showWholeArrays()
    kept.status?.republish()
    return info
  }

  /// Keeps what is recorded in files of that directory, which gets no checkpoints.
  package func recordingsSpill(to directory: RunDirectory) { kept.spill = directory }

  /// The last word about an experiment that ends with an error, for those who look on.
  package func publishFailure(_ error: any Error) { kept.status?.end(.failed, problem: error) }

  /// The last word about an experiment that ends between two runs, with steps left: the last run is complete, the experiment is not.
  package func publishStop() { kept.status?.end(.stopped) }

  /// For preparing objects between runs: nothing moves.
  package func pausedContext(namespace: Namespace) -> RunContext {
    RunContext(network: self, namespace: namespace, startSeconds: time.seconds, endSeconds: time.seconds, isResumption: true)
  }

  /// The same with the names of the last run, be it before the checkpoint that was restored.
  package func pausedContext() throws -> RunContext {
    try pausedContext(namespace: kept.lastNamespace ?? kept.storedNamespace.map { try Namespace(stored: $0, functions: knownFunctions) } ?? [:])
  }

  /// Prepares every object as a run would and collects what goes wrong, so that all problems are seen at once. Executes
  /// nothing and leaves time where it is.
  ///
  /// - Parameters:
  ///   - namespace: as of a run.
  ///   - onKernel: sees each kernel with what its code means.
  ///   - onPrepared: sees the run that would begin, where nothing went wrong.
  /// - Returns: what went wrong, and what there was to say, which nobody has seen yet: a run says it again.
  package func rehearse(
    namespace: Namespace, onKernel: ((PreparedKernel, CodeExplanation) -> Void)? = nil, onPrepared: (RunContext) -> Void = { _ in }
  ) -> (problems: [any Error], messages: [Message]) {
    var names = inheritedNamespace
    names.merge(namespace)
    let context = RunContext(
      network: self, namespace: names, startSeconds: time.seconds, endSeconds: time.seconds, isResumption: true, isRehearsal: true)
    context.onKernel = onKernel
    let (problems, messages) = Messages.capturing { () -> [any Error] in
      var problems: [any Error] = []
      for object in sortedBySchedule(allObjects) where object.isActive {
        do { try object.beforeRun(context) } catch {
          problems.append(BrianObjectError.wrap(error, object: object, phase: .preparing))
        }
      }
      if problems.isEmpty { onPrepared(context) }
      let refusals = problems.isEmpty ? refusals(of: context) : []
      if !refusals.isEmpty { problems.append(DistributionError.refused(refusals)) }
      return problems
    }
    return (problems, messages)
  }
}

extension Network {
  /// The checkpoints in the network's run directory, oldest first, without loading any data (CKP-17); none without one.
  public var checkpoints: [CheckpointInfo] {
    get throws { try wrappingStorage { try kept.home?.directory.list() ?? [] } }
  }
}
