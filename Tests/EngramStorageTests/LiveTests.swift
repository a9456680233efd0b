import EngramSystem
import EngramTestSupport
import Synchronization
import Testing

@testable import EngramStorage

@Suite("What onlookers see of a run") struct LiveTests {
  private let options: RunDirectory.Options = {
    var options = testOptions()
    options.retention = RetentionPolicy(automatic: 1)
    return options
  }()

  private func publishLive(_ info: CheckpointInfo, _ directory: RunDirectory) throws {
    try directory.publishDerived(.live(of: info)) { append in try Array(info.id.utf8).withUnsafeBytes { try append($0) } }
  }

  @Test("STO-10: the checkpoint that live.h5 shows is kept while it is shown, and no longer") func kept() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path, options: options)
    let state = try SmallState()
    func store() throws -> CheckpointInfo {
      try state.advance()
      return try directory.commit(state.stored, .automatic).wait()
    }
    try publishLive(store(), directory)
    for _ in 0..<3 { _ = try store() }
    #expect(try directory.list().map(\.id) == ["ck-1", "ck-4"])
    #expect(try directory.info("live").id == "ck-4")
    try publishLive(directory.info("ck-4"), directory)
    _ = try store()
    #expect(try directory.list().map(\.id) == ["ck-4", "ck-5"])
    #expect(try readFile(path + "/live.h5") == Array("ck-4".utf8))
    #expect(try directory.verify().isSound)
    directory.close()
    // A later process does not know what it shows, and does not keep it.
    let again = try open(path, options: options)
    try again.collectGarbage()
    #expect(try again.list().map(\.id) == ["ck-5"])
    #expect(try !listing(path).contains("live.h5"))
    again.close()
  }

  @Test("STO-10: the status is replaced at once, read without the lock, and absent where no run has spoken") func status() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    #expect(try directory.statusText() == nil)
    try directory.publishStatus(Array("one".utf8))
    directory.publishStatusInBackground(Array("two".utf8))
    directory.finishStatus(Array("three".utf8))
    #expect(try open(path, .read).statusText() == Array("three".utf8))
    #expect(try listing(path + "/tmp").isEmpty)
    try directory.collectGarbage()
    #expect(try directory.verify().isSound)
    #expect(try directory.statusText() == Array("three".utf8))
    directory.close()
    #expect(throws: StorageError.readOnly(path: path)) { try directory.publishStatus([]) }
  }

  @Test("STO-10: a status that cannot be written leaves the old one and nothing else", arguments: 0..<5) func failing(at call: Int) throws {
    let disk = SimulatedDisk()
    let directory = try open("/run", system: disk, options: options)
    try directory.publishStatus(Array("old".utf8))
    disk.arm(.error(at: call, code: ENOSPC))
    let result = Result { try directory.publishStatus(Array("new".utf8)) }
    let happened = disk.operationCount > call
    disk.arm(.none)
    if case .failure = result { #expect(try directory.statusText() == Array("old".utf8)) } else { #expect(!happened || call == 4) }
    #expect(disk.files().keys.filter { $0.hasPrefix("/run/tmp/") }.isEmpty)
    directory.close()
  }

  @Test("CKP-30: a reader whose checkpoint is collected while it opens it gets the newer one that the name means now") func overtaken() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let writer = try open(path, options: options)
    nonisolated(unsafe) let state = try SmallState()
    try state.advance()
    try writer.commit(state.stored, .automatic).wait()
    let isDone = Mutex(false)
    let system = WatchedFileSystem { name in
      guard name.hasPrefix("ck-1-"),
        isDone.withLock({ done in
          defer { done = true }; return !done
        })
      else { return }
      // Between the reader's manifest and its arrays; the retention keeps one.
      for _ in 0..<2 {
        try? state.advance()
        // So that nothing refers to the old object any more.
        state.constant.withElements(of: Float.self) { $0[0] += 1 }
        state.constant.touch()
        _ = try? writer.commit(state.stored, .automatic).wait()
      }
    }
    let reader = try open(path, .read, system: system, options: options)
    #expect(try image(of: reader.load("latest"))["G.v"] == state.image["G.v"])
    #expect(isDone.withLock { $0 })
    #expect(throws: StorageError.self) { try reader.load("ck-1") }
    writer.close()
  }
}
