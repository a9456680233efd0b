internal import EngramScalars
package import EngramStorage

/// The arrays of a committed checkpoint, read, and compared, as they are needed.
package final class CheckpointArrays: ExportArrays {
  private let checkpoint: LoadedCheckpoint
  private let recordings: Set<StoredKey>

  package init(_ checkpoint: LoadedCheckpoint) {
    self.checkpoint = checkpoint
    recordings = Set(checkpoint.recordingKeys)
  }

  package var keys: [StoredKey] { (checkpoint.columnKeys + checkpoint.recordingKeys).sorted() }
  package func metadata(_ key: StoredKey) -> StoredMetadata? { checkpoint.metadata(key) }

  package func shape(_ key: StoredKey) -> ArrayShape? {
    checkpoint.shape(key).map {
      ArrayShape(scalarType: $0.scalarType, rows: $0.rows, rowLength: $0.rowLength, isRecording: recordings.contains(key))
    }
  }

  package func repeated(_ key: StoredKey) -> RepeatedElement? { checkpoint.repeated(key) }

  package func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try checkpoint.forEachPiece(key, rows: rows, body)
  }
}
