import EngramScalars
import EngramSystem
import Synchronization

/// Where recordings get their segment files; a run directory.
protocol SegmentSource: AnyObject, Sendable {
  /// Whether files can be made there, still.
  var isOpen: Bool { get }
  /// Rows could not be written and stay in memory: whoever goes on recording must not.
  func noteRecordingFault(_ fault: StorageError)
  /// The header of a segment could not be written whole: its rows are there, and other tools cannot open it.
  func noteTornHeader(of segment: SegmentFile, _ fault: StorageError)
  func makeSegment(scalarType: ScalarType, rowLength: Int) throws(StorageError) -> SegmentFile
  /// Pieces of recordings from this size on are not copied again to be joined with others.
  var joinedByteCount: Int { get }
}

/// One append-only file of a recording: a header, then rows.
///
/// Invariants: bytes below `byteCount` are never written again; what lies behind is garbage. Nobody but the process that made
/// the file writes to it. Space is claimed before it is written. A failed synchronisation is final: `hasFailed`, and the
/// recording moves on to another file.
///
/// Unchecked: appended to by the thread of the run only; synchronised by the background thread; the shared numbers are
/// behind a mutex, descriptors are the pool's.
final class SegmentFile: @unchecked Sendable {
  let name: String
  let file: OpenPayloadFile
  let payloadOffset: Int
  /// What manifests say about the bytes before the payload.
  let headerHash: (byteCount: Int, hash: ContentHash)
  weak let source: (any SegmentSource)?
  /// Nil for a file that is only read.
  private let writer: Writer?

  private struct Writer {
    let header: SegmentHeader
    /// Payload bytes that the file may hold: whole rows.
    let capacity: Int
  }

  private struct State {
    var byteCount: Int
    var hash: ContentHash?
    var blocks = BlockHasher(blockByteCount: StoredExtent.largeBlockByteCount)
    /// Payload bytes the header speaks of, and the file has room for.
    var extent = 0
    /// Whether a header was begun and may be there by half.
    var isHeaderTorn = false
    /// Why a synchronisation failed, for ever.
    var failure: StorageError?
    var isFinished = false
    var syncedByteCount: Int
  }
  private let state: Mutex<State>
  private var running = RunningHash()
  /// What this is a view of.
  private let extent: StoredExtent?

  /// A fresh, empty file.
  init(name: String, file: PooledFile, payloadOffset: Int, header: SegmentHeader, capacity: Int, source: (any SegmentSource)?) {
    self.name = name
    self.file = OpenPayloadFile(file)
    self.payloadOffset = payloadOffset
    headerHash = (0, ContentHash(of: []))
    self.source = source
    writer = Writer(header: header, capacity: capacity)
    extent = nil
    state = Mutex(State(byteCount: 0, hash: nil, syncedByteCount: 0))
    // Only this descriptor tells whether what was written through it has arrived.
    file.beforeClosing = { [weak self] in try? self?.sync() }
  }

  /// The rows of a checkpoint; what lies behind them is garbage, and nothing is appended.
  init(viewOf extent: StoredExtent, _ entry: Manifest.FileEntry, source: (any SegmentSource)?) {
    name = entry.name
    file = extent.file
    payloadOffset = extent.offset
    headerHash = (entry.hashedByteCount, entry.hash)
    self.source = entry.kind == .segment ? source : nil
    writer = nil
    self.extent = extent
    state = Mutex(State(byteCount: extent.byteCount, hash: extent.hash, syncedByteCount: extent.byteCount))
  }

  deinit { if source?.isOpen == true { finish() } }

  var byteCount: Int { state.withLock { $0.byteCount } }
  var hash: ContentHash? { state.withLock { $0.hash } }
  var hasFailed: Bool { state.withLock { $0.failure != nil } }
  var room: Int { writer.map { $0.capacity - byteCount } ?? 0 }
  var path: String { "segments/\(name)" }

  // MARK: Writing

