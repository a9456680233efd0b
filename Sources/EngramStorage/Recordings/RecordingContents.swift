package import EngramScalars
import EngramSystem

/// Appended bytes in memory; written once, from the front.
///
/// Unchecked: the bytes that a piece counts are never written again; only its one recording appends behind them.
final class RecordingChunk: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let capacity: Int

  init(capacity: Int) throws(StorageError) {
    guard let base = malloc(capacity) else { throw .outOfMemory(bytes: capacity) }
    self.base = base
    self.capacity = capacity
  }

  deinit { free(base) }
}

/// The first bytes of a chunk in memory or of the payload of a segment file.
struct RecordingPiece: Sendable {
  enum Source: Sendable {
    case memory(RecordingChunk)
    case segment(SegmentFile)
  }

  let source: Source
  let byteCount: Int
  /// Of exactly these bytes, where known.
  var hash: ContentHash?

  var isInMemory: Bool { if case .memory = source { true } else { false } }

  func isIn(_ segments: any SegmentSource) -> Bool {
    if case .segment(let file) = source { file.source === segments && !file.hasFailed } else { false }
  }

  func isIn(_ file: SegmentFile) -> Bool {
    if case .segment(let mine) = source { mine === file } else { false }
  }

  func isWhole(of file: SegmentFile) -> Bool { isIn(file) && byteCount == file.byteCount }

  func prefix(_ count: Int) -> RecordingPiece {
    count >= byteCount ? self : RecordingPiece(source: source, byteCount: count)
  }

  /// Reads everything, compared with what was appended; gives the hash of exactly these bytes.
  func verifiedHash() throws(StorageError) -> ContentHash {
    let running = RunningHash()
    try rethrowing { try forEachSlab(0..<byteCount, unit: 1) { running.append($0) } }
    return running.value
  }

  /// Lends bytes in order, in multiples of `unit`; from a file only what agrees with its hashes. What was lent counts only when
  /// the call returns.
  func forEachSlab(_ range: Range<Int>, unit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    switch source {
    case .memory(let chunk):
      var start = range.lowerBound
      while start < range.upperBound {
        let end = min(start + slabStep(unit), range.upperBound)
        try body(UnsafeRawBufferPointer(start: chunk.base + start, count: end - start))
        start = end
      }
    case .segment(let file): try file.read(range, unit: unit, body)
    }
  }
}

/// What a recording held at one moment; immutable.
package struct RecordingContents: Sendable {
  package let scalarType: ScalarType
  package let rowLength: Int
  package let rows: Int
  let pieces: [RecordingPiece]

  package var rowByteCount: Int { rowLength * scalarType.byteCount }

  /// Lends the bytes of some rows; without a copy where they lie in memory in one piece.
  package func withBytes<Result>(rows range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of a recording of \(rows) rows")
    let wanted = range.lowerBound * rowByteCount..<range.upperBound * rowByteCount
    guard !wanted.isEmpty else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    var start = 0
    for piece in pieces {
      if case .memory(let chunk) = piece.source, wanted.lowerBound >= start, wanted.upperBound <= start + piece.byteCount {
        return try body(UnsafeRawBufferPointer(start: chunk.base + wanted.lowerBound - start, count: wanted.count))
      }
      start += piece.byteCount
    }
    guard let copy = malloc(wanted.count) else { throw StorageError.outOfMemory(bytes: wanted.count) }
    defer { free(copy) }
    var filled = 0
    try forEachPiece(rows: range) { bytes in
      if let source = bytes.baseAddress { memcpy(copy + filled, source, bytes.count) }
      filled += bytes.count
    }
    return try body(UnsafeRawBufferPointer(start: copy, count: filled))
  }

  /// Whether the other has the same bytes, as far as that can be told from checksums alone.
  package func isKnownToEqual(_ other: RecordingContents) -> Bool {
    scalarType == other.scalarType && rowLength == other.rowLength && rows == other.rows && pieces.count == other.pieces.count
      && zip(pieces, other.pieces).allSatisfy { $0.byteCount == $1.byteCount && $0.hash != nil && $0.hash == $1.hash }
  }

  /// Lends the bytes of some rows piece by piece, in order; whole rows each time, memory stays bounded. What comes from files is
  /// compared with its hashes; it counts when the call returns.
  package func forEachPiece(rows range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of a recording of \(rows) rows")
    let wanted = range.lowerBound * rowByteCount..<range.upperBound * rowByteCount
    var start = 0
    for piece in pieces {
      let mine = wanted.clamped(to: start..<start + piece.byteCount)
      if !mine.isEmpty { try piece.forEachSlab(mine.lowerBound - start..<mine.upperBound - start, unit: rowByteCount, body) }
      start += piece.byteCount
    }
  }
}
