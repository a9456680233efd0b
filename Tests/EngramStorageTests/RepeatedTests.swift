import EngramScalars
import EngramSystem
import EngramTestSupport
import Testing

@testable import EngramStorage

/// A state of arrays whose elements are all the same, and of one that differs at its end.
private final class EvenState {
  let zeros: Column
  let constant: Column
  let flags: Column
  let uneven: Column

  init(rows: Int = 200_000) throws {
    zeros = try Column(.float64, rows: rows, growable: true)
    constant = try Column(.float64, rows: rows, growable: true)
    flags = try Column(.bool, rows: rows)
    uneven = try Column(.float64, rows: rows)
    constant.withElements(of: Double.self) { $0.update(repeating: -0.0) }
    flags.withElements(of: UInt8.self) { $0.update(repeating: 1) }
    uneven.withElements(of: Double.self) { $0[rows - 1] = 1 }
  }

  var columns: [(StoredKey, Column)] {
    [
      (StoredKey("S_pre", "delay"), zeros), (StoredKey("S", "w"), constant), (StoredKey("G", "not_refractory"), flags),
      (StoredKey("G", "uneven"), uneven),
    ]
  }
  var stored: StateToStore {
    var state = StateToStore()
    for (key, column) in columns { state.add(column, as: key) }
    return state
  }
  var image: [String: [UInt8]] { Dictionary(uniqueKeysWithValues: columns.map { ($0.description, $1.withBytes { Array($0) }) }) }
}

@Suite("Arrays of equal elements") struct RepeatedTests {
  /// Bytes of the objects of a run directory.
  private func objectByteCount(_ path: String) throws -> Int {
    try listing(path + "/objects").reduce(0) { try $0 + readFile(path + "/objects/" + $1).count }
  }

  @Test("STO-12: an array whose elements are all the same is stored as one of them, and comes back with every bit")
  func roundTrip() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let state = try EvenState()
    let expected = state.image
    let directory = try open(path)
    try directory.commit(state.stored, CommitOptions(name: "even")).wait()
    // The one array that differs, and no other.
    #expect(try objectByteCount(path) < 200_000 * 8 + 2 * 65536)
    directory.close()

