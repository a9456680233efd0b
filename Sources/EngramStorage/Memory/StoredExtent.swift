import EngramScalars
import Synchronization

/// The bytes of an array in a file, and what is known of them: the hash they were stored with and, once they have been
/// verified as a whole, the hashes of their blocks.
///
/// Whoever takes bytes from here takes compared ones: the comparison is of what was read, not of what another reading of the
/// same place gave.
final class StoredExtent: Sendable {
  let file: OpenPayloadFile
  let offset: Int
  let byteCount: Int
  /// Of all bytes, as the manifest says.
  let hash: ContentHash
  let key: StoredKey
  private let scalarType: ScalarType
  private let blockByteCount: Int
  private struct State {
    var blocks: BlockHashes?
    var mappings: [WeakMapping] = []
  }
  private struct WeakMapping { weak var bytes: MappedBytes? }
  private let state = Mutex(State())

  /// - Parameter isMappable: whether parts of it may be shown by pages of memory; blocks are pages then.
  init(_ file: OpenPayloadFile, _ extent: Manifest.Extent, _ key: StoredKey, _ scalarType: ScalarType, isMappable: Bool) {
    self.file = file
    (offset, byteCount, hash) = (extent.offset, extent.byteCount, extent.hash)
    self.key = key
    self.scalarType = scalarType
    blockByteCount = isMappable ? AddressRange.pageByteCount : StoredExtent.largeBlockByteCount
  }

  /// Where only whole arrays and rows are read: little memory for hashes of long recordings.
  static let largeBlockByteCount = 64 << 10

  /// Nil until all bytes have been read and found to be those that were stored.
  var blocks: BlockHashes? { state.withLock { $0.blocks } }

  /// Bytes in multiples of `unit`, in order. What was lent counts only when the call returns: where nothing was known of the
  /// blocks, damage is found at the end of the extent.
  func read(_ range: Range<Int>, unit: Int = 1, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard !range.isEmpty else { return }
    if let blocks {
      return try readCompared(file, from: offset, blocks, range, unit: unit, damage: { damage($0) }, body)
    }
    var place = 0
    try readAll(step: slabStep(unit)) { slab in
      let wanted = range.clamped(to: place..<place + slab.count)
      if !wanted.isEmpty { try body(UnsafeRawBufferPointer(rebasing: slab[wanted.lowerBound - place..<wanted.upperBound - place])) }
      place += slab.count
    }
  }

  /// Reads and compares everything, unless that has been done.
  func verify() throws(StorageError) {
    guard blocks == nil else { return }
    try rethrowing { try readAll(step: slabByteCount) { _ in } }
  }

  private func readAll(step: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let running = RunningHash()
    var hasher = BlockHasher(blockByteCount: blockByteCount)
    let mappings = state.withLock { $0.mappings.compactMap(\.bytes) }
    var settled = mappings.map { _ in PageSet(count: 0) }
    for (number, mapping) in mappings.enumerated() { settled[number] = try mapping.privatePages() }
    try file.forEachSlab(offset..<offset + byteCount, step: step) { slab in
      running.append(slab)
      hasher.append(slab)
      try body(slab)
    }
    guard running.value == hash else { throw damage(0..<byteCount) }
    let blocks = hasher.value
    state.withLock { $0.blocks = blocks }
    for (mapping, pages) in zip(mappings, settled) { mapping.settle(pages) }
  }

  /// Some memory shows these bytes from now on.
  func note(_ mapping: MappedBytes) {
    state.withLock { state in
      state.mappings.removeAll { $0.bytes == nil }
      state.mappings.append(WeakMapping(bytes: mapping))
    }
  }

  /// The error that names some of the bytes, counted from the first.
  func damage(_ range: Range<Int>) -> StorageError {
    let bytes = "bytes \(offset + range.lowerBound)..<\(offset + range.upperBound)"
    let size = scalarType.byteCount
    let elements = "elements \(range.lowerBound / size) to \((range.upperBound - 1) / size)"
    return .damaged(
      file: file.path, what: "the bytes of \(key) have changed", place: range == 0..<byteCount ? bytes : "\(elements), \(bytes)")
  }
}
