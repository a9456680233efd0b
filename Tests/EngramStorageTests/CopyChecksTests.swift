import EngramScalars
import EngramSystem
import EngramTestSupport
import Testing

@testable import EngramStorage

/// What is compared although it seems to be known: copies of files that this process wrote, bytes that change while they are written.
@Suite("Checks of copies") struct CopyChecksTests {
  private let temporary: TemporaryFolder
  private var path: String { temporary.path + "/run" }
  private let w = StoredKey("S", "w")

  init() throws { temporary = try TemporaryFolder() }

  @Test("CKP-27: a copied or shared file is compared although this process wrote its original", arguments: [false, true])
  func copyOfOwnFile(canShare: Bool) throws {
    let disk = RottingDisk(rotting: "ck-1-0", at: 4096, canLink: false, canShare: canShare)
    let directory = try open(path, system: disk)
    let state = try SmallState(largeRows: 200_000)
    try state.advance()
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    let error = #expect(throws: StorageError.self) { try directory.branch(toDirectory: temporary.path + "/new", name: "x", from: "a") }
    guard case .damagedSource("ck-1", let problem, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(problem.contains("\(w)"))
    #expect(try listing(temporary.path) == ["run"])
  }

  @Test("CKP-45: damage in a portable file keeps it from being unpacked, in small and large arrays and in recordings", arguments: ["S.w", "G.v", "M.v"])
  func unpack(variable: String) throws {
    let state = try SmallState(largeRows: 200_000)
    try state.advance(3)
    let file = temporary.path + "/p.h5"
    try PortableFile.store(state.stored, CommitOptions(name: "a"), at: file, headers: PlainHeaderWriter())
    let key = try #require(state.stored.columns.keys.first { $0.description == variable } ?? state.stored.recordings.keys.first { $0.description == variable })
    let place = try #require(try PortableFile(at: file).look(at: "a").places(of: key).first)
    let target = temporary.path + "/u"
    func unpack() throws { try PortableFile(at: file).unpack(to: target, headers: PlainHeaderWriter(), options: testOptions()) }
    try flip(file, place.offset + 8)
    let error = #expect(throws: StorageError.self) { try unpack() }
    #expect(error?.description.contains(variable) == true, "\(String(describing: error))")
    #expect(try listing(temporary.path) == ["p.h5"])
    try flip(file, place.offset + 8)
    try unpack()
    #expect(try image(of: open(target, .read).look(at: "a")) == state.image)
  }

  @Test("CKP-42: a column that outgrows its mapping is compared where it is copied to, in all its pages", arguments: [5, 200_000])
  func growth(element: Int) throws {
    let rows = 300_000
    let first = try open(path)
    let state = try SmallState(largeRows: rows)
    try state.advance()
    try first.commit(state.stored, CommitOptions(name: "a")).wait()
    first.close()
    let directory = try open(path)
    let loaded = try directory.load("a")
    // Without addresses to spare, so that it moves.
    func column() throws -> Column {
      let memory = try ColumnMemory.make(byteCount: rows * 8, growable: true, placement: .memory, spare: 0)
      return Column(.float64, rowLength: 1, rows: rows, memory: memory, growable: true)
    }
    let (grown, intact) = (try column(), try column())
    for column in [grown, intact] { try loaded.fill(column, from: w) }
    try loaded.waitForVerification()
    try intact.resize(rows: 16 * rows)
    #expect(intact.withElements(of: Double.self) { $0[element] } == Double(element))
    let (file, offset) = try directory.file(of: w)
    try flip(file, offset + element * 8)
    let error = #expect(throws: StorageError.self) { try grown.resize(rows: 16 * rows) }
    #expect(error?.description.contains("the bytes of S.w have changed") == true, "\(String(describing: error))")
  }

  /// Changes the live bytes of a column when a file is opened, as a faulty caller would; ours leave them alone until the call returns.
  private func disturbing(_ column: Column, at name: String) -> WatchedFileSystem {
    nonisolated(unsafe) let base = column.base
    return WatchedFileSystem(beforeOpening: { opened in
      if opened.contains(name) { base.assumingMemoryBound(to: UInt8.self)[3] ^= 0x40 }
    })
  }

  @Test("CKP-15: an object whose bytes changed between its hash and its writing is not referred to")
  func changedObject() throws {
    let state = try SmallState(largeRows: 200_000)
    let directory = try open(path, system: disturbing(try #require(state.large), at: "ck-1-0"))
    let error = #expect(throws: StorageError.self) { try directory.commit(state.stored, CommitOptions(name: "a"), copying: false).wait() }
    guard case .mismatch(let what, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.contains("\(w)"))
    #expect(try directory.list().isEmpty)
  }

  @Test("CKP-45: a portable file whose bytes changed between their hash and their writing does not appear")
  func changedPortableFile() throws {
    let state = try SmallState(largeRows: 200_000)
    let system = disturbing(try #require(state.large), at: ".p.h5.partial")
    let error = #expect(throws: StorageError.self) {
      try PortableFile.store(state.stored, CommitOptions(name: "a"), at: temporary.path + "/p.h5", headers: PlainHeaderWriter(), system: system)
    }
    guard case .mismatch = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try listing(temporary.path).isEmpty)
  }
}
