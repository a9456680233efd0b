package import EngramScalars
import EngramSystem
import Synchronization

/// The home of one array: `rows × rowLength` elements, contiguous, row after row.
///
/// Invariants: the address changes only when ``resize(rows:)`` adds rows; elements that appear by growth are 0, also after shrinking
/// and growing; bytes beyond `count` are never read. Whoever writes elements calls ``touch()``, or the next checkpoint
/// takes the column as unchanged.
///
/// A column has one user at a time; kernels may share its elements among threads by index.
package final class Column {
  package let scalarType: ScalarType
  /// Elements per row.
  package let rowLength: Int
  package private(set) var rows: Int
  /// First element; aligned to 64 bytes. Good until the number of rows changes. Whoever keeps it from step to step sees to it that
  /// ``pending`` changes are carried out before he looks.
  package var base: UnsafeMutableRawPointer {
    pending?.carryOut()
    return start
  }
  /// Changes that are carried out before somebody looks.
  package var pending: (any PendingChanges)? {
    willSet { pending?.carryOut() }
  }
  /// Counts the announcements of changes; equal versions mean equal content.
  package private(set) var version: UInt64 = 1
  /// Tells this column from every other one of the process, dead ones included.
  package let identity: UInt64
  package let isGrowable: Bool
  /// Where its owner wants it to be in runs with a run directory.
  package var storage = ArrayStorage.private

  private var start: UnsafeMutableRawPointer
  private let memory: ColumnMemory
  /// Bytes from `base` that may hold something other than 0.
  private var usedByteCount: Int
  private var lastContents: ColumnContents?
  /// Whether all elements are the same, as it was found for one version; nil: nobody has asked.
  var knownRepetition: (version: UInt64, bits: UInt64?)?
  /// What of its memory shows a stored array; nil: nothing.
  private(set) var mapped: MappedBytes?
  /// Whether it shows a stored array that nobody can write to, and how often it was written to all the same.
  private var isSealed = false
  private var unsealCount = 0

  private static let identities = Atomic<UInt64>(1)

  package var count: Int { rows * rowLength }
  package var byteCount: Int { count * scalarType.byteCount }

  /// A column of zeros.
  ///
  /// - Parameters:
  ///   - growable: whether ``resize(rows:)`` may exceed `rows`; reserves addresses where they are plentiful, not memory.
  ///   - placement: memory, or a file that vanishes with the column (for state larger than memory).
  package convenience init(
    _ scalarType: ScalarType, rowLength: Int = 1, rows: Int, growable: Bool = false, placement: ColumnPlacement = .memory
  ) throws(StorageError) {
    let byteCount = try scalarType.byteCount(rows: rows, rowLength: rowLength)
    let memory = try ColumnMemory.make(byteCount: byteCount, growable: growable, placement: placement)
    self.init(scalarType, rowLength: rowLength, rows: rows, memory: memory, growable: growable)
  }

  init(_ scalarType: ScalarType, rowLength: Int, rows: Int, memory: ColumnMemory, growable: Bool) {
    self.scalarType = scalarType
    self.rowLength = rowLength
    self.rows = rows
    self.memory = memory
    start = memory.base
    isGrowable = growable
    usedByteCount = rows * rowLength * scalarType.byteCount
    identity = Column.identities.add(1, ordering: .relaxed).oldValue
  }

  /// Announces that elements were, or are about to be, written. Once per kernel run, not once per element.
  ///
  /// Before the first element is written: a column that shows a stored array read-only becomes writable here.
  package func touch() {
    if isSealed { unseal() }
    noteChange()
  }

  /// The same after a change that is done.
  func noteChange() {
    version &+= 1
    lastContents = nil
  }

  /// Changes the number of rows; amortised constant cost per appended row. Counts as a change. More rows may lie elsewhere: nobody
  /// keeps an address from before.
  package func resize(rows newRows: Int) throws(StorageError) {
    guard newRows != rows else { return }
    pending?.carryOut()
    if isSealed { unseal() }
    let newByteCount = try scalarType.byteCount(rows: newRows, rowLength: rowLength)
    if newByteCount > memory.capacity {
      guard isGrowable else {
        throw .mismatch(what: "rows of a column of fixed size", expected: "\(rows)", found: "\(newRows)")
      }
      let shown = unsettled
      let hasMoved = try memory.grow(to: newByteCount, keeping: usedByteCount) { copy throws(StorageError) in
        // What showed a file is a copy now: compared like every other one.
        guard let pages = try shown?.copied(byteCount: byteCount) else { return }
        try pages.check(UnsafeRawBufferPointer(rebasing: copy[..<byteCount]), at: 0)
        try pages.checkSources()
      }
      if hasMoved {
        start = memory.base
        // A copy was made before, and is compared with its source wherever it goes.
        if mapped?.isCopy != true {
          mapped?.retire()
          mapped = nil
        }
      }
    }
    let oldByteCount = byteCount
    if newByteCount > oldByteCount {
      let dirty = min(usedByteCount, newByteCount) - oldByteCount
      if dirty > 0 { memory.clear(oldByteCount..<oldByteCount + dirty, isAnonymous: unsettled == nil) }
    }
    usedByteCount = max(usedByteCount, newByteCount)
    rows = newRows
    touch()
  }

  /// Lends every element at once. Ask once per kernel run, never once per element.
  @inlinable
  package func withElements<Element: ScalarElement, Result>(
    of type: Element.Type = Element.self, _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    precondition(Element.scalarType == scalarType, "the column holds \(scalarType), not \(Element.scalarType)")
    return try body(UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: Element.self), count: count))
  }

  /// Lends the bytes of all elements as they lie. Whatever takes them out of the process asks ``forEachSlab(rows:_:)``.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  /// Takes its elements lazily from a file of the same bytes. False where they have to be copied instead.
  func show(_ extent: StoredExtent) throws(StorageError) -> Bool {
    pending?.carryOut()
    precondition(extent.byteCount == byteCount, "a column of \(byteCount) bytes is to show \(extent.byteCount)")
    // Where too many files are kept open for this already, the bytes are copied.
    guard memory.canShow(extent), extent.file.pin() else { return false }
    mapped?.retire()
    mapped = nil
    do throws(StorageError) { try memory.show(extent) } catch {
      extent.file.unpin()
      throw error
    }
    (mapped, isSealed) = (MappedBytes(extent, memory: memory), false)
    usedByteCount = max(usedByteCount, min(memory.capacity, AddressRange.roundedToPages(byteCount)))
    return true
  }

  /// What shows a stored array still, or has come from one without being compared since.
  var unsettled: MappedBytes? {
    if let mapped, mapped.isSettled { self.mapped = nil }
    return mapped
  }

  /// Lends the bytes of some rows, whole rows each time, compared with what they were stored as wherever they still show a file.
  /// For everything that leaves the process: checkpoints, exports, digests, reports. Nobody may write meanwhile.
  package func forEachSlab(rows range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let rowByteCount = rowLength * scalarType.byteCount
    let bytes = UnsafeRawBufferPointer(
      rebasing: UnsafeRawBufferPointer(start: base, count: byteCount)[
        range.lowerBound * rowByteCount..<range.upperBound * rowByteCount])
    guard !bytes.isEmpty else { return }
    guard let pages = try unsettled?.copied(byteCount: byteCount) else { return try body(bytes) }
    try pages.checkSources()
    try pages.forEachCopy(of: bytes, from: range.lowerBound * rowByteCount, unit: rowByteCount, body)
  }

  // MARK: In files of a run directory (STO-1)

  var place: ColumnMemory.Place { memory.place }
  var isPaged: Bool { memory.isPaged }
  var isLost: Bool { memory.isLost }

  /// Moves into a live file of its own; in place where it is made of pages, else nobody keeps an address from before.
  func enterLive(in space: LiveSpace, as key: StoredKey, _ metadata: StoredMetadata) throws(StorageError) {
    pending?.carryOut()
    try memory.enterLive(liveName(in: space, key, metadata), byteCount: byteCount)
    start = memory.base
    isSealed = false
    // What the copy was made from is compared like the pages that were written to.
    mapped?.becameCopy()
  }

  /// Moves to a place in a live file that its bytes have been written to; nobody keeps an address from before.
  func enter(_ pack: LivePack, at offset: Int, in space: LiveSpace, as key: StoredKey, _ metadata: StoredMetadata) {
    memory.enter(pack, at: offset, byteCount: byteCount, as: liveName(in: space, key, metadata))
    start = memory.base
    usedByteCount = byteCount
  }

  private func liveName(in space: LiveSpace, _ key: StoredKey, _ metadata: StoredMetadata) -> LiveName {
    LiveName(space: space, key: key, metadata: metadata, scalarType: scalarType, rowLength: rowLength)
  }

  /// Whether it shows a file below that path, read-only.
  func isSealed(below path: String) -> Bool { isSealed && mapped?.extent.file.path.hasPrefix(path + "/") == true }

  /// Whether it is worth showing the stored array again: what somebody writes to time and again stays writable.
  var staysSealed: Bool { unsealCount < 2 }

  /// Shows the stored array that it equals, read-only, until somebody announces a change. False where it has to stay as it is.
  func seal(
    _ extent: StoredExtent, in space: LiveSpace, _ metadata: StoredMetadata, soundSequence: UInt64
  ) throws(StorageError) -> Bool {
    precondition(extent.byteCount == byteCount, "a column of \(byteCount) bytes is to show \(extent.byteCount)")
    pending?.carryOut()
    if let mapped, mapped.showsAll, mapped.extent.file.path == extent.file.path, mapped.extent.offset == extent.offset {
      guard try memory.seal(mapped.extent) else { return false }
      mapped.becameReadOnly()
    } else {
      guard extent.file.pin() else { return false }
      do throws(StorageError) {
        guard try memory.seal(extent) else {
          extent.file.unpin()
          return false
        }
      } catch {
        extent.file.unpin()
        throw error
      }
      mapped?.retire()
      mapped = MappedBytes(extent, memory: memory, isReadOnly: true)
      mapped?.soundSequence = soundSequence
    }
    isSealed = true
    memory.liveName = liveName(in: space, extent.key, metadata)
    usedByteCount = max(usedByteCount, min(memory.capacity, AddressRange.roundedToPages(byteCount)))
    return true
  }

  /// Writable again, at the same addresses: in a live file, or where there is no room for one in memory.
  private func unseal() {
    isSealed = false
    unsealCount += 1
    if let name = memory.liveName, storage == .mapped, !name.space.isClosed, (try? memory.enterLive(name, byteCount: byteCount)) != nil {
      mapped?.becameCopy()
    } else {
      becomePrivate()
    }
  }

  /// Takes everything out of files of a run directory.
  func becomePrivate() {
    pending?.carryOut()
    switch memory.place {
    case .scratch: return
    case .memory where unsettled == nil: return
    case .memory, .live, .packed, .sealed: break
    }
    do throws(StorageError) { try memory.becomePrivate(byteCount: byteCount) } catch {
      // Page by page, where there is no memory for all of it.
      let isShown = mapped.map { (try? memory.show($0.extent)) != nil } ?? false
      precondition(isShown, "there is no memory to write to: \(error)")
      mapped?.becamePrivate()
      return
    }
    start = memory.base
    isSealed = false
    mapped?.becameCopy()
  }

  /// Takes over the bytes of some rows. Much of it at a time: a large column in a file is written by the system.
  package func write(_ bytes: UnsafeRawBufferPointer, fromRow row: Int) {
    let offset = row * rowLength * scalarType.byteCount
    precondition(offset + bytes.count <= byteCount, "the bytes are those of rows")
    touch()
    pending?.carryOut()
    memory.write(bytes, at: offset)
  }

  /// Leaves its memory to the system as far as it is in a file that vanishes with it: for what is read once more at most.
  package func letGo() { memory.letGo() }

  func refreshLiveHeader() throws(StorageError) { try memory.refreshLiveHeader(rows: rows) }

  // MARK: Snapshots in memory (CKP-37)

  /// The present content as a value that later writes do not reach. Taking it twice without a change copies once.
  package func contents() throws(StorageError) -> ColumnContents {
    if let lastContents { return lastContents }
    let taken = try ColumnContents(copying: self)
    lastContents = taken
    return taken
  }

  /// Takes over a content: rows and elements. Costs nothing where it is still the present one.
  package func assign(_ contents: ColumnContents) throws(StorageError) {
    if lastContents === contents { return }
    try contents.confirm()
    guard contents.scalarType == scalarType, contents.rowLength == rowLength else {
      throw .mismatch(
        what: "content of a column", expected: "\(scalarType) rows of \(rowLength)",
        found: "\(contents.scalarType) rows of \(contents.rowLength)")
    }
    try resize(rows: contents.rows)
    touch()
    if let source = contents.bytes.baseAddress, contents.bytes.count > 0 { memcpy(base, source, contents.bytes.count) }
    lastContents = contents
  }
}
