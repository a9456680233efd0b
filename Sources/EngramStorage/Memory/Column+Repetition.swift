import EngramScalars
import EngramSystem

extension Column {
  /// What every element is, where all are the same bytes. Asked once for each version of the column; most arrays answer at their second
  /// element. Nil also where memory shows a file, whose bytes count once they were compared.
  package var repeated: RepeatedElement? {
    guard count > 0, count <= RepeatedElement.greatestCount else { return nil }
    if let known = knownRepetition, known.version == version { return known.bits.map(repeating) }
    guard unsettled == nil else { return nil }
    let bits = commonBits()
    knownRepetition = (version, bits)
    return bits.map(repeating)
  }

  /// Says that all elements are new, and nobody has written to them yet.
  package func noteZeros() { knownRepetition = (version, 0) }

  private func repeating(_ bits: UInt64) -> RepeatedElement { RepeatedElement(bits: bits, scalarType: scalarType, count: count) }

  private func commonBits() -> UInt64? {
    let width = scalarType.byteCount
    if count == 1 { return bits() }
    // Arrays that differ late differ somewhere in the middle as well: a few looks spare most of them the long comparison.
    for look in 1...16 {
      let place = (count - 1) * look / 16 * width
      guard memcmp(base, base + place, width) == 0 else { return nil }
    }
    guard memcmp(base, base + width, byteCount - width) == 0 else { return nil }
    return bits()
  }

  /// Of the first element.
  private func bits() -> UInt64 {
    var bits: UInt64 = 0
    withUnsafeMutableBytes(of: &bits) { $0.copyMemory(from: UnsafeRawBufferPointer(start: base, count: scalarType.byteCount)) }
    return UInt64(littleEndian: bits)
  }

  /// Takes over an array whose elements are all the same: rows and elements. Memory that was never used is not touched for zeros.
  package func assign(_ repeated: RepeatedElement, rows newRows: Int) throws(StorageError) {
    precondition(repeated.scalarType == scalarType && repeated.count == newRows * rowLength, "the elements do not fill the rows")
    if rows == newRows, let known = knownRepetition, known.version == version, known.bits == repeated.bits { return }
    try resize(rows: 0)
    try resize(rows: newRows)
    if repeated.bits != 0 { repeated.write(to: UnsafeMutableRawBufferPointer(start: base, count: byteCount)) }
    knownRepetition = (version, repeated.bits)
  }
}
