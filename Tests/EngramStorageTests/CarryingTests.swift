import EngramScalars
import EngramSystem
import EngramTestSupport
import Foundation
import Testing

@testable import EngramStorage

/// Checkpoints on their way to another line, another directory, a file and back: nothing damaged, nothing by half.
@Suite("Carrying checkpoints") struct CarryingTests {
  private let temporary: TemporaryFolder
  private var path: String { temporary.path + "/run" }
  private let w = StoredKey("S", "w")

  init() throws { temporary = try TemporaryFolder() }

  /// Checkpoints a and b, whose arrays differ, in a directory that nobody has open.
  @discardableResult
  private func makeRun() throws -> [String: [String: [UInt8]]] {
    let directory = try open(path)
    let state = try SmallState(largeRows: 200_000)
    var images: [String: [String: [UInt8]]] = [:]
    for name in ["a", "b"] {
      try state.advance(3)
      state.large?.withElements(of: Double.self) { $0[7] = Double(state.step) }
      state.large?.touch()
      images[name] = try state.image
      try directory.commit(state.stored, CommitOptions(name: name)).wait()
    }
    directory.close()
    return images
  }

  enum Way: CaseIterable { case line, link, share, copy, pack }

  private func carry(_ way: Way, _ source: String) throws {
    switch way {
    case .line:
      let directory = try open(path)
      defer { directory.close() }
      try directory.branch("new", from: source)
    case .link, .share, .copy:
      let disk = RottingDisk(rotting: "", at: 0, canLink: way == .link, canShare: way == .share)
      try open(path, .read, system: disk).branch(toDirectory: temporary.path + "/new", name: "new", from: source)
    case .pack: try PortableFile.pack(open(path, .read), [source], to: temporary.path + "/new")
    }
  }

  @Test("CKP-27, 45: damage of any array that is copied is refused with variable, file, and what is intact", arguments: [Way.share, .copy, .pack])
  func damaged(way: Way) throws {
    try makeRun()
    for key in [w, StoredKey("G", "v"), StoredKey("M", "v")] {
      let (file, offset) = try open(path, .read).file(of: key, in: "b")
      // Rows that only b has.
      let place = key.owner == "M" ? offset + 3 * 16 : offset
      try flip(file, place)
      let error = #expect(throws: StorageError.self) { try carry(way, "b") }
      guard case .damagedSource("ck-2", let problem, let intact) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(problem.contains("\(key)") && problem.contains(file))
      #expect(intact == ["ck-1 (a)"])
      #expect(try listing(temporary.path) == ["run"])
      #expect(try open(path, .read).list().count == 2)
      try flip(file, place)
    }
    try carry(way, "b")
  }

