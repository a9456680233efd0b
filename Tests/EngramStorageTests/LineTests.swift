import EngramScalars
import Synchronization
import Testing

@testable import EngramStorage

@Suite("Names belong to lines") struct LineTests {
  /// main: trained, warm, (fork here) trained again, fine; trial: fine.
  private func makeRun() throws -> (directory: RunDirectory, images: [String: [String: [UInt8]]]) {
    let directory = try open("/run", system: SimulatedDisk(), options: options(as: stranger(1)))
    let state = try SmallState()
    var images: [String: [String: [UInt8]]] = [:]
    func store(_ name: String) throws {
      try state.advance()
      images[try directory.commit(state.stored, CommitOptions(name: name)).wait().id] = try state.image
    }
    try store("trained")  // ck-1
    try store("warm")  // ck-2
    try directory.branch("trial", from: "warm")  // ck-3
    try store("trained")  // ck-4
    try store("fine")  // ck-5
    try state.restore(directory.load("trial"))
    try store("fine")  // ck-6
    return (directory, images)
  }

  @Test("CKP-27, CKP-41: a name stored on a branch leaves the same name of the main line alone, and each means its own") func ownNames() throws {
    let (directory, images) = try makeRun()
    #expect(directory.line == "trial")
    #expect(try directory.info("fine").id == "ck-6")
    #expect(try image(of: directory.look(at: "main:fine")) == images["ck-5"])
    #expect(try image(of: directory.look(at: "trial:fine")) == images["ck-6"])
    #expect(try directory.info("trial:latest").id == "ck-6")
    #expect(try directory.info("main:latest").id == "ck-5")
    try directory.collectGarbage(RetentionPolicy(automatic: 1))
    #expect(try directory.list().map(\.id) == ["ck-1", "ck-2", "ck-3", "ck-4", "ck-5", "ck-6"])
    #expect(try directory.lines().map(\.name) == ["main", "trial"])
    #expect(try directory.lines().map(\.origin) == [nil, "ck-2"])
    #expect(try directory.lines().map { $0.newest.id } == ["ck-5", "ck-6"])
  }

  @Test("CKP-27: a branch finds the names of its ancestors as they were where it branched off, and they are kept for it") func ancestors() throws {
    let (directory, images) = try makeRun()
    #expect(try directory.info("trained").id == "ck-1")
    #expect(try image(of: directory.look(at: "trained")) == images["ck-1"])
    #expect(try directory.info("warm").id == "ck-2")
    directory.staysOnLine = true
    _ = try directory.load("trained")
    #expect(directory.line == "trial")
    // The branch gone, nothing needs the replaced one any more.
    try directory.remove("ck-6")
    try directory.remove("ck-3")
    _ = try directory.load("main:fine")
    try directory.collectGarbage(RetentionPolicy(automatic: 1))
    #expect(try directory.list().map(\.id) == ["ck-2", "ck-4", "ck-5"])
  }

  @Test("CKP-44: for onlookers a name means that of the first line, else that of the only line that has it, else the choices are told") func onlookers() throws
  {
    let (directory, _) = try makeRun()
    let state = try SmallState()
    try directory.branch("other", from: "warm")
    for line in ["trial", "other"] {
      directory.staysOnLine = false
      try state.restore(directory.load(line))
      try state.advance()
      try directory.commit(state.stored, CommitOptions(name: "both")).wait()
      if line == "other" { try directory.commit(state.stored, CommitOptions(name: "single")).wait() }
    }
    directory.close()
    let reader = try open("/run", .read, system: directory.system, options: options(as: stranger(2)))
    #expect(try reader.info("fine").id == "ck-5")
    #expect(try reader.info("trained").id == "ck-4")
    #expect(try reader.info("single").line == "other")
    let error = #expect(throws: StorageError.self) { try reader.info("both") }
    guard case .ambiguousCheckpoint(_, _, let choices) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(choices == ["trial:both (ck-8)", "other:both (ck-9)"])
    #expect(try reader.info("other:both").id == "ck-9")
    #expect(throws: StorageError.self) { try reader.info("main:both") }
  }

  @Test("CKP-19: replaced means replaced on its line; a rename on one line is free of the names of others") func renames() throws {
    let (directory, _) = try makeRun()
    try directory.rename("trial:fine", to: "trained")
    #expect(try directory.info("trial:trained").id == "ck-6")
    #expect(try directory.info("main:trained").id == "ck-4")
    #expect(throws: StorageError.self) { try directory.info("trial:fine") }
    #expect(throws: StorageError.self) { try directory.rename("main:fine", to: "warm") }
    try directory.rename("main:fine", to: "final")
    #expect(try directory.info("final").id == "ck-5")
  }

  @Test("CKP-44: a colon may be part of a name; who writes LINE:NAME and means a name gets it") func colons() throws {
    let directory = try open("/run", system: SimulatedDisk(), options: options(as: stranger(1)))
    let state = try SmallState()
    try directory.commit(state.stored, CommitOptions(name: "a:b")).wait()
    #expect(try directory.info("a:b").id == "ck-1")
    try directory.branch("a", from: "a:b")
    try state.restore(directory.load("a"))
    try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    #expect(throws: StorageError.self) { try directory.info("a:b") }
    #expect(try directory.info("main:a:b").id == "ck-1")
  }

  @Test("CKP-30: views of one name on two lines are two files, and each goes with its checkpoint") func views() throws {
    let (directory, _) = try makeRun()
    for name in ["main:fine", "trial:fine"] {
      try directory.publishDerived(.view(of: directory.info(name))) { append in try [UInt8]([1]).withUnsafeBytes { try append($0) } }
    }
    let root = try directory.system.openDirectory(path: "/run/checkpoints")
    #expect(try directory.system.list(root).filter { $0.hasSuffix(".h5") } == ["fine.h5", "trial=3Afine.h5"])
    try directory.remove("trial:fine")
    #expect(try directory.system.list(root).filter { $0.hasSuffix(".h5") } == ["fine.h5"])
  }
}
