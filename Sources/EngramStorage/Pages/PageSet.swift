/// Some of the pages of a stretch of memory, by number.
struct PageSet: Sendable, Equatable {
  let count: Int
  private var words: [UInt64]

  /// None of so many pages, or all of them.
  init(count: Int, full: Bool = false) {
    self.count = count
    words = [UInt64](repeating: full ? .max : 0, count: (count + 63) / 64)
    if full, count % 64 != 0 { words[words.count - 1] = 1 << UInt64(count % 64) - 1 }
  }

  var isFull: Bool { self == PageSet(count: count, full: true) }
  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
  func contains(_ page: Int) -> Bool { words[page / 64] >> UInt64(page % 64) & 1 == 1 }
  mutating func insert(_ page: Int) { words[page / 64] |= 1 << UInt64(page % 64) }

  /// Of sets of the same pages; of a shorter one the rest counts as empty.
  func intersection(_ other: PageSet) -> PageSet { combined(other) { $0 & $1 } }
  func subtracting(_ other: PageSet) -> PageSet { combined(other) { $0 & ~$1 } }

  private func combined(_ other: PageSet, _ operation: (UInt64, UInt64) -> UInt64) -> PageSet {
    var result = self
    for place in words.indices { result.words[place] = operation(words[place], place < other.words.count ? other.words[place] : 0) }
    return result
  }

  /// Stretches of neighbours, in order, none longer than `limit` pages.
  func forEachRun(limit: Int, _ body: (Range<Int>) throws(StorageError) -> Void) throws(StorageError) {
    var page = 0
    while page < count {
      guard contains(page) else {
        page += page % 64 == 0 && words[page / 64] == 0 ? 64 : 1
        continue
      }
      let start = page
      while page < count, page - start < limit, contains(page) { page += 1 }
      try body(start..<page)
    }
  }
}
