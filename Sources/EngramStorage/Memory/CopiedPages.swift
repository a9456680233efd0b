import EngramSystem

/// Where the pages of a copy of a column came from, so that the copy can be compared before it is believed.
struct CopiedPages: Sendable {
  private let source: MappedBytes
  /// Pages that showed the file when they were copied: the copy itself is compared.
  private let fromFile: PageSet
  /// Pages that somebody wrote to since they were looked at last: the file they were made from is compared.
  private let becameOwn: PageSet
  private let byteCount: Int
  /// All of a page that was copied in part, because the column has become shorter.
  private let lastPage: [UInt8]

  init(source: MappedBytes, fromFile: PageSet, becameOwn: PageSet, byteCount: Int, live: UnsafeRawPointer) {
    self.source = source
    self.fromFile = fromFile
    self.becameOwn = becameOwn
    self.byteCount = byteCount
    let page = AddressRange.pageByteCount
    let start = byteCount / page * page
    let isCut = byteCount < source.extent.byteCount && start < byteCount && fromFile.contains(start / page)
    lastPage = isCut ? Array(UnsafeRawBufferPointer(start: live + start, count: min(page, source.extent.byteCount - start))) : []
  }

  /// Compares what does not depend on the copied bytes. Once, before or after ``check(_:at:)``.
  func checkSources() throws(StorageError) { try source.compare(becameOwn) }

  /// Compares some of the copied bytes.
  ///
  /// - Parameter offset: of the first of them in the column; a multiple of the size of a page.
  func check(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
    let extent = source.extent
    if extent.blocks == nil { try extent.verify() }
    guard let blocks = extent.blocks else { preconditionFailure("an extent was just verified") }
    let page = AddressRange.pageByteCount
    var start = offset
    while start < min(offset + bytes.count, extent.byteCount) {
      let number = start / page
      if fromFile.contains(number) {
        let whole = blocks.range(of: number)
        let copied = UnsafeRawBufferPointer(rebasing: bytes[start - offset..<min(bytes.count, whole.upperBound - offset)])
        guard copied.count == whole.count ? blocks.agrees(number, copied) : agreesInPart(copied, blocks, number) else {
          throw extent.damage(whole)
        }
      }
      start += page
    }
  }

  /// Everything was compared: what was made from these pages is settled, and all of it was sound at this checkpoint.
  func settle(asOf sequence: UInt64) {
    source.settle(becameOwn)
    source.soundSequence = sequence
  }

  private func agreesInPart(_ copied: UnsafeRawBufferPointer, _ blocks: BlockHashes, _ number: Int) -> Bool {
    lastPage.withUnsafeBytes { whole in
      whole.count >= copied.count && memcmp(whole.baseAddress!, copied.baseAddress!, copied.count) == 0 && blocks.agrees(number, whole)
    }
  }
}

extension CopiedPages {
  /// Lends copies of live bytes of the column, compared, in multiples of `unit`: what is lent does not change any more.
  ///
  /// - Parameter start: place of the bytes in the column.
  func forEachCopy(
    of bytes: UnsafeRawBufferPointer, from start: Int, unit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let source = bytes.baseAddress else { return }
    let page = AddressRange.pageByteCount
    let step = slabStep(unit)
    // Whole pages are compared, so some bytes around the lent ones are copied too.
    let size = min(step, bytes.count) + 2 * page
    guard let buffer = malloc(size) else { throw StorageError.outOfMemory(bytes: size) }
    defer { free(buffer) }
    var done = 0
    while done < bytes.count {
      let count = min(step, bytes.count - done)
      let first = (start + done) / page * page
      let last = min(byteCount, (start + done + count + page - 1) / page * page)
      memcpy(buffer, source + (first - start), last - first)
      let copy = UnsafeRawBufferPointer(start: buffer, count: last - first)
      try check(copy, at: first)
      try body(UnsafeRawBufferPointer(rebasing: copy[start + done - first..<start + done + count - first]))
      done += count
    }
  }
}
