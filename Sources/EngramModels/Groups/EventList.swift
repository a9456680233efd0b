/// The elements with an event in the current step: ascending, each once (EVT-5). Room for all of them is there from the
/// beginning, so that no step allocates.
final class EventList {
  let base: UnsafeMutablePointer<Int32>
  let capacity: Int
  var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    base = .allocate(capacity: max(capacity, 1))
    base.initialize(repeating: 0, count: max(capacity, 1))
  }

  deinit { base.deallocate() }

  var elements: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: base, count: count) }

  /// Places in the list of the elements in a range. O(log count).
  func places(of range: Range<Int>) -> Range<Int> {
    place(notBelow: range.lowerBound)..<place(notBelow: range.upperBound)
  }

  private func place(notBelow element: Int) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if Int(base[middle]) < element { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
