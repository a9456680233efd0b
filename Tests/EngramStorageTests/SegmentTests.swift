import EngramScalars
import EngramSystem
import EngramTestSupport
import Synchronization
import Testing

@testable import EngramStorage

/// The pieces of the only recording of a checkpoint.
private func pieces(_ directory: RunDirectory, _ name: String = "latest") throws -> [Manifest.Extent] {
  let manifest = try directory.readManifest(try directory.resolve(name))
  return try #require(manifest.recordings.first).pieces
}

@Suite("Files of recordings") struct SegmentTests {
  private func options(joined: Int = 64 << 20) -> RunDirectory.Options {
    var options = testOptions(segment: 1 << 30, padding: 512)
    options.joinedByteCount = joined
    options.retention = RetentionPolicy(automatic: 1)
    return options
  }

  /// Starts the run anew again and again, each time for a while.
  private func restart(
    _ times: Int, at path: String, _ disk: any FileSystem, _ options: RunDirectory.Options, rows: (Int) -> Int,
    _ check: (RunDirectory, Int) throws -> Void = { _, _ in }
  ) throws -> [Int64] {
    var total = 0
    for round in 0..<times {
      let directory = try open(path, system: disk, options: options)
      let recording = Recording(.int64, rowLength: 2)
      directory.attach(recording)
      if round > 0 { try recording.assign(directory.load("latest").recording(StoredKey("M", "v"))) }
      var state = StateToStore()
      state.add(recording, as: StoredKey("M", "v"))
      let count = rows(round)
      try append(total..<total + count, to: recording)
      total += count
      try directory.commit(state, .automatic).wait()
      try check(directory, round)
      directory.close()
    }
    return expected(0..<total)
  }

  @Test("STO-12: however often a run is started anew, its recordings lie in few files, and each row is copied seldom")
  func restarts() throws {
    var random = SplitMix(state: 3)
    for rows: (Int) -> Int in [{ _ in 1 }, { 400 - $0 }, { _ in Int(random.next() % 500) + 1 }, { $0 + 1 }] {
      let disk = SimulatedDisk()
      var most = 0
      var written = 0
      let times = 100
      let wanted = try restart(times, at: "/run", disk, options(), rows: rows) { directory, _ in
        most = max(most, try pieces(directory).count)
        // What the newest file holds was written by this process.
        written += try pieces(directory).last?.byteCount ?? 0
      }
      // Each is larger than all behind it: 16 bytes times two to the number of pieces is at most the whole.
      #expect(most <= Int.bitWidth - wanted.count.leadingZeroBitCount)
      #expect(written <= 2 * 8 * wanted.count * 9)
      let directory = try open("/run", system: disk, options: options())
      #expect(try EngramStorageTests.rows(directory.load("latest").recording(StoredKey("M", "v"))) == wanted)
      // Two checkpoints are kept at most, and the files of both.
      try directory.collectGarbage()
      #expect(disk.files().keys.filter { $0.contains("/segments/") }.count <= most + 1)
      #expect(try directory.verify().isSound)
      directory.close()
    }
  }

  @Test("STO-12: pieces of a certain size are never copied again")
  func largePieces() throws {
    let disk = SimulatedDisk()
    var first: [Int] = []
    _ = try restart(12, at: "/run", disk, options(joined: 1600), rows: { $0 % 2 == 0 ? 100 : 1 }) { directory, round in
      let found = try pieces(directory).map(\.byteCount)
      #expect(found.prefix(first.count).elementsEqual(first))
      first = Array(found.prefix { $0 >= 1600 })
      #expect(found.count - first.count <= 2)
    }
    #expect(first.count >= 5)
  }

  @Test("STO-12: while a run goes on, what it has recorded joins the pieces of earlier ones as soon as it is as large")
  func joining() throws {
    let disk = SimulatedDisk()
    _ = try restart(1, at: "/run", disk, options(), rows: { _ in 50 })
    let directory = try open("/run", system: disk, options: options())
    let recording = Recording(.int64, rowLength: 2)
    try recording.assign(directory.load("latest").recording(StoredKey("M", "v")))
    var state = StateToStore()
    state.add(recording, as: StoredKey("M", "v"))
    var counts: [Int] = []
    for round in 0..<8 {
      try append(50 + round * 10..<60 + round * 10, to: recording)
      try directory.commit(state, .automatic).wait()
      counts.append(try pieces(directory).count)
    }
    #expect(counts == [2, 2, 2, 2, 1, 1, 1, 1])
    #expect(try rows(directory.load("latest").recording(StoredKey("M", "v"))) == expected(0..<130))
  }

