/// Which candidates of a row one of several processes draws, where it wants some of them.
///
/// A stretch is drawn from its beginning on, also by who wants its end alone. So the process in whose part a stretch begins draws all of it, and
/// passes on what belongs to the next one: every stretch is drawn once.
struct StretchBorders: Equatable {
  /// What this process wants.
  let wanted: Range<Int>
  /// Where its own draws begin; what it wants before is passed on to it.
  let start: Int
  /// Where the stretch across its upper border begins; the border itself where there is none.
  let last: Int
  /// Where that stretch ends.
  let end: Int

  /// - Parameters:
  ///   - parts: what each process wants of `0 ..< count`, one behind the other.
  ///   - stretch: candidates that are drawn from one after the other.
  /// - Returns: nil in all processes where no stretch lies across a border, or one in more than two parts.
  init?(parts: [Range<Int>], rank: Int, count: Int, stretch: Int) {
    func beginning(of place: Int) -> Int { place / stretch * stretch }
    func finish(of place: Int) -> Int { place % stretch == 0 ? place : min(beginning(of: place) + stretch, count) }
    let borders = parts.indices.dropFirst().filter { 0 < parts[$0].lowerBound && parts[$0].lowerBound < count && parts[$0].lowerBound % stretch != 0 }
    if borders.isEmpty { return nil }
    for border in borders {
      let place = parts[border].lowerBound
      guard beginning(of: place) >= parts[border - 1].lowerBound, finish(of: place) <= parts[border].upperBound else { return nil }
    }
    wanted = parts[rank]
    start = borders.contains(rank) ? finish(of: wanted.lowerBound) : wanted.lowerBound
    let isAcross = borders.contains(rank + 1)
    last = isAcross ? beginning(of: wanted.upperBound) : wanted.upperBound
    end = isAcross ? finish(of: wanted.upperBound) : wanted.upperBound
  }
}

/// What is drawn of the stretch across the upper border of a process, for some rows.
struct BorderDraws {
  /// What the process wants, row by row, and where each row ends.
  private(set) var own: [Int32] = []
  private(set) var ownEnds: [Int] = []
  /// What is passed on, row by row, and how much of each row.
  private(set) var passed: [Int32] = []
  private(set) var passedCounts: [Int32] = []

  /// A row of which nothing is taken.
  mutating func appendNothing() {
    ownEnds.append(own.count)
    passedCounts.append(0)
  }

  /// Numbers of a row that are passed on.
  mutating func append(passed taken: UnsafeBufferPointer<Int32>) {
    passed.append(contentsOf: taken)
    passedCounts.append(Int32(taken.count))
  }

  /// Numbers of a row on both sides of the border.
  mutating func append(_ taken: UnsafeBufferPointer<Int32>, border: Int) {
    let place = Self.place(of: border, in: taken)
    own.append(contentsOf: UnsafeBufferPointer(rebasing: taken[..<place]))
    passed.append(contentsOf: UnsafeBufferPointer(rebasing: taken[place...]))
    ownEnds.append(own.count)
    passedCounts.append(Int32(taken.count - place))
  }

  /// The first place of a number that is not below the border.
  static func place(of border: Int, in taken: UnsafeBufferPointer<Int32>) -> Int {
    var (low, high) = (0, taken.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(taken[middle]) < border { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func removeAll() {
    own.removeAll(keepingCapacity: true)
    ownEnds.removeAll(keepingCapacity: true)
    passed.removeAll(keepingCapacity: true)
    passedCounts.removeAll(keepingCapacity: true)
  }

  func own(ofRow row: Int) -> Range<Int> { (row == 0 ? 0 : ownEnds[row - 1])..<ownEnds[row] }
}
