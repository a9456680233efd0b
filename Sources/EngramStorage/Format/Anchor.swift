import EngramScalars

/// What ties a manifest to the journal of its directory: who wrote it, and behind which records.
///
/// With it a journal that is missing, or older than a checkpoint, is noticed; and a listing needs no more than the head of a manifest.
struct Anchor: Equatable, Sendable {
  /// Counts the writers of the directory, one after the other.
  var generation: UInt64
  /// Chosen at random by that writer.
  var token: UInt64
  /// Records of the journal before that of this checkpoint, and the chain of hashes over them.
  var position: UInt64
  var chain: ContentHash
  /// Bytes of all arrays and recordings, and of the recordings alone.
  var logicalByteCount: Int
  var recordedByteCount: Int

  static let kind = SectionedFile.kind("ANCH")

  var section: SectionedFile.Section {
    var writer = ByteWriter()
    writer.append(generation)
    writer.append(token)
    writer.append(position)
    writer.append(chain)
    writer.append(UInt64(logicalByteCount))
    writer.append(UInt64(recordedByteCount))
    return SectionedFile.Section(kind: Anchor.kind, isNeeded: false, bytes: writer.bytes)
  }

  init(generation: UInt64, token: UInt64, position: UInt64, chain: ContentHash, logicalByteCount: Int, recordedByteCount: Int) {
    (self.generation, self.token, self.position, self.chain) = (generation, token, position, chain)
    (self.logicalByteCount, self.recordedByteCount) = (logicalByteCount, recordedByteCount)
  }

  init(_ bytes: ArraySlice<UInt8>) throws(FormatProblem) {
    var reader = ByteReader(bytes)
    generation = try reader.number()
    token = try reader.number()
    position = try reader.number()
    chain = try reader.hash()
    logicalByteCount = try reader.size()
    recordedByteCount = try reader.size()
    try reader.end()
  }
}
