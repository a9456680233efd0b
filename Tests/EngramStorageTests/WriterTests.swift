import EngramScalars
import EngramSystem
import EngramTestSupport
import Foundation
import Synchronization
import Testing

@testable import EngramStorage

/// A process that is not this one: dead, if asked.
func stranger(_ number: Int32 = 77, boot: String = "another boot") -> ProcessIdentity {
  ProcessIdentity(number: number, started: 1, host: HostIdentity.name, boot: boot)
}

func options(as identity: ProcessIdentity, isRunning: Bool = false, automatic: Int = 2) -> RunDirectory.Options {
  var options = testOptions(segment: 2048, padding: 512)
  options.identity = identity
  options.isRunning = { _ in isRunning }
  options.observationSeconds = 0.3
  options.retention = RetentionPolicy(automatic: automatic)
  return options
}

private final class Counter: Sendable {
  let value = Atomic<Int>(0)
}

private final class Flag: Sendable {
  let isSet = Atomic<Bool>(false)
}

@Suite("Who may write") struct WriterTests {
  /// What a writer has been told that it has, by id.
  private final class Writer {
    let directory: RunDirectory
    let state: SmallState
    var promised: [String: [String: [UInt8]]] = [:]
    init(_ directory: RunDirectory, resuming: Bool) throws {
      self.directory = directory
      state = try SmallState()
      directory.attach(state.recording)
      if resuming, !(try directory.list()).isEmpty { try state.restore(directory.load("latest")) }
    }
    func commit(_ name: String?) throws {
      try state.advance()
      let image = try state.image
      let info = try directory.commit(state.stored, CommitOptions(name: name, kind: name == nil ? .automatic : .named)).wait()
      promised[info.id] = image
    }
  }

  enum Deed: CaseIterable { case commit, store, collect, rename, tag, remove, branch, status }

  private func act(_ deed: Deed, _ writer: Writer, _ number: Int) throws {
    let directory = writer.directory
    switch deed {
    case .commit: try writer.commit(nil)
    case .store: try writer.commit("n\(number)")
    case .collect: _ = try directory.collectGarbage(RetentionPolicy(automatic: 1))
    case .rename: try directory.rename("first", to: "renamed\(number)")
    case .tag: try directory.tag("first", ["t"])
    case .remove: try directory.remove("first")
    case .branch: _ = try directory.branch("side\(number)", from: "first")
    case .status: try directory.publishStatus([1])
    }
  }

