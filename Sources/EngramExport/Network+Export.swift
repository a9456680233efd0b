internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import FoundationEssentials

extension Network {
  /// Writes the present state to an HDF5 file that any tool opens (HDF-1): aside first, then in place of an older one.
  ///
  /// Between runs only. Values are SI; `/objects`, `/recordings`, `/clocks` and `/model` hold what their names say.
  public func exportHDF5(to url: URL, options: ExportOptions = ExportOptions()) throws {
    try withContents { _ in
      try waitForVerification()
      try export(try gatherState(), to: url, options)
    }
  }

  private func export(_ state: StateToStore, to url: URL, _ options: ExportOptions) throws {
    try ExportFile.write(
      to: url.path, [(nil, ExportedNetwork(try StoredNetwork(sections: state.sections)), LiveArrays(state))], options: options)
  }
}

/// The arrays of a network as they are now.
private struct LiveArrays: ExportArrays {
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

  func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if let column = state.columns[key]?.column {
      try column.forEachSlab(rows: rows, body)
    } else if let recording = state.recordings[key]?.recording {
      try recording.forEachPiece(rows: rows, body)
    }
  }
}