  @Test("CKP-42: a row that was damaged is not taken over when pieces are joined")
  func joiningDamage() throws {
    let disk = SimulatedDisk()
    _ = try restart(1, at: "/run", disk, options(), rows: { _ in 10 })
    let (path, bytes) = try #require(disk.files().first { $0.key.contains("/segments/") })
    let directory = try open("/run", system: disk, options: options())
    let recording = Recording(.int64, rowLength: 2)
    let loaded = try directory.load("latest")
    try recording.assign(loaded.recording(StoredKey("M", "v")))
    try loaded.waitForVerification()
    var damaged = bytes
    damaged[4096 + 33] ^= 4
    disk.overwrite(path, damaged)
    var state = StateToStore()
    state.add(recording, as: StoredKey("M", "v"))
    try append(10..<30, to: recording)
    let error = #expect(throws: StorageError.self) { try directory.commit(state, .automatic) }
    guard case .damaged(let file, _, let place) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path.hasSuffix(file))
    #expect(place == "bytes 4096..<4256")
    // Mended, the rows that are in memory find their way.
    disk.overwrite(path, bytes)
    try directory.commit(state, .automatic).wait()
    #expect(try rows(directory.load("latest").recording(StoredKey("M", "v"))) == expected(0..<30))
  }

  @Test("STO-7, HDF-8: when a run stops, its files have the length of their content, their headers say so, and nobody writes to them")
  func lengths() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    let state = try SmallState()
    directory.attach(state.recording)
    for steps in [1, 700, 43] {
      try state.advance(steps)
      try directory.commit(state.stored, .automatic).wait()
      let name = try #require(try listing(path + "/segments").first)
      let bytes = try readFile(path + "/segments/" + name)
      let rows = try #require(SegmentHeader.rows(in: Array(bytes[..<4096])))
      // While it goes on the header may speak of an eighth more, at least a page, and the file is that long.
      #expect(bytes.count == 4096 + rows * 16)
      #expect(rows >= state.recording.rows)
      #expect(rows * 16 <= max(4096, state.recording.rows * 16 * 9 / 8 + 16))
    }
    directory.close()
    let name = try #require(try listing(path + "/segments").first)
    let bytes = try readFile(path + "/segments/" + name)
    #expect(bytes.count == 4096 + 744 * 16)
    #expect(SegmentHeader.rows(in: Array(bytes[..<4096])) == 744)
    var status = stat()
    #expect(stat(path + "/segments/" + name, &status) == 0 && status.st_mode & 0o222 == 0)
    #expect(try open(path, .read).verify().isSound)
    // What is read from the recording afterwards is all there; more rows stay in memory.
    #expect(try rows(state.recording.contents()).count == 2 * 744)
    try append(744..<150_000, to: state.recording)
    #expect(state.recording.fault == nil)
    #expect(try rows(state.recording.contents()) == expected(0..<150_000))
    #expect(throws: StorageError.readOnly(path: path)) { try state.recording.flush(to: directory) }
    #expect(try readFile(path + "/segments/" + name) == bytes)
  }

  @Test("STO-7: headers grow by an eighth at most, and hold at least what is asked for", arguments: [1, 8, 24, 4000, 1 << 20])
  func steps(rowByteCount: Int) {
    for rows in [1, 2, 3, 63, 64, 1000, 4097, 123_456, 10_000_000] {
      let step = SegmentHeader.step(rows: rows, rowByteCount: rowByteCount)
      #expect(step >= rows)
      #expect(step * rowByteCount <= max(4096, rows * rowByteCount * 9 / 8) + rowByteCount)
      // Eight different ones to each power of two.
      #expect(SegmentHeader.step(rows: step, rowByteCount: rowByteCount) <= step + 1)
    }
  }

  @Test("CKP-13: a header that a power cut has left half written is written anew by the next process, never in a file with another name")
  func tornHeader() throws {
    for isShared in [false, true] {
      let temporary = try TemporaryFolder()
      let path = temporary.path + "/run"
      let directory = try open(path)
      let state = try SmallState()
      try state.advance(5)
      try directory.commit(state.stored, CommitOptions(name: "a")).wait()
      directory.close()
      let segment = path + "/segments/" + (try #require(try listing(path + "/segments").first))
      var bytes = try readFile(segment)
      bytes[300] ^= 1
      try writeFile(segment, bytes)
      if isShared { link(segment, temporary.path + "/elsewhere") }
      #expect(try open(path, .read).verify().problems.map(\.checkpoints) == [[]])
      let again = try open(path)
      #expect(try image(of: again.load("a")) == state.image)
      #expect(try again.verify().isSound == !isShared)
      #expect(try readFile(segment)[300] == (isShared ? bytes[300] : bytes[300] ^ 1))
    }
  }

  /// Checkpoints of a recording that outgrows its header, on a disk of which some operations fail; then what is there, and what was told.
  private func grow(_ fault: SimulatedDisk.Fault, rows: [Int], isLastTried: Bool) throws -> (disk: SimulatedDisk, names: [String], told: [String]) {
    let disk = SimulatedDisk()
    let told = Mutex<[String]>([])
    let directory = try open("/run", system: disk, options: options())
    directory.onWarning { text in told.withLock { $0.append(text) } }
    let recording = Recording(.int64, rowLength: 2)
    directory.attach(recording)
    var state = StateToStore()
    state.add(recording, as: StoredKey("M", "v"))
    try append(0..<1, to: recording)
    try directory.commit(state, CommitOptions(name: "first")).wait()
    disk.arm(fault)
    do {
      for count in rows {
        try append(recording.rows..<recording.rows + count, to: recording)
        try directory.commit(state, .automatic).wait()
      }
    } catch { if isLastTried { _ = try? directory.commit(state, .automatic).wait() } }
    directory.close()
    return (disk, disk.operationNames, told.withLock { $0 })
  }

  @Test("CKP-13: a write of which half arrives leaves no header of a recording by half", arguments: [true, false])
  func halfHeaders(isLastTried: Bool) throws {
    // The second commit needs no more room than the header speaks of; 256 rows are exactly as many.
    let rows = [255, 700, 3]
    let undisturbed = try grow(.none, rows: rows, isLastTried: isLastTried).names
    for (number, name) in undisturbed.enumerated() where name.hasPrefix("write") {
      for code in [EIO, ENOSPC] {
        let (disk, _, told) = try grow(.error(at: number, code: code), rows: rows, isLastTried: isLastTried)
        let report = try open("/run", .read, system: disk.afterKill(), options: options()).verify()
        #expect(report.isSound, "\(name), operation \(number): \(report.problems)")
        #expect(!told.contains { $0.contains("header") })
      }
    }
  }

  private func tornHeaders(_ directory: RunDirectory) throws -> Int {
    try directory.verify().problems.filter { $0.place == "outside every array" }.count
  }

  @Test("CKP-13: where a header cannot be written whole at all this is told, and the next run writes it")
  func lastingFault() throws {
    let rows = [255, 700, 3]
    let undisturbed = try grow(.none, rows: rows, isLastTried: false).names
    var tornCount = 0
    for first in undisturbed.indices {
      for count in [2, 3, undisturbed.count] {
        let (disk, _, told) = try grow(.errors(at: first..<first + count, code: EIO), rows: rows, isLastTried: false)
        let after = disk.afterKill()
        let torn = try tornHeaders(open("/run", .read, system: after, options: options()))
        #expect(told.filter { $0.contains("could not be written anew") }.count >= torn, "operations from \(first) on, \(count): \(told)")
        tornCount += torn
        guard torn > 0 else { continue }
        let next = try open("/run", system: after, options: options())
        for info in try next.list() { _ = try next.load(info.id) }
        #expect(try tornHeaders(next) == 0)
        next.close()
      }
    }
    #expect(tornCount > 0)
  }

  @Test("CKP-13: a damaged header that cannot be written anew is not told to have been")
  func unmendedHeader() throws {
    let disk = try grow(.none, rows: [4], isLastTried: false).disk
    let (path, bytes) = try #require(disk.files().first { $0.key.contains("/segments/") })
    var damaged = bytes
    damaged[300] ^= 1
    disk.overwrite(path, damaged)
    var (number, isMended) = (0, false)
    while !isMended {
      disk.overwrite(path, damaged)
      let told = Mutex<[String]>([])
      let directory = try open("/run", system: disk, options: options())
      directory.onWarning { text in told.withLock { $0.append(text) } }
      disk.arm(.error(at: number, code: EIO))
      _ = try? directory.load("latest")
      // What was told is so.
      isMended = disk.operationCount <= number
      disk.arm(.none)
      let isWhole = try directory.verify().isSound
      if !isWhole { #expect(!told.withLock { $0 }.contains { $0.contains("and it was written anew") }, "operation \(number)") }
      directory.close()
      number += 1
    }
    #expect(number > 5)
  }

  @Test("CKP-32: where files may not become long, recordings go on in further ones")
  func shortFiles() throws {
    let disk = SimulatedDisk()
    disk.greatestBytes = 4096 + 1000
    let directory = try open("/run", system: disk, options: options())
    let recording = Recording(.int64, rowLength: 2)
    var state = StateToStore()
    state.add(recording, as: StoredKey("M", "v"))
    for round in 0..<10 {
      try append(round * 40..<round * 40 + 40, to: recording)
      try directory.commit(state, .automatic).wait()
    }
    for (path, bytes) in disk.files() where path.contains("/segments/") { #expect(bytes.count <= 4096 + 1000) }
    // 62 rows in each; those are not joined again.
    #expect(try pieces(directory).map(\.byteCount) == [992, 992, 992, 992, 992, 992, 448])
    #expect(try rows(directory.load("latest").recording(StoredKey("M", "v"))) == expected(0..<400))
  }
}