  @Test(
    "STO-10: of two writers on one directory, whose lock was removed in between, the first notices before every deed, and nothing of either is lost",
    arguments: Deed.allCases, [nil, Deed.commit, .store, .collect])
  func twoWriters(deed: Deed, second: Deed?) throws {
    let disk = SimulatedDisk()
    let one = try Writer(open("/run", system: disk, options: options(as: stranger(1))), resuming: false)
    try one.commit("first")
    for _ in 0..<3 { try one.commit(nil) }
    let kept = try one.directory.list().map(\.id)
    disk.erase("/run/lock")
    // It takes the first one for dead.
    let two = try Writer(open("/run", system: disk, options: options(as: stranger(2, boot: "boot 2"))), resuming: true)
    if let second { try act(second, two, 2) }
    let before = disk.files().keys.filter { !$0.contains("/tmp/") && !$0.contains("/segments/") }.sorted()
    let error = #expect(throws: StorageError.self) { try act(deed, one, 1) }
    guard let error, case .ownershipLost("/run", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let after = Set(disk.files().keys)
    #expect(before.filter { !after.contains($0) } == [])
    // Once lost, it is lost.
    #expect(throws: error) { try one.commit("again") }
    try two.commit("last")
    try two.directory.collectGarbage()
    two.directory.close()
    one.directory.close()
    let reader = try open("/run", .read, system: disk, options: options(as: stranger(3)))
    #expect(try reader.verify().problems == [])
    let list = try reader.list().map(\.id)
    for (id, image) in one.promised where kept.contains(id) && list.contains(id) { #expect(try EngramStorageTests.image(of: reader.look(at: id)) == image) }
    for (id, image) in two.promised where list.contains(id) { #expect(try EngramStorageTests.image(of: reader.look(at: id)) == image) }
    #expect(list.contains("ck-1") && reader.damagedCheckpoints.isEmpty)
  }

  @Test("STO-10: a writer that is being killed lets go of its lock before it is gone; the next one waits for that moment") func beingKilled() throws {
    let disk = SimulatedDisk()
    let here = ProcessIdentity.current
    let former = ProcessIdentity(number: here.number + 1, started: 5, host: here.host, boot: here.boot)
    let one = try Writer(open("/run", system: disk, options: options(as: former)), resuming: false)
    try one.commit("a")
    disk.erase("/run/lock")
    var next = options(as: here)
    let looks = Counter()
    next.isRunning = { _ in looks.value.add(1, ordering: .relaxed).newValue < 4 }
    let two = try Writer(open("/run", system: disk, options: next), resuming: true)
    try two.commit("b")
    #expect(looks.value.load(ordering: .relaxed) == 4)
  }

  @Test("STO-10: a process that has ended runs no more, also while nobody has waited for it") func ended() throws {
    var number = pid_t()
    let path = strdup("/bin/true")
    defer { free(path) }
    #expect(posix_spawn(&number, "/bin/true", nil, nil, [path, nil], nil) == 0)
    let process = ProcessIdentity(number: number, started: 0, host: HostIdentity.name, boot: HostIdentity.boot)
    for _ in 0..<1000 where process.runsHere { usleep(10_000) }
    // It is there, and it does not run.
    #expect(kill(number, 0) == 0 && !process.runsHere)
    waitpid(number, nil, 0)
    #expect(ProcessIdentity.current.runsHere)
  }

  @Test("STO-10: a lock that is free although its holder lives is refused, with the holder's number; a dead one's is taken", arguments: [true, false])
  func removedLock(isRunning: Bool) throws {
    let disk = SimulatedDisk()
    let here = ProcessIdentity.current
    let former = ProcessIdentity(number: here.number + 1, started: 5, host: here.host, boot: here.boot)
    let one = try Writer(open("/run", system: disk, options: options(as: former)), resuming: false)
    try one.commit("a")
    disk.erase("/run/lock")
    if isRunning {
      let error = #expect(throws: StorageError.self) { try open("/run", system: disk, options: options(as: here, isRunning: true)) }
      #expect(error == .stillWritten(path: "/run", owner: "process \(here.number + 1) on host \(here.host)"))
    } else {
      let two = try Writer(open("/run", system: disk, options: options(as: here)), resuming: true)
      try two.commit("b")
      #expect(try two.directory.list().map(\.names) == [["a"], ["b"]])
    }
  }

  @Test("STO-10: within one process, too, a writer that is open keeps a second one out although its lock was removed") func sameProcess() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let one = try Writer(open(path), resuming: false)
    try one.commit("a")
    unlink(path + "/lock")
    #expect(throws: StorageError.stillWritten(path: path, owner: "process \(getpid()) on host \(HostIdentity.name)")) { try open(path) }
    #expect(throws: StorageError.self) { try one.commit("b") }
    one.directory.close()
    #expect(throws: Never.self) { try open(path).close() }
  }

  @Test("STO-10: a copy of a directory that is being written can be continued; the original is not disturbed") func copies() throws {
    let disk = SimulatedDisk()
    let one = try Writer(open("/run", system: disk, options: options(as: stranger(1))), resuming: false)
    try one.commit("a")
    // Other inodes, as a copy has.
    let copy = disk.afterPowerCut(seed: 0)
    let two = try Writer(open("/run", system: copy, options: options(as: stranger(1), isRunning: true)), resuming: true)
    try two.commit("b")
    try one.commit("c")
    #expect(try one.directory.list().map(\.names) == [["a"], ["c"]])
  }

  @Test("STO-10: a lock with a second name is refused, and so is a writer whose lock gets one") func linkedLock() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let one = try Writer(open(path), resuming: false)
    try one.commit("a")
    #expect(link(path + "/lock", temporary.path + "/other") == 0)
    #expect(throws: StorageError.ownershipLost(path: path, reason: "its lock has 2 names")) { try one.commit("b") }
    one.directory.close()
    #expect(throws: StorageError.self) { try open(path) }
    unlink(temporary.path + "/other")
    #expect(try open(path).list().map(\.names) == [["a"]])
  }

  @Test("STO-10: a writer notices that somebody else has written to its journal, in either copy, and removes nothing", arguments: ["journal", "journal.copy"])
  func foreignRecords(name: String) throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let one = try Writer(open(path), resuming: false)
    for _ in 0..<3 { try one.commit(nil) }
    let before = try listing(path + "/checkpoints") + listing(path + "/objects")
    // In its place, as by an append.
    let file = EngramSystem.open(path + "/" + name, O_WRONLY | O_APPEND)
    #expect(EngramSystem.write(file, "more", 4) == 4)
    EngramSystem.close(file)
    let error = try #require(#expect(throws: StorageError.self) { try one.directory.collectGarbage(RetentionPolicy(automatic: 1)) })
    #expect(error == .ownershipLost(path: path, reason: "somebody else has written to its file '\(name)'"))
    #expect(throws: error) { try one.commit("b") }
    #expect(try listing(path + "/checkpoints") + listing(path + "/objects") == before)
  }

