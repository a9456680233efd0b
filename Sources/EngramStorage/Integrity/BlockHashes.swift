import CXXHash

/// Hashes of the blocks of some bytes: what has been verified once, as a whole, can be compared in parts from then on.
///
/// A block is a page of memory where it has to be told which pages are still those of a file, larger elsewhere. 64 bits guard
/// against damage; the hash of the whole has 128.
struct BlockHashes: Sendable, Equatable {
  let blockByteCount: Int
  /// Of all bytes together; the last block may be shorter than the others.
  let byteCount: Int
  let hashes: [UInt64]

  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 { XXH3_64bits(bytes.baseAddress, bytes.count) }

  /// The bytes of a block, counted from the first of all.
  func range(of block: Int) -> Range<Int> { block * blockByteCount..<min(byteCount, (block + 1) * blockByteCount) }

  /// The blocks that hold some of these bytes.
  func blocks(holding range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty else { return 0..<0 }
    return range.lowerBound / blockByteCount..<(range.upperBound - 1) / blockByteCount + 1
  }

  func agrees(_ block: Int, _ bytes: UnsafeRawBufferPointer) -> Bool { BlockHashes.hash(bytes) == hashes[block] }
}

/// Takes the hashes of blocks on the way, while bytes pass in pieces of any length.
struct BlockHasher: Sendable {
  let blockByteCount: Int
  private var complete: [UInt64] = []
  /// The bytes of the block that is not complete.
  private var tail: [UInt8] = []

  init(blockByteCount: Int) { self.blockByteCount = blockByteCount }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    if !tail.isEmpty {
      let missing = rest.prefix(blockByteCount - tail.count)
      tail.append(contentsOf: UnsafeRawBufferPointer(rebasing: missing))
      rest = rest.dropFirst(missing.count)
      guard tail.count == blockByteCount else { return }
      tail.withUnsafeBytes { complete.append(BlockHashes.hash($0)) }
      tail.removeAll(keepingCapacity: true)
    }
    while rest.count >= blockByteCount {
      complete.append(BlockHashes.hash(UnsafeRawBufferPointer(rebasing: rest.prefix(blockByteCount))))
      rest = rest.dropFirst(blockByteCount)
    }
    if !rest.isEmpty { tail.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest)) }
  }

  /// Of all bytes so far.
  var value: BlockHashes {
    let last = tail.isEmpty ? [] : [tail.withUnsafeBytes { BlockHashes.hash($0) }]
    return BlockHashes(blockByteCount: blockByteCount, byteCount: complete.count * blockByteCount + tail.count, hashes: complete + last)
  }
}
