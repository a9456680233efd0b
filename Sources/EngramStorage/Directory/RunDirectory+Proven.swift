import Synchronization

extension RunDirectory.State {
  /// Everything this checkpoint refers to was written, or read and found intact, by this process.
  mutating func noteProven(_ manifest: Manifest) {
    for claim in manifest.claims {
      for array in claim.arrays {
        let known = proven[claim.entry.path]?[array.extent.offset] ?? 0
        proven[claim.entry.path, default: [:]][array.extent.offset] = max(known, array.extent.byteCount)
      }
    }
  }

  func isProven(_ path: String, _ extent: Manifest.Extent) -> Bool {
    (proven[path]?[extent.offset] ?? 0) >= extent.byteCount
  }

  /// The file is gone.
  mutating func forgetProven(_ path: String) { proven[path] = nil }
}

extension RunDirectory {
  /// Whether a stored array that is said to equal a column really does: read where this process has not seen it yet. If not, the
  /// column is written anew.
  func isProven(_ place: Place, _ column: CommitJob.ColumnJob) -> Bool {
    let extent = Manifest.Extent(file: 0, offset: place.offset, byteCount: place.byteCount, hash: place.hash)
    if state.withLock({ $0.isProven(place.file.path, extent) }) { return true }
    guard let file = try? OpenPayloadFile(place.file.name, in: objectFiles, path: "\(path)/\(place.file.path)") else { return false }
    guard (try? file.checkSize(place.file, contentEnd: place.offset + place.byteCount, neededBy: "a checkpoint")) != nil else { return false }
    return (try? StoredExtent(file, extent, column.key, column.scalarType, isMappable: false).verify()) != nil
  }

  /// For what is to be carried on elsewhere or on another line: where it is damaged, the error tells what could be
  /// carried instead.
  func refusingDamage<Result>(of sequence: UInt64, _ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
    do throws(StorageError) { return try body() } catch {
      switch error {
      case .damaged, .missingFile: throw .damagedSource(checkpoint: CheckpointName.id(sequence), problem: error.sentence, intact: intactCheckpoints())
      default: throw error
      }
    }
  }

  /// Checkpoints that a complete reading finds nothing wrong with: ids and names, newest first.
  private func intactCheckpoints() -> [String] {
    guard let report = try? verify(), let all = try? list() else { return [] }
    let concerned = Set(report.problems.flatMap(\.checkpoints))
    return all.reversed().filter { !concerned.contains($0.id) }.map { $0.names.isEmpty ? $0.id : "\($0.id) (\($0.names.joined(separator: ", ")))" }
  }
}