    let again = try open(path, creating: false)
    let loaded = try again.load("even")
    #expect(try image(of: loaded) == expected)
    try loaded.waitForVerification()
    #expect(try again.verify().isSound)
    for (key, column) in state.columns {
      #expect(loaded.hash(key) == column.withBytes { ContentHash(of: $0) }, "\(key)")
      var bytes: [UInt8] = []
      try loaded.forEachPiece(key, rows: 17..<150_001) { bytes += $0 }
      let width = column.scalarType.byteCount
      #expect(bytes == column.withBytes { Array($0[17 * width..<150_001 * width]) }, "\(key)")
    }
    // Into columns that held something else; pointers stay.
    let other = try EvenState()
    for (_, column) in other.columns { column.withBytes { _ = memset(UnsafeMutableRawPointer(mutating: $0.baseAddress!), 7, $0.count) } }
    let base = other.zeros.base
    for (key, column) in other.columns { try loaded.fill(column, from: key) }
    #expect(other.image == expected)
    #expect(other.zeros.base == base)
  }

  @Test("CKP-42: a column that holds the elements of a checkpoint stays as it is when it is filled again, and is filled when it has changed")
  func filledAgain() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let state = try EvenState()
    let expected = state.image
    let directory = try open(path)
    try directory.commit(state.stored, CommitOptions(name: "even")).wait()
    directory.close()
    let loaded = try open(path, creating: false).load("even")
    for (key, column) in state.columns { try loaded.fill(column, from: key) }
    let versions = state.columns.map(\.1.version)
    for (key, column) in state.columns {
      #expect(loaded.isHeld(key, by: column))
      try loaded.fill(column, from: key)
    }
    #expect(state.columns.map(\.1.version) == versions)
    for (key, column) in state.columns {
      column.touch()
      column.withBytes { _ = memset(UnsafeMutableRawPointer(mutating: $0.baseAddress!), 7, $0.count) }
      #expect(!loaded.isHeld(key, by: column))
      try loaded.fill(column, from: key)
    }
    #expect(state.image == expected)
  }

  @Test("CKP-14: elements that change are written at the next checkpoint, and those that become equal again are not")
  func changes() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let state = try EvenState()
    let directory = try open(path)
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    let before = try objectByteCount(path)
    state.zeros.touch()
    state.zeros.withElements(of: Double.self) { $0[100_000] = 5 }
    let changed = state.image
    try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    #expect(try objectByteCount(path) > before + 200_000 * 8)
    state.zeros.touch()
    state.zeros.withElements(of: Double.self) { $0[100_000] = 0 }
    let sum = try objectByteCount(path)
    try directory.commit(state.stored, CommitOptions(name: "c")).wait()
    #expect(try objectByteCount(path) == sum)
    #expect(try image(of: directory.load("b")) == changed)
    #expect(try image(of: directory.load("c")) == state.image)
    #expect(try image(of: directory.load("a")) == state.image)
  }

  @Test("CKP-16: portable files hold every element, and packing the same checkpoint twice gives one")
  func portable() throws {
    let temporary = try TemporaryFolder()
    let state = try EvenState(rows: 3000)
    let directory = try open(temporary.path + "/run")
    try directory.commit(state.stored, CommitOptions(name: "even")).wait()
    for _ in 0..<2 { try PortableFile.pack(directory, ["even"], to: temporary.path + "/p.h5") }
    let file = try PortableFile(at: temporary.path + "/p.h5")
    #expect(file.manifests.count == 1)
    #expect(file.manifests[0].columns.allSatisfy { $0.repeated == nil && $0.extent != nil })
    #expect(file.verify().isSound)
    #expect(try image(of: file.load("even")) == state.image)
    let other = try open(temporary.path + "/other")
    try file.unpack(into: other)
    #expect(try image(of: other.load("even")) == state.image)
  }

  @Test("CKP-22: a branch into another directory takes arrays of equal elements along")
  func branching() throws {
    let temporary = try TemporaryFolder()
    let state = try EvenState()
    let directory = try open(temporary.path + "/run")
    try directory.commit(state.stored, CommitOptions(name: "even")).wait()
    _ = try directory.branch(toDirectory: temporary.path + "/branch", name: "other", from: "even")
    let branch = try open(temporary.path + "/branch", .read, creating: false)
    #expect(try image(of: branch.load("other")) == state.image)
    #expect(try branch.verify().isSound)
  }

  private func manifest(_ type: ScalarType, rows: Int, bits: UInt64) -> Manifest {
    Manifest(
      sequence: 1, runID: "00112233445566778899aabbccddeeff", parent: nil, line: "main", name: nil, kind: .named, createdNanoseconds: 0,
      writtenByteCount: 0, comment: "", tags: [], summary: [:], files: [],
      columns: [
        Manifest.ColumnEntry(
          key: StoredKey("S", "w"), metadata: StoredMetadata(), scalarType: type, rows: rows, rowLength: 1, version: 1, extent: nil,
          repeated: RepeatedElement(bits: bits, scalarType: type, count: rows))
      ], recordings: [], sections: [:])
  }

  @Test("CKP-31: a reader that does not know arrays of equal elements must refuse the manifest, not miss them")
  func needed() throws {
    let bytes = manifest(.float64, rows: 10, bits: 3).encoded()
    #expect(try Manifest(decoding: bytes, file: "m") == manifest(.float64, rows: 10, bits: 3))
    #expect(Array(bytes[8..<12]) == [1, 0, 2, 0])
    let container = try SectionedFile(decoding: bytes, magic: Manifest.magic)
    #expect(container.sections.first { $0.kind == SectionedFile.kind("FILL") }?.isNeeded == true)
  }

  @Test(
    "CKP-12: what cannot be an array of equal elements is refused before anything is made of it",
    arguments: [
      (ScalarType.float64, 1 << 31, 0, "equal elements"), (.float64, 1 << 50, 0, "larger than possible"), (.int32, 10, 1 << 32, "too long"),
      (.bool, 10, 256, "too long"), (.float64, 0, 0, "equal elements"),
    ] as [(ScalarType, Int, UInt64, String)])
  func hostile(type: ScalarType, rows: Int, bits: UInt64, hint: String) throws {
    let bytes = manifest(type, rows: rows, bits: bits).encoded()
    let error = #expect(throws: StorageError.self) { try Manifest(decoding: bytes, file: "m") }
    #expect(error.map { "\($0)".contains(hint) } == true, "\(String(describing: error))")
  }
}
