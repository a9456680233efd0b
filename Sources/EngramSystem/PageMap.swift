/// What the page table of this process says of its pages.
package enum PageMap {
  /// For messages.
  package static let path = "/proc/self/pagemap"

  /// Calls `body` with the place and the entry of each of `count` pages, the first of which begins at `start`.
  ///
  /// - Returns: 0, or the error number of `operation`, which failed.
  /// - Complexity: 8 bytes from the system per page.
  package static func forEachPage(
    from start: UnsafeRawPointer, count: Int, _ body: (Int, Entry) -> Void
  ) -> (operation: Operation, code: Int32)? {
    let table = open(path, O_RDONLY | O_CLOEXEC)
    guard table >= 0 else { return (.open, errno) }
    defer { close(table) }
    let first = Int(bitPattern: start) / MachineMemory.pageByteCount
    var entries = [UInt64](repeating: 0, count: min(count, 4096))
    var done = 0
    while done < count {
      let wanted = min(entries.count, count - done)
      let byteCount = entries.withUnsafeMutableBytes { pread(table, $0.baseAddress, wanted * 8, off_t((first + done) * 8)) }
      if byteCount < 0, errno == EINTR { continue }
      guard byteCount == wanted * 8 else { return (.read, byteCount < 0 ? errno : EIO) }
      for place in 0..<wanted { body(done + place, Entry(bits: entries[place])) }
      done += wanted
    }
    return nil
  }

  package enum Operation { case open, read }

  package struct Entry {
    fileprivate let bits: UInt64

    /// In memory or swapped out, and not a page of a file. A page that is in neither place would be taken from the file.
    package var isPrivate: Bool { bits >> 62 != 0 && bits >> 61 & 1 == 0 }
  }

  /// Before Linux 6.11 the table says of large pages of files that they are none of a file.
  package static let tellsLargePages: Bool = {
    var names = utsname()
    guard uname(&names) == 0 else { return false }
    let release = withUnsafeBytes(of: names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (6, 11)
  }()
}
