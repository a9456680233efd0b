package import EngramScalars
import Glibc

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
  private let verification = Promise<Bool>()
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
    for (file, entry) in zip(files, manifest.files) { try file.checkSize(entry, neededBy: "checkpoint \(manifest.id)") }
    for column in manifest.columns {
      guard let extent = column.extent, extent.byteCount < largeByteCount else { continue }
      let file = files[extent.file]
      let bytes = try file.system.bytes(
        of: file.descriptor, extent.offset..<extent.offset + extent.byteCount, path: file.path)
      guard ContentHash(of: bytes) == extent.hash else { throw file.damage(column.key, extent) }
      small[column.key] = bytes
    }
  }

  // MARK: What there is

  /// In byte order.
  package var columnKeys: [StoredKey] { manifest.columns.map(\.key) }
  package var recordingKeys: [StoredKey] { manifest.recordings.map(\.key) }
  package var sections: [String: [UInt8]] { manifest.sections }

  package func metadata(_ key: StoredKey) -> StoredMetadata? { columns[key]?.metadata ?? recordings[key]?.metadata }

  package func shape(_ key: StoredKey) -> (scalarType: ScalarType, rows: Int, rowLength: Int)? {
    columns[key].map { ($0.scalarType, $0.rows, $0.rowLength) } ?? recordings[key].map { ($0.scalarType, $0.rows, $0.rowLength) }
  }

  /// Hash of the bytes of a column; equal for equal content, without reading it (nil: no elements).
  package func hash(_ key: StoredKey) -> ContentHash? { columns[key]?.extent?.hash }

  func storedPlaces(_ key: StoredKey) -> [StoredPlace] {
    let extents = columns[key].map { [$0.extent].compactMap(\.self) } ?? recordings[key]?.pieces ?? []
    return extents.map { extent in
      let file = manifest.files[extent.file]
      return StoredPlace(
        path: file.path, offset: extent.offset, byteCount: extent.byteCount, hash: extent.hash,
        isAlone: file.kind == .segment || (file.kind == .object && extent.byteCount >= largeByteCount))
    }
  }

  // MARK: Taking it

  /// A new column with the stored elements.
  package func column(_ key: StoredKey, growable: Bool = false) throws(StorageError) -> Column {
    let entry = try columnEntry(key)
    let column = try Column(entry.scalarType, rowLength: entry.rowLength, rows: entry.rows, growable: growable)
    try fill(column, from: key)
    return column
  }

  /// Puts the stored elements into an existing column, whose pointers others hold; type and row length must agree.
  package func fill(_ column: Column, from key: StoredKey) throws(StorageError) {
    let entry = try columnEntry(key)
    guard column.scalarType == entry.scalarType, column.rowLength == entry.rowLength else {
      throw .mismatch(
        what: "elements of \(key)", expected: "\(column.scalarType) rows of \(column.rowLength)",
        found: "\(entry.scalarType) rows of \(entry.rowLength)")
    }
    try column.resize(rows: entry.rows)
    if let extent = entry.extent {
      let file = files[extent.file]
      if let bytes = small[key] {
        bytes.withUnsafeBytes { if let source = $0.baseAddress { memcpy(column.base, source, $0.count) } }
      } else if try !column.show(file.system, file.descriptor, offset: extent.offset) {
        let target = UnsafeMutableRawBufferPointer(start: column.base, count: extent.byteCount)
        guard try file.system.read(file.descriptor, into: target, at: extent.offset) == extent.byteCount else {
          throw file.damage(key, extent)
        }
      }
    }
    column.touch()
    if let extent = entry.extent, let home {
      home.remember(column, manifest.files[extent.file], extent)
    }
  }

  /// The stored rows; hand them to `Recording.assign`. They are read when somebody looks.
  package func recording(_ key: StoredKey) throws(StorageError) -> RecordingContents {
    guard let entry = recordings[key] else {
      throw .mismatch(what: "recordings of checkpoint \(manifest.id)", expected: "\(key)", found: "no such recording")
    }
    let pieces = entry.pieces.map { piece in
      let segment = files[piece.file].segment(piece, manifest.files[piece.file], source: home)
      home?.keep(segment)
      return RecordingPiece(source: .segment(segment), byteCount: piece.byteCount, hash: piece.hash)
    }
    return RecordingContents(scalarType: entry.scalarType, rowLength: entry.rowLength, rows: entry.rows, pieces: pieces)
  }

  private func columnEntry(_ key: StoredKey) throws(StorageError) -> Manifest.ColumnEntry {
    guard let entry = columns[key] else {
      throw .mismatch(what: "columns of checkpoint \(manifest.id)", expected: "\(key)", found: "no such column")
    }
    return entry
  }

  // MARK: Verification

  /// Begins to read and compare every payload, on that queue.
  func verify(on queue: BackgroundQueue) -> Promise<Bool> {
    let (manifest, files, verification) = (manifest, files, verification)
    queue.add {
      do throws(StorageError) {
        for column in manifest.columns {
          if let extent = column.extent { try files[extent.file].verify(extent, column.key) }
        }
        for recording in manifest.recordings {
          for piece in recording.pieces { try files[piece.file].verify(piece, recording.key) }
        }
        verification.fulfil(.success(true))
      } catch {
        verification.fulfil(.failure(error))
      }
    }
    return verification
  }

  /// Waits until every payload has been verified; throws the first damage with object, variable and place.
  package func waitForVerification() throws(StorageError) { _ = try verification.wait() }

  /// Nil while it is under way.
  package var verificationOutcome: Result<Bool, StorageError>? { verification.present }
}

/// One file of a loaded checkpoint; stays readable although a collection may remove its name.
///
/// Unchecked: nothing changes after `init`, reads carry their own offsets.
final class OpenPayloadFile: @unchecked Sendable {
  let system: any FileSystem
  let descriptor: Descriptor
  /// For messages.
  let path: String

  init(system: any FileSystem, descriptor: Descriptor, path: String) {
    self.system = system
    self.descriptor = descriptor
    self.path = path
  }

  deinit { try? system.close(descriptor) }

  /// A file that somebody has shortened is found here, not by a bus error later (STO-8).
  func checkSize(_ entry: Manifest.FileEntry, neededBy: String) throws(StorageError) {
    let found = try system.status(descriptor).byteCount
    guard entry.kind == .segment ? found >= entry.byteCount : found == entry.byteCount else {
      throw .damaged(
        file: path, what: "it has \(found) bytes, \(neededBy) needs \(entry.byteCount)", place: "its size")
    }
  }

  func verify(_ extent: Manifest.Extent, _ key: StoredKey) throws(StorageError) {
    let hash = RunningHash()
    try readSlabs(of: descriptor, system, extent.offset..<extent.offset + extent.byteCount, path: path) {
      bytes throws(StorageError) in hash.append(bytes)
    }
    guard hash.value == extent.hash else { throw damage(key, extent) }
  }

  func damage(_ key: StoredKey, _ extent: Manifest.Extent) -> StorageError {
    .damaged(
      file: path, what: "the bytes of \(key) have changed", place: "bytes \(extent.offset)..<\(extent.offset + extent.byteCount)")
  }

  /// A view of its first rows for a recording; never appended to.
  func segment(_ piece: Manifest.Extent, _ entry: Manifest.FileEntry, source: (any SegmentSource)?) -> SegmentFile {
    SegmentFile(viewOf: self, piece, entry, source: source)
  }
}
