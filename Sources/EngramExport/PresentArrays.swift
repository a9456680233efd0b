internal import EngramCheckpoints
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// The arrays of a network, an object or a variable as they are now.
struct PresentArrays: ExportArrays {
  private let state: StateToStore

  init(_ state: StateToStore) { self.state = state }

  var keys: [StoredKey] { (Array(state.columns.keys) + Array(state.recordings.keys)).sorted() }
  func metadata(_ key: StoredKey) -> StoredMetadata? { state.columns[key]?.metadata ?? state.recordings[key]?.metadata }

  func shape(_ key: StoredKey) -> ArrayShape? {
    if let column = state.columns[key]?.column {
      return ArrayShape(scalarType: column.scalarType, rows: column.rows, rowLength: column.rowLength, isRecording: false)
    }
    return state.recordings[key].map {
      ArrayShape(scalarType: $0.recording.scalarType, rows: $0.recording.rows, rowLength: $0.recording.rowLength, isRecording: true)
    }
  }

  /// Small arrays are written out.
  func repeated(_ key: StoredKey) -> RepeatedElement? {
    state.columns[key].flatMap { $0.column.byteCount >= RunDirectory.leastRepeatedByteCount ? $0.column.repeated : nil }
  }

  func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if let column = state.columns[key]?.column {
      try column.forEachSlab(rows: rows, body)
    } else if let recording = state.recordings[key]?.recording {
      try recording.forEachPiece(rows: rows, body)
    }
  }
}

/// Some values of one variable.
struct PresentPart: ExportArrays {
  private let values: PresentValues

  init(_ values: PresentValues) { self.values = values }

  var keys: [StoredKey] { [values.key] }
  func metadata(_ key: StoredKey) -> StoredMetadata? { values.metadata }
  func shape(_ key: StoredKey) -> ArrayShape? { ArrayShape(scalarType: values.scalarType, rows: values.count, rowLength: 1, isRecording: false) }
  func numbers(_ key: StoredKey) -> [Int]? { values.numbers }

  func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let size = values.scalarType.byteCount
    try values.bytes[rows.lowerBound * size..<rows.upperBound * size].withUnsafeBytes(body)
  }
}
