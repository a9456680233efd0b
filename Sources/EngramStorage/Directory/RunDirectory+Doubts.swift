import EngramSystem
import Synchronization

/// Checkpoints that were made while something that they may have been computed from was damaged (CKP-42).
///
/// A file `checkpoints/<id>.doubt` beside the manifest says so, and why; its being there counts, whatever is in it. Such a checkpoint
/// is treated as a damaged one: it is listed as such, nobody goes on from it, and it can be removed by its id.
extension RunDirectory {
  static let doubtSuffix = ".doubt"

  /// Doubts every checkpoint of this line made after that one. Returns their ids.
  @discardableResult
  package func doubt(after sequence: UInt64, because reason: String) throws(StorageError) -> [String] {
    guard access == .write, !state.withLock({ $0.isClosed }) else { return [] }
    settle()
    let concerned = state.withLock { state in
      state.catalogue.sequences.filter { $0 > sequence && state.catalogue.heads[$0]?.line == state.line && state.isVisible($0) }.sorted(by: >)
    }
    guard !concerned.isEmpty else { return [] }
    try requireWriter()
    try checkOwnership()
    for sequence in concerned {
      try publish(
        Array(reason.utf8.prefix(4096)), as: CheckpointName.id(sequence) + RunDirectory.doubtSuffix, in: checkpoints, by: temporary,
        replacing: true, system)
      state.withLock { state in
        state.findings.details[sequence] = nil
        state.findings.damaged[sequence] = .doubtful(checkpoint: CheckpointName.id(sequence), path: path, reason: reason)
        if state.current == sequence { state.current = nil }
      }
    }
    return concerned.reversed().map(CheckpointName.id)
  }

  /// Why a checkpoint is doubtful, among the names of the directory of checkpoints.
  func doubts(among names: [String]) -> [UInt64: StorageError] {
    var found: [UInt64: StorageError] = [:]
    for name in names where name.hasSuffix(RunDirectory.doubtSuffix) {
      let id = String(name.dropLast(RunDirectory.doubtSuffix.count))
      guard let sequence = CheckpointName.sequence(ofID: id) else { continue }
      found[sequence] = .doubtful(checkpoint: id, path: path, reason: reason(name))
    }
    return found
  }

  private func reason(_ name: String) -> String {
    guard let file = try? system.open(name, in: checkpoints, .read) else { return "no reason is given" }
    defer { try? system.close(file) }
    let bytes = try? system.contents(file, path: name, atMost: 4096)
    return bytes.flatMap { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) } ?? "no reason is given"
  }

  /// With the checkpoint goes what was said about it.
  func removeDoubt(_ sequence: UInt64) throws(StorageError) {
    do throws(StorageError) { try system.remove(CheckpointName.id(sequence) + RunDirectory.doubtSuffix, in: checkpoints) } catch {
      guard case .system(_, _, ENOENT) = error else { throw error }
    }
  }
}
