/// What a complete reading of a run directory or portable file found (CKP-28 a).
public struct VerificationReport: Sendable, Equatable {
  /// One thing that is not as it was written.
  public struct Problem: Sendable, Hashable {
    /// The file, by its path in the run directory.
    public let file: String
    /// Names object and variable where an array is concerned.
    public let what: String
    /// Where in the file, as far as it is known.
    public let place: String
    /// Ids of the checkpoints that cannot be trusted because of it; empty where no value is concerned.
    public let checkpoints: [String]
  }

  /// Everything that is wrong.
  public internal(set) var problems: [Problem] = []
  /// Harmless observations: files that nothing refers to.
  public internal(set) var notes: [String] = []
  /// How many checkpoints were looked at.
  public internal(set) var checkpointCount = 0
  /// How many files were read.
  public internal(set) var fileCount = 0
  /// How many bytes were read and compared.
  public internal(set) var byteCount: UInt64 = 0

  /// Whether all bytes are what was written.
  public var isSound: Bool { problems.isEmpty }

  mutating func report(_ error: StorageError, checkpoints: [String]) {
    switch error {
    case .damaged(let file, let what, let place):
      problems.append(Problem(file: file, what: what, place: place, checkpoints: checkpoints))
    case .missingFile(let file, let neededBy):
      problems.append(Problem(file: file, what: "is missing; \(neededBy) needs it", place: "directory entry", checkpoints: checkpoints))
    default:
      problems.append(Problem(file: "", what: error.description, place: "", checkpoints: checkpoints))
    }
  }
}

/// Everything that checkpoints say about one file, checked in one pass over it.
struct FileClaims {
  struct Claim: Hashable {
    let key: StoredKey
    let extent: Manifest.Extent
    /// Of a recording; what its header says is compared with it.
    var rowByteCount: Int?
  }
  var entry: Manifest.FileEntry
  /// Which checkpoints make which claim.
  var claims: [Claim: [String]] = [:]
  var checkpoints: [String] = []

  mutating func add(_ key: StoredKey, _ extent: Manifest.Extent, _ checkpoint: String, rowByteCount: Int? = nil) {
    var plain = extent
    plain.file = 0
    claims[Claim(key: key, extent: plain, rowByteCount: rowByteCount), default: []].append(checkpoint)
  }

  /// Reads the file and compares.
  func check(_ file: OpenPayloadFile, _ report: inout VerificationReport) {
    let contentEnd = claims.keys.reduce(0) { max($0, $1.extent.offset + $1.extent.byteCount) }
    do throws(StorageError) {
      try file.checkSize(entry, contentEnd: contentEnd, neededBy: checkpoints.joined(separator: ", "))
      report.byteCount += UInt64(entry.byteCount)
    } catch { return report.report(error, checkpoints: checkpoints) }
    var arraysAreIntact = true
    // Prefixes of one file that begin at the same place are hashed on one way.
    for (start, claims) in Dictionary(grouping: claims, by: { $0.key.extent.offset }).sorted(by: { $0.key < $1.key }) {
      let running = RunningHash()
      var position = start
      for (claim, checkpoints) in claims.sorted(by: { $0.key.extent.byteCount < $1.key.extent.byteCount }) {
        do throws(StorageError) {
          let end = start + claim.extent.byteCount
          try file.forEachSlab(position..<end) { bytes throws(StorageError) in running.append(bytes) }
          position = end
          if running.value != claim.extent.hash { throw file.damage(claim.key, claim.extent) }
        } catch {
          arraysAreIntact = false
          report.report(error, checkpoints: checkpoints)
        }
      }
    }
    do throws(StorageError) {
      let isAsWritten =
        if entry.kind == .segment, entry.hashedByteCount == 0 { try hasIntactHeader(file, contentEnd) } else {
          try file.hash(first: entry.hashedByteCount) == entry.hash
        }
      if !isAsWritten, arraysAreIntact || entry.kind == .segment {
        report.problems.append(
          VerificationReport.Problem(
            file: file.path, what: "bytes around the arrays have changed; Engram does not read them, other tools may refuse the file",
            place: "outside every array", checkpoints: []))
      }
    } catch { report.report(error, checkpoints: checkpoints) }
  }

  private func hasIntactHeader(_ file: OpenPayloadFile, _ contentEnd: Int) throws(StorageError) -> Bool {
    // Ours are of one block; somebody else's manifest may say anything.
    guard let start = claims.keys.map(\.extent.offset).min(), start <= 1 << 20, let rowByteCount = claims.keys.first?.rowByteCount else { return true }
    return try SegmentHeader.isIntact(in: file, rowsAt: start, contentEnd: contentEnd, rowByteCount: rowByteCount)
  }
}
