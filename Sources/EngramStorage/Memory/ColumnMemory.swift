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
    /// The payload begins `lead` bytes after the start: the part of a mapped file before it.
    case range(AddressRange, lead: Int)
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
      return ColumnMemory(base: range.start, capacity: range.writableByteCount, home: .range(range, lead: 0))
    case .file(let space):
      let range = try AddressRange(needed: byteCount, wanted: growable ? max(growthReserve, byteCount * 4) : byteCount)
      let file = try space.makeFile()
      try file.map(range, upTo: max(byteCount, 1))
      return ColumnMemory(base: range.start, capacity: range.writableByteCount, home: .file(range, file))
    }
  }

  /// Over a range whose first addresses already show a file; the payload begins `lead` bytes in.
  init(mapped range: AddressRange, lead: Int) {
    base = range.start + lead
    capacity = range.writableByteCount - lead
    home = .range(range, lead: lead)
  }

  deinit { if case .heap = home { free(base) } }

  /// Makes room for `byteCount` bytes, in place; at least half as much again as before.
  func grow(to byteCount: Int) throws(StorageError) {
    let geometric = capacity + capacity / 2
    switch home {
    case .heap: throw .outOfMemory(bytes: byteCount)
    case .range(let range, let lead):
      let wanted = min(max(byteCount, geometric), range.reservedByteCount - lead)
      try range.makeWritable(upTo: max(wanted, byteCount) + lead)
      capacity = range.writableByteCount - lead
    case .file(let range, let file):
      let wanted = min(max(byteCount, geometric), range.reservedByteCount)
      try file.map(range, upTo: max(wanted, byteCount))
      capacity = range.writableByteCount
    }
  }
}
