import EngramScalars
import EngramSystem
import Testing

@testable import EngramStorage

/// Golden files of every released version of the format; made once with ENGRAM_UPDATE_GOLDEN=1, then kept forever.
private let goldenDirectory: String = {
  let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return "/" + here + "/fixtures/formats"
}()

@Suite("Formats") struct FormatTests {
  private var sample: Manifest {
    let hash = ContentHash(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)
    return Manifest(
      sequence: 7, runID: "00112233445566778899aabbccddeeff", parent: "ck-6", line: "main", name: "day 5", kind: .named,
      createdNanoseconds: 1_700_000_000_000_000_000, writtenByteCount: 70_000, comment: "été", tags: ["good"],
      summary: ["t": "0.1 s", "steps": "1000"],
      files: [
        Manifest.FileEntry(kind: .object, name: "ck-7-0-0123456789abcdef.h5", byteCount: 65536, hashedByteCount: 65536, hash: hash),
        Manifest.FileEntry(kind: .segment, name: "0123456789abcdef0123456789abcdef.h5", byteCount: 4096 + 32, hashedByteCount: 4096, hash: hash),
      ],
      columns: [
        Manifest.ColumnEntry(
          key: StoredKey("G", "v"), metadata: StoredMetadata(dimension: [2, 1, -3, -1, 0, 0, 0], unit: "V"), scalarType: .float64,
          rows: 4, rowLength: 1, version: 9, extent: Manifest.Extent(file: 0, offset: 4096, byteCount: 32, hash: hash)),
        Manifest.ColumnEntry(
          key: StoredKey("S", "i"), metadata: StoredMetadata(kind: .sealed, flags: [.dynamic, .readOnly]), scalarType: .int32,
          rows: 0, rowLength: 1, version: 1, extent: nil),
      ],
      recordings: [
        Manifest.RecordingEntry(
          key: StoredKey("M", "v"), metadata: StoredMetadata(kind: .append), scalarType: .float64, rowLength: 2, rows: 2,
          pieces: [Manifest.Extent(file: 1, offset: 4096, byteCount: 32, hash: hash)])
      ],
      sections: ["network": [1, 2, 3], "model": Array("neurons:\n".utf8)])
  }

  private func golden(_ name: String, _ bytes: [UInt8]) throws -> [UInt8] {
    let path = goldenDirectory + "/" + name
    if getenv("ENGRAM_UPDATE_GOLDEN") != nil { try writeFile(path, bytes) }
    return try readFile(path)
  }

