import EngramScalars

// The form is described byte by byte in FORMAT.md; the two halves below follow it line by line.

extension Manifest {
  static let magic: [UInt8] = [0x89] + Array("ENGMAN".utf8) + [0x0A]

  static let infoKind = SectionedFile.kind("INFO")
  static let filesKind = SectionedFile.kind("FILE")
  private static let columnsKind = SectionedFile.kind("COLS")
  /// Needed where it is: a reader that does not know it would miss arrays.
  private static let repeatedKind = SectionedFile.kind("FILL")
  private static let recordingsKind = SectionedFile.kind("RECS")
  private static let partKind = SectionedFile.kind("PART")

  // MARK: Writing

  func encoded() -> [UInt8] {
    var sections = [
      SectionedFile.Section(kind: Manifest.infoKind, isNeeded: true, bytes: encodedInfo()),
      SectionedFile.Section(kind: Manifest.filesKind, isNeeded: true, bytes: encodedFiles()),
      SectionedFile.Section(kind: Manifest.columnsKind, isNeeded: true, bytes: encodedColumns()),
      SectionedFile.Section(kind: Manifest.recordingsKind, isNeeded: true, bytes: encodedRecordings()),
    ]
    if hasRepeated { sections.append(SectionedFile.Section(kind: Manifest.repeatedKind, isNeeded: true, bytes: encodedRepeated())) }
    for (name, content) in self.sections.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      var writer = ByteWriter()
      writer.append(name)
      writer.append(raw: content)
      sections.append(SectionedFile.Section(kind: Manifest.partKind, isNeeded: true, bytes: writer.bytes))
    }
    if let anchor { sections.append(anchor.section) }
    return SectionedFile(sections: sections + unknownSections).encoded(magic: Manifest.magic, minor: hasRepeated ? 2 : anchor == nil ? 0 : 1)
  }

  private func encodedInfo() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(sequence)
    writer.append(createdNanoseconds)
    writer.append(UInt64(writtenByteCount))
    writer.append(kind.rawValue)
    writer.append(UInt8((parent == nil ? 0 : 1) | (name == nil ? 0 : 2)))
    writer.append(runID)
    writer.append(parent ?? "")
    writer.append(line)
    writer.append(name ?? "")
    writer.append(comment)
    writer.append(UInt32(tags.count))
    for tag in tags { writer.append(tag) }
    writer.append(UInt32(summary.count))
    for (key, value) in summary.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      writer.append(key)
      writer.append(value)
    }
    return writer.bytes
  }

  private func encodedFiles() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt32(files.count))
    for file in files {
      writer.append(file.kind.rawValue)
      writer.append(file.name)
      writer.append(UInt64(file.byteCount))
      writer.append(UInt64(file.hashedByteCount))
      writer.append(file.hash)
    }
    return writer.bytes
  }

  private func append(_ key: StoredKey, _ metadata: StoredMetadata, _ type: ScalarType, to writer: inout ByteWriter) {
    writer.append(key.owner)
    writer.append(key.variable)
    writer.append(metadata.kind.rawValue)
    writer.append(type.code)
    writer.append(metadata.flags.rawValue)
    for exponent in metadata.dimension { writer.append(exponent) }
    writer.append(metadata.unit)
  }

  private func append(_ extent: Extent, to writer: inout ByteWriter) {
    writer.append(UInt32(extent.file))
    writer.append(UInt64(extent.offset))
    writer.append(UInt64(extent.byteCount))
    writer.append(extent.hash)
  }

  private var hasRepeated: Bool { columns.contains { $0.repeated != nil } }

  private func append(_ column: ColumnEntry, to writer: inout ByteWriter) {
    append(column.key, column.metadata, column.scalarType, to: &writer)
    writer.append(UInt64(column.rows))
    writer.append(UInt64(column.rowLength))
    writer.append(column.version)
  }

  private func encodedRepeated() -> [UInt8] {
    var writer = ByteWriter()
    let repeated = columns.filter { $0.repeated != nil }
    writer.append(UInt32(repeated.count))
    for column in repeated {
      append(column, to: &writer)
      writer.append(column.repeated?.bits ?? 0)
    }
    return writer.bytes
  }

  private func encodedColumns() -> [UInt8] {
    var writer = ByteWriter()
    let columns = columns.filter { $0.repeated == nil }
    writer.append(UInt32(columns.count))
    for column in columns {
      append(column, to: &writer)
      writer.append(UInt8(column.extent == nil ? 0 : 1))
      if let extent = column.extent { append(extent, to: &writer) }
    }
    return writer.bytes
  }

  private func encodedRecordings() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt32(recordings.count))
    for recording in recordings {
      append(recording.key, recording.metadata, recording.scalarType, to: &writer)
      writer.append(UInt64(recording.rows))
      writer.append(UInt64(recording.rowLength))
      writer.append(UInt32(recording.pieces.count))
      for piece in recording.pieces { append(piece, to: &writer) }
    }
    return writer.bytes
  }

  // MARK: Reading

  /// - Parameter file: for messages.
  init(decoding bytes: [UInt8], file: String) throws(StorageError) {
    let container: SectionedFile
    do throws(SectionedFile.Refusal) { container = try SectionedFile(decoding: bytes, magic: Manifest.magic) } catch {
      throw error.asStorageError(file: file)
    }
    do throws(FormatProblem) {
      try self.init(container)
    } catch {
      if case .version(let found) = error.reason {
        throw .unsupportedVersion(file: file, found: found, supported: "\(SectionedFile.majorVersion).\(SectionedFile.minorVersion)")
      }
      throw .damaged(file: file, what: error.what, place: "byte \(error.offset) of a section")
    }
  }

  private init(_ container: SectionedFile) throws(FormatProblem) {
    func single(_ kind: UInt32) throws(FormatProblem) -> ByteReader {
      let found = container.sections.filter { $0.kind == kind }
      guard found.count == 1, let section = found.first else { throw FormatProblem(what: "a section occurs \(found.count) times", offset: 0) }
      return ByteReader(section.bytes[...])
    }
    let info = try ManifestInfo(single(Manifest.infoKind))
    (sequence, createdNanoseconds, writtenByteCount, kind) = (info.sequence, info.createdNanoseconds, info.writtenByteCount, info.kind)
    (runID, parent, line, name) = (info.runID, info.parent, info.line, info.name)
    (comment, tags, summary) = (info.comment, info.tags, info.summary)

    files = []
    var fileReader = try single(Manifest.filesKind)
    for _ in 0..<(try fileReader.count(ofAtLeast: 37)) { files.append(try Manifest.file(&fileReader)) }
    try fileReader.end()

    columns = []
    var columnReader = try single(Manifest.columnsKind)
    for _ in 0..<(try columnReader.count(ofAtLeast: 99)) { columns.append(try Manifest.column(&columnReader, files)) }
    try columnReader.end()
    if container.sections.contains(where: { $0.kind == Manifest.repeatedKind }) {
      var repeatedReader = try single(Manifest.repeatedKind)
      for _ in 0..<(try repeatedReader.count(ofAtLeast: 106)) { columns.append(try Manifest.repeatedColumn(&repeatedReader)) }
      try repeatedReader.end()
      columns.sort { $0.key < $1.key }
    }

    recordings = []
    var recordingReader = try single(Manifest.recordingsKind)
    for _ in 0..<(try recordingReader.count(ofAtLeast: 94)) { recordings.append(try Manifest.recording(&recordingReader, files)) }
    try recordingReader.end()
    var keys: Set<StoredKey> = []
    for key in columns.map(\.key) + recordings.map(\.key) where !keys.insert(key).inserted {
      throw FormatProblem(what: "\(key) occurs twice", offset: 0)
    }

    sections = [:]
    for section in container.sections {
      switch section.kind {
      case Manifest.infoKind, Manifest.filesKind, Manifest.columnsKind, Manifest.repeatedKind, Manifest.recordingsKind: continue
      case Manifest.partKind:
        var reader = ByteReader(section.bytes[...])
        let name = try reader.text()
        guard sections.updateValue(Array(try reader.take(reader.remaining)), forKey: name) == nil else {
          throw reader.problem("part '\(name)' occurs twice")
        }
      case Anchor.kind: anchor = try Anchor(section.bytes[...])
      default:
        guard !section.isNeeded else {
          let what = "unknown needed section \(section.kind)"
          throw FormatProblem(what: what, offset: 0, reason: .version(found: what))
        }
        unknownSections.append(section)
      }
    }
  }

  static func file(_ reader: inout ByteReader) throws(FormatProblem) -> FileEntry {
    guard let kind = FileEntry.Kind(rawValue: try reader.number()) else { throw reader.problem("unknown kind of file") }
    let name = try reader.text()
    guard kind == .own ? name.isEmpty : CheckpointName.isPlainFileName(name) else { throw reader.problem("'\(name)' is not a plain file name") }
    let byteCount = try reader.size()
    let hashed = try reader.size()
    guard hashed <= byteCount else { throw reader.problem("more bytes hashed than there are") }
    return FileEntry(kind: kind, name: name, byteCount: byteCount, hashedByteCount: hashed, hash: try reader.hash())
  }

  private static func head(_ reader: inout ByteReader) throws(FormatProblem) -> (StoredKey, StoredMetadata, ScalarType) {
    let key = StoredKey(try reader.text(), try reader.text())
    guard let kind = StoredMetadata.Kind(rawValue: try reader.number()) else { throw reader.problem("unknown class of \(key)") }
    guard let type = ScalarType(code: try reader.number()) else { throw reader.problem("unknown type of \(key)") }
    let flags = StoredMetadata.Flags(rawValue: try reader.number())
    var dimension: [Double] = []
    for _ in 0..<7 { dimension.append(try reader.double()) }
    return (key, StoredMetadata(kind: kind, flags: flags, dimension: dimension, unit: try reader.text()), type)
  }

  private static func extent(_ reader: inout ByteReader, _ files: [FileEntry]) throws(FormatProblem) -> Extent {
    let file = Int(try reader.number(UInt32.self))
    guard files.indices.contains(file) else { throw reader.problem("there is no file number \(file)") }
    let offset = try reader.size()
    let byteCount = try reader.size()
    let (end, overflow) = offset.addingReportingOverflow(byteCount)
    guard !overflow, byteCount > 0, end <= files[file].byteCount else { throw reader.problem("an array reaches beyond its file") }
    return Extent(file: file, offset: offset, byteCount: byteCount, hash: try reader.hash())
  }

  /// A column up to where its bytes are told, and how many they are.
  private static func column(_ reader: inout ByteReader) throws(FormatProblem) -> (entry: ColumnEntry, byteCount: Int) {
    let (key, metadata, type) = try head(&reader)
    let rows = try reader.size()
    let rowLength = try reader.size()
    let version: UInt64 = try reader.number()
    guard let byteCount = try? type.byteCount(rows: rows, rowLength: rowLength) else {
      throw reader.problem("\(key) is larger than possible")
    }
    return (
      ColumnEntry(key: key, metadata: metadata, scalarType: type, rows: rows, rowLength: rowLength, version: version, extent: nil), byteCount
    )
  }

  private static func repeatedColumn(_ reader: inout ByteReader) throws(FormatProblem) -> ColumnEntry {
    var (column, byteCount) = try column(&reader)
    let bits: UInt64 = try reader.number()
    let type = column.scalarType
    guard byteCount > 0, byteCount / type.byteCount <= RepeatedElement.greatestCount else {
      throw reader.problem("\(column.key) has \(byteCount / type.byteCount) equal elements instead of 1 to \(RepeatedElement.greatestCount)")
    }
    guard type.byteCount == 8 || bits >> (8 * UInt64(type.byteCount)) == 0 else { throw reader.problem("the element of \(column.key) is too long") }
    column.repeated = RepeatedElement(bits: bits, scalarType: type, count: byteCount / type.byteCount)
    return column
  }

  private static func column(_ reader: inout ByteReader, _ files: [FileEntry]) throws(FormatProblem) -> ColumnEntry {
    var (column, byteCount) = try column(&reader)
    let hasExtent: UInt8 = try reader.number()
    guard hasExtent == (byteCount > 0 ? 1 : 0) else { throw reader.problem("\(column.key) has elements and no place, or a place and no elements") }
    column.extent = hasExtent == 1 ? try extent(&reader, files) : nil
    guard (column.extent?.byteCount ?? 0) == byteCount, (column.extent?.offset ?? 0) % column.scalarType.byteCount == 0 else {
      throw reader.problem("place of \(column.key) does not fit its shape")
    }
    return column
  }

  private static func recording(_ reader: inout ByteReader, _ files: [FileEntry]) throws(FormatProblem) -> RecordingEntry {
    let (key, metadata, type) = try head(&reader)
    let rows = try reader.size()
    let rowLength = try reader.size()
    guard let byteCount = try? type.byteCount(rows: rows, rowLength: rowLength) else {
      throw reader.problem("\(key) is larger than possible")
    }
    var pieces: [Extent] = []
    var left = byteCount
    for _ in 0..<(try reader.count(ofAtLeast: 36)) {
      let piece = try extent(&reader, files)
      guard piece.byteCount <= left, piece.offset % type.byteCount == 0, piece.byteCount % (rowLength * type.byteCount) == 0 else {
        throw reader.problem("a piece of \(key) does not fit its shape")
      }
      left -= piece.byteCount
      pieces.append(piece)
    }
    guard left == 0 else { throw reader.problem("pieces of \(key) are too short") }
    return RecordingEntry(key: key, metadata: metadata, scalarType: type, rowLength: rowLength, rows: rows, pieces: pieces)
  }
}

extension ScalarType {
  /// Number of the type in files.
  var code: UInt8 {
    switch self {
    case .float64: 0
    case .float32: 1
    case .int32: 2
    case .int64: 3
    case .bool: 4
    }
  }

  init?(code: UInt8) {
    guard let found = ScalarType.allCases.first(where: { $0.code == code }) else { return nil }
    self = found
  }
}
