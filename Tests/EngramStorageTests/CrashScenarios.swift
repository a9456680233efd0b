import EngramSystem
import Testing

@testable import EngramStorage

/// The simulated disk is slow.
private let small = testOptions(segment: 8192, padding: 512)
/// Whoever comes afterwards is another process on a machine that was started anew.
private let later: RunDirectory.Options = {
  var options = small
  options.identity.boot = "another start of the machine"
  return options
}()

/// A run on a simulated disk, and what has been promised about it so far.
final class Session {
  let disk: SimulatedDisk
  var directory: RunDirectory?
  let state: SmallState
  /// Content of every acknowledged checkpoint by id; and, while one is under way, what it would be.
  var promised: [String: [String: [UInt8]]] = [:]
  var underWay: [[String: [UInt8]]] = []
  /// Names whose meaning was acknowledged.
  var names: [String: Set<String>] = [:]

  init(_ disk: SimulatedDisk) throws {
    self.disk = disk
    state = try SmallState()
  }

  func open() throws { directory = try EngramStorageTests.open("/run", system: disk, options: small) }

  func store(_ name: String?, kind: CheckpointKind = .named) throws {
    let image = try state.image
    underWay.append(image)
    let info = try directory!.commit(state.stored, CommitOptions(name: name, kind: kind)).wait()
    promised[info.id] = image
    if let name { names[name] = [info.id] }
  }
}

/// One operation that must be all or nothing.
struct Scenario: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let prepare: @Sendable (Session) throws -> Void
  let act: @Sendable (Session) throws -> Void

  static let all = [
    firstCreation, firstStore, secondStore, longRecording, overwrite, automatic, collection, rename, removal, branch, branchDirectory, portable, repack,
  ]

  private static func stored(_ session: Session) throws {
    try session.open()
    session.directory!.attach(session.state.recording)
    try session.state.advance(3)
    try session.store("a")
    try session.state.advance(2)
  }

  static let firstCreation = Scenario(testDescription: "first creation", prepare: { _ in }, act: { try $0.open() })
  static let firstStore = Scenario(
    testDescription: "first store", prepare: { try $0.open() },
    act: { session in
      try session.state.advance(2)
      try session.store("a")
    })
  static let secondStore = Scenario(testDescription: "another store", prepare: stored, act: { try $0.store("b") })
  static let longRecording = Scenario(
    testDescription: "a store after so many rows that the header of their file is written anew",
    prepare: { session in
      try stored(session)
      try session.state.advance(300)
    }, act: { try $0.store("b") })
  static let overwrite = Scenario(
    testDescription: "overwriting a name", prepare: stored,
    act: { session in
      // While it is under way the name may mean either.
      session.names["a"] = ["ck-1", "ck-2"]
      session.promised["ck-1"] = nil
      try session.store("a")
    })
  static let automatic = Scenario(
    testDescription: "automatic checkpoint with retention",
    prepare: { session in
      try stored(session)
      for _ in 0..<2 {
        try session.store(nil, kind: .automatic)
        try session.state.advance()
      }
    },
    act: { session in
      session.promised["ck-2"] = nil
      try session.store(nil, kind: .automatic)
    })
  static let collection = Scenario(
    testDescription: "removal and collection",
    prepare: { session in
      try stored(session)
      try session.store("b")
      try session.state.advance(4)
      try session.store("c")
    },
    act: { session in
      session.promised["ck-2"] = nil
      session.names["b"] = nil
      try session.directory!.remove("b")
      _ = try session.directory!.collectGarbage()
    })
  static let rename = Scenario(
    testDescription: "renaming", prepare: stored,
    act: { session in
      session.names["a"] = nil
      try session.directory!.rename("a", to: "z")
      session.names["z"] = ["ck-1"]
    })
  static let removal = Scenario(
    testDescription: "tagging, then removal of the tag's owner",
    prepare: { session in
      try stored(session)
      try session.store("b")
    },
    act: { session in
      try session.directory!.tag("a", ["good"])
      session.promised["ck-1"] = nil
      session.names["a"] = nil
      try session.directory!.remove("a")
    })
  static let branch = Scenario(
    testDescription: "branching inside the directory", prepare: stored,
    act: { session in
      session.underWay.append(session.promised["ck-1"]!)
      try session.directory!.branch("side", from: "a")
      session.promised["ck-2"] = session.promised["ck-1"]
      session.names["side"] = ["ck-2"]
    })
  static let branchDirectory = Scenario(
    testDescription: "branching into a directory", prepare: stored,
    act: { try $0.directory!.branch(toDirectory: "/side", name: "side", from: "a") })
  static let portable = Scenario(
    testDescription: "packing a portable file", prepare: stored,
    act: { try PortableFile.pack($0.directory!, ["a"], to: "/a.h5") })
  static let repack = Scenario(
    testDescription: "packing into a portable file that exists",
    prepare: { session in
      try stored(session)
      try PortableFile.pack(session.directory!, ["a"], to: "/a.h5")
      try session.store("b")
    },
    act: { try PortableFile.pack($0.directory!, ["b"], to: "/a.h5") })
}

