internal import EngramCheckpoints
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// When an experiment makes checkpoints and which of them stay: what the file says, and what the call says instead (MDL-68).
struct CheckpointChoices {
  let policy: CheckpointPolicy
  let retention: RetentionPolicy

  /// Reports what is no interval at its place in the file.
  init(_ interval: ModelFile.CheckpointInterval, _ options: Experiment.Options, _ reader: ValueReader) {
    func positive(_ seconds: Double?, _ node: ModelNode?, _ key: String) -> Double? {
      guard let seconds, let node else { return nil }
      if seconds > 0, seconds.isFinite { return seconds }
      reader.problems.report("'\(key)' is a time above 0, found \(node.kindName)", at: node)
      return nil
    }
    func simulated(_ node: ModelNode?, _ key: String) -> Double? { positive(node.flatMap { reader.time($0, key) }?.si, node, key) }
    /// `wall: 5 min`, or a quantity.
    func wall(_ node: ModelNode?) -> Duration? {
      let seconds = node.flatMap { node in node.scalar.flatMap { WallTime.seconds($0.text) } ?? reader.time(node, "wall")?.si }
      return positive(seconds, node, "wall").map(WallTime.duration)
    }
    let (every, everyWall) = (simulated(interval.simulated, "every"), wall(interval.wall))
    policy =
      options.checkpoints
      ?? (every == nil && everyWall == nil ? .every(wall: .seconds(60)) : CheckpointPolicy(simulated: every.map { Time(si: $0) }, wall: everyWall))
    let (period, periodWall) = (simulated(interval.keepPerSimulated, "simulated"), wall(interval.keepPerWall))
    retention = RetentionPolicy(
      automatic: options.keeping.last ?? interval.keep ?? RetentionPolicy().automatic,
      perSimulatedSeconds: options.keeping.perSimulatedSeconds ?? period, perWall: options.keeping.perWall ?? periodWall)
  }
}
