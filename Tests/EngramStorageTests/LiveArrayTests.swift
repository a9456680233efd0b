import EngramScalars
import EngramSystem
import EngramTestSupport
import Synchronization
import Testing

@testable import EngramStorage

/// Two small arrays, one that grows, two large ones.
private final class Arrays {
  let small: Column, growing: Column, hot: Column, fixed: Column
  init(rows: Int = 300_000) throws {
    small = try Column(.int32, rows: 5)
    growing = try Column(.float64, rows: 3, growable: true)
    hot = try Column(.float64, rows: rows)
    fixed = try Column(.float64, rows: rows, growable: true)
    for (number, column) in all.enumerated() {
      column.touch()
      fill(column, UInt8(number + 1))
    }
  }

  var all: [Column] { [small, growing, hot, fixed] }

  /// All bytes but one of the last element: of an array whose elements are all the same nothing would lie in an object.
  func fill(_ column: Column, _ byte: UInt8) {
    memset(column.base, Int32(byte), column.byteCount)
    column.base.storeBytes(of: byte ^ 1, toByteOffset: column.byteCount - 1, as: UInt8.self)
  }

  func placed(_ storage: ArrayStorage = .mapped) -> [PlacedColumn] {
    zip(all, ["small", "growing", "hot", "fixed"]).map { PlacedColumn($0, as: StoredKey("G", $1), StoredMetadata(), storage) }
  }

  var stored: StateToStore {
    var state = StateToStore()
    for (column, name) in zip(all, ["small", "growing", "hot", "fixed"]) { state.add(column, as: StoredKey("G", name)) }
    state.sections["network"] = []
    return state
  }

  var image: [[UInt8]] { all.map { $0.withBytes { Array($0) } } }
}

@Suite("Arrays in files of the run directory") struct LiveArrayTests {
  private let temporary: TemporaryFolder
  private var path: String { temporary.path + "/run" }

  init() throws { temporary = try TemporaryFolder() }

  /// A run that has been prepared: its arrays have their places, and `hot` is about to be written.
  private func begin(_ arrays: Arrays, in directory: RunDirectory, _ storage: ArrayStorage = .mapped) throws {
    try directory.placeArrays(arrays.placed(storage))
    arrays.hot.touch()
    directory.settleArrays(arrays.placed(storage))
  }

  private func begun() throws -> (Arrays, RunDirectory) {
    let arrays = try Arrays()
    let directory = try open(path)
    try begin(arrays, in: directory)
    return (arrays, directory)
  }

  @Test("STO-1: every array is a writable shared mapping of a file in live/, small ones together, and has the values that it had")
  func places() throws {
    let arrays = try Arrays()
    let before = arrays.image
    let directory = try open(path)
    try begin(arrays, in: directory)
    #expect(arrays.image == before)
    #expect(
      arrays.all.map { mapping(at: $0.base).file }
        == ["small.h5", "small.h5", "G.hot.h5", "G.fixed.h5"].map { "\(path)/live/\($0)" })
    for column in arrays.all { #expect(mapping(at: column.base).permissions == "rw-s") }
    // A file of its own has its values at byte 4096, and shows them as they are written.
    arrays.fill(arrays.hot, 77)
    let file = try readFile(path + "/live/G.hot.h5")
    #expect(file[4096..<4096 + arrays.hot.byteCount - 8].allSatisfy { $0 == 77 })
    #expect(try directory.diskUsage().live >= Int64(2 * arrays.hot.byteCount))
    directory.close()
  }

  @Test("STO-9: live files are no part of a checkpoint: it is verified and collected without them, and a clean end removes them")
  func ignored() throws {
    let (arrays, directory) = try begun()
    try directory.commit(arrays.stored, CommitOptions(name: "a")).wait()
    #expect(try directory.verify().isSound)
    try directory.collectGarbage()
    #expect(try listing(path + "/live").count == 4)
    let before = arrays.image
    directory.close()
    #expect(try !listing(path).contains("live"))
    // The arrays stay, and may grow.
    try arrays.growing.resize(rows: 100)
    try arrays.fixed.resize(rows: 2_000_000)
    #expect(arrays.fixed.withBytes { Array($0[..<before[3].count]) } == before[3])
    #expect(try open(path, .read).verify().isSound)
  }

