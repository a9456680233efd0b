import EngramScalars

/// The bytes in front of the rows of a segment: what other tools read, and in their last bytes what tells whether they are as
/// they were written.
///
/// They change while the file grows, and once more when it is cut to its content, so no manifest can vouch for them: they
/// vouch for themselves. Engram needs none of them.
struct SegmentHeader: Sendable {
  let headers: HeaderCache
  let scalarType: ScalarType
  let rowLength: Int

  static let magic: [UInt8] = [0x89] + Array("ENGSEG".utf8) + [0x0A]
  /// Magic, number of rows, hash.
  static let seal = 32

  var rowByteCount: Int { max(1, rowLength * scalarType.byteCount) }

  /// The header of so many rows.
  func bytes(rows: Int) throws(StorageError) -> [UInt8] {
    let start = PayloadFileOptions().firstOffset
    let unsealed = try headers.header(scalarType, rows: rows, rowLength: rowLength, start: start) {
      writer, rows throws(StorageError) in
      let dataset = PayloadDataset(path: ["data"], scalarType: scalarType, shape: rowLength == 1 ? [rows] : [rows, rowLength])
      return try SegmentHeader.unsealed(try writer.layout([dataset], PayloadFileOptions()))
    }
    var header = ByteWriter()
    header.append(raw: unsealed + SegmentHeader.magic)
    header.append(UInt64(rows))
    header.append(ContentHash(of: header.bytes))
    return header.bytes
  }

  /// All before the magic.
  private static func unsealed(_ layout: PayloadLayout) throws(StorageError) -> [UInt8] {
    let end = layout.offsets[0] - SegmentHeader.seal
    var header = ByteWriter()
    for (offset, bytes) in layout.metadata where offset < layout.offsets[0] {
      guard offset >= header.bytes.count, offset + bytes.count <= end else {
        throw .mismatch(what: "the header of a segment", expected: "at most \(end) bytes", found: "\(offset + bytes.count)")
      }
      header.append(raw: [UInt8](repeating: 0, count: offset - header.bytes.count) + bytes)
    }
    header.append(raw: [UInt8](repeating: 0, count: end - header.bytes.count))
    return header.bytes
  }

  /// The number of rows that a header speaks of; nil where it is not as it was written.
  static func rows(in header: [UInt8]) -> Int? {
    guard header.count >= seal else { return nil }
    var reader = ByteReader(header[(header.count - seal)...])
    guard (try? reader.take(magic.count)).map(Array.init) == magic, let rows = try? reader.size(),
      let hash = try? reader.hash(), hash == ContentHash(of: Array(header.dropLast(16)))
    else { return nil }
    return rows
  }

  /// Whether the bytes before the rows at `start` are as they were written, and speak of the rows up to `contentEnd` and of no more
  /// than there are.
  ///
  /// Somebody may just be writing them: what changes meanwhile is read again.
  static func isIntact(in file: OpenPayloadFile, rowsAt start: Int, contentEnd: Int, rowByteCount: Int) throws(StorageError) -> Bool {
    var last: [UInt8] = []
    while true {
      let header = try file.bytes(0..<start)
      if let rows = rows(in: header) {
        let (byteCount, overflow) = rows.multipliedReportingOverflow(by: rowByteCount)
        let available = try file.status().byteCount - start
        if !overflow, byteCount >= contentEnd - start, byteCount <= available { return true }
      }
      if header == last { return false }
      last = header
    }
  }

  /// How many rows a header speaks of while the file grows: eight steps to the next power of two, so that it is rewritten
  /// seldom and little space is claimed that nothing is written to.
  static func step(rows: Int, rowByteCount: Int) -> Int {
    let needed = max(rows * rowByteCount, 4096)
    let octave = Int.bitWidth - 1 - needed.leadingZeroBitCount
    let step = 1 << (octave - 3)
    return max(rows, (needed + step - 1) / step * step / rowByteCount)
  }
}