  /// Appends some bytes; at most `room`.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    guard let writer, !bytes.isEmpty else { return }
    let start = byteCount
    precondition(bytes.count <= writer.capacity - start, "a segment is full")
    try makeRoom(for: start + bytes.count, writer)
    try file.withDescriptor { descriptor throws(StorageError) in try file.system.write(descriptor, bytes, at: payloadOffset + start) }
    running.append(bytes)
    let hash = running.value
    state.withLock {
      $0.byteCount = start + bytes.count
      $0.hash = hash
      $0.blocks.append(bytes)
    }
  }

  /// Claims space, and lets the header speak of it: other tools may look at any time.
  private func makeRoom(for byteCount: Int, _ writer: Writer) throws(StorageError) {
    let (extent, isTorn) = state.withLock { ($0.extent, $0.isHeaderTorn) }
    guard byteCount > extent || isTorn else { return }
    let rowByteCount = writer.header.rowByteCount
    let rows = (byteCount + rowByteCount - 1) / rowByteCount
    let larger = max(extent, min(SegmentHeader.step(rows: rows, rowByteCount: rowByteCount) * rowByteCount, writer.capacity))
    try file.withDescriptor { descriptor throws(StorageError) in
      if larger > extent { try file.system.allocate(descriptor, offset: payloadOffset + extent, byteCount: larger - extent) }
      do throws(StorageError) { try writeHeader(rows: larger / rowByteCount, writer, descriptor) } catch {
        // Earlier checkpoints refer to the rows that the former one speaks of.
        if extent > 0 { try? writeHeader(rows: extent / rowByteCount, writer, descriptor) }
        throw error
      }
    }
    state.withLock { $0.extent = larger }
  }

  private func writeHeader(rows: Int, _ writer: Writer, _ descriptor: Descriptor) throws(StorageError) {
    let header = try writer.header.bytes(rows: rows)
    state.withLock { $0.isHeaderTorn = true }
    try file.system.write(descriptor, header, at: 0)
    state.withLock { $0.isHeaderTorn = false }
  }

  /// Where an attempt to append began, for taking it back.
  struct Mark {
    fileprivate let byteCount: Int
    fileprivate let running: RunningHash
    fileprivate let blocks: BlockHasher
  }

  var mark: Mark { state.withLock { Mark(byteCount: $0.byteCount, running: running.copy(), blocks: $0.blocks) } }

  /// What was appended since the mark is garbage, to be overwritten.
  func goBack(to mark: Mark) {
    running = mark.running.copy()
    let hash = mark.byteCount > 0 ? running.value : nil
    state.withLock {
      ($0.byteCount, $0.hash, $0.blocks) = (mark.byteCount, hash, mark.blocks)
      $0.syncedByteCount = min($0.syncedByteCount, mark.byteCount)
    }
  }

  /// Makes every byte that counts survive a power cut. A failure is final for this file.
  func sync() throws(StorageError) {
    let (count, synced, failure) = state.withLock { ($0.byteCount, $0.syncedByteCount, $0.failure) }
    // The system reports a failure once; asking again would be answered with success.
    if let failure { throw failure }
    guard synced < count else { return }
    do throws(StorageError) {
      try file.withDescriptor { descriptor throws(StorageError) in try file.system.syncData(descriptor) }
      state.withLock { $0.syncedByteCount = max($0.syncedByteCount, count) }
    } catch {
      state.withLock { $0.failure = error }
      throw error
    }
  }

  /// Cuts the file to its content and lets nobody write to it any more; nothing is appended afterwards.
  ///
  /// The header is flushed before the file gets shorter: other tools find it whole after a power cut as well. What else fails here harms
  /// nobody: the file is longer than it need be, as after a kill.
  func finish() {
    guard let writer else { return }
    let (wasFinished, failure, byteCount, extent, isTorn) = state.withLock { state in
      defer { state.isFinished = true }
      return (state.isFinished, state.failure, state.byteCount, state.extent, state.isHeaderTorn)
    }
    if let failure { return tellTornHeader(failure) }
    guard !wasFinished, byteCount > 0 else { return }
    do throws(StorageError) {
      try file.withDescriptor { descriptor throws(StorageError) in
        if byteCount < extent || isTorn {
          // In this order: a header never speaks of more than there is.
          try writeLastHeader(rows: byteCount / writer.header.rowByteCount, writer, descriptor)
          try file.system.syncData(descriptor)
          try file.system.truncate(descriptor, byteCount: payloadOffset + byteCount)
        }
        try file.system.protect(descriptor)
      }
    } catch { tellTornHeader(error) }
  }

  /// Nobody comes after this one to mend what a failure leaves half written: it is written again at once.
  private func writeLastHeader(rows: Int, _ writer: Writer, _ descriptor: Descriptor) throws(StorageError) {
    do throws(StorageError) { try writeHeader(rows: rows, writer, descriptor) } catch { try writeHeader(rows: rows, writer, descriptor) }
  }

  /// Says so where a failure has left a header by half, and it cannot be written again.
  func tellTornHeader(_ fault: StorageError) {
    guard let writer, state.withLock({ $0.isHeaderTorn && $0.byteCount > 0 }) else { return }
    let isIntact = try? SegmentHeader.isIntact(
      in: file, rowsAt: payloadOffset, contentEnd: payloadOffset + byteCount, rowByteCount: writer.header.rowByteCount)
    if isIntact != true { source?.noteTornHeader(of: self, fault) }
  }

  var isFinished: Bool { state.withLock { $0.isFinished } }

  // MARK: Reading

  /// Lends payload bytes in multiples of `unit`, compared with their hashes. They count when the call returns.
  func read(_ range: Range<Int>, unit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard !range.isEmpty else { return }
    if let extent { return try extent.read(range, unit: unit, body) }
    try readCompared(
      file, from: payloadOffset, state.withLock { $0.blocks }.value, range, unit: unit,
      damage: { bytes in
        .damaged(
          file: path, what: "recorded rows have changed",
          place: "bytes \(payloadOffset + bytes.lowerBound)..<\(payloadOffset + bytes.upperBound)")
      }, body)
  }
}
