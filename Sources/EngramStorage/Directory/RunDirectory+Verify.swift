import EngramScalars
import Synchronization

extension RunDirectory {
  /// Reads everything that checkpoints refer to and compares it with its checksums. Changes nothing.
  package func verify() throws(StorageError) -> VerificationReport {
    if access == .write { settle() }
    var report = VerificationReport()
    checkFormat(&report)
    if access == .read { try refresh() }
    for problem in problems {
      report.problems.append(
        VerificationReport.Problem(
          file: "\(path)/\(problem.file)", what: problem.what, place: "directory entry", checkpoints: problem.checkpoint.map { [$0] } ?? []))
    }
    var claims: [String: FileClaims] = [:]
    var unreadable = state.withLock { $0.findings.damaged }
    for sequence in state.withLock({ state in state.catalogue.sequences.filter { state.isVisible($0) } }) {
      do throws(StorageError) {
        collect(try readManifest(sequence), into: &claims)
        report.checkpointCount += 1
      } catch { unreadable[sequence] = error }
    }
    for (sequence, problem) in unreadable.sorted(by: { $0.key < $1.key }) { report.report(problem, checkpoints: [CheckpointName.id(sequence)]) }
    for (_, claim) in claims.sorted(by: { $0.key < $1.key }) {
      report.fileCount += 1
      let label = "\(path)/\(claim.entry.path)"
      do throws(StorageError) {
        guard let file = try OpenPayloadFile(claim.entry.name, in: claim.entry.kind == .object ? objectFiles : segmentFiles, path: label) else {
          throw .missingFile(file: label, neededBy: claim.checkpoints.joined(separator: ", "))
        }
        claim.check(file, &report)
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
      let rowByteCount = recording.rowLength * recording.scalarType.byteCount
      for piece in recording.pieces { claims[manifest.files[piece.file].path]?.add(recording.key, piece, manifest.id, rowByteCount: rowByteCount) }
    }
  }
}