  @Test(
    "CKP-27: a branch in place or by links reads no arrays; damage of any is told by verify and before anything is committed", arguments: [Way.line, .link])
  func damagedLink(way: Way) throws {
    try makeRun()
    for key in [w, StoredKey("G", "v"), StoredKey("M", "v")] {
      let (file, offset) = try open(path, .read).file(of: key, in: "b")
      let place = key.owner == "M" ? offset + 3 * 16 : offset
      try flip(file, place)
      let target = way == .line ? path : temporary.path + "/new"
      try carry(way, "b")
      let report = try open(target, .read).verify()
      let id = try #require(try open(target, .read).list().last?.id)
      #expect(report.problems.contains { $0.what.contains("\(key)") && $0.checkpoints.contains(id) }, "\(report.problems)")
      let branch = try open(target)
      let error = #expect(throws: StorageError.self) {
        try branch.load("new").waitForVerification()
        // Small arrays are compared at once, large ones before a commit.
        let state = try SmallState(largeRows: 200_000)
        try branch.commit(state.stored, CommitOptions(name: "on top")).wait()
      }
      #expect(error?.description.contains("\(key)") == true, "\(String(describing: error))")
      #expect(try branch.list().last?.id == id)
      if way == .line { try branch.remove("new") }
      branch.close()
      if way == .link { try FileManager.default.removeItem(atPath: target) }
      try flip(file, place)
    }
  }

  @Test("CKP-27: a branch in place or by links compares no byte of an array: it costs the same whatever their size")
  func costOfLinks() throws {
    try makeRun()
    let (file, offset) = try open(path, .read).file(of: w, in: "b")
    let disk = RottingDisk(rotting: splitPath(file).name, at: offset)
    let directory = try open(path, system: disk)
    try directory.branch("new", from: "b")
    directory.close()
    try open(path, .read, system: disk).branch(toDirectory: temporary.path + "/new", name: "new", from: "b")
    #expect(disk.readings == 0)
  }

  @Test(
    "CKP-27: a branch is refused where an array's file is missing or too short, with the file and what is intact", arguments: [Way.line, .link, .share, .copy])
  func incomplete(way: Way) throws {
    try makeRun()
    for isMissing in [true, false] {
      let (file, offset) = try open(path, .read).file(of: w, in: "b")
      let bytes = try readFile(file)
      try FileManager.default.removeItem(atPath: file)
      if !isMissing { try Data(bytes[..<(offset + 1000)]).write(to: URL(filePath: file)) }
      let error = #expect(throws: StorageError.self) { try carry(way, "b") }
      guard case .damagedSource("ck-2", let problem, let intact) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(problem.contains(file))
      #expect(intact == ["ck-1 (a)"])
      #expect(try listing(temporary.path) == ["run"])
      #expect(try open(path, .read).list().count == 2)
      try Data(bytes).write(to: URL(filePath: file))
    }
    try carry(way, "b")
  }

  @Test("CKP-27: a branch is compared after it was copied or shared, so rot on the way is found", arguments: [Way.share, .copy])
  func onTheWay(way: Way) throws {
    let images = try makeRun()
    let (file, offset) = try open(path, .read).file(of: w, in: "b")
    let target = temporary.path + "/new"
    for round in 0..<6 {
      let disk = RottingDisk(rotting: splitPath(file).name, at: offset, from: round, canLink: way == .link, canShare: way == .share)
      do {
        try open(path, .read, system: disk).branch(toDirectory: target, name: "new", from: "b")
        #expect(try image(of: open(target, .read).look(at: "new")) == images["b"])
        try FileManager.default.removeItem(atPath: target)
      } catch { #expect(try listing(temporary.path) == ["run"]) }
    }
  }

  @Test("CKP-27: a segment whose header is damaged comes along behind a new one, so that the branch verifies", arguments: [Way.link, .share, .copy])
  func damagedHeader(way: Way) throws {
    let images = try makeRun()
    let segment = "/segments/" + (try #require(try listing(path + "/segments").first))
    let intact = try readFile(path + segment)
    for place in [12, 300, 4090] {
      try flip(path + segment, place)
      let damaged = try readFile(path + segment)
      try carry(way, "b")
      let report = try open(temporary.path + "/new", .read).verify()
      #expect(report.isSound, "\(report.problems)")
      #expect(try image(of: open(temporary.path + "/new", .read).look(at: "new")) == images["b"])
      #expect(try readFile(temporary.path + "/new" + segment) == intact)
      // The damaged one belongs to the run that it lies in.
      #expect(try readFile(path + segment) == damaged)
      try FileManager.default.removeItem(atPath: temporary.path + "/new")
      try flip(path + segment, place)
    }
  }

  @Test("CKP-27: an incomplete ancestor stays behind and is named; one that is needed keeps the branch from being made")
  func ancestors() throws {
    let images = try makeRun()
    let (file, _) = try open(path, .read).file(of: w, in: "a")
    let bytes = try readFile(file)
    try FileManager.default.removeItem(atPath: file)
    let target = temporary.path + "/new"
    let left = try open(path, .read).branch(toDirectory: target, name: "new", from: "b")
    #expect(left.map(\.name) == ["a"])
    #expect(try open(target, .read).list().map(\.names) == [["b"], ["new"]])
    #expect(try open(target, .read).verify() == open(target, .read).verify())
    #expect(try open(target, .read).verify().isSound && open(target, .read).verify().notes.isEmpty)
    #expect(try image(of: open(target, .read).look(at: "new")) == images["b"])
    try FileManager.default.removeItem(atPath: target)
    #expect(throws: StorageError.self) { try open(path, .read).branch(toDirectory: target, name: "new", from: "b", needed: ["a"]) }
    #expect(try listing(temporary.path) == ["run"])
    try Data(bytes).write(to: URL(filePath: file))
    // Needed ones come along whatever it costs.
    let disk = RottingDisk(rotting: "", at: 0, canLink: false)
    try open(path, .read, system: disk).branch(toDirectory: target, name: "new", from: "b", needed: ["a"])
    #expect(try open(target, .read).list().map(\.names) == [["a"], ["b"], ["new"]])
    #expect(try image(of: open(target, .read).look(at: "a")) == images["a"])
  }

  @Test("CKP-45: packing the same checkpoints again gives the same file; another name replaces the old one")
  func again() throws {
    let images = try makeRun()
    let file = temporary.path + "/p.h5"
    for names in [["latest"], ["a", "b"], ["a", "ck-2"]] {
      try PortableFile.pack(open(path, .read), names, to: file)
      let before = try readFile(file)
      try PortableFile.pack(open(path, .read), names, to: file)
      #expect(try readFile(file) == before)
    }
    #expect(try PortableFile(at: file).list().map(\.names) == [["a"], ["b"]])
    let directory = try open(path)
    try directory.rename("a", to: "c")
    directory.close()
    try PortableFile.pack(open(path, .read), ["c"], to: file)
    #expect(try PortableFile(at: file).list().map(\.names) == [["b"], ["c"]])
    #expect(try image(of: PortableFile(at: file).look(at: "c")) == images["a"])
    // Damage in the file: what is packed anew heals, the rest is not carried on.
    let place = try #require(try PortableFile(at: file).look(at: "c").places(of: w).first).offset
    try flip(file, place)
    try PortableFile.pack(open(path, .read), ["c"], to: file)
    #expect(try PortableFile(at: file).verify().isSound)
    try flip(file, place)
    #expect(throws: StorageError.self) { try PortableFile.pack(open(path, .read), ["b"], to: file) }
  }

  @Test("CKP-45: needed checkpoints come before those asked for, each once, so that the newest is the one asked for")
  func needed() throws {
    try makeRun()
    let file = temporary.path + "/p.h5"
    try PortableFile.pack(open(path, .read), ["a"], needed: ["b", "a"], to: file)
    #expect(try PortableFile(at: file).list().map(\.names) == [["b"], ["a"]])
    try PortableFile(at: file).unpack(to: temporary.path + "/u", headers: PlainHeaderWriter(), options: testOptions())
    #expect(try open(temporary.path + "/u", .read).info("latest").names == ["a"])
  }

  @Test("CKP-45: what killed writers of the same file left is removed, what somebody is writing is not")
  func leftovers() throws {
    try makeRun()
    for name in [".p.h5.partial", ".p.h5.partial-0123456789abcdef", ".p.h5.partial-other", ".q.h5.partial"] {
      try writeFile(temporary.path + "/" + name, [1, 2, 3])
    }
    try PortableFile.pack(open(path, .read), ["a"], to: temporary.path + "/p.h5")
    #expect(try listing(temporary.path) == [".p.h5.partial-other", ".q.h5.partial", "p.h5", "run"])
    let making = try FileInMaking(temporary.path + "/p.h5", RealFileSystem(), byteCount: 0)
    #expect(throws: StorageError.self) { try PortableFile.pack(open(path, .read), ["b"], to: temporary.path + "/p.h5") }
    #expect(try PortableFile(at: temporary.path + "/p.h5").list().map(\.names) == [["a"]])
    making.abandon()
  }

  @Test("CKP-45: unpacking is done once; something else under that name is left alone, nothing of value gives way")
  func present() throws {
    let images = try makeRun()
    let file = temporary.path + "/p.h5"
    let target = temporary.path + "/u"
    func unpack(_ target: String) throws -> Bool { try PortableFile(at: file).unpack(to: target, headers: PlainHeaderWriter(), options: testOptions()) }
    try PortableFile.pack(open(path, .read), ["a", "b"], to: file)
    #expect(try unpack(target))
    #expect(try !unpack(target))
    #expect(try image(of: open(target, .read).look(at: "b")) == images["b"])
    #expect(try open(target, .read).verify().isSound)
    let other = try open(temporary.path + "/v")
    let state = try SmallState()
    try other.commit(state.stored, CommitOptions(name: "mine")).wait()
    other.close()
    #expect(throws: StorageError.exists(path: temporary.path + "/v")) { try unpack(temporary.path + "/v") }
    #expect(try open(temporary.path + "/v", .read).list().map(\.names) == [["mine"]])
    // Empty ones.
    #expect(mkdir(temporary.path + "/w", 0o700) == 0)
    #expect(try unpack(temporary.path + "/w"))
    try open(temporary.path + "/x").close()
    #expect(try unpack(temporary.path + "/x"))
    try writeFile(temporary.path + "/y", [1])
    #expect(throws: StorageError.self) { try unpack(temporary.path + "/y") }
  }

  @Test("CKP-45: unpacking cut short at any call leaves no run directory, and done again it is complete", arguments: ["kill", "full disk", "power cut"])
  func cutShort(how: String) throws {
    var small = testOptions(segment: 2048, padding: 512)
    func packed() throws -> SimulatedDisk {
      let disk = SimulatedDisk()
      let directory = try open("/run", system: disk, options: small)
      let state = try SmallState()
      for name in ["a", "b"] {
        try state.advance(2)
        try directory.commit(state.stored, CommitOptions(name: name)).wait()
      }
      try PortableFile.pack(directory, ["a", "b"], to: "/p.h5")
      directory.close()
      return disk
    }
    func unpack(_ disk: SimulatedDisk) throws {
      try PortableFile(at: "/p.h5", system: disk).unpack(to: "/u", headers: PlainHeaderWriter(), options: small)
    }
    /// Nil: there is no run directory.
    func checkpoints(_ disk: SimulatedDisk, _ path: String = "/u") -> [[String]]? {
      guard let found = try? open(path, .read, creating: false, system: disk, options: small) else { return nil }
      return (try? found.verify().isSound) == true ? try? found.list().map(\.names) : []
    }
    func problems(_ disk: SimulatedDisk) -> String {
      do { return "\(try open("/u", .read, creating: false, system: disk, options: small).verify().problems)" } catch { return "\(error)" }
    }
    let counted = try packed()
    counted.arm(.none)
    try unpack(counted)
    let count = counted.operationCount
    let step = isCampaign ? 1 : 5
    for place in Swift.stride(from: 0, to: count, by: step) {
      var disk = try packed()
      disk.arm(how == "full disk" ? .error(at: place, code: ENOSPC) : .powerCut(at: place))
      let isDone = (try? unpack(disk)) != nil
      switch how {
      case "kill": disk = disk.afterKill()
      case "power cut":
        disk = disk.afterPowerCut(seed: UInt64(place))
        small.identity.boot = "start \(place)"
      default: disk.arm(.none)
      }
      let found = checkpoints(disk)
      #expect(found == [["a"], ["b"]] || (found == nil && !isDone), "call \(place) of \(count): \(problems(disk))")
      // Nor does anything half under another name.
      let aside = checkpoints(disk, "/.u.partial")
      #expect(aside == nil || aside == [["a"], ["b"]], "call \(place)")
      try unpack(disk)
      #expect(checkpoints(disk) == [["a"], ["b"]], "call \(place), done again")
    }
  }
}
