import EngramScalars

/// Names changed after the fact in directories of version 1.0, before there was a journal: what every name meant when the table was written,
/// tags, and what was removed (CKP-41). Only read.
///
/// Speaks up to a sequence number: names carried by later manifests win over it.
struct NamesTable: Equatable, Sendable {
  var upToSequence: UInt64 = 0
  var names: [ExactName: UInt64] = [:]
  var tags: [UInt64: [String]] = [:]
  var removed: Set<UInt64> = []

  static let fileName = "names"
  static let magic: [UInt8] = [0x89] + Array("ENGNAM".utf8) + [0x0A]
  static let kind = SectionedFile.kind("NAME")

  init() {}

  init(decoding bytes: [UInt8], file: String) throws(StorageError) {
    let container: SectionedFile
    do throws(SectionedFile.Refusal) { container = try SectionedFile(decoding: bytes, magic: NamesTable.magic) } catch {
      throw error.asStorageError(file: file)
    }
    do throws(FormatProblem) {
      guard let section = container.sections.first, section.kind == NamesTable.kind else {
        throw FormatProblem(what: "no table of names", offset: 0)
      }
      var reader = ByteReader(section.bytes[...])
      upToSequence = try reader.number()
      guard upToSequence <= CheckpointName.greatestSequence else { throw reader.problem("\(upToSequence) is not a number of a checkpoint") }
      for _ in 0..<(try reader.count(ofAtLeast: 12)) {
        let name = ExactName(try reader.text())
        names[name] = try reader.number()
      }
      for _ in 0..<(try reader.count(ofAtLeast: 12)) {
        let sequence: UInt64 = try reader.number()
        var found: [String] = []
        for _ in 0..<(try reader.count(ofAtLeast: 4)) { found.append(try reader.text()) }
        tags[sequence] = found
      }
      for _ in 0..<(try reader.count(ofAtLeast: 8)) { removed.insert(try reader.number()) }
      try reader.end()
    } catch {
      throw .damaged(file: file, what: error.what, place: "byte \(error.offset) of its section")
    }
  }
}
