/// Places of a list, taken out smallest first (a binary heap). O(log count) for each.
struct PlaceQueue {
  private var heap: [Int]

  /// - Parameter places: ascending.
  init(_ places: [Int]) { heap = places }

  mutating func insert(_ place: Int) {
    heap.append(place)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Int? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return first }
    heap[0] = last
    var parent = 0
    while true {
      let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
      guard let smaller = children.min(by: { heap[$0] < heap[$1] }), heap[smaller] < heap[parent] else { return first }
      heap.swapAt(smaller, parent)
      parent = smaller
    }
  }
}
