/// Everything one checkpoint holds, as lent by the owner of the columns at a step boundary.
package struct StateToStore {
  package struct StoredColumn {
    package let column: Column
    package let metadata: StoredMetadata
  }
  package struct StoredRecording {
    package let recording: Recording
    package let metadata: StoredMetadata
  }

  package private(set) var columns: [StoredKey: StoredColumn] = [:]
  package private(set) var recordings: [StoredKey: StoredRecording] = [:]
  /// Opaque parts by name: network, model, provenance, …
  package var sections: [String: [UInt8]] = [:]
  /// Parts of a later minor version, carried on unread.
  var unknownSections: [SectionedFile.Section] = []

  package init() {}

  package mutating func add(_ column: Column, as key: StoredKey, _ metadata: StoredMetadata = StoredMetadata()) {
    precondition(columns[key] == nil && recordings[key] == nil, "\(key) is stored twice")
    columns[key] = StoredColumn(column: column, metadata: metadata)
  }

  package mutating func add(_ recording: Recording, as key: StoredKey, _ metadata: StoredMetadata = StoredMetadata(kind: .append)) {
    precondition(columns[key] == nil && recordings[key] == nil, "\(key) is stored twice")
    recordings[key] = StoredRecording(recording: recording, metadata: metadata)
  }
}
