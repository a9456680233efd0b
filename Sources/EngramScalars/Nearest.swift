/// Finds the word a user probably meant.
///
/// Every "did you mean …?" of the project comes from here, so that all rooms are equally helpful and equally cautious:
/// a candidate counts only if few letters differ, relative to the length of the word.
///
/// - Returns: the closest candidate; among equally close ones the alphabetically first, so that messages are stable.
public func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
  let wanted = Array(word.utf8)
  guard !wanted.isEmpty, wanted.count <= 200 else { return nil }
  let folded = wanted.map(lowercased)
  let limit = max(1, min(3, wanted.count / 3))
  var best: (distance: Int, name: String)?
  for candidate in candidates where candidate != word {
    guard abs(candidate.utf8.count - wanted.count) <= limit else { continue }
    let letters = Array(candidate.utf8)
    // Wrong capitals are the likeliest slip: they count half as much as another letter.
    let exact = 2 * editDistance(wanted, letters, limit: limit + 2)
    let ignoringCase = 2 * editDistance(folded, letters.map(lowercased), limit: limit + 1) + 1
    let distance = min(exact, ignoringCase)
    // A single letter replaced by another single letter resembles nothing.
    guard distance <= 2 * limit, wanted.count > 1 || letters.count > 1 || distance == 1 else { continue }
    if let found = best, (found.distance, found.name) <= (distance, candidate) { continue }
    best = (distance, candidate)
  }
  return best?.name
}

private func lowercased(_ byte: UInt8) -> UInt8 {
  byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
///
/// Stops with `limit + 1` as soon as the answer must exceed `limit`.
private func editDistance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
  if abs(a.count - b.count) > limit { return limit + 1 }
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforePrevious = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  var current = previous
  for i in 1...a.count {
    current[0] = i
    var smallest = i
    for j in 1...b.count {
      let replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      var cost = min(replaced, previous[j] + 1, current[j - 1] + 1)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        cost = min(cost, beforePrevious[j - 2] + 1)
      }
      current[j] = cost
      smallest = min(smallest, cost)
    }
    if smallest > limit { return limit + 1 }
    (beforePrevious, previous, current) = (previous, current, beforePrevious)
  }
  return previous[b.count]
}
