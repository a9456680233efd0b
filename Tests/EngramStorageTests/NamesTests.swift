import EngramScalars
import EngramTestSupport
import Foundation
import Synchronization
import Testing

@testable import EngramStorage

@Suite("Names, retention, collection, branches") struct NamesTests {
  private func stored(_ path: String, _ names: [String?]) throws -> (RunDirectory, SmallState) {
    let directory = try open(path)
    let state = try SmallState()
    for name in names {
      try state.advance()
      try directory.commit(state.stored, CommitOptions(name: name, kind: name == nil ? .automatic : .named)).wait()
    }
    return (directory, state)
  }

  @Test(
    "CKP-44: names that cannot be are refused with the reason",
    arguments: [
      "", ".x", "-x", "a/b", "a@b", "a\nb", "a\u{7f}", "latest", "initial", "live", "ck-7", String(repeating: "x", count: 256),
    ])
  func refused(name: String) throws {
    let error = #expect(throws: StorageError.self) { try CheckpointName.check(name) }
    guard case .invalidName(name, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(
    "CKP-44, STO-14: any other name is accepted and its file name gives it back",
    arguments: [
      "a", "Day 5", "été", "e\u{301}te\u{301}", "ck-07", "ck-x", "a.b", "=", "~", "ABC", "abc", String(repeating: "y", count: 200),
    ])
  func accepted(name: String) throws {
    try CheckpointName.check(name)
    let fileName = CheckpointName.fileName(for: name)
    #expect(fileName.utf8.allSatisfy { $0 < 128 && !(65...90).contains($0) || "ABCDEF=".utf8.contains($0) })
    #expect(fileName.replacing("=", with: "%").removingPercentEncoding.map { Array($0.utf8) } == Array(name.utf8))
  }

  @Test("STO-14: different names never share a file name, also where case is ignored")
  func collisions() {
    let names = ["a", "A", "=41", "é", "e\u{301}", "É", "x.y", "X.y", String(repeating: "Z", count: 255), String(repeating: "Z", count: 254)]
    let fileNames = names.map { CheckpointName.fileName(for: $0).lowercased() }
    #expect(Set(fileNames).count == names.count)
    #expect(fileNames.allSatisfy { $0.utf8.count <= 250 })
    #expect(CheckpointName.fileName(for: "day-5_b.2") == "day-5_b.2")
  }

  @Test("CKP-41, CKP-44: names are compared by bytes")
  func bytes() throws {
    let temporary = try TemporaryFolder()
    let (directory, _) = try stored(temporary.path + "/run", ["é", "e\u{301}"])
    #expect(try directory.info("é").id == "ck-1")
    #expect(try directory.info("e\u{301}").id == "ck-2")
  }

  @Test("CKP-1, CKP-41: overwriting a name is one commit; the name means the newest; the replaced one is collected")
  func overwrite() throws {
    let temporary = try TemporaryFolder()
    let (directory, state) = try stored(temporary.path + "/run", ["a", "b", "a"])
    #expect(try directory.info("a").id == "ck-3")
    #expect(try directory.list().map(\.id) == ["ck-2", "ck-3"])
    #expect(try image(of: directory.load("a")) == state.image)
    let error = #expect(throws: StorageError.self) { _ = try directory.load("aa") }
    #expect(error == .unknownCheckpoint(name: "aa", path: directory.path, nearest: "a"))
  }

  @Test("CKP-19, CKP-41: rename, tag and remove survive reopening; a later store of an old name wins again")
  func table() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let (directory, state) = try stored(path, ["a", "b", "c"])
    try directory.rename("a", to: "z")
    try directory.tag("b", ["good", "kept"])
    try directory.remove("c")
    #expect(throws: StorageError.self) { try directory.rename("z", to: "b") }
    directory.close()
    let again = try open(path)
    #expect(try again.list().map(\.names) == [["z"], ["b"]])
    #expect(try again.info("b").tags == ["good", "kept"])
    #expect(throws: StorageError.self) { try again.load("c") }
    #expect(throws: StorageError.self) { try again.load("ck-3") }
    try state.advance()
    let info = try again.commit(state.stored, CommitOptions(name: "a")).wait()
    #expect(info.id == "ck-4")
    #expect(try again.info("a").id == "ck-4")
    #expect(try again.info("z").id == "ck-1")
    #expect(try again.collectGarbage() >= 0)
    #expect(try listing(path + "/checkpoints").filter { $0.hasSuffix(".manifest") } == ["ck-1.manifest", "ck-2.manifest", "ck-4.manifest"])
  }

  @Test("CKP-19: the newest n automatic checkpoints stay, named and tagged ones always; ids are names")
  func retention() throws {
    let temporary = try TemporaryFolder()
    let (directory, state) = try stored(temporary.path + "/run", [nil, "keep", nil, nil, nil])
    #expect(try directory.list().map(\.id) == ["ck-2", "ck-4", "ck-5"])
    #expect(try directory.info("latest").id == "ck-5")
    #expect(try directory.info("ck-4").names == [])
    try directory.tag("ck-4", ["odd"])
    for _ in 0..<3 {
      try state.advance()
      try directory.commit(state.stored, .automatic).wait()
    }
    #expect(try directory.list().map(\.id) == ["ck-2", "ck-4", "ck-7", "ck-8"])
    #expect(try directory.verify().isSound)
    #expect(try directory.verify().notes == [])
  }

  @Test("CKP-19: one automatic checkpoint per period stays, the first of each, whether collection comes often or once; names stay anyway")
  func onePerPeriod() throws {
    let temporary = try TemporaryFolder()
    let policy = RetentionPolicy(automatic: 1, perSimulatedSeconds: 1)
    func commit(_ path: String, often: Bool) throws -> [String] {
      let directory = try open(path)
      directory.retention = often ? policy : .everything
      let state = try SmallState()
      for number in 1...11 {
        try state.advance()
        // 0.3 s apart; the sum of three is a rounding short of 0.9.
        let time = (1...number).reduce(0.0) { sum, _ in sum + 0.3 }
        let options = CommitOptions(name: number == 2 ? "named" : nil, kind: number == 2 ? .named : .automatic, summary: ["time": "\(time)"])
        try directory.commit(state.stored, options).wait()
      }
      try directory.collectGarbage(policy)
      #expect(try directory.verify().isSound)
      return try directory.list().map(\.id)
    }
    // 0.3; 0.6 by its name; 1.2, 2.1 and 3.0 begin their seconds; 3.3 is the newest.
    let expected = ["ck-1", "ck-2", "ck-4", "ck-7", "ck-10", "ck-11"]
    #expect(try commit(temporary.path + "/often", often: true) == expected)
    #expect(try commit(temporary.path + "/once", often: false) == expected)
  }

  @Test("CKP-19: periods of wall time go by the dates of checkpoints") func onePerWallPeriod() throws {
    let temporary = try TemporaryFolder()
    let minutes = Mutex<Int64>(0)
    var options = RunDirectory.Options()
    options.retention = RetentionPolicy(automatic: 1, perWall: .seconds(3600))
    options.clock = { minutes.withLock { $0 } * 60_000_000_000 }
    let directory = try RunDirectory(at: temporary.path + "/run", headers: PlainHeaderWriter(), options: options)
    let state = try SmallState()
    for minute in stride(from: Int64(10), through: 150, by: 20) {
      minutes.withLock { $0 = minute }
      try state.advance()
      try directory.commit(state.stored, .automatic).wait()
    }
    // At 10, 70 and 130 minutes, and the newest at 150.
    #expect(try directory.list().map(\.createdNanoseconds) == [10, 70, 130, 150].map { $0 * 60_000_000_000 })
  }

  @Test("CKP-44: 'initial' means the checkpoint before the first step and is kept")
  func initial() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let state = try SmallState()
    try directory.commit(state.stored, CommitOptions(name: nil, kind: .initial)).wait()
    for _ in 0..<5 {
      try state.advance()
      try directory.commit(state.stored, .automatic).wait()
    }
    #expect(try directory.info("initial").id == "ck-1")
  }

