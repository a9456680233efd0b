import CEngramSystem
import Glibc

/// Where the live bytes of a column are.
package enum ColumnPlacement: Sendable {
  case memory
  /// A shared mapping of an unlinked file there: may exceed memory, several times slower when rewritten each step.
  case file(ScratchSpace)
}

/// The bytes behind one column: a heap block (small), reserved addresses, or a mapped file.
final class ColumnMemory {
  /// First payload byte; moves only when ``grow(to:keeping:)`` says so.
  private(set) var base: UnsafeMutableRawPointer
  /// Usable bytes from `base`.
  private(set) var capacity: Int
  private var home: Home
  /// Addresses kept free for growth, beyond what is needed.
  private let spare: Int

  private enum Home {
    case heap
    case range(AddressRange)
    case file(AddressRange, ScratchArray)
  }

  /// As long as addresses are plentiful, arrays that grow do not move.
  static let growthReserve = 16 << 30
  private static let heapLimit = 32 << 10

  private init(base: UnsafeMutableRawPointer, capacity: Int, home: Home, spare: Int) {
    self.base = base
    self.capacity = capacity
    self.home = home
    self.spare = spare
  }

  static func make(
    byteCount: Int, growable: Bool, placement: ColumnPlacement, spare: Int = growthReserve
  ) throws(StorageError) -> ColumnMemory {
    let spare = growable ? spare : 0
    switch placement {
    case .memory where byteCount <= heapLimit:
      return ColumnMemory(base: try heapBlock(byteCount), capacity: byteCount, home: .heap, spare: spare)
    case .memory:
      let range = try AddressRange(needed: byteCount, spare: spare)
      try range.makeWritable(upTo: byteCount)
      return ColumnMemory(base: range.start, capacity: growable ? range.writableByteCount : byteCount, home: .range(range), spare: spare)
    case .file(let space):
      let range = try AddressRange(needed: byteCount, spare: spare)
      let file = space.makeArray()
      try file.map(range, upTo: max(byteCount, 1))
      return ColumnMemory(base: range.start, capacity: growable ? range.writableByteCount : byteCount, home: .file(range, file), spare: spare)
    }
  }

  deinit { if case .heap = home { free(base) } }

  /// Of zeros.
  private static func heapBlock(_ byteCount: Int) throws(StorageError) -> UnsafeMutableRawPointer {
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, 64, max(byteCount, 64)) == 0, let block else { throw .outOfMemory(bytes: byteCount) }
    memset(block, 0, max(byteCount, 64))
    return block
  }

  /// Makes room for `byteCount` bytes; at least half as much again as before. In place where that is possible, else elsewhere:
  /// `base` then changes. Where it throws, everything is as it was.
  ///
  /// - Parameters:
  ///   - kept: bytes from `base` that count; behind them is 0 afterwards, as it was before.
  ///   - check: looks at a copy of them before it takes their place, right after it was made.
  /// - Returns: whether `base` has changed.
  func grow(
    to byteCount: Int, keeping kept: Int, _ check: (UnsafeRawBufferPointer) throws(StorageError) -> Void = { _ in }
  ) throws(StorageError) -> Bool {
    let geometric = max(byteCount, capacity + capacity / 2, 64)
    switch home {
    case .heap where geometric <= ColumnMemory.heapLimit:
      let block = try ColumnMemory.heapBlock(geometric)
      memcpy(block, base, kept)
      free(base)
      (base, capacity) = (block, geometric)
      return true
    case .heap:
      let range = try movedRange(to: byteCount, geometric, keeping: kept, check)
      free(base)
      settle(in: range, .range(range))
      return true
    case .range(let range):
      if byteCount <= range.reservedByteCount {
        try range.makeWritable(upTo: min(geometric, range.reservedByteCount))
        capacity = range.writableByteCount
        return false
      }
      let larger = try movedRange(to: byteCount, geometric, keeping: kept, check)
      settle(in: larger, .range(larger))
      return true
    case .file(let range, let file):
      if byteCount <= range.reservedByteCount {
        try file.map(range, upTo: min(geometric, range.reservedByteCount))
        capacity = range.writableByteCount
        return false
      }
      // The same file, seen elsewhere: nothing is copied.
      let larger = try ColumnMemory.anyRange(byteCount, geometric, spare: spare)
      try file.map(larger, upTo: larger.reservedByteCount < geometric ? byteCount : geometric)
      settle(in: larger, .file(larger, file))
      return true
    }
  }

  private func settle(in range: AddressRange, _ home: Home) {
    (base, capacity, self.home) = (range.start, range.writableByteCount, home)
  }

  /// With room for growth, else for what is needed.
  private static func anyRange(_ byteCount: Int, _ geometric: Int, spare: Int) throws(StorageError) -> AddressRange {
    do throws(StorageError) { return try AddressRange(needed: geometric, spare: spare) } catch {
      return try AddressRange(needed: byteCount)
    }
  }

  private func movedRange(
    to byteCount: Int, _ geometric: Int, keeping kept: Int, _ check: (UnsafeRawBufferPointer) throws(StorageError) -> Void
  ) throws(StorageError) -> AddressRange {
    let range = try ColumnMemory.anyRange(byteCount, geometric, spare: spare)
    try range.makeWritable(upTo: range.reservedByteCount < geometric ? byteCount : geometric)
    memcpy(range.start, base, kept)
    try check(UnsafeRawBufferPointer(start: range.start, count: kept))
    return range
  }

  /// Whether these bytes can be shown in place of the first ones: where this memory is made of pages, and it can be told at any
  /// time which of them are still the file's.
  func canShow(_ extent: StoredExtent) -> Bool {
    guard case .range(let range) = home, extent.offset % AddressRange.pageByteCount == 0, extent.byteCount <= capacity else { return false }
    return !PageTable.mayHideLargePages(at: range.start, offset: extent.offset)
      && (try? extent.file.withDescriptor { descriptor throws(StorageError) in
        PageTable.canTell(extent.file.system, descriptor, offset: extent.offset)
      }) == true
  }

  /// Shows bytes of a file in place of the first ones, privately: nothing is read before it is used, and writing
  /// copies page by page.
  ///
  /// What follows in the last page is whatever follows in the file.
  func show(_ extent: StoredExtent) throws(StorageError) {
    try extent.file.withDescriptor { descriptor throws(StorageError) in
      _ = try extent.file.system.map(descriptor, offset: extent.offset, byteCount: extent.byteCount, mode: .writePrivate, at: base)
    }
  }
}
