package import EngramScalars
package import EngramStorage

/// A stored state, wherever it is: in memory, in a run directory, in a portable file.
package protocol StateSource: AnyObject {
  var columnKeys: [StoredKey] { get }
  var recordingKeys: [StoredKey] { get }
  /// Opaque parts by name.
  var sections: [String: [UInt8]] { get }
  func metadata(_ key: StoredKey) -> StoredMetadata?
  func shape(_ key: StoredKey) -> (scalarType: ScalarType, rows: Int, rowLength: Int)?
  /// Whether the values were those of this process a moment ago; all others come from a file, which may say anything.
  var isOwnMemory: Bool { get }
  /// Puts stored elements into a column of the same type and row length.
  func fill(_ column: Column, from key: StoredKey) throws
  func recordingContents(_ key: StoredKey) throws -> RecordingContents
  /// Lends the bytes of some rows of a column or recording, whole rows each time; compared with their checksums, at the latest when
  /// the call returns.
  func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
  /// A column of its own with a copy of the stored elements, compared like that.
  func column(_ key: StoredKey) throws -> Column
  /// A column of its own that shows the stored elements, which need not have been compared yet.
  func shownColumn(_ key: StoredKey) throws -> Column
  /// What all elements of a column are, where that is known without a look at them.
  func repeated(_ key: StoredKey) -> RepeatedElement?
  /// Whether a column was filled with these elements and has not changed since.
  func isHeld(_ key: StoredKey, by column: Column) -> Bool
  /// Lets no commit there succeed before this has been verified.
  func isAwaited(by directory: RunDirectory)
  /// Returns when every byte has been compared with its checksum; throws the first damage (CKP-42).
  func waitForVerification() throws
}

extension StateSource {
  /// What objects keep beside arrays, in the order in which it was stored.
  func customStates() throws(CheckpointError) -> [(name: String, bytes: [UInt8])] {
    var states: [(name: String, bytes: [UInt8])] = []
    var reader = ByteReader(sections["custom"] ?? [])
    do throws(FormatProblem) {
      while !reader.isAtEnd {
        states.append((try reader.text(countedBy: UInt64.self), try reader.block(countedBy: UInt64.self)))
      }
    } catch {
      throw .damaged("the state of objects cannot be read at byte \(error.offset): \(error.what)")
    }
    return states
  }
}

extension LoadedCheckpoint: StateSource {
  package var isOwnMemory: Bool { false }
  package func recordingContents(_ key: StoredKey) throws -> RecordingContents { try recording(key) }
  package func shownColumn(_ key: StoredKey) throws -> Column { try mappedColumn(key) }
  package func isAwaited(by directory: RunDirectory) { directory.awaitVerification(of: self) }
}

/// A snapshot in memory: shares with the network whatever has not changed since (CKP-37).
final class MemorySnapshot: StateSource {
  private let columns: [StoredKey: (contents: ColumnContents, metadata: StoredMetadata)]
  private let recordings: [StoredKey: (contents: RecordingContents, metadata: StoredMetadata)]
  let sections: [String: [UInt8]]

  init(_ state: StateToStore) throws {
    columns = try state.columns.mapValues { (try $0.column.contents(), $0.metadata) }
    recordings = state.recordings.mapValues { ($0.recording.contents(), $0.metadata) }
    sections = state.sections
  }

  var isOwnMemory: Bool { true }
  /// Memory of this process is believed, except for what was copied from files and has not been compared.
  func waitForVerification() throws { for column in columns.values { try column.contents.confirm() } }
  func isAwaited(by directory: RunDirectory) {}

  var columnKeys: [StoredKey] { columns.keys.sorted() }
  var recordingKeys: [StoredKey] { recordings.keys.sorted() }
  func metadata(_ key: StoredKey) -> StoredMetadata? { columns[key]?.metadata ?? recordings[key]?.metadata }

  func shape(_ key: StoredKey) -> (scalarType: ScalarType, rows: Int, rowLength: Int)? {
    if let column = columns[key]?.contents { return (column.scalarType, column.rows, column.rowLength) }
    return recordings[key].map { ($0.contents.scalarType, $0.contents.rows, $0.contents.rowLength) }
  }

  func fill(_ column: Column, from key: StoredKey) throws {
    guard let stored = columns[key] else { throw CheckpointError.damaged("no column '\(key)'") }
    try column.assign(stored.contents)
  }

  func recordingContents(_ key: StoredKey) throws -> RecordingContents {
    guard let stored = recordings[key] else { throw CheckpointError.damaged("no recording '\(key)'") }
    return stored.contents
  }

  func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let contents = columns[key]?.contents else { return try recordingContents(key).forEachPiece(rows: rows, body) }
    try contents.confirm()
    let rowByteCount = contents.rowLength * contents.scalarType.byteCount
    try body(UnsafeRawBufferPointer(rebasing: contents.bytes[rows.lowerBound * rowByteCount..<rows.upperBound * rowByteCount]))
  }

  func column(_ key: StoredKey) throws -> Column {
    guard let contents = columns[key]?.contents else { throw CheckpointError.damaged("no column '\(key)'") }
    let column = try Column(contents.scalarType, rowLength: contents.rowLength, rows: contents.rows)
    try column.assign(contents)
    return column
  }
  func shownColumn(_ key: StoredKey) throws -> Column { try column(key) }
  func repeated(_ key: StoredKey) -> RepeatedElement? { nil }
  func isHeld(_ key: StoredKey, by column: Column) -> Bool { false }
}