  @Test("STO-9: what a killed writer left in live/ is cleared by the next one, and read by nobody") func left() throws {
    let first = try open(path)
    try first.commit(Arrays(rows: 10).stored, CommitOptions(name: "a")).wait()
    first.close()
    mkdir(path + "/live", 0o777)
    try writeFile(path + "/live/G.hot.h5", [1, 2, 3])
    #expect(try open(path, .read).verify().isSound)
    #expect(try listing(path + "/live") == ["G.hot.h5"])
    let second = try open(path)
    #expect(try !listing(path).contains("live"))
    second.close()
  }

  @Test("STO-5, STO-6: a live array grows in its file, at its address, and its header says so; a small one gets a file of its own")
  func growth() throws {
    let (arrays, directory) = try begun()
    let (address, before) = (arrays.fixed.base, arrays.image)
    try arrays.fixed.resize(rows: 900_000)
    #expect(arrays.fixed.base == address)
    #expect(arrays.fixed.withBytes { Array($0[..<before[3].count]) } == before[3])
    #expect(arrays.fixed.withElements(of: Double.self) { $0[300_000...].allSatisfy { $0 == 0 } })
    arrays.fill(arrays.fixed, 9)
    #expect(try readFile(path + "/live/G.fixed.h5")[4096..<4096 + 7_200_000 - 8].allSatisfy { $0 == 9 })
    directory.settleArrays(arrays.placed())
    #expect(String(decoding: try readFile(path + "/live/G.fixed.h5").prefix(200), as: UTF8.self).contains("data float64 [900000]"))
    try arrays.growing.resize(rows: 1000)
    #expect(mapping(at: arrays.growing.base).file == path + "/live/G.growing.h5")
    #expect(arrays.growing.withBytes { Array($0[..<24]) } == before[1])
    directory.close()
  }

  @Test("STO-7: a full disk is an error of the call that grows, which changes nothing") func fullWhileGrowing() throws {
    let arrays = try Arrays()
    let system = WatchedFileSystem(flushes: false, room: 6 << 20)
    let directory = try open(path, system: system)
    try begin(arrays, in: directory)
    #expect(mapping(at: arrays.fixed.base).file == path + "/live/G.fixed.h5")
    let before = arrays.image
    #expect(throws: StorageError.self) { try arrays.fixed.resize(rows: 2_000_000) }
    #expect(arrays.image == before && arrays.fixed.rows == 300_000)
    directory.close()
  }

  @Test("STO-1, STO-7: without room for live files arrays stay in memory, with their values, and a warning says so") func fullAtTheBeginning() throws {
    let arrays = try Arrays()
    let before = arrays.image
    let directory = try open(path, system: WatchedFileSystem(flushes: false, room: 1 << 20))
    let warnings = Mutex<[String]>([])
    directory.onWarning { text in warnings.withLock { $0.append(text) } }
    try begin(arrays, in: directory)
    #expect(arrays.image == before)
    #expect(mapping(at: arrays.hot.base).file == "")
    #expect(warnings.withLock { $0 }.contains { $0.contains("No space left") && $0.contains("private") })
    arrays.fill(arrays.hot, 3)
    directory.close()
  }

  @Test(
    "STO-1, STO-7: on a file system over a network, or one that gives every rewrite new blocks, arrays stay in memory, and a warning says why",
    arguments: [true, false])
  func unsuited(isRemote: Bool) throws {
    let arrays = try Arrays()
    let before = arrays.image
    let directory = try open(path, system: WatchedFileSystem(flushes: false, rewritesInPlace: isRemote, isRemote: isRemote))
    let warnings = Mutex<[String]>([])
    directory.onWarning { text in warnings.withLock { $0.append(text) } }
    try begin(arrays, in: directory)
    #expect(arrays.image == before)
    #expect(mapping(at: arrays.hot.base).file == "" && mapping(at: arrays.small.base).file == "")
    #expect(warnings.withLock { $0 }.contains { $0.contains(isRemote ? "network file system" : "new blocks") && $0.contains("private") })
    directory.close()
  }

