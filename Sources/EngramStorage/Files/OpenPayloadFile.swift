import EngramSystem

/// One file that arrays are read from: of a loaded checkpoint, of a recording, or a portable file.
///
/// Stays readable although a collection may remove its name, as long as the pool of descriptors has room for it or it is pinned.
///
/// Unchecked: nothing changes after `init`, reads carry their own offsets.
final class OpenPayloadFile: @unchecked Sendable {
  let system: any FileSystem
  /// For messages.
  let path: String
  private let home: Home

  private enum Home {
    case alone(Descriptor)
    case borrowed(Descriptor)
    case pooled(PooledFile)
  }

  /// A file that is open as long as this lives.
  init(system: any FileSystem, descriptor: Descriptor, path: String) {
    (self.system, self.path, home) = (system, path, .alone(descriptor))
  }

  /// Somebody else closes it.
  init(system: any FileSystem, borrowed descriptor: Descriptor, path: String) {
    (self.system, self.path, home) = (system, path, .borrowed(descriptor))
  }

  /// One of many files.
  init(_ file: PooledFile) { (system, path, home) = (file.system, file.label, .pooled(file)) }

  /// Opens one of many files for reading; nil where there is none.
  convenience init?(_ name: String, in directory: DirectoryHandle, path: String) throws(StorageError) {
    guard let descriptor = try directory.system.openIfPresent(name, in: directory.descriptor) else { return nil }
    self.init(try PooledFile(descriptor, name, in: directory, label: path, mode: .read))
  }

  deinit { if case .alone(let descriptor) = home { try? system.close(descriptor) } }

  /// Lends the descriptor; not to be kept.
  func withDescriptor<Result>(_ body: (Descriptor) throws(StorageError) -> Result) throws(StorageError) -> Result {
    switch home {
    case .alone(let descriptor), .borrowed(let descriptor): try body(descriptor)
    case .pooled(let file): try file.withDescriptor(body)
    }
  }

  /// Has it stay open until ``unpin()``. False where too many files are kept so.
  func pin() -> Bool {
    switch home {
    case .alone, .borrowed: true
    case .pooled(let file): file.pin()
    }
  }

  func unpin() { if case .pooled(let file) = home { file.unpin() } }

  // MARK: Reading. Nothing is compared here.

  func status() throws(StorageError) -> FileStatus {
    try withDescriptor { descriptor throws(StorageError) in try system.status(descriptor) }
  }

  /// Reads up to `buffer.count` bytes; fewer only at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Int {
    try withDescriptor { descriptor throws(StorageError) in try system.read(descriptor, into: buffer, at: offset) }
  }

  func bytes(_ range: Range<Int>) throws(StorageError) -> [UInt8] {
    try withDescriptor { descriptor throws(StorageError) in try system.bytes(of: descriptor, range, path: path) }
  }

  /// Lends a range in slabs; a file that ends early is damage, not a short answer.
  func forEachSlab(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Void) throws(StorageError) {
    try rethrowing { try forEachSlab(range, step: slabByteCount) { try body($0) } }
  }

  /// The same in slabs of another size, for bodies that throw anything.
  func forEachSlab(_ range: Range<Int>, step: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard !range.isEmpty else { return }
    let size = min(step, range.count)
    guard let buffer = malloc(size) else { throw StorageError.outOfMemory(bytes: size) }
    defer { free(buffer) }
    var start = range.lowerBound
    while start < range.upperBound {
      let slab = UnsafeMutableRawBufferPointer(start: buffer, count: min(size, range.upperBound - start))
      let count = try read(into: slab, at: start)
      guard count == slab.count else { throw StorageError.damaged(file: path, what: "the file ends early", place: "byte \(start + count)") }
      try body(UnsafeRawBufferPointer(slab))
      start += count
    }
  }

  /// Hash of the first bytes. A tool that opens an object for writing cuts off the zeros behind its content: as far as that
  /// can be, bytes that are missing count as zeros.
  func hash(first byteCount: Int) throws(StorageError) -> ContentHash {
    let found = try status().byteCount
    let hash = RunningHash()
    try forEachSlab(0..<min(byteCount, found)) { bytes throws(StorageError) in hash.append(bytes) }
    let missing = max(0, byteCount - found)
    guard missing < filePadding else { throw .damaged(file: path, what: "the file ends early", place: "byte \(found)") }
    [UInt8](repeating: 0, count: missing).withUnsafeBytes { hash.append($0) }
    return hash.value
  }

  /// A file that somebody has shortened is found here, not by a bus error later (STO-8).
  ///
  /// - Parameter contentEnd: where its last array ends; behind it an object has only padding, which may be missing.
  func checkSize(_ entry: Manifest.FileEntry, contentEnd: Int, neededBy: String) throws(StorageError) {
    let found = try status().byteCount
    guard entry.isEnough(found, contentEnd: contentEnd) else {
      throw .damaged(file: path, what: "it has \(found) bytes, \(neededBy) needs \(entry.byteCount)", place: "its size")
    }
  }

  func damage(_ key: StoredKey, _ extent: Manifest.Extent) -> StorageError {
    .damaged(
      file: path, what: "the bytes of \(key) have changed", place: "bytes \(extent.offset)..<\(extent.offset + extent.byteCount)")
  }
}

extension Manifest.FileEntry {
  /// Whether a file of that length can be this one: a segment may be longer, an object may lack zeros behind its last array.
  func isEnough(_ found: Int, contentEnd: Int) -> Bool {
    switch kind {
    case .segment: found >= byteCount
    case .object: found == byteCount || found < byteCount && byteCount - found < filePadding && found >= contentEnd
    case .own: found == byteCount
    }
  }
}

extension Manifest {
  /// Where the last array of each file ends, in the order of `files`.
  var contentEnds: [Int] {
    var ends = [Int](repeating: 0, count: files.count)
    for extent in columns.compactMap(\.extent) + recordings.flatMap(\.pieces) {
      ends[extent.file] = max(ends[extent.file], extent.offset + extent.byteCount)
    }
    return ends
  }

  /// Whether its files, in their order, are as long as they have to be.
  func checkSizes(of opened: [OpenPayloadFile]) throws(StorageError) {
    for ((file, entry), contentEnd) in zip(zip(opened, files), contentEnds) {
      try file.checkSize(entry, contentEnd: contentEnd, neededBy: "checkpoint \(id)")
    }
  }
}
