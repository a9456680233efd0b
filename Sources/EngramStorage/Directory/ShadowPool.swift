/// Memory that changed columns are copied into while the run waits; kept, because fresh pages are slow to touch.
///
/// Unchecked: used by one operation at a time, which the run directory sees to.
final class ShadowPool: @unchecked Sendable {
  private var range: AddressRange?

  /// Room for so many bytes; what was lent before is no longer valid.
  func room(for byteCount: Int) throws(StorageError) -> UnsafeMutableRawPointer {
    if let range, range.reservedByteCount >= byteCount {
      try range.makeWritable(upTo: byteCount)
      return range.start
    }
    range = nil
    let larger = try AddressRange(needed: byteCount, wanted: byteCount * 2)
    try larger.makeWritable(upTo: byteCount)
    range = larger
    return larger.start
  }
}
