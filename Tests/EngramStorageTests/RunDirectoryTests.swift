import EngramScalars
import EngramSystem
import EngramTestSupport
import Testing

@testable import EngramStorage

@Suite("Run directories") struct RunDirectoryTests {
  @Test("CKP-4, CKP-10: what is loaded in a fresh opening equals what was stored, bit for bit", arguments: [1 << 20, 256])
  func roundTrip(large: Int) throws {
    let temporary = try TemporaryFolder()
    let state = try SmallState(largeRows: 300_000)
    try state.advance(7)
    let expected = try state.image
    let directory = try open(temporary.path + "/run", options: testOptions(large: large))
    let info = try directory.commit(state.stored, CommitOptions(name: "day 1")).wait()
    #expect(info.id == "ck-1")
    #expect(info.names == ["day 1"])
    directory.close()

    let again = try open(temporary.path + "/run", creating: false, options: testOptions(large: large))
    let loaded = try again.load("day 1")
    #expect(try image(of: loaded) == expected)
    try loaded.waitForVerification()
    #expect(loaded.metadata(StoredKey("G", "v"))?.unit == "V")
    #expect(loaded.metadata(StoredKey("G", "v"))?.dimension == [2, 1, -3, -1, 0, 0, 0])
  }

  @Test("CKP-4: restored in place, the run goes on and can be restored any number of times; pointers stay")
  func restoreInPlace() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let state = try SmallState(largeRows: 200_000)
    try state.advance(3)
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    let atA = try state.image
    let bases = [state.hot.base, state.growing.base, state.large!.base]
    try state.advance(5)
    let later = try state.image
    for _ in 0..<3 {
      try state.restore(directory.load("a"))
      #expect(try state.image == atA)
      try state.advance(5)
      #expect(try state.image == later)
    }
    #expect([state.hot.base, state.growing.base, state.large!.base] == bases)
    // A mapped column that grows gives zeros, not what follows in the file; one of fixed size says no.
    let grown = try directory.load("a").column(StoredKey("S", "w"), growable: true)
    let base = grown.base
    try grown.resize(rows: 900_000)
    #expect(grown.base == base)
    grown.withElements(of: Double.self) { elements in
      #expect(elements[199_999] == 199_999)
      #expect(elements[200_000...].allSatisfy { $0 == 0 })
    }
    #expect(throws: StorageError.self) { try state.large!.resize(rows: 200_001) }
  }

  @Test("CKP-14: a store writes what changed; unchanged columns and equal content are referred to again")
  func incremental() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    let state = try SmallState(largeRows: 500_000)
    try state.advance(2)
    let first = try directory.commit(state.stored, CommitOptions(name: "one")).wait()
    #expect(first.writtenByteCount > 4_000_000)
    let second = try directory.commit(state.stored, CommitOptions(name: "two")).wait()
    #expect(second.writtenByteCount == 0)
    let objects = try listing(path + "/objects")
    state.hot.touch()  // announced, but equal
    let third = try directory.commit(state.stored, CommitOptions(name: "three")).wait()
    #expect(third.writtenByteCount == 0)
    #expect(try listing(path + "/objects") == objects)
    try state.advance()
    let fourth = try directory.commit(state.stored, CommitOptions(name: "four")).wait()
    #expect(fourth.writtenByteCount > 0)
    #expect(fourth.writtenByteCount < 200_000)
    #expect(try image(of: directory.load("two")) == image(of: directory.load("one")))
    #expect(try image(of: directory.load("four")) == state.image)
    // After a restore the restored content is known, too.
    try state.restore(directory.load("one"))
    #expect(try directory.commit(state.stored, CommitOptions(name: "five")).wait().writtenByteCount == 0)
  }

  @Test("CKP-14, STO-12: recordings cost what was appended, go on in new segments, and never touch older rows")
  func recordings() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    let state = try SmallState()
    directory.attach(state.recording)
    try state.advance(6000)  // 96 kB: more than one 64 kB segment
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    let atA = try state.image
    #expect(try listing(path + "/segments").count == 2)
    try state.advance(100)
    let b = try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    #expect(b.writtenByteCount < 400_000)
    #expect(try listing(path + "/segments").count == 2)
    let atB = try state.image
    try state.restore(directory.load("a"))
    try state.advance(50)
    try directory.commit(state.stored, CommitOptions(name: "c")).wait()
    #expect(try listing(path + "/segments").count == 3)
    #expect(try image(of: directory.load("a")) == atA)
    #expect(try image(of: directory.load("b")) == atB)
    #expect(try image(of: directory.load("c")) == state.image)
  }

  @Test("STO-10: a second writer is refused with the first one's name; readers are not")
  func lock() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    let state = try SmallState()
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    let error = #expect(throws: StorageError.self) { _ = try open(path) }
    guard case .locked(_, let owner) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(owner.contains("process \(getpid()) on host"))
    let reader = try open(path, .read)
    #expect(try reader.list().map(\.names) == [["a"]])
    try state.advance()
    try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    #expect(try reader.list().map(\.names) == [["a"], ["b"]])
    #expect(try image(of: reader.load("b")) == state.image)
    #expect(throws: StorageError.readOnly(path: path)) { try reader.commit(state.stored, CommitOptions(name: "c")) }
    directory.close()
    #expect(throws: Never.self) { try open(path).close() }
  }

  @Test("STO-10: a lock that is given up is free, although a child that is just being started may have inherited the descriptor")
  func inheritedLock() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    func target(of descriptor: String) -> String {
      var buffer = [UInt8](repeating: 0, count: 1024)
      let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
      return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
    let number = try #require(try listing("/proc/self/fd").first { target(of: $0) == path + "/lock" }.flatMap { Int32($0) })
    let inherited = dup(number)
    defer { _ = EngramSystem.close(inherited) }
    #expect(throws: StorageError.self) { try open(path) }
    directory.close()
    #expect(throws: Never.self) { try open(path).close() }
  }

  @Test("CKP-13: a directory of something else is never taken over, an empty or half made one is completed")
  func foreignDirectories() throws {
    let temporary = try TemporaryFolder()
    try writeFile(temporary.path + "/thesis.tex", [1, 2, 3])
    let error = #expect(throws: StorageError.self) { _ = try open(temporary.path) }
    #expect(error == .notARunDirectory(path: temporary.path, reason: "the file FORMAT is missing"))
    #expect(try listing(temporary.path) == ["thesis.tex"])
    mkdir(temporary.path + "/half", 0o700)
    mkdir(temporary.path + "/half/objects", 0o700)
    #expect(throws: Never.self) { try open(temporary.path + "/half").close() }
    #expect(throws: StorageError.self) { try open(temporary.path + "/missing", creating: false) }
    #expect(throws: StorageError.self) { try open(temporary.path + "/missing", .read) }
    #expect(throws: StorageError.self) { try open(temporary.path + "/thesis.tex") }
  }

  @Test("STO-14: links in place of files are not followed")
  func links() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    let state = try SmallState()
    try state.advance()
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    directory.close()
    let object = try #require(try listing(path + "/objects").first)
    rename(path + "/objects/" + object, temporary.path + "/elsewhere")
    symlink(temporary.path + "/elsewhere", path + "/objects/" + object)
    let again = try open(path)
    #expect(throws: StorageError.self) { try again.load("a") }
    unlink(path + "/objects/" + object)
    let error = #expect(throws: StorageError.self) { _ = try again.load("a") }
    #expect(error == .missingFile(file: "\(path)/objects/\(object)", neededBy: "checkpoint ck-1"))
  }
}
