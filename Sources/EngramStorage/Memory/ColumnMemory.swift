import CEngramSystem
import Glibc

/// Where the live bytes of a column are.
package enum ColumnPlacement: Sendable {
  case memory
  /// A shared mapping of an unlinked file there: may exceed memory, several times slower when rewritten each step.
  case file(ScratchSpace)
}

/// The bytes behind one column: a heap block (small and fixed), reserved addresses, or a mapped file.
final class ColumnMemory {
  /// First payload byte; never moves.
  let base: UnsafeMutableRawPointer
  /// Usable bytes from `base`.
  private(set) var capacity: Int
  private let home: Home

  private enum Home {
    case heap
    case range(AddressRange)
    case file(AddressRange, ScratchFile)
  }

  /// Addresses kept free for a column that may grow.
  private static let growthReserve = 16 << 30
  private static let heapLimit = 32 << 10

  private init(base: UnsafeMutableRawPointer, capacity: Int, home: Home) {
    self.base = base
    self.capacity = capacity
    self.home = home
  }

  static func make(byteCount: Int, growable: Bool, placement: ColumnPlacement) throws(StorageError) -> ColumnMemory {
    switch placement {
    case .memory where !growable && byteCount <= heapLimit:
      var block: UnsafeMutableRawPointer?
      guard posix_memalign(&block, 64, max(byteCount, 64)) == 0, let block else { throw .outOfMemory(bytes: byteCount) }
      memset(block, 0, max(byteCount, 64))
      return ColumnMemory(base: block, capacity: byteCount, home: .heap)
    case .memory:
      let range = try AddressRange(needed: byteCount, wanted: growable ? max(growthReserve, byteCount * 4) : byteCount)
      try range.makeWritable(upTo: max(byteCount, 1))
      return ColumnMemory(base: range.start, capacity: growable ? range.writableByteCount : byteCount, home: .range(range))
    case .file(let space):
      let range = try AddressRange(needed: byteCount, wanted: growable ? max(growthReserve, byteCount * 4) : byteCount)
      let file = try space.makeFile()
      try file.map(range, upTo: max(byteCount, 1))
      return ColumnMemory(base: range.start, capacity: growable ? range.writableByteCount : byteCount, home: .file(range, file))
    }
  }

  deinit { if case .heap = home { free(base) } }

  /// Makes room for `byteCount` bytes, in place; at least half as much again as before.
  func grow(to byteCount: Int) throws(StorageError) {
    let geometric = capacity + capacity / 2
    switch home {
    case .heap: throw .outOfMemory(bytes: byteCount)
    case .range(let range):
      let wanted = min(max(byteCount, geometric), range.reservedByteCount)
      try range.makeWritable(upTo: max(wanted, byteCount))
      capacity = range.writableByteCount
    case .file(let range, let file):
      let wanted = min(max(byteCount, geometric), range.reservedByteCount)
      try file.map(range, upTo: max(wanted, byteCount))
      capacity = range.writableByteCount
    }
  }

  /// Shows bytes of a file in place of the first ones, privately: nothing is read before it is used, and writing
  /// copies page by page. Returns false where this memory is not made of pages.
  ///
  /// What follows in the last page is whatever follows in the file.
  func show(_ system: any FileSystem, _ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) -> Bool {
    guard case .range(let range) = home, offset % AddressRange.pageByteCount == 0, byteCount <= capacity else { return false }
    _ = try system.map(file, offset: offset, byteCount: byteCount, mode: .writePrivate, at: range.start)
    return true
  }
}
