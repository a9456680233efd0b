import EngramScalars
import EngramSystem
import EngramTestSupport
import Foundation
import Synchronization
import Testing

@testable import EngramStorage

@Suite("Copies that let a run go on") struct CopyingTests {
  private func largeColumn(_ byteCount: Int) throws -> (Column, StateToStore) {
    let column = try Column(.float64, rows: byteCount / 8)
    column.withElements(of: Double.self) { for index in $0.indices { $0[index] = Double(index) * 1.25 } }
    column.touch()
    var state = StateToStore()
    state.add(column, as: StoredKey("G", "v"))
    return (column, state)
  }

  private func stored(_ directory: RunDirectory, _ id: String) throws -> [UInt8] {
    try directory.look(at: id).column(StoredKey("G", "v")).withBytes { Array($0) }
  }

  @Test("CKP-29: what a checkpoint holds is the state at its call, whatever is written afterwards; waiting hurries it")
  func stateOfTheCall() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let (column, state) = try largeColumn(6 << 20)
    directory.prepareCopies(ofByteCount: column.byteCount)
    for round in 0..<3 {
      let before = column.withBytes { Array($0) }
      let handle = try directory.commit(state, .automatic)
      #expect(!handle.lackedMemory)
      memset(column.base, Int32(round + 1), column.byteCount)
      column.touch()
      #expect(try stored(directory, try handle.wait().id) == before)
    }
    directory.close()
  }

  @Test("CKP-29, MPR-1: what nobody changes any more is written from where it is, without a copy, also when it is let go meanwhile")
  func snapshots() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let scratch = try ScratchSpace(path: temporary.path)
    func gathered(_ value: Double) throws -> Column {
      let column = try Column(.float64, rows: 400_000, placement: .file(scratch))
      column.withElements(of: Double.self) { $0.update(repeating: value) }
      // Else one element would stand for all.
      column.withElements(of: Double.self) { $0[7] = -value }
      column.touch()
      return column
    }
    let live = try Column(.float64, rows: 100)
    for round in 1..<4 {
      // The writer waits until everything else has happened.
      let isOver = Promise<Bool>()
      live.withElements(of: Double.self) { $0.update(repeating: Double(round)) }
      live.touch()
      var state = StateToStore()
      state.add(try gathered(Double(round)), as: StoredKey("S", "w"), isSnapshot: true)
      state.add(live, as: StoredKey("G", "v"))
      directory.settle()
      directory.queue.add { _ = try? isOver.wait() }
      let handle = try directory.commit(state, .automatic)
      #expect(directory.shadow.touchedByteCount <= 4096)
      #expect(!handle.lackedMemory)
      state = StateToStore()
      live.withElements(of: Double.self) { $0.update(repeating: -1) }
      live.touch()
      let next = try gathered(1000)
      isOver.fulfil(.success(true))
      let loaded = try directory.look(at: try handle.wait().id)
      let whole = try loaded.column(StoredKey("S", "w")).withElements(of: Double.self) { Array($0) }
      #expect(whole[7] == -Double(round) && whole.enumerated().allSatisfy { $0 == 7 || $1 == Double(round) })
      #expect(try stored(directory, loaded.info.id) == [Double](repeating: Double(round), count: 100).withUnsafeBytes { Array($0) })
      withExtendedLifetime(next) {}
    }
    #expect(try directory.verify().isSound)
    directory.close()
  }

  @Test("CKP-29: copies are made ready in the background, up to what was asked for, and cancelled at once")
  func preparation() throws {
    let pool = ShadowPool(available: { .max })
    pool.prepare(for: 9_000_001)
    for _ in 0..<2000 where pool.touchedByteCount < 9_000_001 { usleep(5000) }
    #expect(pool.touchedByteCount == 9_000_001)
    let room = try #require(pool.room(for: 9_000_001))
    memset(room, 7, 9_000_001)
    // More later: what is there stays ready.
    pool.prepare(for: 12_000_000)
    #expect(pool.touchedByteCount >= 9_000_001)
    pool.cancel()
    pool.prepare(for: 64 << 20)
    let larger = try #require(pool.room(for: 40 << 20))
    memset(larger, 1, 40 << 20)
  }

  @Test("CKP-29: preparing takes no more than half of the memory that is free")
  func modesty() {
    let pool = ShadowPool(available: { 15 << 20 })
    pool.prepare(for: 8 << 20)
    usleep(20_000)
    #expect(pool.touchedByteCount == 0)
  }

  @Test("CKP-29, CKP-32: without memory for a copy the checkpoint is written while the call lasts, and says so")
  func noMemory() throws {
    let temporary = try TemporaryFolder()
    var options = testOptions()
    options.availableMemory = { 1 << 20 }
    let directory = try open(temporary.path + "/run", options: options)
    let (column, state) = try largeColumn(17 << 20)
    let before = column.withBytes { Array($0) }
    let handle = try directory.commit(state, .automatic)
    #expect(handle.lackedMemory)
    guard case .success(let info)? = handle.outcome else {
      Issue.record("\(String(describing: handle.outcome))")
      return
    }
    memset(column.base, 1, column.byteCount)
    #expect(try stored(directory, info.id) == before)
    directory.close()
  }

  @Test("CKP-13: a store that is awaited copies nothing and gives the same file content")
  func awaited() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let (column, state) = try largeColumn(3 << 20)
    let info = try directory.commit(state, CommitOptions(name: "a"), copying: false).wait()
    #expect(directory.shadow.touchedByteCount == 0)
    #expect(try stored(directory, info.id) == column.withBytes { Array($0) })
    directory.close()
  }

  @Test("STO-2: a large array has a file of its own, whose values begin at byte 4096; small ones share a file, each on a boundary of 64 bytes")
  func places() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    var (column, state) = try largeColumn(3 << 20)
    var columns = [StoredKey("G", "v"): column]
    for (name, type, rows) in [("a", ScalarType.float64, 5), ("b", .bool, 3), ("c", .int32, 7)] {
      column = try Column(type, rows: rows)
      let bytes = UnsafeMutableRawBufferPointer(start: column.base, count: column.byteCount)
      for place in bytes.indices { bytes[place] = UInt8(place % 2) }
      columns[StoredKey("G", name)] = column
      state.add(column, as: StoredKey("G", name))
    }
    let info = try directory.commit(state, CommitOptions(name: "a")).wait()
    let checkpoint = try directory.look(at: info.id)
    var shared: Set<String> = []
    for (key, column) in columns {
      let place = try #require(checkpoint.places(of: key).first)
      let file = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/" + place.path))
      // Raw little-endian values, one after the other.
      #expect(column.withBytes { Array($0) } == Array(file[place.offset..<place.offset + place.byteCount]), "\(key)")
      #expect(place.byteCount == column.byteCount && place.offset % 64 == 0)
      if key.variable == "v" {
        #expect(place.isAlone && place.offset == 4096)
      } else {
        shared.insert(place.path)
      }
    }
    #expect(shared.count == 1)
    directory.close()
  }

  @Test("CKP-29: a writer at leisure rests five times as long as it works, until its time is over or somebody waits") func pace() throws {
    // A clock that stands still but for work and naps [ns].
    let time = Mutex<Int64>(0)
    let clock = Pace.Clock(now: { time.withLock { $0 } }, nap: { nap in time.withLock { $0 += nap } })
    func milliseconds(_ pace: Pace) throws -> Double {
      let start = clock.now()
      _ = try pace.work { () throws(StorageError) in time.withLock { $0 += 20_000_000 } }
      return Double(clock.now() - start) * 1e-6
    }
    let leisurely = Pace(leisureSeconds: 60, clock: clock)
    #expect(try milliseconds(leisurely) == 120)
    leisurely.hurry()
    #expect(try milliseconds(leisurely) == 20)
    #expect(try milliseconds(Pace(leisureSeconds: 0, clock: clock)) == 20)
    #expect(try milliseconds(Pace(leisureSeconds: 0.05, clock: clock)) == 50, "no longer than there is leisure")
  }

  @Test("CKP-29: the memory that is free is known, and is less than the machine has") func available() {
    let free = availableMemory()
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    #expect(free > 0 && free <= pages * AddressRange.pageByteCount)
  }

  @Test("STO-7: segments claim the space they fill and a third more, not a fixed amount", arguments: [1, 100, 30_000])
  func claims(rows: Int) throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path, options: testOptions(segment: 1 << 30))
    let recording = Recording(.float64, rowLength: 128)
    directory.attach(recording)
    var state = StateToStore()
    state.add(recording, as: StoredKey("M", "v"))
    let row = [Double](repeating: 2, count: 128)
    for _ in 0..<rows { try row.withUnsafeBytes { try recording.append($0) } }
    try directory.commit(state, .automatic).wait()
    for name in try listing(path + "/segments") {
      var status = stat()
      #expect(lstat("\(path)/segments/\(name)", &status) == 0)
      #expect(status.st_blocks * 512 <= rows * 1024 * 4 / 3 + (192 << 10))
    }
    directory.close()
  }

  @Test("CKP-34: recorded rows convert to another type in order, also when they lie in files", arguments: [0, 1, 3000, 300_000])
  func convertedRows(count: Int) throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run", options: testOptions(segment: 1 << 20))
    let recording = Recording(.int64, rowLength: 2)
    directory.attach(recording)
    try append(0..<count, to: recording)
    let converted = try recording.contents().converted(to: .float64, for: directory)
    #expect(converted.rows == count && converted.rowLength == 2)
    let numbers = try converted.withBytes(rows: 0..<count) { Array($0.bindMemory(to: Double.self)) }
    #expect(numbers == expected(0..<count).map(Double.init))
    directory.close()
  }
}
