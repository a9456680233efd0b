import EngramScalars

/// The first 4096 bytes of a portable file (CKP-45): where the manifests are, and what guards the rest.
struct PortableHeader: Equatable {
  static let byteCount = 4096
  static let magic: [UInt8] = [0x89] + Array("ENGPOR".utf8) + [0x0A]

  var fileByteCount: Int
  var indexOffset: Int
  var indexByteCount: Int
  var indexHash: ContentHash
  /// Of all bytes that belong neither to this block, nor to the index, nor to an array.
  var frameHash: ContentHash

  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.append(raw: PortableHeader.magic)
    writer.append(SectionedFile.majorVersion)
    writer.append(UInt16(0))
    writer.append(UInt32(0))
    writer.append(UInt64(fileByteCount))
    writer.append(UInt64(indexOffset))
    writer.append(UInt64(indexByteCount))
    writer.append(indexHash)
    writer.append(frameHash)
    writer.pad(to: PortableHeader.byteCount - 16)
    writer.append(ContentHash(of: writer.bytes))
    return writer.bytes
  }

  init(fileByteCount: Int, indexOffset: Int, indexByteCount: Int, indexHash: ContentHash, frameHash: ContentHash) {
    self.fileByteCount = fileByteCount
    self.indexOffset = indexOffset
    self.indexByteCount = indexByteCount
    self.indexHash = indexHash
    self.frameHash = frameHash
  }

  /// - Parameter fileByteCount: what the file really has.
  init(decoding bytes: [UInt8], fileByteCount found: Int, path: String) throws(StorageError) {
    do throws(FormatProblem) {
      var reader = ByteReader(bytes[...])
      guard bytes.count == PortableHeader.byteCount, Array(try reader.take(8)) == PortableHeader.magic else {
        throw FormatProblem(what: "not a portable file of Engram", offset: 0)
      }
      var tail = ByteReader(bytes[(PortableHeader.byteCount - 16)...])
      guard ContentHash(of: Array(bytes[..<(PortableHeader.byteCount - 16)])) == (try tail.hash()) else {
        throw FormatProblem(what: "the checksum of the first block does not agree", offset: PortableHeader.byteCount - 16)
      }
      let major: UInt16 = try reader.number()
      let minor: UInt16 = try reader.number()
      guard major == SectionedFile.majorVersion else { throw FormatProblem(what: "version \(major).\(minor) is not known here", offset: 8) }
      _ = try reader.number(UInt32.self)
      fileByteCount = try reader.size()
      indexOffset = try reader.size()
      indexByteCount = try reader.size()
      indexHash = try reader.hash()
      frameHash = try reader.hash()
      guard fileByteCount == found else { throw FormatProblem(what: "the file has \(found) bytes, \(fileByteCount) were written", offset: 16) }
      let (end, overflow) = indexOffset.addingReportingOverflow(indexByteCount)
      guard !overflow, indexOffset >= PortableHeader.byteCount, end <= found, indexByteCount <= SectionedFile.greatestByteCount else {
        throw FormatProblem(what: "the manifests reach beyond the file", offset: 24)
      }
    } catch {
      throw .damaged(file: path, what: error.what, place: "byte \(error.offset)")
    }
  }
}

/// The manifests of a portable file, one section each.
enum PortableIndex {
  static let magic: [UInt8] = [0x89] + Array("ENGIDX".utf8) + [0x0A]
  private static let kind = SectionedFile.kind("MANI")

  static func encoded(_ manifests: [Manifest]) -> [UInt8] {
    SectionedFile(sections: manifests.map { SectionedFile.Section(kind: kind, isNeeded: true, bytes: $0.encoded()) }).encoded(magic: magic)
  }

  static func decoded(_ bytes: [UInt8], fileByteCount: Int, path: String) throws(StorageError) -> [Manifest] {
    let container: SectionedFile
    do throws(SectionedFile.Refusal) { container = try SectionedFile(decoding: bytes, magic: magic) } catch {
      throw error.asStorageError(file: path)
    }
    var manifests: [Manifest] = []
    for section in container.sections where section.kind == kind {
      let manifest = try Manifest(decoding: section.bytes, file: path)
      guard manifest.files.allSatisfy({ $0.kind == .own && $0.byteCount == fileByteCount }) else {
        throw .damaged(file: path, what: "\(manifest.id) refers to other files", place: "its manifest")
      }
      manifests.append(manifest)
    }
    return manifests
  }
}
