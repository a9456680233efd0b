import EngramScalars
import EngramSystem
import EngramTestSupport
import Synchronization
import Testing

@testable import EngramStorage

@Suite("The journal: what is missing is missed") struct JournalTests {
  private static let me = options(as: stranger(1))

  /// Names, tags, a rename, a removal, automatic checkpoints.
  private func makeRun() throws -> SimulatedDisk {
    let disk = SimulatedDisk()
    let directory = try open("/run", system: disk, options: JournalTests.me)
    let state = try SmallState()
    for name in ["a", nil, "b", "c", nil, nil] {
      try state.advance()
      try directory.commit(state.stored, CommitOptions(name: name, kind: name == nil ? .automatic : .named)).wait()
      if name == nil { try directory.tag("latest", ["kept"]) }
    }
    try directory.rename("a", to: "better")
    try directory.remove("b")
    try directory.tag("ck-5", [])
    directory.close()
    return disk
  }

  private let expected: [[String]] = [["ck-1", "better"], ["ck-2", "#kept"], ["ck-4", "c"], ["ck-5"], ["ck-6", "#kept"]]

  private func listing(_ directory: RunDirectory) throws -> [[String]] {
    try directory.list().map { [$0.id] + $0.names + $0.tags.map { "#\($0)" } }
  }

  private func reader(_ disk: SimulatedDisk) throws -> RunDirectory { try open("/run", .read, system: disk, options: JournalTests.me) }
  private func writer(_ disk: SimulatedDisk) throws -> RunDirectory { try open("/run", system: disk, options: JournalTests.me) }

  @Test("CKP-41: names, tags and removals survive, and nothing is said of a sound directory") func sound() throws {
    let disk = try makeRun()
    let directory = try reader(disk)
    #expect(try listing(directory) == expected)
    #expect(directory.problems == [])
    let told = Mutex<[String]>([])
    directory.onWarning { text in told.withLock { $0.append(text) } }
    #expect(told.withLock { $0 } == [])
  }

  enum Harm: CaseIterable { case missing, oneBit, cut, empty, foreign }

  private func harm(_ disk: SimulatedDisk, _ name: String, _ harm: Harm) {
    let bytes = disk.files()["/run/" + name]!
    switch harm {
    case .missing: disk.erase("/run/" + name)
    case .oneBit:
      var bytes = bytes
      bytes[bytes.count / 2] ^= 8
      disk.overwrite("/run/" + name, bytes)
    case .cut: disk.overwrite("/run/" + name, Array(bytes.dropLast(bytes.count / 3)))
    case .empty: disk.overwrite("/run/" + name, [])
    case .foreign: disk.overwrite("/run/" + name, Array("something else".utf8))
    }
  }

  @Test(
    "CKP-41: one copy of the journal that is missing, damaged or older is told by every opening, loses nothing, and is mended by the next writer",
    arguments: Harm.allCases, ["journal", "journal.copy"])
  func oneCopy(harm: Harm, name: String) throws {
    let disk = try makeRun()
    self.harm(disk, name, harm)
    for _ in 0..<2 {
      let directory = try reader(disk)
      #expect(directory.problems.map(\.file) == [name])
      #expect(try listing(directory) == expected)
      #expect(try directory.verify().problems.contains { $0.file == "/run/" + name })
      #expect(try directory.look(at: "better").info.id == "ck-1")
    }
    let directory = try writer(disk)
    let told = Mutex<[String]>([])
    directory.onWarning { text in told.withLock { $0.append(text) } }
    #expect(told.withLock { $0.contains { $0.hasPrefix(name + ":") } })
    try directory.tag("c", ["x"])
    #expect(try directory.collection(RetentionPolicy(automatic: 1)).checkpoints == ["ck-5"])
    directory.close()
    let after = try reader(disk)
    #expect(after.problems == [])
    #expect(try after.verify().isSound)
    #expect(try listing(after) == [["ck-1", "better"], ["ck-2", "#kept"], ["ck-4", "c", "#x"], ["ck-6", "#kept"]])
  }

