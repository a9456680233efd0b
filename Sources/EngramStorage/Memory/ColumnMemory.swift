import EngramSystem

/// Where the live bytes of a column are.
package enum ColumnPlacement: Sendable {
  case memory
  /// A shared mapping of an unlinked file there: may exceed memory, several times slower when rewritten each step.
  case file(ScratchSpace)
}

/// The bytes behind one column: a heap block (small), reserved addresses, or a mapped file.
final class ColumnMemory {
  /// What it is called in the folder `live`; nil: it has no place there.
  var liveName: LiveName?
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
    /// A live file of its own.
    case live(AddressRange, LiveFile)
    /// A place in a live file.
    case packed(LivePack)
    /// An object, which nobody can write to.
    case sealed(AddressRange)
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
    case .packed, .live: return try growLive(to: byteCount, geometric, keeping: kept, check)
    case .sealed: preconditionFailure("what cannot be written to does not grow")
    }
  }

  /// The same of what is in the folder `live`: in its file where it has one for itself, else in a new one.
  private func growLive(
    to byteCount: Int, _ geometric: Int, keeping kept: Int, _ check: (UnsafeRawBufferPointer) throws(StorageError) -> Void
  ) throws(StorageError) -> Bool {
    if case .live(let range, let file) = home, !file.space.isClosed {
      if byteCount <= range.reservedByteCount {
        let wanted = min(geometric, range.reservedByteCount)
        try file.grow(to: wanted, at: range.start, shown: range.writableByteCount)
        range.noteMapped(upTo: wanted)
        capacity = range.writableByteCount
        return false
      }
      let larger = try ColumnMemory.anyRange(byteCount, geometric, spare: spare)
      let wanted = larger.reservedByteCount < geometric ? byteCount : geometric
      try file.grow(to: wanted, at: larger.start, shown: 0)
      larger.noteMapped(upTo: wanted)
      settle(in: larger, .live(larger, file))
      return true
    }
    if let liveName, !liveName.space.isClosed {
      let range = try ColumnMemory.anyRange(byteCount, geometric, spare: spare)
      let wanted = range.reservedByteCount < geometric ? byteCount : geometric
      let bytes = UnsafeRawBufferPointer(start: base, count: kept)
      enter(range, try liveName.makeFile(of: bytes, claiming: wanted, at: range.start), claimed: wanted)
      return true
    }
    // The folder is gone: from now on in memory.
    let larger = try movedRange(to: byteCount, geometric, keeping: kept, check)
    settle(in: larger, .range(larger))
    return true
  }

  private func enter(_ range: AddressRange, _ file: LiveFile, claimed: Int) {
    range.noteMapped(upTo: claimed)
    (base, home) = (range.start, .live(range, file))
    if spare > 0 { capacity = range.writableByteCount }
  }

  private func settle(in range: AddressRange, _ home: Home) {
    (base, capacity, self.home) = (range.start, range.writableByteCount, home)
  }

  /// Makes these bytes 0. Whole pages of a large part are given back rather than written to, and take no room until somebody uses them.
  ///
  /// - Parameter isAnonymous: whether none of them shows a file.
  func clear(_ bytes: Range<Int>, isAnonymous: Bool) {
    let page = AddressRange.pageByteCount
    let (first, end) = (AddressRange.roundedToPages(bytes.lowerBound), bytes.upperBound / page * page)
    guard isAnonymous, case .range(let range) = home, end - first >= ColumnMemory.leastGivenBack, range.clear(first..<end) else {
      memset(base + bytes.lowerBound, 0, bytes.count)
      return
    }
    memset(base + bytes.lowerBound, 0, first - bytes.lowerBound)
    memset(base + end, 0, bytes.upperBound - end)
  }

  /// Below this, writing zeros costs less than asking the system for fresh pages later.
  private static let leastGivenBack = 1 << 20

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
    let range: AddressRange
    switch home {
    case .range(let own), .live(let own, _), .sealed(let own): range = own
    case .heap, .file, .packed: return false
    }
    guard extent.offset % AddressRange.pageByteCount == 0, extent.byteCount <= capacity else { return false }
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
    switch home {
    case .live(let range, _), .sealed(let range):
      try range.clear(from: 0)
      home = .range(range)
    case .range, .heap, .file, .packed: break
    }
    try extent.file.withDescriptor { descriptor throws(StorageError) in
      _ = try extent.file.system.map(descriptor, offset: extent.offset, byteCount: extent.byteCount, mode: .writePrivate, at: base)
    }
  }
}

/// Where the bytes are while a network with a run directory is in a run (STO-1).
extension ColumnMemory {
  enum Place {
    case memory, scratch, live, packed, sealed
  }

