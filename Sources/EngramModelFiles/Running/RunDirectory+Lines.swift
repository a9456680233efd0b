package import EngramStorage

/// Which checkpoint a call goes on from.
extension RunDirectory {
  /// The line of the model file itself; others begin at branches.
  package static let mainLine = "main"

  /// The newest commit on any line, by sequence number (MDL-62). Damage to a newer one is never passed over in silence. Lines that were made
  /// to be looked at are passed over, until somebody goes on with one.
  package func newest() throws -> CheckpointInfo? {
    let all = try list()
    let looks = Set(Dictionary(grouping: all, by: \.line).filter { $0.value.max { $0.sequence < $1.sequence }?.tags.contains(RebuiltState.tag) == true }.keys)
    return try newest { looks.count == 0 || !looks.contains($0.line) }
  }

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
