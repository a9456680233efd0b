internal import EngramModelFiles
internal import EngramSimulation
internal import EngramStorage
internal import Foundation

/// Continues a run directory that a program made: the network is made again from the checkpoint (CKP-20).
struct ProgramRun {
  let directory: String
  let name: String
  var untilSeconds: Double?
  var checkpoints: CheckpointPolicy?
  let machine: MachineOptions

  /// Whether the checkpoint was made by a program rather than from a model file.
  static func isWanted(_ directory: String, _ name: String) throws -> Bool {
    try !Experiment.isFromModelFile(OpenedCheckpoint(name, at: URL(fileURLWithPath: directory), forWriting: false).source)
  }

  func run() throws {
    try withScope {
      try prefs.set(.threads, to: machine.threads)
      let network = try Network(checkpoint: name, in: URL(fileURLWithPath: directory))
      defer { network.closeRunDirectory() }
      let policy = checkpoints ?? .every(wall: .seconds(60))
      let start = network.timeSeconds
      var isStopped = false
      if network.hasUnfinishedRun, untilSeconds.map({ $0 > network.timeSeconds }) ?? true {
        let order = ExperimentRun(durationSeconds: nil, namespace: [:], stopSeconds: untilSeconds, checkpoints: policy)
        isStopped = try network.simulate(order).stopReason != .completed
      }
      if let untilSeconds, !isStopped, untilSeconds > network.timeSeconds * (1 + 1e-12) {
        let order = ExperimentRun(durationSeconds: untilSeconds - network.timeSeconds, namespace: [:], checkpoints: policy)
        isStopped = try network.simulate(order).stopReason != .completed
      }
      let isUnchanged = network.timeSeconds == start
      if !isUnchanged, !isStopped { try network.commit(.automatic) }
      if !machine.quiet {
        let time = Display.short(network.timeSeconds)
        try Output.standard.line(
          isUnchanged
            ? "\(directory) is complete at t = \(time) s; nothing to do (--until goes on)"
            : "\(directory): \(isStopped ? "stopped at" : "finished at") t = \(time) s, continued from t = \(Display.short(start)) s")
      }
    }
  }
}