  @Test(
    "CKP-41: without any journal checkpoints are read by their ids, names are refused with the remedy, and no collection takes what may have had a name or tag",
    arguments: Harm.allCases)
  func bothCopies(harm: Harm) throws {
    let disk = try makeRun()
    let image = try EngramStorageTests.image(of: reader(disk).look(at: "ck-5"))
    for name in ["journal", "journal.copy"] { self.harm(disk, name, harm) }
    let directory = try reader(disk)
    #expect(!directory.problems.isEmpty)
    #expect(try !directory.verify().isSound)
    #expect(try EngramStorageTests.image(of: directory.look(at: "ck-5")) == image)
    #expect(try directory.look(at: "latest").info.id == "ck-6")
    for act: (RunDirectory) throws -> Void in [
      { _ = try $0.look(at: "better") }, { try $0.rename("ck-4", to: "d") }, { try $0.tag("ck-4", []) }, { try $0.remove("ck-4") },
      { _ = try $0.collectGarbage(RetentionPolicy(automatic: 1)) },
    ] {
      let opened = try writer(disk)
      let error = #expect(throws: StorageError.self) { try act(opened) }
      #expect(error?.description.contains("engram repair /run") == true, "\(String(describing: error))")
      opened.close()
    }
    // Going on from the newest is not in doubt.
    let opened = try writer(disk)
    let state = try SmallState()
    try state.restore(opened.load("latest"))
    for _ in 0..<4 {
      try state.advance()
      try opened.commit(state.stored, .automatic).wait()
    }
    let list = try listing(opened)
    for id in ["ck-1", "ck-2", "ck-4", "ck-5", "ck-6"] { #expect(list.contains { $0[0] == id }, "\(id)") }
    #expect(list.contains(["ck-2", "#recovered"]) || list.contains(["ck-2", "#kept"]))
    try opened.collectGarbage(RetentionPolicy(automatic: 1))
    #expect(try listing(opened).contains { $0[0] == "ck-2" })
    opened.close()
    let after = try reader(disk)
    #expect(after.problems == [])
    #expect(try after.verify().isSound)
    if harm != .missing, harm != .cut { #expect(disk.files().keys.contains("/run/journal.damaged-1")) }
  }

  @Test("CKP-28: a manifest that was deleted is missed by every opening, by name, and by verify; it can be given up by its id") func deletedManifest() throws {
    let disk = try makeRun()
    for (number, name) in [(4, "c"), (6, nil)] as [(Int, String?)] {
      disk.erase("/run/checkpoints/ck-\(number).manifest")
      let directory = try reader(disk)
      let problem = directory.problems.first { $0.checkpoint == "ck-\(number)" }
      #expect(problem?.text.contains("ck-\(number).manifest") == true)
      if let name {
        #expect(problem?.text.contains("'\(name)'") == true)
        let error = #expect(throws: StorageError.self) { try directory.look(at: name) }
        guard case .missingFile = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      } else {
        #expect(throws: StorageError.self) { try directory.look(at: "latest") }
      }
      #expect(try directory.verify().problems.contains { $0.checkpoints == ["ck-\(number)"] })
      #expect(directory.damagedCheckpoints["ck-\(number)"] != nil)
    }
    let directory = try writer(disk)
    try directory.remove("ck-4")
    try directory.remove("ck-6")
    directory.close()
    let after = try reader(disk)
    #expect(try after.verify().isSound)
    #expect(try after.list().map(\.id) == ["ck-1", "ck-2", "ck-5"])
    #expect(try after.look(at: "latest").info.id == "ck-5")
  }

  @Test("CKP-41: both copies of an older journal in the place of the newer ones are told, with the checkpoint that shows it; no name is believed")
  func olderJournal() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let state = try SmallState()
    func store(_ names: String...) throws {
      let directory = try open(path)
      defer { directory.close() }
      for name in names {
        try state.advance()
        try directory.commit(state.stored, CommitOptions(name: name)).wait()
      }
      try directory.rename(names[0], to: names[0] + "2")
    }
    try store("a", "b")
    let old = try readFile(path + "/journal")
    try store("c", "d", "e")
    for name in ["journal", "journal.copy"] { try writeFile(path + "/" + name, old) }
    let directory = try open(path, .read)
    #expect(directory.problems.contains { $0.file == "journal" && $0.what.hasPrefix("is older than ck-") }, "\(directory.problems)")
    #expect(try directory.list().map(\.id) == ["ck-1", "ck-2", "ck-3", "ck-4", "ck-5"])
    #expect(throws: StorageError.self) { try directory.info("a2") }
    #expect(try directory.info("ck-5").id == "ck-5")
    #expect(try !directory.verify().isSound)
  }

  @Test("CKP-29: a checkpoint counts as durable only while its manifest is on the disk, intact, under its name") func acknowledged() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    let state = try SmallState()
    try state.advance()
    let info = try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    #expect(try directory.acknowledged()?.id == info.id && directory.acknowledged(info.id).id == info.id)
    let file = path + "/checkpoints/\(info.id).manifest"
    let bytes = try readFile(file)
    for isThere in [true, false] {
      if isThere { try flip(file, bytes.count / 2) } else { #expect(unlink(file) == 0) }
      #expect(throws: StorageError.self) { try directory.acknowledged() }
      #expect(throws: StorageError.self) { try directory.acknowledged(info.id) }
    }
    try writeFile(file, bytes)
    #expect(try directory.acknowledged()?.id == info.id)
  }

  @Test("CKP-28: a manifest that is replaced in its place, while somebody has the directory open, is not believed") func replacedWhileOpen() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let state = try SmallState()
    let directory = try open(path)
    for name in ["a", "b"] {
      try state.advance()
      try directory.commit(state.stored, CommitOptions(name: name)).wait()
    }
    let reader = try open(path, .read)
    #expect(try reader.look(at: "a").info.id == "ck-1")
    // Well-formed, with all its files, and not what was committed.
    var other = try directory.readManifest(1)
    other.comment = "another"
    try writeFile(path + "/checkpoints/ck-1.manifest", other.encoded())
    for opened in [reader, directory] {
      let error = #expect(throws: StorageError.self) { try opened.look(at: "a") }
      #expect(error?.description.contains("not the file that was committed under this name") == true, "\(String(describing: error))")
    }
    #expect(throws: Never.self) { try reader.look(at: "b") }
  }

