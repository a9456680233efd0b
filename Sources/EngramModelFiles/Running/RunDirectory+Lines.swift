package import EngramStorage

/// Which checkpoint a call goes on from.
extension RunDirectory {
  /// The line of the model file itself; others begin at branches.
  package static let mainLine = "main"

  /// The newest commit on any line, by sequence number (MDL-62). Damage to a newer one is never passed over in silence.
  package func newest() throws -> CheckpointInfo? { try newest { _ in true } }

  /// The newest commit of a line, likewise: a damaged one may be of this line.
  package func newest(ofLine line: String) throws -> CheckpointInfo? { try newest { $0.line == line } }

  private func newest(_ isWanted: (CheckpointInfo) -> Bool) throws -> CheckpointInfo? {
    let intact = try list().filter(isWanted).max { $0.sequence < $1.sequence }
    for (id, problem) in damagedCheckpoints.sorted(by: { $0.key < $1.key }) {
      guard let sequence = CheckpointName.sequence(ofID: id), sequence > intact?.sequence ?? 0 else { continue }
      throw ExperimentError.damagedNewest(directory: path, id: id, problem: "\(problem)", intact: intact?.id)
    }
    return intact
  }
}
