// Elements that are chosen by number: from 0, and from the end where the number is negative.

extension Int {
  /// This index, counted from the end of `count` elements where it is negative. It need not be one of them.
  @inlinable package func counted(fromEndOf count: Int) -> Int { self < 0 ? self + count : self }

  /// The element among `count` that this index means; nil: there is none.
  package func element(of count: Int) -> Int? {
    let place = counted(fromEndOf: count)
    return (0..<count).contains(place) ? place : nil
  }
}

extension Range<Int> {
  /// The elements among `count` that the slice `low:high` means: what lies beyond them is cut, as in Python; nil is an open end.
  package init(slice low: Int?, _ high: Int?, of count: Int) {
    func end(_ index: Int) -> Int { Swift.min(Swift.max(index.counted(fromEndOf: count), 0), count) }
    let lower = low.map(end) ?? 0
    self = lower..<Swift.max(lower, high.map(end) ?? count)
  }
}