  @Test("CKP-28: a manifest that another one was put in the place of is told, and not believed") func replacedManifest() throws {
    let disk = try makeRun()
    var other = try reader(disk).readManifest(4)
    other.comment = "not what was committed"
    disk.overwrite("/run/checkpoints/ck-4.manifest", other.encoded())
    let directory = try reader(disk)
    #expect(directory.damagedCheckpoints.keys.sorted() == ["ck-4"])
    #expect(throws: StorageError.self) { try directory.look(at: "c") }
    #expect(try !directory.verify().isSound)
  }

  @Test("CKP-41: a number is never given twice, although the newest checkpoint was removed") func numbers() throws {
    let disk = try makeRun()
    let directory = try writer(disk)
    try directory.remove("ck-6")
    directory.close()
    let again = try writer(disk)
    let state = try SmallState()
    #expect(try again.commit(state.stored, CommitOptions(name: "d")).wait().id == "ck-7")
  }

  @Test("CKP-31: every kind of record reads as it was written, and every changed bit of a journal is noticed") func records() throws {
    let disk = try makeRun()
    let runID = try FormatFile(decoding: disk.files()["/run/FORMAT"]!, path: "").runID
    let bytes = disk.files()["/run/journal"]!
    let contents = try Journal.read(bytes, runID: runID)
    #expect(contents.problem == nil && contents.tailByteCount == 0)
    var catalogue = Catalogue()
    for record in contents.records { catalogue.apply(record) }
    catalogue.staleRecordCount = 0
    let (again, end) = Journal.beginning(.snapshot(catalogue), at: contents.end.position, after: contents.end.chain, runID: runID)
    let compacted = try Journal.read(again, runID: runID)
    #expect(compacted.records == [.snapshot(catalogue)])
    #expect(compacted.end == end)
    #expect(compacted.chain(at: contents.end.position) == contents.end.chain)
    for position in stride(from: 0, to: bytes.count, by: isCampaign ? 1 : 23) {
      var damaged = bytes
      damaged[position] ^= 1 << UInt8(position % 8)
      let found = try? Journal.read(damaged, runID: runID)
      #expect(found == nil || found?.problem != nil || (found?.tailByteCount ?? 0) > 0, "byte \(position)")
    }
    #expect(throws: SectionedFile.Refusal.self) { try Journal.read(bytes, runID: "another run") }
    var random = SplitMix(state: 3)
    for _ in 0..<(isCampaign ? 100_000 : 500) {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try? Journal.read(Array(damaged.prefix(Int.random(in: 0...damaged.count, using: &random))), runID: runID)
      // Bodies that nobody vouches for.
      let start = Int.random(in: 0..<bytes.count - 8, using: &random)
      for kind in ["SNAP", "OPEN", "CMIT", "GONE", "NAME", "TAGS"] as [StaticString] {
        _ = try? JournalRecord.decoded(SectionedFile.kind(kind), damaged[start...])
      }
    }
  }

  @Test("CKP-19: a long history is left out when it has become longer than what it leads to, and means the same") func compaction() throws {
    let disk = SimulatedDisk()
    let directory = try open("/run", system: disk, options: options(as: stranger(1), automatic: 2))
    let state = try SmallState()
    var largest = 0
    try state.advance()
    for round in 0..<700 {
      try directory.commit(state.stored, CommitOptions(name: nil, kind: .automatic)).wait()
      if round % 100 == 0 { largest = max(largest, disk.files()["/run/journal"]!.count) }
    }
    #expect(largest < 200 * 1500)
    directory.close()
    let after = try open("/run", .read, system: disk, options: options(as: stranger(2)))
    #expect(try after.list().map(\.id) == ["ck-699", "ck-700"])
    #expect(after.problems == [])
    #expect(try after.verify().isSound)
  }
}
