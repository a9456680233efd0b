import EngramSystem
import Synchronization

/// Memory that changed columns are copied into while the run waits; kept, because fresh pages are slow to touch.
///
/// Touching a page for the first time costs many times what copying into it does, so ``prepare(for:)`` has it done in the
/// background, by a thread that yields to everybody else. A copy that comes earlier touches the rest itself.
///
/// Unchecked: `room` and `prepare` are called by one operation at a time, which the run directory sees to; what the
/// background needs is behind `progress` or atomic, and asking the system for pages changes no byte of them.
final class ShadowPool: @unchecked Sendable {
  private var range: AddressRange?
  private let touched = Atomic<Int>(0)
  /// Changes when the background is to stop.
  private let generation = Atomic<Int>(0)
  private let queue = BackgroundQueue(isModest: true)
  private let available: @Sendable () -> Int

  /// Bytes asked of the system at a time: one large page, so that nobody waits long for the address space.
  private static let stride = 2 << 20

  init(available: @escaping @Sendable () -> Int = availableMemory) { self.available = available }

  deinit { cancel() }

  /// Bytes that a copy finds touched; for tests and benchmarks.
  var touchedByteCount: Int { touched.load(ordering: .acquiring) }

  /// Has room for so many bytes made ready in the background, where memory is plentiful: at most half of what is free.
  /// Returns at once.
  func prepare(for byteCount: Int) {
    cancel()
    let missing = byteCount - touchedByteCount
    guard missing > 0, missing <= available() / 2, let claimed = try? claim(byteCount) else { return }
    let mine = generation.load(ordering: .acquiring)
    // Kept, and not changed, until the job is done.
    nonisolated(unsafe) let range = claimed
    queue.add { [self] in
      var place = touched.load(ordering: .acquiring)
      while place < byteCount, generation.load(ordering: .acquiring) == mine {
        let end = min(byteCount, place + Self.stride)
        // An old system, or one without memory: whoever copies finds out.
        let start = place / AddressRange.pageByteCount * AddressRange.pageByteCount
        guard engram_touch(range.start + start, AddressRange.roundedToPages(end) - start) == 0 else { return }
        guard touched.compareExchange(expected: place, desired: end, ordering: .acquiringAndReleasing).exchanged else { return }
        place = end
      }
    }
  }

  /// Room for so many bytes; what was lent before is no longer valid. Nil: there is not enough memory for a copy.
  func room(for byteCount: Int) -> UnsafeMutableRawPointer? {
    cancel()
    let missing = byteCount - touchedByteCount
    // Not the last of it: the run would be killed for the sake of its copy.
    if missing > 16 << 20 {
      let free = available()
      guard missing <= free - free / 8 else { return nil }
    }
    guard let range = try? claim(byteCount) else { return nil }
    if missing > 0 { touched.store(byteCount, ordering: .releasing) }
    return range.start
  }

  /// Ends what the background does, within one stride.
  func cancel() { generation.add(1, ordering: .acquiringAndReleasing) }

  private func claim(_ byteCount: Int) throws(StorageError) -> AddressRange {
    if let range, range.reservedByteCount >= byteCount {
      try range.makeWritable(upTo: byteCount)
      return range
    }
    range = nil
    touched.store(0, ordering: .releasing)
    let larger = try AddressRange(needed: byteCount, spare: byteCount)
    try larger.makeWritable(upTo: byteCount)
    range = larger
    return larger
  }
}
