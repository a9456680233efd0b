internal import ArgumentParser
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
  let retention: RetentionOptions
  let machine: MachineOptions
  let started: ContinuousClock.Instant

  /// Whether the checkpoint was made by a program rather than from a model file.
  static func isWanted(_ checkpoint: CheckpointReference) throws -> Bool {
    try !Experiment.isFromModelFile(checkpoint.openForReading().look(at: checkpoint.nameOrLatest))
  }

  func run() throws {
    Session.prepareSignals()
    try withScope {
      try prefs.set(.threads, to: machine.threads)
      let place = try Continuation(checkpoint.name, in: checkpoint.openForReading())
      let network = try Network(checkpoint: place.checkpoint, in: URL(fileURLWithPath: checkpoint.directory))
      defer { network.closeRunDirectory() }
      network.keptCheckpoints = try retention.policyOrDefault
      let setup = ContinuousClock.now - started
      let start = network.timeSeconds
      let target = try untilSeconds ?? forSeconds.map { try lineStart(of: place, in: network) + $0 }
      let isComplete = target.map { start >= $0 * (1 - 1e-12) } ?? !network.hasUnfinishedRun
      if isComplete { return try tell(.alreadyComplete, network, from: start, setup, .zero) }
      if !machine.quiet, let name = checkpoint.name, let remark = place.remark(checkpoint.directory, name) { try Output.error.line(remark) }
      if let line = place.newLine { try network.branch(line, from: place.checkpoint) }
      let began = ContinuousClock.now
      let outcome = try simulate(network, until: target)
      if outcome != .interrupted { try network.commit(.automatic) }
      try tell(outcome, network, from: start, setup, ContinuousClock.now - began)
      if outcome == .interrupted { throw ExitCode(Program.Status.stoppedEarly) }
    }
  }

  /// The rest of a run that broke off, and on to the target.
  private func simulate(_ network: Network, until target: Double?) throws -> Experiment.Outcome {
    let policy = checkpoints ?? .every(wall: .seconds(60))
    if network.hasUnfinishedRun {
      let order = ExperimentRun(durationSeconds: nil, namespace: [:], stopSeconds: target, checkpoints: policy)
      if try network.simulate(order).stopReason != .completed { return reached(target, network) ? .reachedTarget : .interrupted }
    }
    guard let target, !reached(target, network) else { return .reachedEnd }
    let order = ExperimentRun(durationSeconds: target - network.timeSeconds, namespace: [:], checkpoints: policy)
    return try network.simulate(order).stopReason == .completed ? .reachedEnd : .interrupted
  }

  private func reached(_ target: Double?, _ network: Network) -> Bool { target.map { network.timeSeconds >= $0 * (1 - 1e-12) } ?? false }

  /// Network time at which the line of checkpoints begins (MDL-64).
  private func lineStart(of place: Continuation, in network: Network) throws -> Double {
    if place.newLine != nil { return network.timeSeconds }
    let all = try network.checkpoints
    guard let line = all.first(where: { $0.id == place.checkpoint })?.line else { return 0 }
    return all.first { $0.line == line && $0.kind == .branch }?.networkSeconds ?? 0
  }

  private func tell(_ outcome: Experiment.Outcome, _ network: Network, from start: Double, _ setup: Duration, _ loop: Duration) throws {
    let report = Experiment.Report(
      outcome: outcome, timeSeconds: network.timeSeconds, seed: network.random.seed, loop: loop, continuedFromSeconds: start)
    try Session(command: "resume", path: checkpoint.directory, machine: machine, started: started).tell(report, setup)
  }
}