  @Test("STO-10, CKP-13: a record of which half was written, and cannot be taken back, is not taken for somebody else's")
  func halfRecords() throws {
    let undisturbed = try commits(.none)
    for (number, name) in undisturbed.disk.operationNames.enumerated() where name.hasPrefix("write") {
      for count in [1, 2] {
        let (disk, failures) = try commits(.errors(at: number..<number + count, code: ENOSPC))
        for failure in failures {
          if case .ownershipLost = failure { Issue.record("\(count) from operation \(number) on: \(failure)") }
        }
        let report = try open("/run", .read, system: disk.afterKill(), options: testOptions()).verify()
        #expect(report.isSound, "\(count) from operation \(number) on: \(report.problems)")
      }
    }
  }

  /// Four checkpoints, the last of them on a disk that is well again.
  private func commits(_ fault: SimulatedDisk.Fault) throws -> (disk: SimulatedDisk, failures: [StorageError]) {
    let disk = SimulatedDisk()
    let directory = try open("/run", system: disk, options: testOptions())
    let state = try SmallState()
    var failures: [StorageError] = []
    func commit(_ name: String) throws {
      try state.advance()
      do throws(StorageError) { _ = try directory.commit(state.stored, CommitOptions(name: name)).wait() } catch { failures.append(error) }
    }
    try commit("a")
    disk.arm(fault)
    for name in ["b", "c"] { try commit(name) }
    if fault != .none { disk.arm(.none) }
    try commit("d")
    directory.close()
    return (disk, failures)
  }

  @Test(
    "STO-10: a writer on another host, whose lock does not reach here, keeps others out while it is seen to write; one that is still is taken for dead",
    arguments: [true, false])
  func otherHost(isAlive: Bool) throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let there = ProcessIdentity(number: 5, started: 1, host: "another host", boot: "its boot")
    let one = try Writer(open(path, options: options(as: there)), resuming: false)
    try one.commit("a")
    // A lock of its own, as over a network file system that does not carry locks.
    unlink(path + "/lock")
    let isOver = Flag()
    let writes = Thread { [path] in
      var number: UInt8 = 0
      while isAlive, !isOver.isSet.load(ordering: .relaxed) {
        number &+= 1
        try? writeFile(path + "/status.json", [number])
        usleep(10_000)
      }
    }
    writes.start()
    defer { isOver.isSet.store(true, ordering: .relaxed) }
    var mine = options(as: .current)
    // Long enough for a busy machine to write once.
    mine.observationSeconds = isAlive ? 60 : 0.3
    if isAlive {
      #expect(throws: StorageError.stillWritten(path: path, owner: "process 5 on host another host")) { try open(path, options: mine) }
    } else {
      let two = try Writer(open(path, options: mine), resuming: true)
      try two.commit("b")
      #expect(try two.directory.list().map(\.names) == [["a"], ["b"]])
    }
  }

  @Test("CKP-13: a commit whose number is taken leaves what is there alone") func takenNumber() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let one = try Writer(open(path), resuming: false)
    try one.commit("a")
    try writeFile(path + "/checkpoints/ck-2.manifest", [1, 2, 3])
    let error = #expect(throws: StorageError.self) { try one.commit("b") }
    #expect(error == .ownershipLost(path: path, reason: "there is a ck-2 that this process has not made"))
    #expect(try readFile(path + "/checkpoints/ck-2.manifest") == [1, 2, 3])
    one.directory.close()
  }

  @Test("MDL-66: whoever opens a directory and changes nothing writes nothing into its journal") func idle() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let one = try Writer(open(path), resuming: false)
    try one.commit("a")
    one.directory.close()
    let journal = try readFile(path + "/journal")
    let two = try open(path)
    _ = try two.load("a")
    _ = try two.list()
    two.close()
    #expect(try readFile(path + "/journal") == journal)
    #expect(try readFile(path + "/journal.copy") == journal)
  }
}