  var place: Place {
    switch home {
    case .heap, .range: .memory
    case .file: .scratch
    case .live: .live
    case .packed: .packed
    case .sealed: .sealed
    }
  }

  /// Whether it can show something else without a change of its address.
  var isPaged: Bool {
    switch home {
    case .range, .live, .sealed: true
    case .heap, .file, .packed: false
    }
  }

  /// Whether its live file is one that nobody sees any more.
  var isLost: Bool {
    switch home {
    case .live(_, let file): file.isLost || file.space.isClosed
    case .packed(let pack): pack.file.isLost || pack.file.space.isClosed
    case .heap, .range, .file, .sealed: false
    }
  }

  /// Moves the first bytes into a live file: where they are, if that is made of pages, else `base` changes.
  func enterLive(_ name: LiveName, byteCount: Int) throws(StorageError) {
    let bytes = UnsafeRawBufferPointer(start: base, count: byteCount)
    liveName = name
    switch home {
    case .range(let range), .live(let range, _), .sealed(let range):
      let claimed = max(range.writableByteCount, AddressRange.roundedToPages(max(1, byteCount)))
      enter(range, try name.makeFile(of: bytes, claiming: claimed, at: range.start), claimed: claimed)
    case .heap, .file, .packed:
      let range = try AddressRange(needed: capacity, spare: spare)
      let file = try name.makeFile(of: bytes, claiming: capacity, at: range.start)
      let wasHeap = if case .heap = home { base } else { UnsafeMutableRawPointer?.none }
      enter(range, file, claimed: capacity)
      free(wasHeap)
    }
  }

  /// Moves the first bytes to a place in a live file that holds them already; `base` changes.
  func enter(_ pack: LivePack, at offset: Int, byteCount: Int, as name: LiveName) {
    let wasHeap = if case .heap = home { base } else { UnsafeMutableRawPointer?.none }
    liveName = name
    (base, capacity, home) = (pack.range.start + offset, byteCount, .packed(pack))
    free(wasHeap)
  }

  /// Shows bytes of a file in place of the first ones, read-only, for everybody on the machine the same pages.
  ///
  /// - Returns: false where this memory is not made of pages, or the bytes do not begin with one.
  func seal(_ extent: StoredExtent) throws(StorageError) -> Bool {
    let range: AddressRange
    switch home {
    case .range(let own), .live(let own, _), .sealed(let own), .file(let own, _): range = own
    case .heap, .packed: return false
    }
    guard extent.offset % AddressRange.pageByteCount == 0, extent.byteCount <= range.writableByteCount else { return false }
    try extent.file.withDescriptor { descriptor throws(StorageError) in
      _ = try extent.file.system.map(descriptor, offset: extent.offset, byteCount: extent.byteCount, mode: .readShared, at: base)
    }
    home = .sealed(range)
    // A live file that nobody is in any more goes, and with it the memory behind.
    try? range.clear(from: AddressRange.roundedToPages(extent.byteCount))
    return true
  }

  /// Makes what shows a file of the run directory writable memory of this process, where it is.
  func becomePrivate(byteCount: Int) throws(StorageError) {
    switch home {
    case .heap: return
    case .packed:
      let block = try ColumnMemory.heapBlock(max(capacity, byteCount))
      memcpy(block, base, byteCount)
      (base, home) = (block, .heap)
    case .range(let range), .live(let range, _), .sealed(let range):
      // Through other memory, since nothing can be put under bytes while they are read.
      let copy = try AddressRange(needed: byteCount)
      try copy.makeWritable(upTo: byteCount)
      memcpy(copy.start, base, byteCount)
      try range.clear(from: 0)
      memcpy(range.start, copy.start, byteCount)
      home = .range(range)
    case .file: return
    }
  }

  /// Writes bytes from that offset on: through the file where they are in a scratch file, which spares a look at each of their pages.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    if case .file(_, let file) = home, file.write(bytes, at: offset) { return }
    if let source = bytes.baseAddress { (base + offset).copyMemory(from: source, byteCount: bytes.count) }
  }

  /// Leaves what is in a scratch file to the system, which reads it again where somebody asks for it.
  func letGo() {
    if case .file(let range, _) = home { range.letGo() }
  }

  /// Brings the header of a growing array up to date.
  func refreshLiveHeader(rows: Int) throws(StorageError) {
    guard case .live(_, let file) = home, let liveName, file.rows != rows, !file.isLost, !file.space.isClosed else { return }
    let layout = try file.space.headers.layout([liveName.dataset(rows: rows, path: ["data"])], PayloadFileOptions())
    try file.writeHeader(layout, rows: rows)
  }
}