  @Test("STO-1: where more changes than the system writes back without stalls, arrays stay private and a warning says so") func tooHot() throws {
    var options = testOptions()
    options.greatestHotByteCount = { 2 << 20 }
    let arrays = try Arrays()
    let directory = try open(path, options: options)
    let warnings = Mutex<[String]>([])
    directory.onWarning { text in warnings.withLock { $0.append(text) } }
    try begin(arrays, in: directory)
    #expect(mapping(at: arrays.hot.base).file == "" && mapping(at: arrays.small.base).file.hasSuffix("small.h5"))
    #expect(warnings.withLock { $0 }.contains { $0.contains("4 MiB of arrays change") && $0.contains("2 MiB") })
    directory.close()
  }

  @Test("STO-8: a live file that was removed or replaced is told by the next checkpoint, once; the values are still there", arguments: [false, true])
  func removed(isReplaced: Bool) throws {
    let (arrays, directory) = try begun()
    arrays.fill(arrays.hot, 5)
    unlink(path + "/live/G.hot.h5")
    if isReplaced { try writeFile(path + "/live/G.hot.h5", [UInt8](repeating: 0, count: 4096 + 2_400_000)) }
    let error = #expect(throws: StorageError.self) { try directory.commit(arrays.stored, CommitOptions(name: "a")).wait() }
    #expect(error?.description.contains("G.hot.h5' was removed or replaced") == true && error?.description.contains("start the same command again") == true)
    try directory.commit(arrays.stored, CommitOptions(name: "b")).wait()
    #expect(try directory.look(at: "b").column(StoredKey("G", "hot")).withBytes { $0.dropLast(8).allSatisfy { $0 == 5 } })
    // The next run has a file again; what somebody else put there is not touched.
    try begin(arrays, in: directory)
    #expect(mapping(at: arrays.hot.base).file == path + (isReplaced ? "/live/G.hot-2.h5" : "/live/G.hot.h5"))
    #expect(arrays.hot.withBytes { $0.dropLast(8).allSatisfy { $0 == 5 } })
    directory.close()
  }

  @Test("STO-8: a live file that was shortened is told by every checkpoint and by growing") func shortened() throws {
    let (arrays, directory) = try begun()
    truncate(path + "/live/G.fixed.h5", 8192)
    for _ in 0..<2 {
      let error = #expect(throws: StorageError.self) { try directory.commit(arrays.stored, CommitOptions(name: "a")).wait() }
      #expect(error?.description.contains("was shortened from") == true)
    }
    #expect(throws: StorageError.self) { try arrays.fixed.resize(rows: 2_000_000) }
    #expect(try directory.list().isEmpty)
    directory.close()
  }

  @Test("STO-1: what nobody writes shows its object, read-only and shared, and lies in live/ no longer; written to it is live again")
  func sealed() throws {
    let (arrays, directory) = try begun()
    try directory.commit(arrays.stored, CommitOptions(name: "a")).wait()
    arrays.hot.touch()
    directory.settleArrays(arrays.placed())
    let (address, before) = (arrays.fixed.base, arrays.image)
    let seen = mapping(at: address)
    #expect(seen.permissions == "r--s" && seen.file.hasPrefix(path + "/objects/"))
    #expect(mapping(at: arrays.hot.base).file == path + "/live/G.hot.h5")
    #expect(try !listing(path + "/live").contains("G.fixed.h5"))
    arrays.fixed.touch()
    #expect(arrays.fixed.base == address && arrays.image == before)
    arrays.fill(arrays.fixed, 42)
    let again = mapping(at: address)
    #expect(again.permissions == "rw-s" && again.file == path + "/live/G.fixed.h5")
    try directory.commit(arrays.stored, CommitOptions(name: "b")).wait()
    #expect(try directory.look(at: "a").column(StoredKey("G", "fixed")).withBytes { $0.dropLast(8).allSatisfy { $0 == 4 } })
    #expect(try directory.look(at: "b").column(StoredKey("G", "fixed")).withBytes { $0.dropLast(8).allSatisfy { $0 == 42 } })
    #expect(try directory.verify().isSound)
    directory.close()
  }

  @Test("STO-1: an array that is written to again and again is shown from its object twice, and then stays where it can be written to")
  func sealedTwice() throws {
    let (arrays, directory) = try begun()
    for round in 0..<3 {
      try directory.commit(arrays.stored, CommitOptions(name: "\(round)")).wait()
      directory.settleArrays(arrays.placed())
      #expect(mapping(at: arrays.fixed.base).permissions == (round < 2 ? "r--s" : "rw-s"))
      arrays.fixed.touch()
      arrays.fill(arrays.fixed, UInt8(round))
    }
    directory.close()
  }

