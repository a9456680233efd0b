import CEngramSystem
import Glibc

/// What the page table of this process says of memory that shows a file privately: which pages are still the file's.
///
/// A page that was written to is the process's own; every other one shows the file, whatever becomes of it.
enum PageTable {
  /// The pages that are the process's own. `start` is the beginning of a page.
  ///
  /// - Complexity: 8 bytes from the system per page.
  static func privatePages(at start: UnsafeRawPointer, byteCount: Int) throws(StorageError) -> PageSet {
    let count = AddressRange.roundedToPages(byteCount) / AddressRange.pageByteCount
    var pages = PageSet(count: count)
    let table = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard table >= 0 else { throw .system(operation: FileOperation.open.rawValue, path: path, code: errno) }
    defer { close(table) }
    let first = Int(bitPattern: start) / AddressRange.pageByteCount
    var entries = [UInt64](repeating: 0, count: min(count, 4096))
    var done = 0
    while done < count {
      let wanted = min(entries.count, count - done)
      let byteCount = entries.withUnsafeMutableBytes { pread(table, $0.baseAddress, wanted * 8, off_t((first + done) * 8)) }
      if byteCount < 0, errno == EINTR { continue }
      guard byteCount == wanted * 8 else {
        throw .system(operation: FileOperation.read.rawValue, path: path, code: byteCount < 0 ? errno : EIO)
      }
      for place in 0..<wanted where isPrivate(entries[place]) { pages.insert(done + place) }
      done += wanted
    }
    return pages
  }

  private static let path = "/proc/self/pagemap"

  /// In memory or swapped out, and not a page of a file. A page that is in neither place would be taken from the file.
  private static func isPrivate(_ entry: UInt64) -> Bool { entry >> 62 != 0 && entry >> 61 & 1 == 0 }

  /// Whether the page table tells pages of this file from written ones: tried out on a page of it.
  ///
  /// It does not where the system keeps it to itself, and where a mapping is really a copy.
  static func canTell(_ system: any FileSystem, _ file: Descriptor, offset: Int) -> Bool {
    let page = AddressRange.pageByteCount
    guard let probe = try? system.map(file, offset: offset, byteCount: page, mode: .writePrivate, at: nil) else { return false }
    defer { _ = engram_unmap(probe, page) }
    let value = probe.load(as: UInt8.self)
    guard let before = try? privatePages(at: probe, byteCount: page), !before.contains(0) else { return false }
    probe.storeBytes(of: ~value, as: UInt8.self)
    guard let after = try? privatePages(at: probe, byteCount: page) else { return false }
    return after.contains(0)
  }

  /// Whether a file's bytes could be shown at this place by one of the machine's large pages, of which older systems do not tell.
  static func mayHideLargePages(at start: UnsafeRawPointer, offset: Int) -> Bool {
    if tellsLargePages { return false }
    // A page holds as many entries of eight bytes as a large page holds pages.
    let large = AddressRange.pageByteCount / 8 * AddressRange.pageByteCount
    return (Int(bitPattern: start) - offset) % large == 0
  }

  /// Before Linux 6.11 the table says of large pages of files that they are none of a file.
  private static let tellsLargePages: Bool = {
    var names = utsname()
    guard uname(&names) == 0 else { return false }
    let release = withUnsafeBytes(of: names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (6, 11)
  }()
}
