import EngramSystem
import EngramTestSupport
import Testing

@testable import EngramStorage

@Suite("For whom files are, and whose they are") struct OwnershipTests {
  private func mode(_ path: String) -> mode_t {
    var status = stat()
    lstat(path, &status)
    return status.st_mode & 0o7777
  }

  @Test(
    "CKP-13: permissions follow the umask; objects are read-only, and the lock is for those who may take it", .serialized, arguments: [0o000, 0o022, 0o077])
  func modes(mask: Int) throws {
    let mask = mode_t(mask)
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let old = EngramSystem.umask(mask)
    defer { _ = EngramSystem.umask(old) }
    let directory = try open(path)
    let state = try SmallState()
    try state.advance()
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    try directory.rename("a", to: "b")
    // The owner can always go on.
    let files = 0o666 & ~mask | 0o600
    #expect(mode(path) == 0o777 & ~mask | 0o700)
    for name in ["objects", "segments", "checkpoints", "tmp"] { #expect(mode(path + "/" + name) == 0o777 & ~mask | 0o700) }
    for name in try listing(path + "/checkpoints") { #expect(mode(path + "/checkpoints/" + name) == files) }
    for name in try listing(path + "/objects") { #expect(mode(path + "/objects/" + name) == files & 0o444) }
    for name in try listing(path + "/segments") { #expect(mode(path + "/segments/" + name) == files) }
    for name in ["FORMAT", "journal", "journal.copy"] { #expect(mode(path + "/" + name) == files) }
    #expect(mode(path + "/lock") == files & (files & 0o222 | (files & 0o222) << 1))
    directory.close()
    for name in try listing(path + "/segments") { #expect(mode(path + "/segments/" + name) == files & 0o444) }
    try PortableFile.pack(open(path), ["b"], to: temporary.path + "/a.h5")
    #expect(mode(temporary.path + "/a.h5") == files)
  }

  @Test("STO-10: a lock that is a link to something else is not written to, whatever kind of link")
  func plantedLock() throws {
    let temporary = try TemporaryFolder()
    let (path, victim) = (temporary.path + "/run", temporary.path + "/thesis.tex")
    try open(path).close()
    try writeFile(victim, Array("chapter 1".utf8))
    chmod(victim, 0o644)
    for plant in [{ link(victim, path + "/lock") }, { symlink(victim, path + "/lock") }] {
      unlink(path + "/lock")
      #expect(plant() == 0)
      let error = #expect(throws: StorageError.self) { _ = try open(path) }
      #expect("\(String(describing: error))".contains("link"))
      #expect(try readFile(victim) == Array("chapter 1".utf8))
      #expect(mode(victim) == 0o644)
    }
  }

  @Test("STO-10: a lock of somebody else, in a directory that is not theirs, is not written to", .enabled(if: geteuid() == 0))
  func foreignLock() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    try open(path).close()
    try writeFile(path + "/lock", Array("chapter 1".utf8))
    #expect(chown(path + "/lock", 4711, 4711) == 0)
    let error = #expect(throws: StorageError.self) { _ = try open(path) }
    #expect(error == .notOurs(path: "lock", reason: "it belongs to user 4711, neither to you nor to the owner of the directory"))
    #expect(try readFile(path + "/lock") == Array("chapter 1".utf8))
    // In a directory of theirs it is theirs: whoever may look after it for them may go on.
    #expect(chown(path, 4711, 4711) == 0)
    #expect(throws: Never.self) { try open(path).close() }
  }

  @Test("STO-10: a journal with a second name, as in a copy made of hard links, is not written to", arguments: ["lock", "journal", "journal.copy"])
  func linkedFiles(name: String) throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let state = try SmallState()
    func store(_ name: String) throws {
      let directory = try open(path)
      defer { directory.close() }
      try state.advance()
      try directory.commit(state.stored, CommitOptions(name: name)).wait()
    }
    try store("a")
    let bytes = try readFile(path + "/" + name)
    #expect(link(path + "/" + name, temporary.path + "/elsewhere") == 0)
    let error = #expect(throws: StorageError.self) { try store("b") }
    #expect(error == .notOurs(path: name, reason: "it has 2 names (hard links)"))
    #expect(try readFile(temporary.path + "/elsewhere") == bytes)
    unlink(temporary.path + "/elsewhere")
    #expect(throws: Never.self) { try store("b") }
  }
}
