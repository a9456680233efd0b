package import EngramScalars
import Glibc

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
  /// The latest failure to write a segment. The rows concerned stay in memory; the next checkpoint tries again.
  package private(set) var fault: StorageError?

  /// Closed pieces in order; each begins at the first payload byte of its source. Files first, then memory.
  private var pieces: [RecordingPiece] = []
  private var tail: RecordingChunk?
  private var tailByteCount = 0
  /// Bytes in `tail` and in pieces in memory.
  private var memoryByteCount = 0
  private var segments: (any SegmentSource)?
  /// The segment that this recording is appending to: the source of the last file piece.
  private var active: SegmentFile?

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
    if memoryByteCount >= Recording.bufferByteCount, let segments {
      do throws(StorageError) { try flush(to: segments) } catch { fault = error }
    }
    if tail == nil || tail!.capacity < bytes.count {
      let doubled = min(max(memoryByteCount, 4096), segments == nil ? 16 << 20 : Recording.bufferByteCount)
      tail = try RecordingChunk(capacity: max(doubled, bytes.count))
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

  /// Lends the bytes of some rows; without a copy where they lie in one piece.
  package func withBytes<Result>(rows range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    try contents().withBytes(rows: range, body)
  }

  /// Lends the bytes of some rows piece by piece, in order; whole rows each time, memory stays bounded.
  package func forEachPiece(rows range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
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
    rows = contents.rows
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
    var kept = Array(pieces[..<first])
    // Only the last file piece may be continued, and only if nothing lies behind it in its file.
    var writer = active.flatMap { active in kept.last?.isWhole(of: active) == true && !active.hasFailed ? active : nil }
    for piece in pieces[first...] {
      // What a failed flush may have lost, or somebody else's file, is not believed.
      if !piece.isInMemory { _ = try piece.verifiedHash() }
      var offset = 0
      while offset < piece.byteCount {
        if writer == nil || writer!.room < rowByteCount {
          let made = try segments.makeSegment(scalarType: scalarType, rowLength: rowLength)
          writer = made
        }
        guard let segment = writer else { break }
        let count = min(piece.byteCount - offset, segment.room / rowByteCount * rowByteCount)
        try segment.append(piece, offset: offset, byteCount: count)
        offset += count
        if let last = kept.last, last.isIn(segment) {
          kept[kept.count - 1] = RecordingPiece(source: .segment(segment), byteCount: segment.byteCount, hash: segment.hash)
        } else {
          kept.append(RecordingPiece(source: .segment(segment), byteCount: segment.byteCount, hash: segment.hash))
        }
      }
    }
    pieces = kept
    active = writer
    memoryByteCount = 0
    fault = nil
  }
}
