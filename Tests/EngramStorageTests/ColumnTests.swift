import EngramScalars
import EngramSystem
import Testing

@testable import EngramStorage

@Suite("Columns") struct ColumnTests {
  @Test("STO-4, VAR-6: new elements are zero, also after shrinking and growing", arguments: [false, true])
  func growth(growable: Bool) throws {
    let column = try Column(.float64, rowLength: 3, rows: 1000, growable: growable)
    column.withElements(of: Double.self) { elements in
      #expect(elements.count == 3000)
      #expect(elements.allSatisfy { $0 == 0 })
      for index in elements.indices { elements[index] = Double(index) + 1 }
    }
    try column.resize(rows: 2)
    try column.resize(rows: 900)
    column.withElements(of: Double.self) { elements in
      #expect(Array(elements.prefix(6)) == [1, 2, 3, 4, 5, 6])
      #expect(elements.dropFirst(6).allSatisfy { $0 == 0 })
    }
  }

  @Test("STO-4: changes that wait are carried out before anybody looks at a column, whichever way it is looked at", arguments: 0..<7)
  func pending(way: Int) throws {
    final class Changes: PendingChanges {
      private let element: UnsafeMutablePointer<Double>
      private(set) var areWaiting = true
      init(_ column: Column) { element = column.base.assumingMemoryBound(to: Double.self) + 1 }
      func carryOut() {
        if areWaiting { element.pointee += 7 }
        areWaiting = false
      }
    }
    let column = try Column(.float64, rows: 3, growable: true)
    let changes = Changes(column)
    column.pending = changes
    switch way {
    case 0: #expect(column.base.assumingMemoryBound(to: Double.self)[1] == 7)
    case 1: #expect(column.withElements(of: Double.self) { Array($0) } == [0, 7, 0])
    case 2: #expect(column.withBytes { $0.loadUnaligned(fromByteOffset: 8, as: Double.self) } == 7)
    case 3: #expect(try column.contents().bytes.loadUnaligned(fromByteOffset: 8, as: Double.self) == 7)
    case 4: try column.forEachSlab(rows: 0..<3) { #expect($0.loadUnaligned(fromByteOffset: 8, as: Double.self) == 7) }
    case 5: try column.resize(rows: 5)
    default: column.pending = nil
    }
    #expect(!changes.areWaiting)
    column.pending = nil
    #expect(column.withElements(of: Double.self) { $0[1] } == 7)
  }

  @Test("STO-4: what a large array loses by shrinking is zero when it grows again, and takes no memory until it is used", arguments: [0, 1, 511, 200_000])
  func largeGrowth(kept: Int) throws {
    let count = 1_000_000
    let column = try Column(.float64, rows: count, growable: true)
    column.withElements(of: Double.self) { for index in $0.indices { $0[index] = 7 } }
    column.touch()
    try column.resize(rows: kept)
    try column.resize(rows: count)
    #expect(residentByteCount(column.base, byteCount: column.byteCount) <= kept * 8 + (4 << 20))
    column.withElements(of: Double.self) { elements in
      #expect(elements[..<kept].allSatisfy { $0 == 7 } && elements[kept...].allSatisfy { $0 == 0 })
    }
  }

  /// Bytes of these pages that are in memory.
  private func residentByteCount(_ start: UnsafeMutableRawPointer, byteCount: Int) -> Int {
    let page = AddressRange.pageByteCount
    var pages = [UInt8](repeating: 0, count: (byteCount + page - 1) / page)
    #expect(mincore(start, byteCount, &pages) == 0)
    return pages.count { $0 & 1 != 0 } * page
  }

  @Test("STO-5, STO-6: growing by single rows keeps every element and moves seldom, with addresses to spare or without", arguments: [0, 16 << 30])
  func growingRowByRow(spare: Int) throws {
    let memory = try ColumnMemory.make(byteCount: 0, growable: true, placement: .memory, spare: spare)
    let column = Column(.int32, rowLength: 1, rows: 0, memory: memory, growable: true)
    var places: [UnsafeMutableRawPointer] = []
    for row in 1...200_000 {
      try column.resize(rows: row)
      if places.last != column.base { places.append(column.base) }
      #expect(Int(bitPattern: column.base) % 64 == 0)
      column.base.storeBytes(of: Int32(row), toByteOffset: (row - 1) * 4, as: Int32.self)
    }
    // From 64 bytes to 800 kB by factors of 1.5 are 24 steps; with addresses to spare the last move is out of the small block.
    #expect(places.count <= (spare == 0 ? 25 : 18))
    column.withElements(of: Int32.self) { elements in
      #expect(elements.enumerated().allSatisfy { $0.offset + 1 == Int($0.element) })
    }
    try column.resize(rows: 10)
    try column.resize(rows: 300_000)
    column.withElements(of: Int32.self) { elements in
      #expect(Array(elements[..<12]) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0])
      #expect(elements[10...].allSatisfy { $0 == 0 })
    }
  }

  @Test(
    "STO-6: addresses reserved for growth are bounded, however many arrays may grow, and come back",
    .enabled(if: getenv("ENGRAM_SANITIZER") == nil, "a sanitizer's shadow memory takes terabytes of addresses"))
  func spareAddresses() throws {
    let each = AddressSpace.greatestSpare / 4
    var ranges: [AddressRange] = []
    for _ in 0..<6 { ranges.append(try AddressRange(needed: 4096, spare: each)) }
    let spared = ranges.filter { $0.reservedByteCount > 4096 }.count
    #expect(spared <= 4)
    #expect(spared >= 2)
    ranges = []
    #expect(try AddressRange(needed: 4096, spare: each).reservedByteCount > 4096)
  }

  @Test("STO-3: elements in memory are aligned to 64 bytes", arguments: ScalarType.allCases)
  func alignment(type: ScalarType) throws {
    for rows in [0, 1, 7, 100_000] {
      let column = try Column(type, rows: rows)
      #expect(Int(bitPattern: column.base) % 64 == 0)
      #expect(column.byteCount == rows * type.byteCount)
    }
  }

  @Test("STO-7: sizes that cannot be are errors, never traps", arguments: [Int.max, Int.max / 8, 1 << 60, -1])
  func absurdSizes(rows: Int) throws {
    #expect(throws: StorageError.self) { try Column(.float64, rows: rows) }
    #expect(throws: StorageError.self) { try Column(.float64, rowLength: rows, rows: 2) }
    let column = try Column(.float64, rows: 1, growable: true)
    #expect(throws: StorageError.self) { try column.resize(rows: rows) }
    #expect(column.rows == 1)
  }

  @Test("CKP-37: a snapshot of an unchanged column is the same snapshot; assigning it back restores bytes and size")
  func contents() throws {
    let column = try Column(.int64, rows: 4, growable: true)
    column.withElements(of: Int64.self) { $0[2] = 7 }
    column.touch()
    let first = try column.contents()
    #expect(try column.contents() === first)
    try column.resize(rows: 9)
    column.withElements(of: Int64.self) { $0[2] = 8 }
    #expect(try column.contents() !== first)
    try column.assign(first)
    #expect(column.rows == 4)
    column.withElements(of: Int64.self) { #expect(Array($0) == [0, 0, 7, 0]) }
    #expect(try column.contents() === first)
  }

  @Test("VAR-8: content of another type or row length is refused")
  func mismatch() throws {
    let column = try Column(.float32, rowLength: 2, rows: 3)
    #expect(throws: StorageError.self) { try column.assign(Column(.float64, rowLength: 2, rows: 3).contents()) }
    #expect(throws: StorageError.self) { try column.assign(Column(.float32, rowLength: 3, rows: 2).contents()) }
  }
}
