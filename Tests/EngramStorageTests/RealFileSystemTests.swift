import EngramScalars
import EngramSystem
import EngramTestSupport
import Synchronization
import Testing

@testable import EngramStorage

@Suite("The system's files") struct RealFileSystemTests {
  @Test("CKP-13: interrupted and short transfers are continued until everything is there")
  func transfers() throws {
    let temporary = try TemporaryFolder()
    let calls = Atomic<Int>(0)
    var transfers = RealFileSystem.Transfers()
    transfers.write = { file, bytes, count, offset in
      if calls.add(1, ordering: .relaxed).newValue % 3 == 1 {
        errno = EINTR
        return -1
      }
      return pwrite(file, bytes, min(count, 3), off_t(offset))
    }
    transfers.read = { file, bytes, count, offset in
      if calls.add(1, ordering: .relaxed).newValue % 3 == 1 {
        errno = EINTR
        return -1
      }
      return pread(file, bytes, min(count, 5), off_t(offset))
    }
    let system = RealFileSystem(transfers: transfers)
    let state = try SmallState()
    try state.advance(4)
    let directory = try open(temporary.path + "/run", system: system, options: testOptions(padding: 512))
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    #expect(try image(of: directory.load("a")) == state.image)
    directory.close()
    #expect(try image(of: open(temporary.path + "/run").load("a")) == state.image)
  }

