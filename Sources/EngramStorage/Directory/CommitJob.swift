import EngramScalars

/// What the background needs to know: values, and bytes that do not change meanwhile.
///
/// Unchecked: the bytes are copies in the shadow, those of a snapshot, or live ones that are left alone until the job is done.
struct CommitJob: @unchecked Sendable {
  struct ColumnJob {
    let key: StoredKey
    let metadata: StoredMetadata
    let scalarType: ScalarType
    let rows: Int
    let rowLength: Int
    let version: UInt64
    let identity: UInt64
    /// Where its bytes lie; nil: nowhere yet.
    let place: RunDirectory.Place?
    /// What stands for all of its elements in the manifest; nil: they lie in a file.
    let repeated: RepeatedElement?
    /// Kept until the job is done, and used for nothing else here: nobody changes it, and who made it may let go of it meanwhile.
    let snapshot: Column?
    /// Live ones, or a copy of them.
    var bytes: UnsafeRawBufferPointer
    var isCopy = false
    /// What of the bytes came from a file and has to be compared; nil: nothing.
    var pages: CopiedPages?

    var isToBeWritten: Bool { place == nil && repeated == nil }

    /// The bytes to write, compared: a copy here and now, live ones whenever they are read.
    func source() throws(StorageError) -> PayloadSource {
      guard let pages else { return .memory(bytes) }
      try pages.checkSources()
      guard isCopy else { return .mapped(bytes, pages) }
      try pages.check(bytes, at: 0)
      return .memory(bytes)
    }
  }
  struct RecordingJob {
    let key: StoredKey
    let metadata: StoredMetadata
    let contents: RecordingContents
  }

  let options: CommitOptions
  let sections: [String: [UInt8]]
  let unknownSections: [SectionedFile.Section]
  let pace: Pace
  var columns: [ColumnJob] = []
  var recordings: [RecordingJob] = []
}

extension StoredMetadata {
  /// What a stranger sees: scalars without dimensions, vectors with one, the rest with two.
  func shape(rows: Int, rowLength: Int) -> [Int] {
    if flags.contains(.scalar), rows == 1, rowLength == 1 { return [] }
    return rowLength == 1 ? [rows] : [rows, rowLength]
  }

  func attributes(_ key: StoredKey) -> [PayloadAttribute] {
    [
      PayloadAttribute("units", .text(unit)), PayloadAttribute("dimension", .numbers(dimension)),
      PayloadAttribute("long_name", .text(key.variable)), PayloadAttribute("owner", .text(key.owner)),
      PayloadAttribute("read_only", .integer(flags.contains(.readOnly) ? 1 : 0)),
      PayloadAttribute("constant", .integer(flags.contains(.constant) ? 1 : 0)),
    ]
  }
}
