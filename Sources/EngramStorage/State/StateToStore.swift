/// Everything one checkpoint holds, as lent by the owner of the columns at a step boundary.
package struct StateToStore {
  package struct StoredColumn {
    package let column: Column
    package let metadata: StoredMetadata
    /// Whether nobody changes it any more, however long it takes to store it.
    package let isSnapshot: Bool
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

  /// - Parameter isSnapshot: whether nobody changes the column any more: it is written from where it is, without a copy, and kept until then.
  package mutating func add(_ column: Column, as key: StoredKey, _ metadata: StoredMetadata = StoredMetadata(), isSnapshot: Bool = false) {
    precondition(columns[key] == nil && recordings[key] == nil, "\(key) is stored twice")
    columns[key] = StoredColumn(column: column, metadata: metadata, isSnapshot: isSnapshot)
  }

  package mutating func add(_ recording: Recording, as key: StoredKey, _ metadata: StoredMetadata = StoredMetadata(kind: .append)) {
    precondition(columns[key] == nil && recordings[key] == nil, "\(key) is stored twice")
    recordings[key] = StoredRecording(recording: recording, metadata: metadata)
  }
}