  @Test("CKP-31: a manifest of version 1.0 reads as it was written, and is written byte for byte as ever")
  func goldenManifest() throws {
    let file = try golden("manifest-1.0.bin", sample.encoded())
    #expect(try Manifest(decoding: file, file: "golden") == sample)
    #expect(sample.encoded() == file)
    // Written by hand from FORMAT.md, not by the writer.
    #expect(Array(file[0..<16]) == [0x89, 0x45, 0x4E, 0x47, 0x4D, 0x41, 0x4E, 0x0A, 1, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(file[16..<28]) == [UInt8(file.count & 255), UInt8(file.count >> 8), 0, 0, 0, 0, 0, 0, 6, 0, 0, 0])
    #expect(Array(file[32..<40]) == Array("INFO".utf8) + [1, 0, 0, 0])
    let firstSection = 32 + 6 * 24
    #expect(Array(file[40..<48]) == [UInt8(firstSection), 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(file[firstSection..<firstSection + 8]) == [7, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test("CKP-31: a manifest of version 1.2, with an array of equal elements, reads as it was written, and is written byte for byte as ever")
  func goldenManifestWithRepetition() throws {
    var manifest = sample
    manifest.columns.insert(
      Manifest.ColumnEntry(
        key: StoredKey("G", "w"), metadata: StoredMetadata(unit: "1"), scalarType: .float32, rows: 3000, rowLength: 2, version: 4, extent: nil,
        repeated: RepeatedElement(bits: 0x3FC0_0000, scalarType: .float32, count: 6000)), at: 1)
    let file = try golden("manifest-1.2.bin", manifest.encoded())
    #expect(try Manifest(decoding: file, file: "golden") == manifest)
    #expect(manifest.encoded() == file)
    // Written by hand from FORMAT.md, not by the writer: after COLS and RECS, one array, and at its end the element, 1.5.
    #expect(Array(file[8..<12]) == [1, 0, 2, 0])
    #expect(Array(file[32 + 4 * 24..<32 + 4 * 24 + 8]) == Array("FILL".utf8) + [1, 0, 0, 0])
    let place = file[32 + 4 * 24 + 8..<32 + 4 * 24 + 24].enumerated().reduce((0, 0)) { sum, byte in
      byte.offset < 8 ? (sum.0 | Int(byte.element) << (8 * byte.offset), sum.1) : (sum.0, sum.1 | Int(byte.element) << (8 * (byte.offset - 8)))
    }
    #expect(Array(file[place.0..<place.0 + 4]) == [1, 0, 0, 0])
    #expect(Array(file[place.0 + place.1 - 32..<place.0 + place.1 - 16]) == [0xB8, 0x0B] + Array(repeating: 0, count: 6) + [2] + Array(repeating: 0, count: 7))
    #expect(Array(file[place.0 + place.1 - 8..<place.0 + place.1]) == [0, 0, 0xC0, 0x3F, 0, 0, 0, 0])
  }

  @Test("CKP-31: names, FORMAT and portable header of version 1.0 read as they were written")
  func goldenOthers() throws {
    var table = NamesTable()
    (table.upToSequence, table.names, table.tags, table.removed) = (7, [ExactName("a"): 3], [3: ["x", "y"]], [1, 2])
    let names = try golden("names-1.0.bin", table.encoded())
    #expect(try NamesTable(decoding: names, file: "golden") == table)
    #expect(table.encoded() == names)
    let format = FormatFile(runID: "00112233445566778899aabbccddeeff", minorVersion: 0)
    let text = try golden("FORMAT-1.0.txt", format.encoded)
    #expect(try FormatFile(decoding: text, path: "golden") == format)
    #expect(format.encoded == text)
    #expect(String(decoding: text, as: UTF8.self).hasPrefix("engram run directory\nformat 1.0\nreadable since 1.0\nrun 0011"))
    let hash = ContentHash(high: 1, low: 2)
    let header = PortableHeader(fileByteCount: 65536, indexOffset: 8192, indexByteCount: 100, indexHash: hash, frameHash: hash)
    let block = try golden("portable-header-1.0.bin", header.encoded)
    #expect(try PortableHeader(decoding: block, fileByteCount: 65536, path: "golden") == header)
    #expect(header.encoded == block)
  }

  @Test("CKP-15: the hash is XXH3-128 as published: of no bytes, and of 'a'")
  func hash() {
    #expect(ContentHash(of: []).description == "99aa06d3014798d86001c324468d497f")
    #expect(ContentHash(of: Array("a".utf8)).description == "a96faf705af16834e6c632b61e964e1f")
    let running = RunningHash()
    for byte in "the quick brown fox".utf8 { withUnsafeBytes(of: byte) { running.append($0) } }
    #expect(running.value == ContentHash(of: Array("the quick brown fox".utf8)))
  }

  private func withSection(_ section: SectionedFile.Section) throws -> [UInt8] {
    var container = try SectionedFile(decoding: sample.encoded(), magic: Manifest.magic)
    container.sections.append(section)
    return container.encoded(magic: Manifest.magic)
  }

  @Test("CKP-15: a manifest alone, which no journal vouches for, is refused when any one of its bits is wrong")
  func flippedBits() throws {
    let bytes = sample.encoded()
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 1 << UInt8((position * 5 + 3) % 8)
      #expect(throws: StorageError.self, "byte \(position)") { try Manifest(decoding: damaged, file: "ck-7.manifest") }
    }
  }

  @Test("CKP-31: unknown optional sections are kept and written again; unknown needed ones are refused")
  func unknownSections() throws {
    let optional = SectionedFile.Section(kind: SectionedFile.kind("XTRA"), isNeeded: false, bytes: [9, 8, 7])
    let bytes = try withSection(optional)
    let manifest = try Manifest(decoding: bytes, file: "m")
    #expect(manifest.unknownSections == [optional])
    #expect(manifest.encoded() == bytes)
    let needed = SectionedFile.Section(kind: SectionedFile.kind("XTRA"), isNeeded: true, bytes: [9])
    let error = #expect(throws: StorageError.self) { _ = try Manifest(decoding: try withSection(needed), file: "m") }
    guard case .unsupportedVersion = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("CKP-31: a greater major version is refused by name, a greater minor one is read")
  func versions() throws {
    func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
      var body = Array(sample.encoded().dropLast(16))
      body[offset] = value
      var tail = ByteWriter()
      tail.append(ContentHash(of: body))
      return body + tail.bytes
    }
    #expect(throws: StorageError.unsupportedVersion(file: "m", found: "2.0", supported: "1.x")) { try Manifest(decoding: changed(8, 2), file: "m") }
    #expect(try Manifest(decoding: changed(10, 3), file: "m") == sample)
    func format(_ found: String, _ least: String) throws -> FormatFile {
      let body = "engram run directory\nformat \(found)\nreadable since \(least)\nrun 00\n"
      return try FormatFile(decoding: Array((body + "check \(hexadecimal(ContentHash(of: Array(body.utf8)).low))\n").utf8), path: "F")
    }
    #expect(try format("1.9", "1.0").runID == "00")
    #expect(throws: StorageError.self) { try format("1.9", "1.5") }
    #expect(throws: StorageError.self) { try format("2.0", "2.0") }
  }
}
