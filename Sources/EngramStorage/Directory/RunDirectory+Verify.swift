import Synchronization

extension RunDirectory {
  /// Reads everything that checkpoints refer to and compares it with its checksums. Changes nothing.
  package func verify() throws(StorageError) -> VerificationReport {
    if access == .write { settle() }
    var report = VerificationReport()
    checkFormat(&report)
    if case .failure(let problem) = Result(catching: { () throws(StorageError) in try refreshForVerification() }) { throw problem }
    if let problem = state.withLock({ $0.tableProblem }) { report.report(problem, checkpoints: []) }
    for (sequence, problem) in state.withLock({ $0.damaged }).sorted(by: { $0.key < $1.key }) {
      report.report(problem, checkpoints: [CheckpointName.id(sequence)])
    }
    var claims: [String: FileClaims] = [:]
    for (_, manifest) in state.withLock({ $0.manifests }).sorted(by: { $0.key < $1.key }) {
      report.checkpointCount += 1
      collect(manifest, into: &claims)
    }
    for (_, claim) in claims.sorted(by: { $0.key < $1.key }) {
      report.fileCount += 1
      let label = "\(path)/\(claim.entry.path)"
      do throws(StorageError) {
        guard let descriptor = try system.openIfPresent(claim.entry.name, in: claim.entry.kind == .object ? objects : segments) else {
          throw .missingFile(file: label, neededBy: claim.checkpoints.joined(separator: ", "))
        }
        claim.check(OpenPayloadFile(system: system, descriptor: descriptor, path: label), &report)
      } catch { report.report(error, checkpoints: claim.checkpoints) }
    }
    for (directory, folder) in [(objects, "objects"), (segments, "segments")] {
      for name in try system.list(directory) where claims["\(folder)/\(name)"] == nil {
        report.notes.append("\(folder)/\(name): nothing refers to it")
      }
    }
    return report
  }

  private func checkFormat(_ report: inout VerificationReport) {
    do throws(StorageError) {
      let file = try system.open(FormatFile.name, in: root, .read)
      defer { try? system.close(file) }
      _ = try FormatFile(decoding: try system.contents(file, path: path + "/FORMAT", atMost: 4096), path: path + "/FORMAT")
    } catch { report.report(error, checkpoints: []) }
  }

  /// Manifests as they are on disk now; a writer keeps its place.
  private func refreshForVerification() throws(StorageError) {
    guard access == .write else { return try refresh() }
    let (line, current, places, next) = state.withLock { ($0.line, $0.current, $0.places, $0.nextSequence) }
    try refresh()
    state.withLock { state in
      (state.line, state.current, state.nextSequence) = (line, current, max(next, state.nextSequence))
      state.places = places.filter { state.objects.contains($0.value.file.name) }
    }
  }

  private func collect(_ manifest: Manifest, into claims: inout [String: FileClaims]) {
    for entry in manifest.files {
      claims[entry.path, default: FileClaims(entry: entry)].checkpoints.append(manifest.id)
      if claims[entry.path]!.entry.byteCount < entry.byteCount { claims[entry.path]!.entry.byteCount = entry.byteCount }
    }
    for column in manifest.columns {
      guard let extent = column.extent else { continue }
      claims[manifest.files[extent.file].path]?.add(column.key, extent, manifest.id)
    }
    for recording in manifest.recordings {
      for piece in recording.pieces { claims[manifest.files[piece.file].path]?.add(recording.key, piece, manifest.id) }
    }
  }
}
