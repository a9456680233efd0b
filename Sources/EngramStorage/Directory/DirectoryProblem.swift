/// Something about a run directory as a whole that is not as it should be, although its checkpoints may be fine.
package struct DirectoryProblem: Hashable, Sendable {
  /// Below the directory.
  package let file: String
  package let what: String
  /// Id of the checkpoint that is concerned, if one is.
  package let checkpoint: String?

  package var text: String { "\(file): \(what)" }
}

/// What an opening found in a directory; the journal first, then every manifest compared with it.
struct Findings: Sendable {
  /// What a listing needs of a manifest.
  struct Detail: Sendable {
    var info: ManifestInfo
    var logicalByteCount: Int
    var recordedByteCount: Int
  }

  /// The files a writer must find unchanged when it begins.
  struct JournalState: Equatable, Sendable {
    var inode: UInt64 = 0
    var byteCount = -1
  }

  var catalogue = Catalogue()
  var details: [UInt64: Detail] = [:]
  /// Manifests that are there and cannot be used.
  var damaged: [UInt64: StorageError] = [:]
  /// Known to the journal, not there.
  var missing: Set<UInt64> = []
  /// Intact, and not in the journal yet: the last commit of a process that died.
  var unrecorded: [CheckpointHead] = []
  var problems: [DirectoryProblem] = []
  /// Names, tags and removals are known as they were last changed.
  var isCertain = true
  /// The end of the journal, where it can be continued as it is.
  var end: Journal.End?
  /// Where a new journal takes over.
  var position: UInt64 = 0
  var chain = ContentHash(of: [])
  var journal = JournalState()
  var directory = FileStatus(byteCount: 0, isRegular: false, isDirectory: true)
  var greatestSequence: UInt64 = 0
  /// Files of the journal that are to be kept aside.
  var spoilt: [String] = []
  var isOld = false
}
