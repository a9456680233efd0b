import CEngramSystem
import Glibc

/// Reserved addresses with memory behind their first part. The start never moves while this lives.
///
/// Growth puts memory behind further addresses in place, so that kernels keep their pointers.
final class AddressRange {
  let start: UnsafeMutableRawPointer
  let reservedByteCount: Int
  /// Bytes from `start` that can be used; a multiple of the page size.
  private(set) var writableByteCount = 0

  static let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))

  static func roundedToPages(_ byteCount: Int) -> Int {
    (byteCount + pageByteCount - 1) / pageByteCount * pageByteCount
  }

  /// Reserves `wanted` addresses, or fewer where the space is crowded, but at least `needed`.
  init(needed: Int, wanted: Int) throws(StorageError) {
    guard needed >= 0, needed < 1 << 46 else { throw .outOfMemory(bytes: needed) }
    var size = AddressRange.roundedToPages(max(needed, wanted, 1))
    let least = AddressRange.roundedToPages(max(needed, 1))
    while true {
      var found: UnsafeMutableRawPointer?
      if engram_reserve(size, &found) == 0, let found {
        (start, reservedByteCount) = (found, size)
        return
      }
      guard size > least else { throw .outOfMemory(bytes: needed) }
      size = max(least, AddressRange.roundedToPages(size / 4))
    }
  }

  deinit { _ = engram_unmap(start, reservedByteCount) }

  /// Puts zeroed anonymous memory behind the addresses up to `byteCount`.
  func makeWritable(upTo byteCount: Int) throws(StorageError) {
    let wanted = AddressRange.roundedToPages(byteCount)
    guard wanted > writableByteCount else { return }
    guard wanted <= reservedByteCount else { throw .outOfMemory(bytes: byteCount) }
    let added = wanted - writableByteCount
    guard engram_make_writable(start + writableByteCount, added) == 0 else { throw .outOfMemory(bytes: byteCount) }
    if added >= 2 << 20 { engram_prefer_large_pages(start + writableByteCount, added) }
    writableByteCount = wanted
  }

  /// Somebody has mapped a file over the first `byteCount` addresses.
  func noteMapped(upTo byteCount: Int) {
    writableByteCount = max(writableByteCount, AddressRange.roundedToPages(byteCount))
  }
}
