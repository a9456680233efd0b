/// Ends of synapses that ascend, as those of the sources do after `connect`: where the synapses of each element begin is looked up rather than
/// counted.
enum AscendingEnds {
  /// Where the synapses of each element begin, and behind them all.
  ///
  /// - Returns: nil where the ends do not ascend, or one is not in `0 ..< elementCount`.
  /// - Complexity: a pass at the speed of memory, and O(elements · log(synapses per element)).
  static func starts(of ends: UnsafeBufferPointer<Int32>, elementCount: Int) -> [Int32]? {
    guard let first = ends.first, let last = ends.last else { return [Int32](repeating: 0, count: elementCount + 1) }
    guard ascend(ends), first >= 0, Int(last) < elementCount else { return nil }
    var starts = [Int32](repeating: Int32(ends.count), count: elementCount + 1)
    var place = 0
    for element in 0..<elementCount {
      place = firstPlace(from: place, in: ends, of: Int32(element))
      starts[element] = Int32(place)
    }
    return starts
  }

  /// Compared at a time: no branch per end.
  private static let slice = 4096

  private static func ascend(_ ends: UnsafeBufferPointer<Int32>) -> Bool {
    var start = 1
    while start < ends.count {
      let end = min(start + slice, ends.count)
      var descents: UInt32 = 0
      for place in start..<end { descents |= ends[place] < ends[place &- 1] ? 1 : 0 }
      if descents != 0 { return false }
      start = end
    }
    return true
  }

  /// The first place from `start` on whose end is at least `end`: by doubled steps, then by halves.
  private static func firstPlace(from start: Int, in ends: UnsafeBufferPointer<Int32>, of end: Int32) -> Int {
    var (low, step) = (start, 1)
    while low + step <= ends.count, ends[low + step - 1] < end {
      low += step
      step *= 2
    }
    var high = min(low + step - 1, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] < end { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Where the synapses of each source begin, noted while they are made one source after the other.
struct NotedStarts {
  private var starts: [Int32] = []
  private let sourceCount: Int

  init(sourceCount: Int) {
    self.sourceCount = sourceCount
    starts.reserveCapacity(sourceCount + 1)
  }

  /// The next synapses, from that place on, are those of a source.
  ///
  /// - Returns: false where it comes after a later one.
  mutating func begin(_ source: Int32, at place: Int) -> Bool {
    guard Int(source) + 1 >= starts.count, Int(source) < sourceCount else { return false }
    while starts.count <= Int(source) { starts.append(Int32(place)) }
    return true
  }

  /// Of all sources, and behind them all, for so many synapses.
  func all(upTo count: Int) -> [Int32] { starts + [Int32](repeating: Int32(count), count: sourceCount + 1 - starts.count) }
}