  @Test("STO-1: a sealed array that is written to when the folder is gone, or grows, is in memory then", arguments: [false, true])
  func sealedAndClosed(grows: Bool) throws {
    let (arrays, directory) = try begun()
    try directory.commit(arrays.stored, CommitOptions(name: "a")).wait()
    directory.settleArrays(arrays.placed())
    #expect(mapping(at: arrays.fixed.base).permissions == "r--s")
    if !grows { directory.close() }
    if grows { try arrays.fixed.resize(rows: 300_001) } else { arrays.fixed.touch() }
    #expect(arrays.fixed.withBytes { $0[..<2_399_992].allSatisfy { $0 == 4 } })
    arrays.fill(arrays.fixed, 1)
    #expect(mapping(at: arrays.fixed.base).permissions.hasPrefix("rw"))
    if grows { directory.close() }
  }

  @Test(
    "CKP-42: rot under a sealed array is found before anything is taken from it, also by what was copied before it was written to",
    arguments: [false, true])
  func rot(isWritten: Bool) throws {
    let (arrays, directory) = try begun()
    try directory.commit(arrays.stored, CommitOptions(name: "a")).wait()
    directory.settleArrays(arrays.placed())
    let name = mapping(at: arrays.fixed.base).file
    chmod(name, 0o644)
    let (_, offset) = try directory.file(of: StoredKey("G", "fixed"))
    try flip(name, offset + 1_000_000)
    if isWritten {
      arrays.fixed.touch()
      #expect(throws: StorageError.self) { try directory.commit(arrays.stored, CommitOptions(name: "b")).wait() }
    } else {
      #expect(throws: StorageError.self) { try arrays.fixed.forEachSlab(rows: 0..<300_000) { _ in } }
    }
    #expect(throws: StorageError.self) { try SourceGuard().confirm(arrays.all, newest: 1) }
    #expect(try directory.list().count == 1)
    directory.close()
  }

  @Test("CKP-42: a restored array that moves into live/ is compared with its source before a checkpoint relies on it", arguments: [false, true])
  func restored(isDamaged: Bool) throws {
    let first = try open(path)
    try first.commit(Arrays().stored, CommitOptions(name: "a")).wait()
    first.close()
    let directory = try open(path)
    let arrays = try Arrays()
    let loaded = try directory.load("a")
    for (column, name) in zip(arrays.all, ["small", "growing", "hot", "fixed"]) { try loaded.fill(column, from: StoredKey("G", name)) }
    try loaded.waitForVerification()
    let (file, offset) = try directory.file(of: StoredKey("G", "hot"))
    if isDamaged {
      chmod(file, 0o644)
      try flip(file, offset + 1_000_000)
    }
    try begin(arrays, in: directory)
    #expect(mapping(at: arrays.hot.base).file == path + "/live/G.hot.h5")
    #expect(mapping(at: arrays.fixed.base).permissions == "r--s")
    let stored = Result { try directory.commit(arrays.stored, CommitOptions(name: "b")).wait() }
    #expect((try? stored.get()) == nil ? isDamaged : !isDamaged)
    directory.close()
  }

  @Test("STO-1: memory takes everything out of files, private leaves what shows a checkpoint", arguments: [ArrayStorage.memory, .private])
  func otherStorage(_ storage: ArrayStorage) throws {
    let first = try open(path)
    try first.commit(Arrays().stored, CommitOptions(name: "a")).wait()
    first.close()
    let directory = try open(path)
    let arrays = try Arrays()
    let loaded = try directory.load("a")
    for (column, name) in zip(arrays.all, ["small", "growing", "hot", "fixed"]) { try loaded.fill(column, from: StoredKey("G", name)) }
    let before = arrays.image
    try begin(arrays, in: directory, storage)
    #expect(arrays.image == before)
    #expect(try !listing(path).contains("live"))
    let seen = mapping(at: arrays.fixed.base)
    #expect(storage == .memory ? seen.file == "" : seen.permissions == "rw-p" && seen.file.hasPrefix(path + "/objects/"))
    directory.close()
  }

