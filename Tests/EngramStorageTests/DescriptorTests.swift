import EngramScalars
import EngramSystem
import EngramTestSupport
import Synchronization
import Testing

@testable import EngramStorage

@Suite("Few descriptors for many files") struct DescriptorTests {
  private static let limit = 12

  /// A run with many recordings and many large columns, on a disk that allows few open files.
  private struct ManyArrays {
    let recordings = (0..<40).map { _ in Recording(.int64, rowLength: 2) }
    let columns: [Column]
    private(set) var rows = 0

    init() throws { columns = try (0..<20).map { _ in try Column(.int64, rows: 64) } }

    mutating func advance(_ count: Int) throws {
      for (number, recording) in recordings.enumerated() { try append(rows + number..<rows + number + count, to: recording) }
      for (number, column) in columns.enumerated() {
        column.withElements(of: Int64.self) { $0.update(repeating: Int64(rows * 100 + number)) }
        column.touch()
      }
      rows += count
    }

    var stored: StateToStore {
      var state = StateToStore()
      for (number, recording) in recordings.enumerated() { state.add(recording, as: StoredKey("M\(number)", "v")) }
      for (number, column) in columns.enumerated() { state.add(column, as: StoredKey("G\(number)", "v")) }
      return state
    }

    func image() throws -> [String: [UInt8]] {
      var image: [String: [UInt8]] = [:]
      for (key, entry) in stored.columns { image[key.description] = entry.column.withBytes { Array($0) } }
      for (key, entry) in stored.recordings {
        image[key.description] = try entry.recording.contents().withBytes(rows: 0..<entry.recording.rows) { Array($0) }
      }
      return image
    }
  }

  private func options() -> RunDirectory.Options {
    var options = testOptions(large: 256, segment: 1 << 20, padding: 512)
    options.retention = RetentionPolicy(automatic: 1)
    return options
  }

  @Test("STO-12: a run with more recordings than descriptors stores, restores, verifies, branches and packs, with a bounded number of open files")
  func bounded() throws {
    let disk = SimulatedDisk(descriptorLimit: DescriptorTests.limit)
    // Five directories, the lock, two of the journal, one or two files being written.
    func check(_ what: String) { #expect(disk.openDescriptorCount <= DescriptorTests.limit + 10, "\(what)") }
    var arrays = try ManyArrays()
    var directory: RunDirectory? = try open("/run", system: disk, options: options())
    for recording in arrays.recordings { directory?.attach(recording) }
    for round in 0..<3 {
      try arrays.advance(7 + round)
      try directory?.commit(arrays.stored, .automatic).wait()
      check("store \(round)")
    }
    let expected = try arrays.image()
    check("reading what is live")
    let loaded = try #require(directory).load("latest")
    check("load")
    #expect(try image(of: loaded) == expected)
    try loaded.waitForVerification()
    check("reading")
    #expect(try directory?.verify().isSound == true)
    try directory?.branch(toDirectory: "/side", name: "side", from: "latest")
    try PortableFile.pack(#require(directory), ["latest"], to: "/a.h5")
    check("carrying away")
    #expect(disk.mostOpenDescriptors <= DescriptorTests.limit + 20)
    #expect(try image(of: PortableFile(at: "/a.h5", system: disk).load("latest")) == expected)
    directory?.close()
    directory = nil
  }

  @Test("CKP-13: what was written through a descriptor that is given up has been flushed before, and a failure is final for that file")
  func flushedBeforeClosing() throws {
    for operation in stride(from: 3, to: 4000, by: isCampaign ? 5 : 61) {
      let disk = SimulatedDisk(descriptorLimit: 8)
      var arrays = try ManyArrays()
      let directory = try open("/run", system: disk, options: options())
      for recording in arrays.recordings { directory.attach(recording) }
      try arrays.advance(3)
      try directory.commit(arrays.stored, .automatic).wait()
      try arrays.advance(4)
      disk.arm(.error(at: operation, code: EIO))
      _ = try? directory.commit(arrays.stored, .automatic).wait()
      let wasReached = disk.operationCount > operation
      disk.arm(.none)
      // Whatever happened, the next one holds everything, also after a power cut.
      try arrays.advance(5)
      let expected = try arrays.image()
      do { try directory.commit(arrays.stored, .automatic).wait() } catch {
        Issue.record("after an error at operation \(operation): \(error)")
        continue
      }
      let survivor = disk.afterPowerCut(seed: UInt64(operation))
      #expect(try image(of: open("/run", system: survivor, options: options()).load("latest")) == expected, "an error at operation \(operation)")
      if !wasReached { break }
    }
  }

  @Test("CKP-13: a recording whose flush failed says so again, although the system would now answer with success")
  func finalFailure() throws {
    let temporary = try TemporaryFolder()
    let system = WatchedFileSystem(flushes: false)
    let directory = try open(temporary.path + "/run", system: system)
    let segment = try directory.makeSegment(scalarType: .float64, rowLength: 1)
    try [1.5, 2.5].withUnsafeBytes { try segment.append($0) }
    system.fail(code: EIO)
    let error = try #require(#expect(throws: StorageError.self) { try segment.sync() })
    system.recover()
    #expect(throws: error) { try segment.sync() }
    #expect(segment.hasFailed)
  }

  @Test("CKP-13: before a descriptor is given up, what has to be done with it is done, while it is open")
  func beforeClosing() throws {
    let disk = SimulatedDisk(descriptorLimit: 8)
    let home = DirectoryHandle(disk, try disk.openDirectory(path: "/"))
    let done = Mutex<[String]>([])
    var files: [PooledFile] = []
    for number in 0..<30 {
      let name = "f\(number)"
      let file = try PooledFile(disk.open(name, in: home.descriptor, .createNew), name, in: home, label: name, mode: .reopen)
      file.beforeClosing = { done.withLock { $0.append(name) } }
      files.append(file)
    }
    let closed = done.withLock { $0 }
    #expect(closed.count == files.count - disk.descriptors.openCount && closed.count >= 20)
    // The ones used longest ago.
    #expect(Set(closed) == Set((0..<closed.count).map { "f\($0)" }))
  }

  @Test("STO-14: a file that was put in the place of another while that was closed is refused")
  func replacedFile() throws {
    let disk = SimulatedDisk(descriptorLimit: 8)
    let arrays: ManyArrays = try {
      var arrays = try ManyArrays()
      try arrays.advance(3)
      return arrays
    }()
    let directory = try open("/run", system: disk, options: options())
    try directory.commit(arrays.stored, .automatic).wait()
    let loaded = try directory.look(at: "latest")
    // Another file of the same name and content.
    for (path, bytes) in disk.files() where path.contains("/segments/") { disk.replace(path, bytes) }
    #expect(throws: StorageError.self) { _ = try image(of: loaded) }
  }

  @Test("STO-14: the pool leaves descriptors for others", arguments: [(16, 8), (64, 8), (256, 160), (1024, 768), (20_000, 15_000), (UInt64.max, 786_432)])
  func room(soft: UInt64, expected: Int) {
    #expect(DescriptorPool.room(within: soft) == expected)
  }
}