/// What a survivor breaks of what was promised; empty if nothing.
func violations(_ session: Session, _ survivor: SimulatedDisk, acted: Bool, scenario: Scenario) -> [String] {
  var found: [String] = []
  func expect(_ condition: Bool, _ what: String) { if !condition { found.append(what) } }
  do {
    let directory = try EngramStorageTests.open("/run", system: survivor, options: later)
    let list = try directory.list()
    for problem in directory.damagedCheckpoints { found.append("damaged \(problem)") }
    for (id, image) in session.promised {
      expect(list.contains { $0.id == id }, "\(id) was acknowledged and is gone")
      if list.contains(where: { $0.id == id }) { expect(try EngramStorageTests.image(of: directory.load(id)) == image, "\(id) differs") }
    }
    for info in list where session.promised[info.id] == nil {
      let loaded = try directory.load(info.id)
      let image = try EngramStorageTests.image(of: loaded)
      try loaded.waitForVerification()
      let allowed = session.underWay + Array(session.promised.values)
      expect(allowed.contains(image), "\(info.id) is neither old nor new")
    }
    for (name, ids) in session.names {
      expect(ids.contains(try directory.info(name).id), "'\(name)' means \(try directory.info(name).id)")
    }
    let report = try directory.verify()
    expect(report.isSound, "\(report.problems)")
    // The run goes on from here: a resumed store works and collection removes every leftover.
    let state = try SmallState()
    if let newest = list.last { try state.restore(directory.load(newest.id)) }
    try state.advance(2)
    try directory.commit(state.stored, CommitOptions(name: "after")).wait()
    try directory.collectGarbage()
    expect(try EngramStorageTests.image(of: directory.load("after")) == state.image, "the store after the crash differs")
    expect(try directory.verify().notes.isEmpty, "leftovers after collection")
    directory.close()
  } catch { found.append("\(error)") }
  found += portableViolations(session, survivor, acted: acted)
  return found
}

private func portableViolations(_ session: Session, _ survivor: SimulatedDisk, acted: Bool) -> [String] {
  var found: [String] = []
  do {
    let root = try survivor.openDirectory(path: "/")
    let names = try survivor.list(root)
    if names.contains("side") {
      let side = try EngramStorageTests.open("/side", system: survivor, options: later)
      if try image(of: side.load("side")) != session.promised["ck-1"]! { found.append("the branch differs") }
      if !(try side.verify().isSound) { found.append("the branch is damaged") }
      side.close()
    }
    if names.contains("a.h5") {
      let file = try PortableFile(at: "/a.h5", system: survivor)
      if try image(of: file.load("a")) != session.promised["ck-1"]! { found.append("the portable file differs") }
      if !file.verify().isSound { found.append("the portable file is damaged") }
    }
  } catch { found.append("\(error)") }
  return found
}
