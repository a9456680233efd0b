import EngramScalars

/// One thing that happened to the checkpoints of a run directory (FORMAT.md).
enum JournalRecord: Equatable, Sendable {
  /// Everything that earlier records said; only as the first record.
  case snapshot(Catalogue)
  case opened(WriterRecord)
  case closed(generation: UInt64)
  case committed(CheckpointHead)
  case removed([UInt64])
  /// The checkpoint answers to `to` on its line, and to `from` no longer.
  case renamed(UInt64, from: ExactName?, to: ExactName)
  case tagged(UInt64, [String])

  private static let kinds: [String: UInt32] = Dictionary(
    uniqueKeysWithValues: ["SNAP", "OPEN", "CLOS", "CMIT", "GONE", "NAME", "TAGS"].map { ($0, kind($0)) })

  private static func kind(_ letters: String) -> UInt32 { letters.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) } }

  var encoded: (kind: UInt32, body: [UInt8]) {
    var writer = ByteWriter()
    let letters: String
    switch self {
    case .snapshot(let catalogue):
      letters = "SNAP"
      catalogue.encode(into: &writer)
    case .opened(let record):
      letters = "OPEN"
      writer.append(record)
    case .closed(let generation):
      letters = "CLOS"
      writer.append(generation)
    case .committed(let head):
      letters = "CMIT"
      writer.append(head)
    case .removed(let sequences):
      letters = "GONE"
      writer.append(UInt32(sequences.count))
      for sequence in sequences { writer.append(sequence) }
    case .renamed(let sequence, let from, let to):
      letters = "NAME"
      writer.append(sequence)
      writer.append(UInt32(from == nil ? 0 : 1))
      writer.append(from?.text ?? "")
      writer.append(to.text)
    case .tagged(let sequence, let tags):
      letters = "TAGS"
      writer.append(sequence)
      writer.append(UInt32(tags.count))
      for tag in tags { writer.append(tag) }
    }
    return (JournalRecord.kind(letters), writer.bytes)
  }

  /// Nil: a kind of a later minor version.
  static func decoded(_ kind: UInt32, _ body: ArraySlice<UInt8>) throws(FormatProblem) -> JournalRecord? {
    var reader = ByteReader(body)
    let record: JournalRecord
    switch kind {
    case kinds["SNAP"]: record = .snapshot(try Catalogue(&reader))
    case kinds["OPEN"]: record = .opened(try reader.writerRecord())
    case kinds["CLOS"]: record = .closed(generation: try reader.number())
    case kinds["CMIT"]: record = .committed(try reader.head())
    case kinds["GONE"]:
      var sequences: [UInt64] = []
      for _ in 0..<(try reader.count(ofAtLeast: 8)) { sequences.append(try reader.sequence()) }
      record = .removed(sequences)
    case kinds["NAME"]:
      let sequence = try reader.sequence()
      let hasOld: UInt32 = try reader.number()
      let old = ExactName(try reader.text())
      record = .renamed(sequence, from: hasOld == 1 ? old : nil, to: ExactName(try reader.text()))
    case kinds["TAGS"]:
      let sequence = try reader.sequence()
      var tags: [String] = []
      for _ in 0..<(try reader.count(ofAtLeast: 4)) { tags.append(try reader.text()) }
      record = .tagged(sequence, tags)
    default: return nil
    }
    try reader.end()
    return record
  }
}

extension ByteReader {
  mutating func sequence() throws(FormatProblem) -> UInt64 {
    let value: UInt64 = try number()
    guard value <= CheckpointName.greatestSequence else { throw problem("\(value) is not a number of a checkpoint") }
    return value
  }
}
