import EngramScalars
import EngramSystem
import EngramTestSupport
import Foundation
import Testing

@testable import EngramStorage

private let w = StoredKey("S", "w")
private let recorded = StoredKey("M", "v")

/// The error names the variable; that of a part of an array also the elements.
private func expectDamage(of key: StoredKey, elements: ClosedRange<Int>? = nil, _ error: StorageError?, _ location: SourceLocation = #_sourceLocation) {
  let text = error?.description ?? "nothing"
  #expect(text.contains("\(key)") && text.contains("have changed"), "\(text)", sourceLocation: location)
  if let elements { #expect(text.contains("elements \(elements.lowerBound) to \(elements.upperBound)"), "\(text)", sourceLocation: location) }
}

/// Stored bytes that change after they were verified: under a mapping, between two readings, in somebody else's file.
@Suite("Rot") struct RotTests {
  private let temporary: TemporaryFolder
  private var path: String { temporary.path + "/run" }

  init() throws { temporary = try TemporaryFolder() }

  /// A directory with the checkpoint `a`, opened anew; its state restored, verified, with 2.4 MB that are a private mapping.
  private func resumed() throws -> (RunDirectory, SmallState) {
    let first = try open(path)
    let state = try SmallState(largeRows: 300_000)
    try state.advance(3)
    try first.commit(state.stored, CommitOptions(name: "a")).wait()
    first.close()
    let directory = try open(path)
    let loaded = try directory.load("a")
    try state.restore(loaded)
    try loaded.waitForVerification()
    return (directory, state)
  }

  private func write(_ state: SmallState, _ element: Int) {
    state.large?.withElements(of: Double.self) { $0[element] = -1 }
    state.large?.touch()
  }

  @Test("CKP-42: rot in a page that shows the file is found when a checkpoint copies it, with variable and elements", arguments: [true, false])
  func underAMapping(copying: Bool) throws {
    let (directory, state) = try resumed()
    write(state, 5)
    let (file, offset) = try directory.file(of: w)
    try flip(file, offset + 200_000 * 8)
    // Pages of 512 numbers.
    let error = #expect(throws: StorageError.self) { try directory.commit(state.stored, CommitOptions(name: "b"), copying: copying).wait() }
    expectDamage(of: w, elements: 199_680...200_191, error)
    #expect(try directory.list().map(\.names) == [["a"]])
    try flip(file, offset + 200_000 * 8)
    try directory.commit(state.stored, CommitOptions(name: "c"), copying: copying).wait()
    #expect(try image(of: directory.look(at: "c")) == state.image)
    #expect(try directory.verify().isSound)
  }

  @Test("CKP-42: rot that came before a page was written to is in the rest of that page, and is found", arguments: [true, false])
  func beforeTheFirstWrite(copying: Bool) throws {
    let (directory, state) = try resumed()
    let (file, offset) = try directory.file(of: w)
    try flip(file, offset + 200_001 * 8)
    write(state, 200_000)
    let error = #expect(throws: StorageError.self) { try directory.commit(state.stored, .automatic, copying: copying).wait() }
    expectDamage(of: w, elements: 199_680...200_191, error)
  }

  @Test("CKP-42: rot behind pages that are the process's own, and were compared as such, concerns nobody")
  func afterwards() throws {
    let (directory, state) = try resumed()
    write(state, 200_000)
    try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    let (file, offset) = try directory.file(of: w, in: "a")
    try flip(file, offset + 200_001 * 8)
    write(state, 200_000)
    try directory.commit(state.stored, CommitOptions(name: "c")).wait()
    #expect(try image(of: directory.look(at: "c")) == state.image)
    #expect(Set(try directory.verify().problems.flatMap(\.checkpoints)) == ["ck-1"])
  }

  @Test("CKP-42: without a change every page agrees, also when a column has become shorter or longer in the middle of a page")
  func resized() throws {
    let state = try SmallState()
    let column = try Column(.int32, rows: 400_000, growable: true)
    column.withElements(of: Int32.self) { for index in $0.indices { $0[index] = Int32(index) } }
    column.touch()
    var stored = state.stored
    stored.add(column, as: w)
    let directory = try open(path)
    try directory.commit(stored, CommitOptions(name: "a")).wait()
    for rows in [399_999, 400_001, 399_360, 400_384, 300_001, 500_000] {
      let loaded = try directory.load("a")
      try loaded.fill(column, from: w)
      try column.resize(rows: rows)
      try directory.commit(stored, .automatic, copying: rows % 2 == 0).wait()
      let found = try directory.look(at: "latest").column(w).withElements(of: Int32.self) { Array($0) }
      #expect(found == (0..<rows).map { $0 < 400_000 ? Int32($0) : 0 })
    }
    // Damage in the part of a page that is still there, behind a cut.
    let loaded = try directory.load("a")
    try loaded.fill(column, from: w)
    try loaded.waitForVerification()
    try column.resize(rows: 300_001)
    let (file, offset) = try directory.file(of: w, in: "a")
    try flip(file, offset + 300_000 * 4)
    expectDamage(of: w, #expect(throws: StorageError.self) { try directory.commit(stored, .automatic).wait() })
  }

  @Test("CKP-42, 45: what leaves by a digest, an export, a snapshot in memory or a portable file is compared as it is copied")
  func leaving() throws {
    let (directory, state) = try resumed()
    let (file, offset) = try directory.file(of: w)
    let column = try #require(state.large)
    let early = try column.contents()
    column.touch()
    try flip(file, offset + 200_000 * 8)
    expectDamage(of: w, #expect(throws: StorageError.self) { try column.forEachSlab(rows: 0..<300_000) { _ in } })
    expectDamage(of: w, #expect(throws: StorageError.self) { try column.contents().confirm() })
    // Not where the rot is not, and not in what was copied before.
    try column.forEachSlab(rows: 0..<1000) { _ in }
    try early.confirm()
    let portable = temporary.path + "/p.h5"
    expectDamage(
      of: w,
      #expect(throws: StorageError.self) {
        try PortableFile.store(state.stored, CommitOptions(name: "x"), at: portable, headers: PlainHeaderWriter())
      })
    #expect(try listing(temporary.path) == ["run"])
  }

  @Test("CKP-42: arrays that never change are read again before anything computed from them counts, and while a run goes on", arguments: [false, true])
  func unchanging(inTheBackground: Bool) throws {
    let (directory, state) = try resumed()
    let column = try #require(state.large)
    let watch = SourceGuard(pace: SourceGuard.Pace(secondsPerPass: 0.001, restPerWork: 0))
    try watch.confirm([column], newest: directory.newestSequence)
    try state.advance()
    try directory.commit(state.stored, .automatic).wait()
    let (file, offset) = try directory.file(of: w)
    try flip(file, offset + 200_000 * 8)
    if inTheBackground {
      watch.begin { directory.newestSequence }
      for _ in 0..<20_000 where watch.damage == nil { usleep(1000) }
      watch.end()
      expectDamage(of: w, elements: 199_680...200_191, watch.damage)
      // A commit asks before it copies anything.
      expectDamage(of: w, #expect(throws: StorageError.self) { try directory.commit(state.stored, .automatic) })
    }
    expectDamage(of: w, elements: 199_680...200_191, #expect(throws: StorageError.self) { try watch.confirm([column], newest: directory.newestSequence) })
    #expect(watch.soundSequence == 1)
    // What was made since is not trusted, now or later.
    #expect(try directory.doubt(after: 1, because: "a test") == ["ck-2"])
    #expect(try directory.list().map(\.id) == ["ck-1"])
    directory.close()
    try flip(file, offset + 200_000 * 8)
    let again = try open(path)
    let error = #expect(throws: StorageError.self) { try again.load("ck-2") }
    #expect(error?.description.contains("a test") == true)
    #expect(throws: StorageError.self) { try again.load("latest") }
    #expect(try again.verify().problems.flatMap(\.checkpoints) == ["ck-2"])
    try again.remove("ck-2")
    #expect(try again.load("latest").info.id == "ck-1")
    #expect(try again.verify().isSound)
  }

  @Test("CKP-42: memory of unchanging arrays that was given back for their file is watched like that of a restore")
  func givenBack() throws {
    let directory = try open(path)
    let state = try SmallState(largeRows: 300_000)
    for _ in 0..<2 {
      try state.advance()
      try directory.commit(state.stored, .automatic).wait()
    }
    let column = try #require(state.large)
    let watch = SourceGuard()
    try watch.confirm([column], newest: 2)
    let (file, offset) = try directory.file(of: w)
    try flip(file, offset + 100 * 8)
    expectDamage(of: w, #expect(throws: StorageError.self) { try watch.confirm([column], newest: 2) })
  }

  @Test("CKP-42: recorded rows are compared as they are copied, and as they are looked at", arguments: [false, true])
  func recordings(own: Bool) throws {
    let source = temporary.path + "/source"
    let first = try open(source, options: testOptions(segment: 4 << 20))
    let state = try SmallState()
    try append(0..<200_000, to: state.recording)
    try first.commit(state.stored, CommitOptions(name: "a")).wait()
    first.close()
    let (file, offset) = try open(source, .read).file(of: recorded)
    let directory = own ? try open(source, options: testOptions(segment: 4 << 20)) : try open(path)
    let loaded = own ? try directory.load("a") : try open(source, .read).load("a")
    try state.restore(loaded)
    try loaded.waitForVerification()
    try flip(file, offset + 100_000 * 16)
    expectDamage(of: recorded, #expect(throws: StorageError.self) { try state.recording.forEachPiece(rows: 0..<200_000) { _ in } })
    expectDamage(of: recorded, #expect(throws: StorageError.self) { try state.recording.contents().withBytes(rows: 99_999..<100_001) { _ in } })
    try state.recording.forEachPiece(rows: 0..<1000) { _ in }
    if !own {
      expectDamage(of: recorded, #expect(throws: StorageError.self) { try directory.commit(state.stored, .automatic).wait() })
      #expect(try directory.list().isEmpty)
    }
  }

  @Test("CKP-42: rows that this process wrote are compared when they are read back")
  func ownRows() throws {
    let directory = try open(path, options: testOptions(segment: 4 << 20))
    let state = try SmallState()
    directory.attach(state.recording)
    try append(0..<200_000, to: state.recording)
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    let (file, offset) = try directory.file(of: recorded)
    try flip(file, offset + 150_000 * 16)
    let error = #expect(throws: StorageError.self) { try state.recording.forEachPiece(rows: 0..<200_000) { _ in } }
    #expect(error?.description.contains("recorded rows have changed") == true)
  }

  @Test("CKP-42: a state restored from elsewhere is verified before it is committed", arguments: [true, false])
  func foreign(portable: Bool) throws {
    let other = temporary.path + "/other"
    let state = try SmallState(largeRows: 300_000)
    try state.advance(3)
    let file: String
    let place: Int
    if portable {
      file = other + ".h5"
      try PortableFile.store(state.stored, CommitOptions(name: "a"), at: file, headers: PlainHeaderWriter())
      place = try #require(try PortableFile(at: file).look(at: "a").places(of: w).first).offset
    } else {
      let directory = try open(other)
      try directory.commit(state.stored, CommitOptions(name: "a")).wait()
      (file, place) = try directory.file(of: w)
      directory.close()
    }
    for isEarly in [true, false] {
      let directory = try open(path)
      if isEarly { try flip(file, place + 200_000 * 8) }
      let loaded = portable ? try PortableFile(at: file).load("a") : try open(other, .read).load("a")
      try state.restore(loaded)
      directory.awaitVerification(of: loaded)
      if !isEarly {
        try loaded.waitForVerification()
        try flip(file, place + 200_000 * 8)
      }
      expectDamage(of: w, #expect(throws: StorageError.self) { try directory.commit(state.stored, CommitOptions(name: "b")).wait() })
      #expect(try directory.list().isEmpty)
      try flip(file, place + 200_000 * 8)
      directory.close()
    }
  }

  @Test("CKP-14: content that equals that of an older file which has rotted is written again")
  func equalContent() throws {
    let (directory, state) = try resumed()
    let image = try state.image
    directory.close()
    let (file, offset) = try open(path, .read).file(of: w)
    let again = try open(path)
    try flip(file, offset + 8)
    let fresh = try SmallState(largeRows: 300_000)
    try fresh.advance(3)
    try again.commit(fresh.stored, CommitOptions(name: "b")).wait()
    #expect(Set(try again.verify().problems.flatMap(\.checkpoints)) == ["ck-1"])
    #expect(try EngramStorageTests.image(of: again.look(at: "b")) == image)
  }

  @Test("CKP-42: every reading of a file may be the first that finds it rotten; nothing wrong is packed, unpacked or looked at", arguments: ["S.w", "M.v"])
  func whileItIsRead(variable: String) throws {
    let (directory, state) = try resumed()
    let key = variable == "S.w" ? w : recorded
    let image = try state.image
    let (file, offset) = try directory.file(of: key)
    directory.close()
    let packed = temporary.path + "/p.h5"
    let name = splitPath(file).name
    // One reading more each time, until nothing is left to be found.
    for round in 0..<20 {
      let disk = RottingDisk(rotting: name, at: offset + 8, from: round)
      let source = try open(path, .read, system: disk)
      do {
        try PortableFile.pack(source, ["a"], to: packed)
        #expect(try EngramStorageTests.image(of: PortableFile(at: packed).look(at: "a")) == image)
      } catch { #expect(try listing(temporary.path) == ["run"]) }
      if try listing(temporary.path).contains("p.h5") { #expect(unlink(packed) == 0) }
      let looked = try? EngramStorageTests.image(of: open(path, .read, system: RottingDisk(rotting: name, at: offset + 8, from: round)).look(at: "a"))
      #expect(looked == nil || looked == image)
      if round > disk.readings { break }
    }
    try PortableFile.pack(open(path, .read), ["a"], to: packed)
    let place = try #require(try PortableFile(at: packed).look(at: "a").places(of: key).first).offset
    for round in 0..<20 {
      let disk = RottingDisk(rotting: "p.h5", at: place + 8, from: round)
      let target = temporary.path + "/u"
      do {
        try PortableFile(at: packed, system: disk).unpack(to: target, headers: PlainHeaderWriter(), options: testOptions())
        #expect(try EngramStorageTests.image(of: open(target, .read).look(at: "a")) == image)
        try FileManager.default.removeItem(atPath: target)
      } catch { #expect(try listing(temporary.path) == ["p.h5", "run"]) }
      if round > disk.readings { break }
    }
  }
}
