package import EngramScalars
import EngramSystem

/// A committed checkpoint, opened.
///
/// Its description is verified, every file it needs is open and long enough, small arrays are read and verified; large
/// ones are mapped when asked for and verified in the background (CKP-42). From here on filling columns can only fail
/// for want of memory.
package final class LoadedCheckpoint {
  package let info: CheckpointInfo
  private let manifest: Manifest
  private let files: [OpenPayloadFile]
  private let columns: [StoredKey: Manifest.ColumnEntry]
  private let recordings: [StoredKey: Manifest.RecordingEntry]
  private let largeByteCount: Int
  private var small: [StoredKey: [UInt8]] = [:]
  /// The large arrays, and the pieces of recordings in order.
  private let extents: [StoredKey: [StoredExtent]]
  let verification: CheckpointVerification
  /// What was filled from here, and the version of the column right after.
  private var filled: [UInt64: (key: StoredKey, version: UInt64)] = [:]
  /// The directory whose next checkpoint may refer to what is unchanged.
  private weak var home: RunDirectory?
  /// Whether the next checkpoint of the directory descends from this one.
  package func isContinued(by directory: RunDirectory) -> Bool { home === directory && directory.currentID == info.id }

  /// - Parameter largeByteCount: arrays from this size on are mapped.
  init(
    _ manifest: Manifest, info: CheckpointInfo, files: [OpenPayloadFile], home: RunDirectory?, largeByteCount: Int
  ) throws(StorageError) {
    self.manifest = manifest
    self.info = info
    self.files = files
    self.home = home
    self.largeByteCount = largeByteCount
    columns = Dictionary(uniqueKeysWithValues: manifest.columns.map { ($0.key, $0) })
    recordings = Dictionary(uniqueKeysWithValues: manifest.recordings.map { ($0.key, $0) })
    extents = manifest.extents(in: files, largeByteCount: largeByteCount)
    verification = CheckpointVerification((manifest.columns.map(\.key) + manifest.recordings.map(\.key)).flatMap { [extents] in extents[$0] ?? [] })
    try manifest.checkSizes(of: files)
    for column in manifest.columns {
      guard let extent = column.extent, extent.byteCount < largeByteCount else { continue }
      let file = files[extent.file]
      let bytes = try file.bytes(extent.offset..<extent.offset + extent.byteCount)
      guard ContentHash(of: bytes) == extent.hash else { throw file.damage(column.key, extent) }
      small[column.key] = bytes
    }
  }

  // MARK: What there is

  /// In byte order.
  package var columnKeys: [StoredKey] { manifest.columns.map(\.key) }
  /// What the arrays take once they are in memory [bytes].
  package var arrayByteCount: Int { manifest.arrayByteCount }
  package var recordingKeys: [StoredKey] { manifest.recordings.map(\.key) }
  package var sections: [String: [UInt8]] { manifest.sections }

  package func metadata(_ key: StoredKey) -> StoredMetadata? { columns[key]?.metadata ?? recordings[key]?.metadata }

  package func shape(_ key: StoredKey) -> (scalarType: ScalarType, rows: Int, rowLength: Int)? {
    columns[key].map { ($0.scalarType, $0.rows, $0.rowLength) } ?? recordings[key].map { ($0.scalarType, $0.rows, $0.rowLength) }
  }

  /// Hash of the bytes of a column; equal for equal content, without reading it (nil: no elements).
  package func hash(_ key: StoredKey) -> ContentHash? { columns[key]?.hash }

  /// What all elements of a column are, where they are stored as one.
  package func repeated(_ key: StoredKey) -> RepeatedElement? { columns[key]?.repeated }

  func storedPlaces(_ key: StoredKey) -> [StoredPlace] {
    let extents = columns[key].map { [$0.extent].compactMap(\.self) } ?? recordings[key]?.pieces ?? []
    return extents.map { extent in
      let file = manifest.files[extent.file]
      return StoredPlace(
        path: file.path, offset: extent.offset, byteCount: extent.byteCount, hash: extent.hash,
        isAlone: file.kind == .segment || (file.kind == .object && extent.byteCount >= largeByteCount),
        isSegment: file.kind == .segment && extent.offset == PayloadFileOptions().firstOffset)
    }
  }

  // MARK: Taking it

  /// Lends the bytes of some rows of a column or recording, whole rows each time, compared as they are read. They count when the
  /// call returns.
  package func forEachPiece(_ key: StoredKey, rows range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let shape = shape(key) else { throw unknown(key) }
    let rowByteCount = shape.rowLength * shape.scalarType.byteCount
    let wanted = range.lowerBound * rowByteCount..<range.upperBound * rowByteCount
    guard !wanted.isEmpty else { return }
    if let bytes = small[key] { return try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[wanted])) } }
    if let repeated = repeated(key) { return try repeated.forEachSlab(byteCount: wanted.count, unit: rowByteCount, body) }
    var start = 0
    for extent in extents[key] ?? [] {
      let mine = wanted.clamped(to: start..<start + extent.byteCount)
      if !mine.isEmpty { try extent.read(mine.lowerBound - start..<mine.upperBound - start, unit: rowByteCount, body) }
      start += extent.byteCount
    }
  }

  /// A new column with a copy of the stored elements, compared as they were read.
  package func column(_ key: StoredKey) throws(StorageError) -> Column { try column(key, growable: false) }

  package func column(_ key: StoredKey, growable: Bool) throws(StorageError) -> Column {
    let entry = try columnEntry(key)
    let column = try Column(entry.scalarType, rowLength: entry.rowLength, rows: entry.rows, growable: growable)
    if let repeated = entry.repeated {
      try column.assign(repeated, rows: entry.rows)
      return column
    }
    try copy(entry, to: column)
    column.touch()
    return column
  }

  /// A new column that shows the stored elements, to look at them once or to copy them on: as they lie in the file, where that is
  /// possible, and compared by ``waitForVerification()``.
  package func mappedColumn(_ key: StoredKey) throws(StorageError) -> Column {
    let entry = try columnEntry(key)
    let column = try Column(entry.scalarType, rowLength: entry.rowLength, rows: entry.rows)
    try replaceElements(of: column, by: entry)
    return column
  }

  /// Whether a column was filled with these elements and has not changed since.
  package func isHeld(_ key: StoredKey, by column: Column) -> Bool {
    filled[column.identity].map { $0.key == key && $0.version == column.version } ?? false
  }

  /// Puts the stored elements into an existing column, whose pointers others hold; type and row length must agree. A column that holds
  /// them already stays as it is.
  package func fill(_ column: Column, from key: StoredKey) throws(StorageError) {
    if isHeld(key, by: column) { return }
    let entry = try columnEntry(key)
    guard column.scalarType == entry.scalarType, column.rowLength == entry.rowLength else {
      throw .mismatch(
        what: "elements of \(key)", expected: "\(column.scalarType) rows of \(column.rowLength)",
        found: "\(entry.scalarType) rows of \(entry.rowLength)")
    }
    try replaceElements(of: column, by: entry)
    filled[column.identity] = (key, column.version)
    if let extent = entry.extent, let home { home.remember(column, manifest.files[extent.file], extent) }
  }

  private func replaceElements(of column: Column, by entry: Manifest.ColumnEntry) throws(StorageError) {
    if let repeated = entry.repeated { return try column.assign(repeated, rows: entry.rows) }
    try column.resize(rows: entry.rows)
    if let extent = extents[entry.key]?.first, try column.show(extent) {
      column.mapped?.soundSequence = home == nil ? 0 : manifest.sequence
      column.noteChange()
    } else {
      column.touch()
      try copy(entry, to: column)
    }
  }

  private func copy(_ entry: Manifest.ColumnEntry, to column: Column) throws(StorageError) {
    if let bytes = small[entry.key] {
      bytes.withUnsafeBytes { if let source = $0.baseAddress { memcpy(column.base, source, $0.count) } }
    } else if let extent = extents[entry.key]?.first {
      var place = column.base
      try rethrowing {
        try extent.read(0..<extent.byteCount) { bytes in
          if let source = bytes.baseAddress { memcpy(place, source, bytes.count) }
          place += bytes.count
        }
      }
    }
  }

  /// The stored rows; hand them to `Recording.assign`. They are read, and compared, when somebody looks.
  package func recording(_ key: StoredKey) throws(StorageError) -> RecordingContents {
    guard let entry = recordings[key] else { throw unknown(key) }
    let pieces = zip(entry.pieces, extents[key] ?? []).map { piece, extent in
      let segment = SegmentFile(viewOf: extent, manifest.files[piece.file], source: home)
      home?.keep(segment)
      return RecordingPiece(source: .segment(segment), byteCount: piece.byteCount, hash: piece.hash)
    }
    return RecordingContents(scalarType: entry.scalarType, rowLength: entry.rowLength, rows: entry.rows, pieces: pieces)
  }

  private func columnEntry(_ key: StoredKey) throws(StorageError) -> Manifest.ColumnEntry {
    guard let entry = columns[key] else { throw unknown(key) }
    return entry
  }

  private func unknown(_ key: StoredKey) -> StorageError {
    .mismatch(what: "arrays of checkpoint \(manifest.id)", expected: "\(key)", found: "no such array")
  }

  // MARK: Verification

  /// Waits until every payload has been verified, and does it where nobody has begun; throws the first damage with object,
  /// variable and place.
  package func waitForVerification() throws(StorageError) { try verification.wait() }
}

extension Manifest {
  /// Everything but the small arrays, which are read whole, as it lies in the files.
  func extents(in files: [OpenPayloadFile], largeByteCount: Int) -> [StoredKey: [StoredExtent]] {
    var extents: [StoredKey: [StoredExtent]] = [:]
    for column in columns {
      guard let extent = column.extent, extent.byteCount >= largeByteCount else { continue }
      extents[column.key] = [StoredExtent(files[extent.file], extent, column.key, column.scalarType, isMappable: true)]
    }
    for recording in recordings {
      extents[recording.key] = recording.pieces.map {
        StoredExtent(files[$0.file], $0, recording.key, recording.scalarType, isMappable: false)
      }
    }
    return extents
  }
}
