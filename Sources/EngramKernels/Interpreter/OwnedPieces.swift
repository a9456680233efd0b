import CEngramMath
import EngramScalars

/// Each piece of a table cut into as many parts as there are workers, by the values of one column.
///
/// Invariant: in a piece the values ascend, so that a part is a range of places; parts of the same worker lead to the same range of values.
final class OwnedPieces {
  private let workers: Int
  private let pieceCount: Int
  /// For each cut between two workers, and each piece: the first place behind the cut.
  private let cuts: UnsafeMutablePointer<Int32>

  /// - Returns: `nil` where the values do not ascend in each piece.
  /// - Complexity: O(elements of the table).
  init?(_ table: PieceTable, by column: engram_column, workers: Int) {
    guard let value = Self.reader(of: column) else { return nil }
    func element(_ place: Int) -> Int { table.elements.map { Int($0[place]) } ?? place }
    var (least, greatest) = (Int64.max, Int64.min)
    for piece in 0..<table.count {
      var last = Int64.min
      for place in table.places(of: piece) {
        guard (0..<Int(column.count)).contains(element(place)) else { return nil }
        let next = value(element(place))
        guard next >= last else { return nil }
        (last, least, greatest) = (next, min(least, next), max(greatest, next))
      }
    }
    guard least <= greatest, least >= 0, greatest < 1 << 40 else { return nil }
    (self.workers, pieceCount) = (workers, table.count)
    cuts = .allocate(capacity: max(1, (workers - 1) * table.count))
    for worker in 1..<max(2, workers) {
      let first = least + (greatest - least + 1) * Int64(worker) / Int64(workers)
      for piece in 0..<table.count {
        var (low, high) = (table.places(of: piece).lowerBound, table.places(of: piece).upperBound)
        while low < high {
          let middle = (low + high) / 2
          if value(element(middle)) < first { low = middle + 1 } else { high = middle }
        }
        (cuts + (worker - 1) * table.count + piece).initialize(to: Int32(low))
      }
    }
  }

  deinit { cuts.deallocate() }

  /// Where the parts of a worker begin, for each piece.
  ///
  /// - Parameter worker: the number of workers: where the parts of the last one end.
  func places(of worker: Int, in table: PieceTable) -> UnsafePointer<Int32> {
    if worker == 0 { return table.bounds }
    return worker == workers ? table.ends : UnsafePointer(cuts + (worker - 1) * pieceCount)
  }

  private static func reader(of column: engram_column) -> ((Int) -> Int64)? {
    guard let base = column.base else { return nil }
    if column.type == ScalarType.int32.machineType {
      let values = base.assumingMemoryBound(to: Int32.self)
      return { Int64(values[$0]) }
    }
    if column.type == ScalarType.int64.machineType {
      let values = base.assumingMemoryBound(to: Int64.self)
      return { values[$0] }
    }
    return nil
  }
}