  @Test("CKP-32: a write that a limit stops is an error; the temporary is gone and earlier checkpoints are intact")
  func noProgress() throws {
    let temporary = try TemporaryFolder()
    let limit = Atomic<Int>(Int.max)
    var transfers = RealFileSystem.Transfers()
    transfers.write = { file, bytes, count, offset in
      guard limit.subtract(1, ordering: .relaxed).newValue > 0 else {
        errno = ENOSPC
        return -1
      }
      return pwrite(file, bytes, count, off_t(offset))
    }
    let path = temporary.path + "/run"
    let directory = try open(path, system: RealFileSystem(transfers: transfers))
    let state = try SmallState()
    try state.advance(4)
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    let atA = try state.image
    try state.advance(4)
    for writes in 0..<6 {
      limit.store(writes + 1, ordering: .relaxed)
      #expect(throws: StorageError.self) { try directory.commit(state.stored, CommitOptions(name: "b")).wait() }
      #expect(try listing(path + "/tmp") == [])
      #expect(try image(of: directory.load("a")) == atA)
      try state.restore(directory.load("a"))
      try state.advance(4)
      if writes == 0 { #expect(try listing(path + "/objects").count == 1) }
      limit.store(.max, ordering: .relaxed)
      if writes == 5 { break }
    }
    try directory.commit(state.stored, CommitOptions(name: "b")).wait()
    #expect(try image(of: directory.load("b")) == state.image)
  }

  @Test("STO-1, STO-7, STO-11: a column in a file behaves like one in memory, and its file vanishes with it", arguments: [0, 1 << 30])
  func scratch(spare: Int) throws {
    let temporary = try TemporaryFolder()
    let space = try ScratchSpace(path: temporary.path)
    let placements: [ColumnPlacement] = [.memory, .file(space)]
    let columns = try placements.map { placement in
      let memory = try ColumnMemory.make(byteCount: 80, growable: true, placement: placement, spare: spare)
      return Column(.int64, rowLength: 1, rows: 10, memory: memory, growable: true)
    }
    let base = columns[1].base
    for column in columns {
      for rows in [100_000, 3, 700, 250_000] {
        try column.resize(rows: rows)
        column.withElements(of: Int64.self) { elements in
          for index in stride(from: 0, to: elements.count, by: 7) { elements[index] += Int64(index + rows) }
        }
      }
    }
    #expect((columns[1].base == base) == (spare > 0))
    let images = columns.map { column in column.withBytes { Array($0) } }
    #expect(images[0] == images[1])
    #expect(try listing(temporary.path) == [])
  }

  @Test("STO-11: rows that are written at once are those of a column in memory, also across parts of a file, and count as a change")
  func writtenRows() throws {
    let temporary = try TemporaryFolder()
    let space = try ScratchSpace(path: temporary.path)
    let columns = try [ColumnPlacement.memory, .file(space)].map { try Column(.int64, rowLength: 2, rows: 1000, growable: true, placement: $0) }
    for column in columns {
      try column.resize(rows: 3000)
      column.withElements(of: Int64.self) { for place in $0.indices { $0[place] = Int64(place) } }
      for (row, count) in [(0, 10), (700, 1500), (2999, 1), (5, 0)] {
        let version = column.version
        let values = (0..<2 * count).map { Int64(-row - $0) }
        values.withUnsafeBytes { column.write($0, fromRow: row) }
        #expect(column.version != version)
      }
    }
    let images = columns.map { column in column.withElements(of: Int64.self) { Array($0) } }
    #expect(images[0] == images[1])
    #expect(images[1][1400] == -700 && images[1][4399] == -3699 && images[1][4400] == 4400)
  }

  @Test("STO-11: many columns in files need one descriptor, and the space of those that are gone is used again, as zeros")
  func manyScratchColumns() throws {
    let temporary = try TemporaryFolder()
    let space = try ScratchSpace(path: temporary.path)
    let before = try listing("/proc/self/fd").count
    var columns = try (0..<300).map { _ in try Column(.int64, rows: 600, growable: true, placement: .file(space)) }
    // Other tests run beside this one and open files too.
    #expect(try listing("/proc/self/fd").count < before + 100)
    for (number, column) in columns.enumerated() { column.withElements(of: Int64.self) { $0.update(repeating: Int64(number)) } }
    #expect(columns.enumerated().allSatisfy { number, column in column.withElements(of: Int64.self) { $0.allSatisfy { $0 == number } } })
    let file = try space.file(for: 4096)
    columns.removeFirst(150)
    let again = try (0..<150).map { _ in try Column(.int64, rows: 600, placement: .file(space)) }
    #expect(again.allSatisfy { column in column.withElements(of: Int64.self) { $0.allSatisfy { $0 == 0 } } })
    #expect(try space.file(for: 4096) === file)
    #expect(columns.enumerated().allSatisfy { number, column in column.withElements(of: Int64.self) { $0.allSatisfy { $0 == number + 150 } } })
  }

  @Test("STO-12: reading a long recording piece by piece gives every row once, from files")
  func longRecording() throws {
    let temporary = try TemporaryFolder()
    var options = testOptions(segment: 1 << 20)
    options.segmentExtent = 1 << 20
    let directory = try open(temporary.path + "/run", options: options)
    let recording = Recording(.int64, rowLength: 2)
    directory.attach(recording)
    try append(0..<250_000, to: recording)
    #expect(try listing(temporary.path + "/run/segments").count == 3)
    var next: Int64 = 0
    var largest = 0
    try recording.forEachPiece(rows: 0..<recording.rows) { bytes in
      largest = max(largest, bytes.count)
      for row in stride(from: 0, to: bytes.count, by: 16) {
        if bytes.load(fromByteOffset: row, as: Int64.self) != next { Issue.record("row \(next)") }
        next += 1
      }
    }
    #expect(next == 250_000)
    #expect(largest <= 1 << 20)
    #expect(recording.fault == nil)
  }

  @Test("CKP-14: committing goes on in the background while the live state changes; the handle tells when it is durable")
  func background() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let state = try SmallState(largeRows: 300_000)
    try state.advance()
    let expected = try state.image
    let handle = try directory.commit(state.stored, CommitOptions(name: "a"))
    try state.advance(10)
    let info = try handle.wait()
    #expect(info.names == ["a"])
    #expect(try image(of: directory.load("a")) == expected)
  }
}
