import CEngramMath
import EngramScalars
import Synchronization

/// The numbers of a column once more, in two bytes each: what events read of their synapses is half as long then.
///
/// They are copied on another thread once the kernel has run long enough for it to pay. Results do not depend on when that is, or on whether
/// it happens at all. Numbers of 65,536 and more do not fit, nor do negative ones.
final class BriefIndices: Sendable {
  /// So often a number is read before it is worth a copy.
  static let leastReads = 4
  /// Between two slices it may be told to stop.
  private static let slice = 1 << 16

  enum State {
    case isBeingMade, isImpossible
    /// All numbers are less than `limit`.
    case isThere(UnsafePointer<UInt16>, limit: Int32)
  }

  private nonisolated(unsafe) let source: UnsafePointer<Int32>
  private nonisolated(unsafe) let copy: UnsafeMutablePointer<UInt16>
  private let count: Int
  private let isStopped = Atomic<Bool>(false)
  /// What all numbers are less than; 0: they do not fit; -1: nobody knows yet.
  private let limit = Atomic<Int32>(-1)
  /// Held while the column is read.
  private let reading = Mutex(())

  /// - Parameter column: stays where it is, and as it is, until ``stop()``.
  /// - Returns: `nil` where the column holds other numbers, or fewer.
  init?(_ column: engram_column, leastCount: Int) {
    guard column.type == ScalarType.int32.machineType, column.count >= leastCount, let base = column.base else { return nil }
    source = UnsafePointer(base.assumingMemoryBound(to: Int32.self))
    count = Int(column.count)
    copy = .allocate(capacity: count)
  }

  deinit { copy.deallocate() }

  var state: State {
    let limit = limit.load(ordering: .acquiring)
    return limit < 0 ? .isBeingMade : limit == 0 ? .isImpossible : .isThere(UnsafePointer(copy), limit: limit)
  }

  func make() {
    reading.withLock { _ in
      var (found, greatest): (UInt32, UInt32) = (0, 0)
      for start in stride(from: 0, to: count, by: Self.slice) where found <= UInt16.max {
        if isStopped.load(ordering: .relaxed) { return }
        for place in start..<min(count, start + Self.slice) {
          let number = UInt32(bitPattern: source[place])
          copy[place] = UInt16(truncatingIfNeeded: number)
          found |= number
          greatest = max(greatest, number)
        }
      }
      limit.store(found <= UInt16.max ? Int32(greatest) + 1 : 0, ordering: .releasing)
    }
  }

  /// Afterwards nobody reads the column any more.
  func stop() {
    isStopped.store(true, ordering: .relaxed)
    reading.withLock { _ in }
  }
}
