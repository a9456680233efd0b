internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramMagic
internal import EngramModelFiles
internal import EngramSimulation
internal import EngramStorage
internal import Foundation

/// Continues a run directory that a program made: the network is made again from the checkpoint (CKP-20).
struct ProgramRun {
  let checkpoint: CheckpointReference
  var untilSeconds: Double?
  /// After the start of the line.
  var forSeconds: Double?
  var checkpoints: CheckpointPolicy?
  let watching: WatchWishes
  let retention: RetentionOptions
  var isProfiled = false
  let machine: MachineOptions
  let started: ContinuousClock.Instant

  /// Whether the checkpoint was made by a program rather than from a model file.
  static func isWanted(_ checkpoint: CheckpointReference) throws -> Bool {
    try !Experiment.isFromModelFile(checkpoint.openForReading().look(at: checkpoint.nameOrLatest))
  }

  func run() throws {
    try withScope {
      let directory = try checkpoint.openForWriting()
      let place = try Continuation(checkpoint.name, in: directory)
      if !machine.quiet, let remark = try place.remark(checkpoint, in: directory) { try? Output.error.line(remark) }
      directory.close()
      let network = try Network(
        checkpoint: place.checkpoint, at: CheckpointLocation(URL(fileURLWithPath: checkpoint.directory), format: .hdf5))
      defer { network.closeRunDirectory() }
      network.keptCheckpoints = try retention.policyOrDefault
      network.watchdogs = try watching.watchdogs(for: network)
      let setup = ContinuousClock.now - started
      let start = network.timeSeconds
      let target = try untilSeconds ?? forSeconds.map { try lineStart(of: place, in: network) + $0 }
      let isComplete = target.map { start >= $0 * (1 - 1e-12) } ?? !network.hasUnfinishedRun
      if isComplete { return try tell(.alreadyComplete, network, network.acknowledged(), from: start, setup, .zero) }
      if Interrupt.isPending { return try stop(network, network.acknowledged(), from: start, setup, .zero) }
      let began = ContinuousClock.now
      do {
        if let line = place.newLine { try network.branch(line, from: place.checkpoint) }
        var profile: [ProfilingSummary.Entry] = []
        let (outcome, held) = try simulate(network, until: target, &profile)
        let loop = ContinuousClock.now - began
        try tell(outcome, network, held, from: start, setup, loop, profile)
        if outcome == .interrupted { throw ExitCode(ExitStatus.stoppedEarly) }
      } catch var found as WatchdogError {
        do { found.checkpoint = try network.goBack(before: found) } catch { found.obstacle = "\(error)" }
        network.publishFailure(found)
        guard let directory = network.runDirectory else { throw found }
        throw FailedRun(found, path: checkpoint.directory, in: directory)
      } catch let error as CheckpointError {
        network.publishFailure(error)
        guard let directory = network.runDirectory else { throw error }
        throw FailedRun(error, path: checkpoint.directory, in: directory)
      }
    }
  }

  /// The rest of a run that broke off, and on to the target.
  ///
  /// - Returns: the checkpoint that holds where it ended, as the directory has it.
  private func simulate(
    _ network: Network, until target: Double?, _ profile: inout [ProfilingSummary.Entry]
  ) throws -> (Experiment.Outcome, CheckpointInfo?) {
    func order(durationSeconds: Double?, stopSeconds: Double? = nil) -> ExperimentRun {
      var order = ExperimentRun(
        durationSeconds: durationSeconds, namespace: [:], stopSeconds: stopSeconds, checkpoints: checkpoints ?? .every(wall: .seconds(60)))
      order.profile = isProfiled
      return order
    }
    func held(_ summary: RunSummary) throws -> CheckpointInfo? {
      do { return try summary.checkpoint.map { try network.runDirectory?.acknowledged($0) } ?? network.commit(.automatic) } catch {
        throw network.brokenOff(by: error)
      }
    }
    var last: RunSummary?
    if network.hasUnfinishedRun {
      let summary = try network.simulate(order(durationSeconds: nil, stopSeconds: target))
      if isProfiled { profile += try network.profilingInfo }
      if summary.stopReason != .completed { return (reached(target, network) ? .reachedTarget : .interrupted, try held(summary)) }
      last = summary
    }
    if let target, !reached(target, network) {
      let summary = try network.simulate(order(durationSeconds: target - network.timeSeconds))
      if isProfiled { profile += try network.profilingInfo }
      if summary.stopReason != .completed { return (.interrupted, try held(summary)) }
      last = summary
    }
    return (.reachedEnd, try last.map(held) ?? network.acknowledged())
  }

  private func reached(_ target: Double?, _ network: Network) -> Bool { target.map { network.timeSeconds >= $0 * (1 - 1e-12) } ?? false }

  /// Network time at which the line of checkpoints begins (MDL-64).
  private func lineStart(of place: Continuation, in network: Network) throws -> Double {
    if place.newLine != nil { return network.timeSeconds }
    let all = try network.checkpoints
    guard let line = all.first(where: { $0.id == place.checkpoint })?.line else { return 0 }
    return all.first { $0.line == line && $0.kind == .branch }?.networkSeconds ?? 0
  }

  private func stop(_ network: Network, _ held: CheckpointInfo?, from start: Double, _ setup: Duration, _ loop: Duration) throws {
    try tell(.interrupted, network, held, from: start, setup, loop)
    throw ExitCode(ExitStatus.stoppedEarly)
  }

  private func tell(
    _ outcome: Experiment.Outcome, _ network: Network, _ held: CheckpointInfo?, from start: Double, _ setup: Duration, _ loop: Duration,
    _ profile: [ProfilingSummary.Entry] = []
  ) throws {
    var report = Experiment.Report(
      outcome: outcome, timeSeconds: held?.networkSeconds ?? network.timeSeconds, seed: network.random.seed, loop: loop,
      continuedFromSeconds: start, checkpoint: held)
    if !profile.isEmpty { report.profile = ProfilingSummary(profile) }
    try Session(command: "resume", path: checkpoint.directory, machine: machine, started: started).tell(report, setup)
  }
}
