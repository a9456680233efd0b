import EngramSystem

/// Reads bytes of a file whose blocks have known hashes, and lends them compared: nothing that differs is lent.
///
/// - Parameters:
///   - start: place of the first block in the file.
///   - range: the wanted bytes, counted from `start`.
///   - unit: bytes are lent in multiples of this (whole rows), counted from the beginning of `range`.
///   - damage: the error that names bytes, counted from `start`.
func readCompared(
  _ file: OpenPayloadFile, from start: Int, _ blocks: BlockHashes, _ range: Range<Int>, unit: Int,
  damage: (Range<Int>) -> StorageError, _ body: (UnsafeRawBufferPointer) throws -> Void
) throws {
  precondition(range.upperBound <= blocks.byteCount, "bytes \(range) of \(blocks.byteCount) are asked for")
  let step = slabStep(unit)
  let size = min(step, range.count) + 2 * blocks.blockByteCount
  guard let buffer = malloc(size) else { throw StorageError.outOfMemory(bytes: size) }
  defer { free(buffer) }
  var place = range.lowerBound
  while place < range.upperBound {
    let end = min(place + step, range.upperBound)
    let touched = blocks.blocks(holding: place..<end)
    let (first, last) = (blocks.range(of: touched.lowerBound).lowerBound, blocks.range(of: touched.upperBound - 1).upperBound)
    let slab = UnsafeMutableRawBufferPointer(start: buffer, count: last - first)
    let count = try file.read(into: slab, at: start + first)
    guard count == slab.count else { throw damage(first + count..<last) }
    for block in touched {
      let bytes = blocks.range(of: block)
      guard blocks.agrees(block, UnsafeRawBufferPointer(rebasing: slab[bytes.lowerBound - first..<bytes.upperBound - first])) else {
        throw damage(bytes)
      }
    }
    try body(UnsafeRawBufferPointer(rebasing: slab[place - first..<end - first]))
    place = end
  }
}

/// Bytes lent at a time: about a slab, in whole units.
func slabStep(_ unit: Int) -> Int { max(unit, slabByteCount / max(1, unit) * unit) }

/// For bodies that throw errors of storage only, although the type of what they pass through cannot say so.
func rethrowing<Result>(_ body: () throws -> Result) throws(StorageError) -> Result {
  do { return try body() } catch let error as StorageError { throw error } catch {
    preconditionFailure("only errors of storage are thrown here: \(error)")
  }
}
