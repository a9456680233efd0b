package import EngramScalars
import EngramSystem

/// Rows that are only ever appended: what a monitor has recorded.
///
/// Rows gather in a buffer. Attached to a run directory, full buffers are written to segment files, so that recordings
/// may exceed memory; otherwise they stay in memory. Bytes that a snapshot or checkpoint may refer to are never
/// overwritten: after ``truncate(rows:)`` appending goes on elsewhere.
package final class Recording {
  package let scalarType: ScalarType
  /// Elements per row; 0 is allowed (a monitor of nothing still counts its rows).
  package let rowLength: Int
  package private(set) var rows = 0
  package var rowByteCount: Int { rowLength * scalarType.byteCount }
  /// The latest failure to write a segment. The rows concerned stay in memory until a checkpoint has them; a run stops at the next
  /// step boundary (``RunDirectory/takeRecordingFault()``), so that they do not pile up there.
  package private(set) var fault: StorageError?

  /// Closed pieces in order; each begins at the first payload byte of its source. Files first, then memory.
  private var pieces: [RecordingPiece] = []
  private var tail: RecordingChunk?
  private var tailByteCount = 0
  /// Memory of rows that were written to a segment: fresh pages cost more than what they are filled with.
  private var spare: RecordingChunk?
  /// Bytes in `tail` and in pieces in memory.
  private var memoryByteCount = 0
  private var segments: (any SegmentSource)?
  /// The segment that this recording is appending to: the source of the last file piece.
  private var active: SegmentFile?

  /// Whether another process keeps the rows: they are counted here, and reading them is an error.
  package var isKeptElsewhere = false
  /// How many of the last rows are kept elsewhere.
  private var rowsElsewhere = 0

  /// Bytes that gather before a segment is written.
  package static let bufferByteCount = 1 << 20

  package init(_ scalarType: ScalarType, rowLength: Int = 1) {
    self.scalarType = scalarType
    self.rowLength = rowLength
  }

  /// Appends whole rows. With rows of no bytes, appends one.
  @inline(__always)
  package func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    let rowByteCount = rowByteCount
    guard rowByteCount > 0, let source = bytes.baseAddress else {
      rows += rowByteCount == 0 ? 1 : 0
      return
    }
    assert(bytes.count % rowByteCount == 0)
    if let tail, tail.capacity - tailByteCount >= bytes.count {
      memcpy(tail.base + tailByteCount, source, bytes.count)
      tailByteCount += bytes.count
      memoryByteCount += bytes.count
      rows += bytes.count / rowByteCount
    } else {
      try appendSlowly(bytes)
    }
  }

  private func appendSlowly(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    closeTail()
    if isKeptElsewhere {
      rows += bytes.count / rowByteCount
      rowsElsewhere += bytes.count / rowByteCount
      return
    }
    // A directory that was closed takes no more: then as without one.
    let segments = segments.flatMap { $0.isOpen ? $0 : nil }
    if memoryByteCount >= Recording.bufferByteCount, let segments {
      do throws(StorageError) { try flush(to: segments) } catch {
        fault = error
        segments.noteRecordingFault(error)
      }
    }
    if tail == nil || tail!.capacity < bytes.count {
      let doubled = min(max(memoryByteCount, 4096), segments == nil ? 16 << 20 : Recording.bufferByteCount)
      let capacity = max(doubled, bytes.count)
      if let spare, spare.capacity >= capacity { tail = spare } else { tail = try RecordingChunk(capacity: capacity) }
      spare = nil
    }
    guard let tail, let source = bytes.baseAddress else { return }
    memcpy(tail.base + tailByteCount, source, bytes.count)
    tailByteCount += bytes.count
    memoryByteCount += bytes.count
    rows += bytes.count / rowByteCount
  }

  /// Turns the tail into a piece; appending then begins a new chunk.
  private func closeTail() {
    if let tail, tailByteCount > 0 { pieces.append(RecordingPiece(source: .memory(tail), byteCount: tailByteCount)) }
    tail = nil
    tailByteCount = 0
  }

  /// Drops the rows from `newRows` on.
  package func truncate(rows newRows: Int) {
    guard newRows < rows, newRows >= 0 else { return }
    closeTail()
    rowsElsewhere = max(0, rowsElsewhere - (rows - newRows))
    var left = newRows * rowByteCount
    var kept: [RecordingPiece] = []
    for piece in pieces where left > 0 {
      kept.append(piece.prefix(left))
      left -= kept[kept.count - 1].byteCount
    }
    pieces = kept
    active = nil
    memoryByteCount = pieces.reduce(0) { $0 + ($1.isInMemory ? $1.byteCount : 0) }
    rows = newRows
  }

  // MARK: Reading

  /// Lends the bytes of some rows piece by piece, in order; whole rows each time, memory stays bounded.
  package func forEachPiece(rows range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard range.upperBound <= rows - rowsElsewhere else {
      throw StorageError.mismatch(
        what: "recorded rows", expected: "in this process", found: "in the first of the processes that run the network together")
    }
    try contents().forEachPiece(rows: range, body)
  }

  // MARK: Snapshots

  /// What has been recorded so far, as a value that later rows do not reach. Copies nothing.
  package func contents() -> RecordingContents {
    var all = pieces
    if let tail, tailByteCount > 0 { all.append(RecordingPiece(source: .memory(tail), byteCount: tailByteCount)) }
    return RecordingContents(scalarType: scalarType, rowLength: rowLength, rows: rows, pieces: all)
  }

  /// Goes back (or forward) to a content. Copies nothing.
  package func assign(_ contents: RecordingContents) throws(StorageError) {
    guard contents.scalarType == scalarType, contents.rowLength == rowLength else {
      throw .mismatch(
        what: "rows of a recording", expected: "\(scalarType) × \(rowLength)",
        found: "\(contents.scalarType) × \(contents.rowLength)")
    }
    pieces = contents.pieces
    (tail, tailByteCount, active) = (nil, 0, nil)
    (rows, rowsElsewhere) = (contents.rows, 0)
    memoryByteCount = pieces.reduce(0) { $0 + ($1.isInMemory ? $1.byteCount : 0) }
  }

  // MARK: Segments

  /// From now on full buffers are written there.
  func attach(to segments: any SegmentSource) {
    if let old = self.segments, old !== segments { active = nil }
    self.segments = segments
  }

  /// Writes everything that is still in memory, or in files of somebody else, to segments there. Not synchronised.
  ///
  /// Where it throws, nothing has changed, except that a segment may carry garbage beyond what counts.
  func flush(to segments: any SegmentSource) throws(StorageError) {
    attach(to: segments)
    closeTail()
    guard let first = pieces.firstIndex(where: { !$0.isIn(segments) }) else {
      fault = nil
      return
    }
    let start = firstToWrite(first, segments.joinedByteCount)
    var target = SegmentAppender(
      segments, scalarType, rowLength: rowLength, kept: Array(pieces[..<start]), continuing: start == first ? continued(before: first) : nil)
    do throws(StorageError) {
      // What a failed flush may have lost, or what somebody else has written, is not believed: it is compared as it is copied.
      for piece in pieces[start...] { try rethrowing { try piece.forEachSlab(0..<piece.byteCount, unit: 1) { try target.append($0) } } }
    } catch {
      target.takeBack()
      throw error
    }
    var last: RecordingChunk?
    if case .memory(let chunk) = pieces.last?.source, chunk.capacity <= 2 * Recording.bufferByteCount { last = chunk }
    (pieces, active) = (target.kept, target.segment)
    // Unless a snapshot refers to it.
    if last != nil, isKnownUniquelyReferenced(&last) { spare = last }
    memoryByteCount = 0
    fault = nil
  }

  /// Where to begin writing, so that the pieces of a recording stay few, however often the run is started anew.
  ///
  /// Nothing is appended to a file that another process has made. Instead a piece that has become no larger than all that
  /// comes behind it is written once more, together with that, as levels of a log-structured store are: what remains are
  /// pieces each larger than all behind it, so their number grows with the logarithm of the rows, and so does the number of times
  /// that a row is copied. Pieces of a certain size stay as they are.
  private func firstToWrite(_ first: Int, _ joinedByteCount: Int) -> Int {
    var behind = pieces[first...].reduce(0) { $0 + $1.byteCount }
    var start = first
    for place in (0..<first).reversed() {
      let byteCount = pieces[place].byteCount
      if byteCount >= joinedByteCount { break }
      if byteCount <= behind { start = place }
      behind += byteCount
    }
    // What is being appended to need not be written again for its own sake.
    return start == first - 1 && continued(before: first) != nil ? first : start
  }

  /// The segment that can be appended to: the source of the last piece there, with nothing behind it in its file.
  private func continued(before first: Int) -> SegmentFile? {
    guard let active, !active.hasFailed, !active.isFinished, first > 0, pieces[first - 1].isWhole(of: active) else { return nil }
    return active
  }
}
