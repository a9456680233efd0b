import EngramScalars
import EngramTestSupport
import Testing

@testable import EngramStorage

@Suite("Hashes of blocks, sets of pages") struct BlockTests {
  @Test("Hashes of blocks do not depend on the pieces in which the bytes came", arguments: [0, 1, 99, 100, 101, 1000, 12_345])
  func pieces(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    var whole = BlockHasher(blockByteCount: 100)
    bytes.withUnsafeBytes { whole.append($0) }
    #expect(whole.value.byteCount == count)
    #expect(whole.value.hashes.count == (count + 99) / 100)
    for size in [1, 7, 99, 100, 101, 250] {
      var hasher = BlockHasher(blockByteCount: 100)
      for start in stride(from: 0, to: count, by: size) {
        bytes.withUnsafeBytes { hasher.append(UnsafeRawBufferPointer(rebasing: $0[start..<min(count, start + size)])) }
      }
      #expect(hasher.value == whole.value)
    }
    for block in 0..<whole.value.hashes.count {
      let range = whole.value.range(of: block)
      bytes.withUnsafeBytes { #expect(whole.value.agrees(block, UnsafeRawBufferPointer(rebasing: $0[range]))) }
    }
  }

  @Test("Runs of pages are those that are in the set, whatever its size", arguments: [1, 63, 64, 65, 200, 1000])
  func runs(count: Int) throws {
    var random = SplitMix(state: UInt64(count))
    for share in [2, 5, 100] {
      var set = PageSet(count: count)
      var expected: [Int] = []
      for page in 0..<count where Int.random(in: 0..<share, using: &random) == 0 {
        set.insert(page)
        expected.append(page)
      }
      var found: [Int] = []
      try set.forEachRun(limit: 10) { run throws(StorageError) in
        #expect(run.count <= 10 && !run.isEmpty)
        found += run
      }
      #expect(found == expected)
      let full = PageSet(count: count, full: true)
      #expect(full.subtracting(set).intersection(set).isEmpty)
      #expect(full.subtracting(full.subtracting(set)) == set)
      #expect(set.isEmpty == expected.isEmpty)
    }
  }

  @Test("The page table tells pages that were written to from those of the file")
  func pageTable() throws {
    let temporary = try TemporaryFolder()
    let page = AddressRange.pageByteCount
    try writeFile(temporary.path + "/f", [UInt8](repeating: 7, count: 10 * page))
    let system = RealFileSystem()
    let directory = try system.openDirectory(path: temporary.path)
    let file = try system.open("f", in: directory, .read)
    #expect(PageTable.canTell(system, file, offset: page))
    let start = try system.map(file, offset: 0, byteCount: 10 * page, mode: .writePrivate, at: nil)
    // Some were read, some not.
    for place in [1, 3, 4] { #expect(start.load(fromByteOffset: place * page, as: UInt8.self) == 7) }
    for place in [0, 4, 9] { start.storeBytes(of: 8, toByteOffset: place * page + 5, as: UInt8.self) }
    let own = try PageTable.privatePages(at: start, byteCount: 10 * page)
    #expect((0..<10).filter { own.contains($0) } == [0, 4, 9])
    // What is a copy is no mapping to be asked about.
    let simulated = SimulatedDisk()
    let root = try simulated.openDirectory(path: "/")
    let copy = try simulated.open("f", in: root, .createNew)
    try simulated.write(copy, [UInt8](repeating: 1, count: 2 * page), at: 0)
    #expect(!PageTable.canTell(simulated, copy, offset: 0))
  }
}
