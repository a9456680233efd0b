extension RandomAccessCollection where Index == Int {
  /// The first place where something holds that holds from there on; the end where it never does. O(log count).
  package func firstPlace(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
