import EngramSystem

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
    let failure = PageMap.forEachPage(from: start, count: count) { place, entry in if entry.isPrivate { pages.insert(place) } }
    if let (operation, code) = failure {
      let name: FileOperation = operation == .open ? .open : .read
      throw .system(operation: name.rawValue, path: PageMap.path, code: code)
    }
    return pages
  }

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
    if PageMap.tellsLargePages { return false }
    // A page holds as many entries of eight bytes as a large page holds pages.
    let large = AddressRange.pageByteCount / 8 * AddressRange.pageByteCount
    return (Int(bitPattern: start) - offset) % large == 0
  }
}