  @Test("CKP-14, CKP-19: a column that refers to a collected object is written again")
  func collectedContent() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let (directory, state) = try stored(path, ["a"])
    try state.advance()
    try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    let old = try directory.load("a")
    try state.restore(old)
    try directory.commit(state.stored, CommitOptions(name: "c")).wait()
    try directory.remove("a")
    try directory.remove("c")
    try directory.collectGarbage(RetentionPolicy(automatic: 1))
    try directory.commit(state.stored, CommitOptions(name: "d")).wait()
    directory.close()
    let again = try open(path)
    #expect(try image(of: again.load("d")) == state.image)
    #expect(try again.verify().isSound)
  }

  @Test("CKP-18, CKP-27: a branch inside the directory costs one manifest; both lines go on and know their parents")
  func branch() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let (directory, state) = try stored(path, ["a"])
    let atA = try state.image
    let objects = try listing(path + "/objects")
    let info = try directory.branch("side", from: "a")
    #expect(info.parent == "ck-1")
    #expect(info.writtenByteCount == 0)
    #expect(try listing(path + "/objects") == objects)
    #expect(throws: StorageError.self) { try directory.branch("side", from: "a") }
    try state.advance()
    try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    try state.restore(directory.load("side"))
    #expect(directory.line == "side")
    #expect(try state.image == atA)
    try state.advance(3)
    let next = try directory.commit(state.stored, .automatic).wait()
    #expect(next.line == "side")
    #expect(next.parent == "ck-2")
    #expect(try directory.info("latest").id == next.id)
    #expect(try image(of: directory.load("a")) == atA)
    #expect(try directory.verify().isSound)
  }

  @Test("CKP-27, ACC-2: a branch as a directory shares objects by links and survives the removal of its parent")
  func branchDirectory() throws {
    let temporary = try TemporaryFolder()
    let (directory, state) = try stored(temporary.path + "/run", ["a"])
    let atA = try state.image
    try directory.branch(toDirectory: temporary.path + "/side", name: "start", from: "a")
    #expect(throws: StorageError.self) { try directory.branch(toDirectory: temporary.path + "/side", name: "start", from: "a") }
    try state.advance(2)
    try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    directory.close()
    let side = try open(temporary.path + "/side", creating: false)
    #expect(side.runID != directory.runID)
    try state.restore(side.load("start"))
    try FileManager.default.removeItem(atPath: temporary.path + "/run")
    #expect(try state.image == atA)
    try state.advance(5)
    try side.commit(state.stored, CommitOptions(name: "next")).wait()
    #expect(try image(of: side.load("start")) == atA)
    #expect(try image(of: side.load("next")) == state.image)
    #expect(try side.verify().isSound)
    #expect(try listing(temporary.path) == ["side"])
  }

  @Test("CKP-27: a branch as a directory brings along what its steps may go back to: initial and earlier names, in order")
  func branchWithHistory() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let state = try SmallState()
    var images: [String: [String: [UInt8]]] = [:]
    for (name, kind) in [(nil as String?, CheckpointKind.initial), ("a", .named), (nil, .automatic), ("b", .named), ("c", .named)] {
      try state.advance()
      try directory.commit(state.stored, CommitOptions(name: name, kind: kind)).wait()
      images[name ?? "\(kind)"] = try state.image
    }
    try directory.rename("a", to: "first")
    try directory.branch(toDirectory: temporary.path + "/side", name: "side", from: "b")
    directory.close()
    let side = try open(temporary.path + "/side", creating: false)
    let list = try side.list()
    #expect(list.map { $0.names.first ?? "\($0.kind)" } == ["initial", "first", "b", "side"])
    #expect(list.map(\.parent) == [nil, "ck-1", "ck-2", "ck-3"])
    #expect(try side.info("latest").names == ["side"])
    #expect(try image(of: side.load("initial")) == images["initial"])
    #expect(try image(of: side.load("first")) == images["a"])
    #expect(try image(of: side.load("side")) == images["b"])
    #expect(try side.verify().isSound)
  }

  @Test("CKP-17: a listing tells parent, kind, sizes, comment, tags and what the run wanted listed")
  func listingOfCheckpoints() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let state = try SmallState()
    try state.advance()
    var options = CommitOptions(name: "a", summary: ["t": "0.1 s", "clock.defaultclock": "1000 × 0.1 ms"])
    (options.comment, options.tags) = ("first try", ["x"])
    try directory.commit(state.stored, options).wait()
    let info = try #require(try directory.list().first)
    #expect(info.comment == "first try")
    #expect(info.tags == ["x"])
    #expect(info.summary["t"] == "0.1 s")
    #expect(info.createdNanoseconds == 1_700_000_000_000_000_000)
    #expect(info.logicalByteCount == 16 * 8 + 2 * 4 + 5 * 4 + 3 + 16)
    #expect(info.parent == nil)
    #expect(info.kind == .named)
  }

  @Test("CKP-30, STO-14: a view is put beside its checkpoint under an escaped name and goes with it")
  func views() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let (directory, state) = try stored(path, ["Day 5", "b"])
    let info = try directory.info("Day 5")
    try directory.publishDerived(.view(of: info)) { append in try [UInt8]([1, 2, 3]).withUnsafeBytes { try append($0) } }
    #expect(try readFile(path + "/checkpoints/=44ay=205.h5") == [1, 2, 3])
    #expect(throws: StorageError.self) { try directory.publishDerived(.live(of: info)) { _ in throw StorageError.tooLarge(what: "test") } }
    #expect(try listing(path + "/tmp") == [])
    let places = try directory.load("b").places(of: StoredKey("G", "v"))
    #expect(places.map(\.byteCount) == [128])
    #expect(places.first?.path.hasPrefix("objects/") == true)
    #expect(places.first?.isAlone == false)
    try directory.remove("Day 5")
    try directory.collectGarbage()
    #expect(try listing(path + "/checkpoints") == ["ck-2.manifest"])
    #expect(try image(of: directory.load("b")) == state.image)
  }
}
