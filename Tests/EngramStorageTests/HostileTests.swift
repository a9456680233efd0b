import EngramScalars
import Testing

@testable import EngramStorage

/// Descriptions whose checksums agree, made by somebody who means harm.
@Suite("Hostile descriptions") struct HostileTests {
  private func run(_ change: (inout Manifest) -> Void, as name: String = "ck-2") throws -> RunDirectory {
    let disk = SimulatedDisk()
    let options = testOptions(segment: 2048, padding: 512)
    let directory = try open("/run", system: disk, options: options)
    let state = try SmallState()
    try state.advance(3)
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    var manifest = try directory.readManifest(1)
    manifest.sequence = 2
    manifest.name = nil
    change(&manifest)
    directory.close()
    let root = try disk.openDirectory(path: "/run/checkpoints")
    let file = try disk.open(name + ".manifest", in: root, .createNew)
    try disk.write(file, manifest.encoded(), at: 0)
    try disk.close(file)
    return try open("/run", system: disk, options: options)
  }

  @Test("CKP-16: sums of sizes that exceed every number are the greatest number, not a trap") func sums() throws {
    let directory = try run { _ in }
    var manifest = try directory.readManifest(2)
    let extent = Manifest.Extent(file: 0, offset: 0, byteCount: .max / 2 + 1, hash: ContentHash(of: []))
    manifest.recordings[0].pieces = [extent]
    #expect(manifest.logicalByteCount > extent.byteCount)
    manifest.columns[0].extent = extent
    #expect(manifest.logicalByteCount == .max)
    #expect(manifest.info(names: [], tags: []).logicalByteCount == UInt64(Int.max))
  }

  @Test("CKP-16: rows too long or too many are refused even where there are none of the other kind", arguments: [(0, 1 << 62), (1 << 62, 0)])
  func emptyProducts(rows: Int, rowLength: Int) throws {
    let directory = try run { manifest in
      manifest.recordings[0].rows = rows
      manifest.recordings[0].rowLength = rowLength
      manifest.recordings[0].pieces = []
    }
    #expect(directory.damagedCheckpoints.keys.sorted() == ["ck-2"])
    #expect(throws: StorageError.self) { try Column(.float64, rowLength: rowLength, rows: rows) }
  }

  @Test("CKP-16: the greatest number as the number of a checkpoint does not stop the counting") func sequences() throws {
    let directory = try run({ $0.sequence = .max }, as: "ck-\(UInt64.max)")
    #expect(try directory.list().map(\.id) == ["ck-1"])
    let state = try SmallState()
    #expect(try directory.commit(state.stored, .automatic).wait().id == "ck-2")
    #expect(throws: StorageError.self) {
      var table = NamesTable()
      table.upToSequence = .max
      _ = try NamesTable(decoding: table.encoded(), file: "names")
    }
  }
}
