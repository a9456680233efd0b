import EngramScalars

/// Everything needed to restore one checkpoint; immutable once committed.
///
/// Says where each array lies; never trusts anything else in the run directory.
struct Manifest: Equatable, Sendable {
  struct FileEntry: Equatable, Sendable {
    enum Kind: UInt8, Sendable {
      /// `objects/<name>`: immutable, hashed as a whole.
      case object = 0
      /// `segments/<name>`: grows behind what counts; its header is hashed here, its payload per piece.
      case segment = 1
      /// The portable file that holds this manifest.
      case own = 2
    }
    var kind: Kind
    var name: String
    /// Exact size of an object; least size of a segment.
    var byteCount: Int
    /// The hash is of this many bytes from the start.
    var hashedByteCount: Int
    var hash: ContentHash

    var path: String {
      switch kind {
      case .object: "objects/\(name)"
      case .segment: "segments/\(name)"
      case .own: name
      }
    }
  }

  /// Some bytes of a file.
  struct Extent: Equatable, Hashable, Sendable {
    /// Index into `files`.
    var file: Int
    var offset: Int
    var byteCount: Int
    var hash: ContentHash
  }

  struct ColumnEntry: Equatable, Sendable {
    var key: StoredKey
    var metadata: StoredMetadata
    var scalarType: ScalarType
    var rows: Int
    var rowLength: Int
    var version: UInt64
    /// Nil for arrays without elements, and for those whose elements are all the same.
    var extent: Extent?
    /// What all elements are, where nothing else is stored of them.
    var repeated: RepeatedElement?
    /// Bytes of all elements, wherever they are.
    var byteCount: Int { extent?.byteCount ?? repeated?.byteCount ?? 0 }
    /// The hash of these bytes; nil without elements.
    var hash: ContentHash? { extent?.hash ?? repeated?.hash }
  }

  struct RecordingEntry: Equatable, Sendable {
    var key: StoredKey
    var metadata: StoredMetadata
    var scalarType: ScalarType
    var rowLength: Int
    var rows: Int
    var pieces: [Extent]
    var byteCount: Int { pieces.reduce(0) { $0 + $1.byteCount } }
  }

  var sequence: UInt64
  var runID: String
  var parent: String?
  var line: String
  var name: String?
  var kind: CheckpointKind
  var createdNanoseconds: Int64
  var writtenByteCount: Int
  var comment: String
  var tags: [String]
  var summary: [String: String]
  var files: [FileEntry]
  /// In byte order of their keys.
  var columns: [ColumnEntry]
  var recordings: [RecordingEntry]
  /// Opaque parts by name.
  var sections: [String: [UInt8]]
  /// Optional sections of a later minor version; kept as they are.
  var unknownSections: [SectionedFile.Section] = []
  /// Who committed it, behind what; nil in manifests of version 1.0, of portable files and of branches as they are made.
  var anchor: Anchor?

  var id: String { CheckpointName.id(sequence) }
  var fileName: String { id + ".manifest" }

  /// Sums over a description that nobody vouches for must not wrap.
  var recordedByteCount: Int { recordings.reduce(0) { $0.addingSaturated($1.byteCount) } }
  var arrayByteCount: Int { columns.reduce(0) { $0.addingSaturated($1.byteCount) } }
  var logicalByteCount: Int { recordedByteCount.addingSaturated(arrayByteCount) }
}

extension Int {
  /// The sum, or the greatest number where it would be greater; for two numbers from 0 on.
  fileprivate func addingSaturated(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
