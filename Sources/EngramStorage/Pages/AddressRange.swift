import EngramSystem
import Synchronization

/// Reserved addresses with memory behind their first part. The start never moves while this lives.
final class AddressRange {
  let start: UnsafeMutableRawPointer
  let reservedByteCount: Int
  /// Bytes from `start` that can be used; a multiple of the page size.
  private(set) var writableByteCount = 0
  /// Addresses beyond what was needed.
  private let spareByteCount: Int

  static let pageByteCount = MachineMemory.pageByteCount
  private static let largePageByteCount = 2 << 20

  static func roundedToPages(_ byteCount: Int) -> Int { rounded(byteCount, to: pageByteCount) }
  private static func rounded(_ byteCount: Int, to unit: Int) -> Int { (byteCount + unit - 1) / unit * unit }

  /// Reserves addresses: those that are needed, and behind them as many as may be used for growth without moving.
  ///
  /// - Parameter spare: how many more are welcome. Given only as long as addresses are plentiful.
  init(needed: Int, spare: Int = 0) throws(StorageError) {
    guard needed >= 0, needed < 1 << 46 else { throw .outOfMemory(bytes: needed) }
    let least = AddressRange.roundedToPages(max(needed, 1))
    // What is a multiple of a large page in size, the system puts at one.
    let more = spare > 0 ? AddressRange.rounded(least + spare, to: AddressRange.largePageByteCount) - least : 0
    var found: UnsafeMutableRawPointer?
    if more > 0, AddressSpace.takeSpare(more) {
      if engram_reserve(least + more, &found) == 0, let found {
        (start, reservedByteCount, spareByteCount) = (found, least + more, more)
        return
      }
      AddressSpace.giveBackSpare(more)
    }
    // Not the last of it: the runtime and libraries do not survive without.
    guard least <= AddressSpace.left - AddressSpace.margin, engram_reserve(least, &found) == 0, let found else { throw .outOfMemory(bytes: needed) }
    (start, reservedByteCount, spareByteCount) = (found, least, 0)
  }

  deinit {
    _ = engram_unmap(start, reservedByteCount)
    AddressSpace.giveBackSpare(spareByteCount)
  }

  /// Puts zeroed anonymous memory behind the addresses up to `byteCount`.
  func makeWritable(upTo byteCount: Int) throws(StorageError) {
    let wanted = AddressRange.roundedToPages(byteCount)
    guard wanted > writableByteCount else { return }
    guard wanted <= reservedByteCount else { throw .outOfMemory(bytes: byteCount) }
    let added = wanted - writableByteCount
    guard engram_make_writable(start + writableByteCount, added) == 0 else { throw .outOfMemory(bytes: byteCount) }
    if added >= AddressRange.largePageByteCount { engram_prefer_large_pages(start + writableByteCount, added) }
    writableByteCount = wanted
  }

  /// Puts zeroed anonymous memory in place of whatever is there from `offset` on, a multiple of the page size.
  func clear(from offset: Int) throws(StorageError) {
    guard offset < writableByteCount else { return }
    let byteCount = writableByteCount - offset
    guard engram_make_writable(start + offset, byteCount) == 0 else { throw .outOfMemory(bytes: byteCount) }
  }

  /// The same for some pages, given as bytes from the start. False where the system refuses, and they are what they were.
  func clear(_ pages: Range<Int>) -> Bool {
    guard engram_make_writable(start + pages.lowerBound, pages.count) == 0 else { return false }
    engram_prefer_large_pages(start + pages.lowerBound, pages.count)
    return true
  }

  /// Takes pages of a file that is shown here, shared, out of this process; they stay what they are.
  func letGo() { engram_let_go(start, writableByteCount) }

  /// Somebody has mapped a file over the first `byteCount` addresses.
  func noteMapped(upTo byteCount: Int) {
    writableByteCount = max(writableByteCount, AddressRange.roundedToPages(byteCount))
  }
}

extension AddressSpace {
  /// Addresses that are reserved for growth only: they cost nothing where there are plenty. Under a limit nothing is reserved beyond what is
  /// needed, and an array that grows moves.
  private static let spare = Atomic<Int>(0)
  /// A quarter of what 47 bits address: the rest is for arrays, mapped files, libraries.
  static let greatestSpare = 1 << 45

  static func takeSpare(_ byteCount: Int) -> Bool {
    guard limit == nil, byteCount <= greatestSpare else { return false }
    if spare.add(byteCount, ordering: .relaxed).newValue <= greatestSpare { return true }
    giveBackSpare(byteCount)
    return false
  }

  static func giveBackSpare(_ byteCount: Int) { spare.subtract(byteCount, ordering: .relaxed) }

  /// Addresses that are left to small allocations under a limit.
  static let margin = 32 << 20
}