  @Test("STO-1: arrays cost no descriptors, however many they are") func descriptors() throws {
    let directory = try open(path)
    let columns = try (0..<300).map { _ in try Column(.float64, rows: 131_072) }
    let placed = columns.enumerated().map { PlacedColumn($1, as: StoredKey("G", "v\($0)"), StoredMetadata(), .mapped) }
    let before = try listing("/proc/self/fd").count
    try directory.placeArrays(placed)
    directory.settleArrays(placed)
    #expect(try listing(path + "/live").count == 301)
    // Other tests open and close files meanwhile.
    #expect(try listing("/proc/self/fd").count < before + 150)
    directory.close()
  }

  @Test("STO-10: step.h5 says which step live arrays belong to: a reader that finds the same number before and after has read one step")
  func step() throws {
    let directory = try open(path)
    let arrays = try Arrays()
    try begin(arrays, in: directory)
    let step = try #require(directory.liveStep)
    func numbers() throws -> [Int64] {
      let bytes = try readFile(path + "/live/step.h5")
      return bytes[4096..<4144].withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) }
    }
    func time() throws -> Double { try readFile(path + "/live/step.h5")[4160..<4168].withUnsafeBytes { $0.loadUnaligned(as: Double.self) } }
    step.note(isRunning: true, timestep: 7, seconds: 0.5)
    #expect(try numbers() == [1, 1, 7, 1, 0, 0] && time() == 0.5)
    step.begins()
    #expect(try numbers() == [2, 1, 7, 1, 0, 0] && time() == 0.5)
    step.ends(timestep: 8, seconds: 0.6)
    #expect(try numbers() == [2, 2, 8, 1, 0, 0] && time() == 0.6)
    step.note(isRunning: false, timestep: 8, seconds: 0.6)
    #expect(try numbers() == [3, 3, 8, 0, 0, 0])
    // An onlooker that asks for time and never takes it back gets a second, once.
    let file = EngramSystem.open(path + "/live/step.h5", O_RDWR)
    var wish: Int64 = 99
    #expect(pwrite(file, &wish, 8, 4096 + 32) == 8)
    close(file)
    step.begins()
    step.ends(timestep: 9, seconds: 0.7)
    #expect(try numbers() == [4, 4, 9, 0, 0, 0])
    directory.close()
  }

  @Test("STO-10: while changes wait to be carried out a step has not ended for onlookers; one who asks the run to stand still gets them")
  func waiting() throws {
    final class Changes: PendingChanges {
      var count = 0
      var areWaiting: Bool { count > 0 }
      func carryOut() { count = 0 }
    }
    let directory = try open(path)
    let arrays = try Arrays()
    try begin(arrays, in: directory)
    let step = try #require(directory.liveStep)
    func numbers() throws -> [Int64] {
      try readFile(path + "/live/step.h5")[4096..<4144].withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) }
    }
    let changes = Changes()
    step.begins()
    step.ends(timestep: 1, seconds: 0.1, pending: [changes])
    #expect(try numbers() == [1, 1, 1, 0, 0, 0])
    changes.count = 3
    step.begins()
    step.ends(timestep: 2, seconds: 0.2, pending: [changes])
    #expect(try numbers().prefix(3) == [2, 1, 2] && changes.count == 3)
    let file = EngramSystem.open(path + "/live/step.h5", O_RDWR)
    var wish: Int64 = 5
    #expect(pwrite(file, &wish, 8, 4096 + 32) == 8)
    close(file)
    step.begins()
    step.ends(timestep: 3, seconds: 0.3, pending: [changes])
    #expect(try numbers().prefix(3) == [3, 3, 3] && changes.count == 0)
    directory.close()
  }

  @Test("STO-14: names that are no file names, or equal but for their case, are told apart") func names() throws {
    let directory = try open(path)
    let columns = try (0..<3).map { _ in try Column(.float64, rows: 131_072) }
    let placed = zip(columns, ["v", "v", "a/b"]).map { PlacedColumn($0, as: StoredKey("G", $1), StoredMetadata(), .mapped) }
    try directory.placeArrays(placed)
    directory.settleArrays(placed)
    #expect(Set(try listing(path + "/live")) == ["G.v.h5", "G.v-2.h5", "=47.a=2Fb.h5", "step.h5"])
    directory.close()
  }
}
