import EngramScalars

/// The common form of the room's small files: header, table of sections, sections, checksum of everything.
///
/// Described byte by byte in FORMAT.md. A reader refuses a greater major version and unknown sections that are marked
/// as needed; it keeps unknown optional sections, and writes them again when it writes the file again (CKP-31).
struct SectionedFile: Equatable {
  struct Section: Equatable {
    /// Four ASCII letters.
    let kind: UInt32
    /// Whether a reader that does not know the kind must refuse the file.
    let isNeeded: Bool
    let bytes: [UInt8]
  }

  static let majorVersion: UInt16 = 1
  /// The greatest minor version this release writes; a file without anything new says 0 (FORMAT.md).
  static let minorVersion: UInt16 = 1
  static let headerByteCount = 32
  static let entryByteCount = 24
  static let checksumByteCount = 16
  /// Nothing the room writes comes near; a file that claims more is not read into memory.
  static let greatestByteCount = 1 << 30

  var sections: [Section]

  static func kind(_ letters: StaticString) -> UInt32 {
    letters.withUTF8Buffer { buffer in buffer.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
  }

  /// - Parameter minor: the minor version that first knew everything in it.
  func encoded(magic: [UInt8], minor: UInt16 = 0) -> [UInt8] {
    precondition(magic.count == 8)
    var total = SectionedFile.headerByteCount + sections.count * SectionedFile.entryByteCount
    var offsets: [Int] = []
    for section in sections {
      offsets.append(total)
      total += (section.bytes.count + 7) / 8 * 8
    }
    total += SectionedFile.checksumByteCount
    var writer = ByteWriter()
    writer.append(raw: magic)
    writer.append(SectionedFile.majorVersion)
    writer.append(minor)
    writer.append(UInt32(0))
    writer.append(UInt64(total))
    writer.append(UInt32(sections.count))
    writer.append(UInt32(0))
    for (section, offset) in zip(sections, offsets) {
      writer.append(section.kind)
      writer.append(UInt32(section.isNeeded ? 1 : 0))
      writer.append(UInt64(offset))
      writer.append(UInt64(section.bytes.count))
    }
    for section in sections {
      writer.append(raw: section.bytes)
      writer.pad(to: 8)
    }
    writer.append(ContentHash(of: writer.bytes))
    return writer.bytes
  }

  /// Why a sectioned file was refused.
  enum Refusal: Error, Equatable {
    case damaged(FormatProblem)
    case version(found: String)
  }

  init(sections: [Section]) { self.sections = sections }

  init(decoding bytes: [UInt8], magic: [UInt8]) throws(Refusal) {
    sections = try SectionedFile.outline(bytes, magic: magic).sections.map { Section(kind: $0.kind, isNeeded: $0.isNeeded, bytes: Array(bytes[$0.range])) }
  }

  /// Where a section lies in its file.
  struct Place {
    let kind: UInt32
    let isNeeded: Bool
    let range: Range<Int>
  }

  /// Checks everything that can be checked without reading a section, the checksum first, and copies nothing.
  static func outline(_ bytes: [UInt8], magic: [UInt8]) throws(Refusal) -> (sections: [Place], checksum: ContentHash) {
    do throws(FormatProblem) {
      var reader = ByteReader(bytes[...])
      guard Array(try reader.take(8)) == magic else { throw FormatProblem(what: "not a file of this kind", offset: 0) }
      let major: UInt16 = try reader.number()
      let minor: UInt16 = try reader.number()
      let reserved: UInt32 = try reader.number()
      let total = try reader.size()
      let checksumStart = bytes.count - SectionedFile.checksumByteCount
      guard total == bytes.count, checksumStart >= SectionedFile.headerByteCount else {
        throw FormatProblem(what: "the file has \(bytes.count) bytes, its header says \(total)", offset: 16)
      }
      var tail = ByteReader(bytes[checksumStart...])
      let stored = try tail.hash()
      guard bytes.withUnsafeBytes({ ContentHash(of: UnsafeRawBufferPointer(rebasing: $0[..<checksumStart])) }) == stored else {
        throw FormatProblem(what: "the checksum does not agree", offset: checksumStart)
      }
      // Only now is anything interpreted; the version comes first.
      guard major == SectionedFile.majorVersion else {
        throw FormatProblem(what: "version \(major).\(minor)", offset: 8, reason: .version(found: "\(major).\(minor)"))
      }
      guard reserved == 0 else { throw FormatProblem(what: "reserved bytes are not 0", offset: 12) }
      let count: UInt32 = try reader.number()
      guard try reader.number(UInt32.self) == 0 else { throw FormatProblem(what: "reserved bytes are not 0", offset: 28) }
      guard Int(count) <= (checksumStart - SectionedFile.headerByteCount) / SectionedFile.entryByteCount else {
        throw FormatProblem(what: "\(count) sections announced, too few bytes", offset: 24)
      }
      var found: [Place] = []
      var next = SectionedFile.headerByteCount + Int(count) * SectionedFile.entryByteCount
      for _ in 0..<count {
        let kind: UInt32 = try reader.number()
        let flags: UInt32 = try reader.number()
        guard flags <= 1 else { throw reader.problem("unknown section flags \(flags)") }
        let offset = try reader.size()
        let length = try reader.size()
        guard offset == next, length <= checksumStart - offset else { throw reader.problem("a section is out of place") }
        found.append(Place(kind: kind, isNeeded: flags == 1, range: offset..<offset + length))
        let padded = (length + 7) / 8 * 8
        guard padded <= checksumStart - offset, bytes[offset + length..<offset + padded].allSatisfy({ $0 == 0 }) else {
          throw FormatProblem(what: "padding is not 0", offset: offset + length)
        }
        next = offset + padded
      }
      guard next == checksumStart else { throw FormatProblem(what: "bytes belong to no section", offset: next) }
      return (found, stored)
    } catch {
      throw Refusal(error)
    }
  }
}

extension SectionedFile.Refusal {
  init(_ problem: FormatProblem) {
    switch problem.reason {
    case .damage, .foreign: self = .damaged(problem)
    case .version(let found): self = .version(found: found)
    }
  }

  func asStorageError(file: String) -> StorageError {
    switch self {
    case .damaged(let problem): .damaged(file: file, what: problem.what, place: "byte \(problem.offset)")
    case .version(let found): .unsupportedVersion(file: file, found: found, supported: "\(SectionedFile.majorVersion).x")
    }
  }
}
