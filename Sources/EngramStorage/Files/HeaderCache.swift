import EngramScalars
import Synchronization

/// Headers that were made last: the recordings of a run are often of one type and shape, and reach the same number of rows together.
final class HeaderCache: Sendable {
  private struct Key: Hashable {
    let scalarType: ScalarType
    let shape: [Int]
  }

  private let writer: any PayloadHeaderWriter
  private let known = Mutex<[Key: [UInt8]]>([:])
  private static let capacity = 64

  init(_ writer: any PayloadHeaderWriter) { self.writer = writer }

  func header(
    _ scalarType: ScalarType, _ shape: [Int], _ make: (any PayloadHeaderWriter) throws(StorageError) -> [UInt8]
  ) throws(StorageError) -> [UInt8] {
    let key = Key(scalarType: scalarType, shape: shape)
    if let header = known.withLock({ $0[key] }) { return header }
    let header = try make(writer)
    known.withLock { known in
      if known.count >= HeaderCache.capacity { known = [:] }
      known[key] = header
    }
    return header
  }
}
