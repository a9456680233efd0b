internal import EngramScalars

/// The elements with an event in the current step: ascending, each once (EVT-5). Room for all of them is there from the
/// beginning, so that no step allocates; memory is what the system gives only where events have been.
final class EventList {
  let base: UnsafeMutablePointer<Int32>
  let capacity: Int
  var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    base = .allocate(capacity: max(capacity, 1))
  }

  deinit { base.deallocate() }

  var elements: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: base, count: count) }

  // A schedule may put reactions before thresholds: the events of a step then act in the next one, and a checkpoint between
  // the two must hold them. In the usual order they are stored for nothing, which costs little.

  /// Little-endian int32; nil when empty.
  var stored: [UInt8]? {
    if count == 0 { return nil }
    var writer = ByteWriter()
    for element in elements { writer.append(element) }
    return writer.bytes
  }

  /// The elements in `bytes`; nil when these are not elements of a list like this one.
  func decoded(_ bytes: [UInt8]?) -> [Int32]? {
    guard let bytes else { return [] }
    guard bytes.count % 4 == 0, bytes.count / 4 <= capacity else { return nil }
    var reader = ByteReader(bytes)
    var list: [Int32] = []
    while let element = try? reader.number(Int32.self) { list.append(element) }
    let isAscending = zip(list, list.dropFirst()).allSatisfy { $0 < $1 }
    return isAscending && (list.first ?? 0) >= 0 && Int(list.last ?? 0) < max(capacity, 1) ? list : nil
  }

  func assign(_ list: [Int32]) {
    count = list.count
    for (place, element) in list.enumerated() { base[place] = element }
  }

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
