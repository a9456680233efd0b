import EngramScalars
import CEngramSystem
import Synchronization

/// Where recordings get their segment files; a run directory.
protocol SegmentSource: AnyObject, Sendable {
  func makeSegment(scalarType: ScalarType, rowLength: Int) throws(StorageError) -> SegmentFile
}

/// One append-only file of a recording: a header, then rows.
///
/// Invariants: bytes below `byteCount` are never written again; what lies behind is garbage. Space is claimed before
/// it is written. A failed synchronisation is final: `hasFailed`, and the recording moves on to another file.
///
/// Unchecked: appended to by the thread of the run only; synchronised by the background thread; the shared numbers are
/// behind a mutex, descriptors do not change.
final class SegmentFile: @unchecked Sendable {
  let name: String
  let system: any FileSystem
  let descriptor: Descriptor
  let payloadOffset: Int
  /// Payload bytes the header speaks of.
  let extent: Int
  /// Hash of the bytes before the payload.
  let headerHash: ContentHash
  weak let source: (any SegmentSource)?

  private struct State {
    var byteCount: Int
    var hash: ContentHash?
    var allocated: Int
    var hasFailed = false
    var syncedByteCount: Int
  }
  private let state: Mutex<State>
  private let running: RunningHash?
  /// Whose descriptor this is, if not its own.
  private let owner: OpenPayloadFile?
  private var mappings: [(start: UnsafeMutableRawPointer, byteCount: Int, shownByteCount: Int)] = []

  /// Claims are a third of what there is, within these bounds: few calls, and little space that nothing is written to.
  private static let smallestClaim = 64 << 10
  private static let largestClaim = 16 << 20

  /// A fresh file, header written.
  init(
    name: String, system: any FileSystem, descriptor: Descriptor, payloadOffset: Int, extent: Int, headerHash: ContentHash,
    source: (any SegmentSource)?
  ) {
    self.name = name
    self.system = system
    self.descriptor = descriptor
    self.payloadOffset = payloadOffset
    self.extent = extent
    self.headerHash = headerHash
    self.source = source
    running = RunningHash()
    owner = nil
    state = Mutex(State(byteCount: 0, hash: nil, allocated: 0, syncedByteCount: -1))
  }

  /// The rows of a checkpoint; what lies behind them is garbage, and nothing is appended.
  init(viewOf file: OpenPayloadFile, _ piece: Manifest.Extent, _ entry: Manifest.FileEntry, source: (any SegmentSource)?) {
    name = entry.name
    system = file.system
    descriptor = file.descriptor
    payloadOffset = piece.offset
    extent = piece.byteCount
    headerHash = entry.hash
    self.source = entry.kind == .segment ? source : nil
    running = nil
    owner = file
    state = Mutex(State(byteCount: piece.byteCount, hash: piece.hash, allocated: 0, syncedByteCount: piece.byteCount))
  }

  deinit {
    for mapping in mappings { _ = engram_unmap(mapping.start, mapping.byteCount) }
    if owner == nil { try? system.close(descriptor) }
  }

  var byteCount: Int { state.withLock { $0.byteCount } }
  var hash: ContentHash? { state.withLock { $0.hash } }
  var hasFailed: Bool { state.withLock { $0.hasFailed } }
  var room: Int { running == nil ? 0 : extent - byteCount }

  /// Appends bytes of a piece.
  func append(_ piece: RecordingPiece, offset: Int, byteCount count: Int) throws(StorageError) {
    guard let running, count > 0 else { return }
    let start = byteCount
    let allocated = state.withLock { $0.allocated }
    if start + count > allocated {
      let claim = min(max(SegmentFile.smallestClaim, allocated / 3), SegmentFile.largestClaim)
      let end = min(extent, max(start + count, allocated + claim))
      try system.allocate(descriptor, offset: payloadOffset + allocated, byteCount: end - allocated)
      state.withLock { $0.allocated = end }
    }
    // In slabs, so that moving a long file does not need it in memory at once.
    var done = 0
    while done < count {
      let slab = min(count - done, 4 << 20)
      try lend(piece, offset + done..<offset + done + slab) { bytes throws(StorageError) in
        try system.write(descriptor, bytes, at: payloadOffset + start + done)
      }
      done += slab
    }
    done = 0
    while done < count {
      let slab = min(count - done, 4 << 20)
      try lend(piece, offset + done..<offset + done + slab) { bytes throws(StorageError) in running.append(bytes) }
      done += slab
    }
    let hash = running.value
    state.withLock {
      $0.byteCount = start + count
      $0.hash = hash
    }
  }

  private func lend(
    _ piece: RecordingPiece, _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Void
  ) throws(StorageError) {
    do { try piece.withBytes(range) { try body($0) } } catch let error as StorageError { throw error } catch {
      throw .system(operation: FileOperation.read.rawValue, path: name, code: 5)
    }
  }

  /// Makes every byte that counts survive a power cut. A failure is final for this file.
  func sync() throws(StorageError) {
    let count = byteCount
    guard state.withLock({ $0.syncedByteCount }) < count else { return }
    do throws(StorageError) {
      try system.syncData(descriptor)
      state.withLock { $0.syncedByteCount = max($0.syncedByteCount, count) }
    } catch {
      state.withLock { $0.hasFailed = true }
      throw error
    }
  }

  /// Lends payload bytes through a read-only mapping: pages that nobody looks at are dropped by the system.
  func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    let needed = payloadOffset + range.upperBound
    if mappings.last.map({ $0.shownByteCount < needed }) ?? true {
      let status = try system.status(descriptor)
      guard status.byteCount >= needed else {
        throw StorageError.damaged(file: "segments/\(name)", what: "the file was shortened", place: "byte \(status.byteCount)")
      }
      let start = try system.map(descriptor, offset: 0, byteCount: status.byteCount, mode: .readShared, at: nil)
      let shown = system.mappingsFollowWrites ? status.byteCount : payloadOffset + byteCount
      // Older mappings stay: somebody may be reading them.
      mappings.append((start, status.byteCount, shown))
    }
    guard let mapping = mappings.last else { preconditionFailure("a mapping was just made") }
    return try body(UnsafeRawBufferPointer(start: mapping.start + payloadOffset + range.lowerBound, count: range.count))
  }
}
