import EngramScalars

/// What a manifest says about its checkpoint as a whole: its section `INFO`.
struct ManifestInfo: Sendable {
  var sequence: UInt64
  var createdNanoseconds: Int64
  var writtenByteCount: Int
  var kind: CheckpointKind
  var runID: String
  var parent: String?
  var line: String
  var name: String?
  var comment: String
  var tags: [String]
  var summary: [String: String]

  init(_ section: ByteReader) throws(FormatProblem) {
    var info = section
    sequence = try info.number()
    guard sequence <= CheckpointName.greatestSequence else { throw info.problem("\(sequence) is not a number of a checkpoint") }
    createdNanoseconds = try info.number()
    writtenByteCount = try info.size()
    guard let kind = CheckpointKind(rawValue: try info.number()) else { throw info.problem("unknown kind of checkpoint") }
    self.kind = kind
    let present: UInt8 = try info.number()
    guard present <= 3 else { throw info.problem("unknown flags") }
    runID = try info.text()
    let parent = try info.text()
    self.parent = present & 1 == 1 ? parent : nil
    line = try info.text()
    let name = try info.text()
    self.name = present & 2 == 2 ? name : nil
    comment = try info.text()
    tags = []
    for _ in 0..<(try info.count(ofAtLeast: 4)) { tags.append(try info.text()) }
    summary = [:]
    for _ in 0..<(try info.count(ofAtLeast: 8)) {
      let key = try info.text()
      summary[key] = try info.text()
    }
    try info.end()
  }
}

/// A manifest file as an opening looks at it: its checksum is verified and its head read; its arrays are left alone.
struct ManifestOutline: Sendable {
  let info: ManifestInfo
  let anchor: Anchor?
  /// Of the whole file but its own checksum: what the journal knows it by.
  let hash: ContentHash
  private let files: Range<Int>

  /// - Parameter file: for messages.
  init(_ bytes: [UInt8], file: String) throws(StorageError) {
    let (places, checksum): ([SectionedFile.Place], ContentHash)
    do throws(SectionedFile.Refusal) { (places, checksum) = try SectionedFile.outline(bytes, magic: Manifest.magic) } catch {
      throw error.asStorageError(file: file)
    }
    do throws(FormatProblem) {
      func single(_ kind: UInt32) throws(FormatProblem) -> Range<Int> {
        let found = places.filter { $0.kind == kind }
        guard found.count == 1 else { throw FormatProblem(what: "a section occurs \(found.count) times", offset: 0) }
        return found[0].range
      }
      info = try ManifestInfo(ByteReader(bytes[try single(Manifest.infoKind)]))
      files = try single(Manifest.filesKind)
      if let place = places.first(where: { $0.kind == Anchor.kind }) { anchor = try Anchor(bytes[place.range]) } else { anchor = nil }
    } catch {
      throw .damaged(file: file, what: error.what, place: "byte \(error.offset) of a section")
    }
    hash = checksum
  }

  /// Names of the files it refers to, as `objects/…` and `segments/…`.
  static func references(_ bytes: [UInt8], file: String) throws(StorageError) -> [String] {
    let outline = try ManifestOutline(bytes, file: file)
    var found: [String] = []
    do throws(FormatProblem) {
      var reader = ByteReader(bytes[outline.files])
      for _ in 0..<(try reader.count(ofAtLeast: 37)) { found.append(try Manifest.file(&reader).path) }
    } catch { throw .damaged(file: file, what: error.what, place: "byte \(error.offset) of a section") }
    return found
  }
}

extension Manifest {
  /// What the journal knows a manifest by: the checksum that the file ends with.
  static func hash(ofFile bytes: [UInt8]) -> ContentHash {
    guard bytes.count >= SectionedFile.checksumByteCount else { return ContentHash(of: bytes) }
    return bytes.withUnsafeBytes { ContentHash(of: UnsafeRawBufferPointer(rebasing: $0.dropLast(SectionedFile.checksumByteCount))) }
  }
}
