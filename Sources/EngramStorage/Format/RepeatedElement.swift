package import EngramScalars

/// The bytes of an array whose elements are all the same: stored as one of them, whatever their number.
package struct RepeatedElement: Hashable, Sendable {
  /// Bytes of the element, the first one lowest; those beyond its type are 0.
  package let bits: UInt64
  package let scalarType: ScalarType
  /// Number of elements, at least 1.
  package let count: Int

  package init(bits: UInt64, scalarType: ScalarType, count: Int) { (self.bits, self.scalarType, self.count) = (bits, scalarType, count) }

  /// As many synapses and neurons as there can be. A description that claims more of an array without bytes is not believed.
  static let greatestCount = Int(Int32.max)

  var byteCount: Int { count * scalarType.byteCount }

  /// Of one element, as they lie in files.
  package var bytes: [UInt8] { withUnsafeBytes(of: bits.littleEndian) { Array($0.prefix(scalarType.byteCount)) } }

  /// The hash that the elements have where they are written out.
  /// - Complexity: O(elements); nothing is allocated for them.
  var hash: ContentHash {
    let hash = RunningHash()
    forEachSlab(byteCount: byteCount, unit: scalarType.byteCount) { hash.append($0) }
    return hash.value
  }

  /// Lends some bytes of the array, which begin at an element, in slabs of whole units.
  func forEachSlab<Failure: Error>(
    byteCount: Int, unit: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    guard byteCount > 0 else { return }
    let slab = min(byteCount, max(unit, (64 << 10) / unit * unit))
    let pattern = UnsafeMutableRawBufferPointer.allocate(byteCount: slab, alignment: 64)
    defer { pattern.deallocate() }
    write(to: pattern)
    var left = byteCount
    while left > 0 {
      let length = min(left, slab)
      try body(UnsafeRawBufferPointer(rebasing: pattern[..<length]))
      left -= length
    }
  }

  /// Fills memory that holds a whole number of elements.
  func write(to memory: UnsafeMutableRawBufferPointer) {
    guard let base = memory.baseAddress else { return }
    func fill<T: FixedWidthInteger>(_ element: T) {
      base.assumingMemoryBound(to: T.self).update(repeating: element, count: memory.count / MemoryLayout<T>.size)
    }
    switch scalarType.byteCount {
    case 8: fill(bits.littleEndian)
    case 4: fill(UInt32(truncatingIfNeeded: bits).littleEndian)
    default: fill(UInt8(truncatingIfNeeded: bits))
    }
  }
}
