import Synchronization

/// Memory of a column that shows a stored array: private pages where it was written to since, the file's elsewhere. Its file is pinned as
/// long as this lives, which whoever makes it has seen to: a collection may remove its name, and it is to be read again.
///
/// A page of the file shows whatever becomes of the file, as long as nobody writes to it; and the first write to a page takes the
/// rest of it from the file as it is then. So each page is looked at again: for as long as it is the file's, and once more after it
/// has become the process's own. Pages of which that is known are settled.
///
/// Damage is taken to last: what turns good again before anybody looks is not found.
///
/// Unchecked: numbers are behind `state`; the memory is only asked about through the page table.
final class MappedBytes: @unchecked Sendable {
  let extent: StoredExtent
  private let base: UnsafeRawPointer
  /// Keeps the addresses.
  private let memory: ColumnMemory

  private struct State {
    /// Pages that may still be the file's, or became the process's own while nobody looked.
    var unsettled: PageSet
    /// The newest checkpoint that was made while everything shown here is known to have been intact.
    var soundSequence: UInt64 = 0
    var damage: StorageError?
    var showing = Showing.privately
  }
  /// How the memory shows the file.
  private enum Showing {
    /// What is written to becomes the process's own, page by page.
    case privately
    /// Nothing can be written to.
    case readOnly
    /// No longer: everything was copied at once.
    case copied
  }
  private let state: Mutex<State>

  /// - Parameter isReadOnly: whether nobody can write to the memory as long as it shows the file.
  init(_ extent: StoredExtent, memory: ColumnMemory, isReadOnly: Bool = false) {
    self.extent = extent
    self.memory = memory
    base = UnsafeRawPointer(memory.base)
    let pages = AddressRange.roundedToPages(extent.byteCount) / AddressRange.pageByteCount
    state = Mutex(State(unsettled: PageSet(count: pages, full: true)))
    if isReadOnly { state.withLock { $0.showing = .readOnly } }
    extent.note(self)
  }

  deinit { extent.file.unpin() }

  /// Whether nothing depends on the file any more.
  var isSettled: Bool { state.withLock { $0.unsettled.isEmpty } }
  var damage: StorageError? { state.withLock { $0.damage } }

  var soundSequence: UInt64 {
    get { state.withLock { $0.soundSequence } }
    set { state.withLock { $0.soundSequence = max($0.soundSequence, newValue) } }
  }

  /// The memory shows something else from now on.
  func retire() { state.withLock { $0.unsettled = PageSet(count: $0.unsettled.count) } }

  /// Pages that are the process's own now.
  func privatePages() throws(StorageError) -> PageSet {
    switch state.withLock({ $0.showing }) {
    case .privately: return try PageTable.privatePages(at: base, byteCount: extent.byteCount)
    case .readOnly, .copied:
      let count = AddressRange.roundedToPages(extent.byteCount) / AddressRange.pageByteCount
      return PageSet(count: count, full: state.withLock { $0.showing == .copied })
    }
  }

  /// The memory holds a copy of everything from now on. Whoever says so has made it before.
  func becameCopy() { state.withLock { $0.showing = .copied } }

  /// The memory cannot be written to from now on.
  func becameReadOnly() { state.withLock { $0.showing = .readOnly } }

  /// What is written to becomes the process's own from now on.
  func becamePrivate() { state.withLock { $0.showing = .privately } }

  var isCopy: Bool { state.withLock { $0.showing == .copied } }

  /// Whether every page may be the file's still.
  var showsAll: Bool { state.withLock { $0.showing != .copied && $0.unsettled.isFull } }

  /// These pages were the process's own before the file was read again and found intact: so was what they were made from.
  func settle(_ pages: PageSet) { state.withLock { $0.unsettled = $0.unsettled.subtracting(pages) } }

  /// What a copy of the first bytes of the column consists of. To be called right after copying, before anybody writes.
  ///
  /// - Returns: nil: nothing of it depends on the file.
  func copied(byteCount: Int) throws(StorageError) -> CopiedPages? {
    let unsettled = state.withLock { $0.unsettled }
    guard byteCount > 0, !unsettled.isEmpty else { return nil }
    let own = try privatePages()
    return CopiedPages(
      source: self, fromFile: unsettled.subtracting(own), becameOwn: unsettled.intersection(own), byteCount: byteCount, live: base)
  }

  /// Reads what pages show or have been made from, and compares: throws damage, which it also keeps.
  ///
  /// - Parameter pace: called after each piece with its bytes; false ends the check early.
  /// - Returns: whether everything was looked at.
  @discardableResult
  func check(pace: (Int) -> Bool = { _ in true }) throws(StorageError) -> Bool {
    let unsettled = state.withLock { $0.unsettled }
    guard !unsettled.isEmpty else { return true }
    // Before anything is read: what becomes private meanwhile is for the next time.
    let own = try privatePages()
    guard try compare(unsettled, pace: pace) else { return false }
    settle(own)
    return true
  }

  /// Compares pages of the file with what they were.
  @discardableResult
  func compare(_ pages: PageSet, pace: (Int) -> Bool = { _ in true }) throws(StorageError) -> Bool {
    do throws(StorageError) {
      if extent.blocks == nil { try extent.verify() }
      var isWanted = true
      let page = AddressRange.pageByteCount
      try pages.forEachRun(limit: slabByteCount / 4 / page) { run throws(StorageError) in
        guard isWanted else { return }
        let bytes = run.lowerBound * page..<min(extent.byteCount, run.upperBound * page)
        try rethrowing { try extent.read(bytes) { _ in } }
        isWanted = pace(bytes.count)
      }
      return isWanted
    } catch {
      if case .damaged = error { state.withLock { $0.damage = $0.damage ?? error } }
      throw error
    }
  }
}
