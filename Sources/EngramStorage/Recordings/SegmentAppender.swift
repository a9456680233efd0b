import EngramScalars

/// Writes rows behind the pieces of a recording: into the segment that was appended to last, then into new ones.
struct SegmentAppender {
  /// What the recording consists of, including what was appended.
  private(set) var kept: [RecordingPiece]
  /// Where the next bytes go.
  private(set) var segment: SegmentFile?

  private let segments: any SegmentSource
  private let scalarType: ScalarType
  private let rowLength: Int
  private let begin: (segment: SegmentFile, mark: SegmentFile.Mark)?

  /// - Parameter continuing: the source of the last piece of `kept`, all of it, if it is to be appended to.
  init(_ segments: any SegmentSource, _ scalarType: ScalarType, rowLength: Int, kept: [RecordingPiece], continuing: SegmentFile?) {
    self.segments = segments
    self.scalarType = scalarType
    self.rowLength = rowLength
    self.kept = kept
    segment = continuing
    begin = continuing.map { ($0, $0.mark) }
  }

  /// Appends bytes; whole rows once all have come.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    var rest = bytes
    while !rest.isEmpty {
      let target: SegmentFile
      if let segment, segment.room > 0 { target = segment } else { target = try segments.makeSegment(scalarType: scalarType, rowLength: rowLength) }
      segment = target
      // A segment holds whole rows: rows begin at its first byte.
      let count = min(rest.count, target.room)
      try target.append(UnsafeRawBufferPointer(rebasing: rest[..<count]))
      let piece = RecordingPiece(source: .segment(target), byteCount: target.byteCount, hash: target.hash)
      if let last = kept.last, last.isIn(target) { kept[kept.count - 1] = piece } else { kept.append(piece) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// As if nothing had been appended.
  func takeBack() {
    if let begin { begin.segment.goBack(to: begin.mark) }
  }
}
