internal import EngramScalars
internal import EngramUnits

/// Times on the clock on the wall: quantities as everywhere, and the words of everyday life, which model text does not know.
package enum WallTime {
  private static let words = [("min", 60.0), ("h", 3600), ("d", 86400)]

  /// As a duration: at least a nanosecond, at most some centuries.
  package static func duration(_ seconds: Double) -> Duration { .nanoseconds(max(1, Int64(min(seconds, 9e9) * 1e9))) }

  /// Seconds of `5 min`, `1h`, `2 d`; nil for anything else, which is then read as a quantity.
  package static func seconds(_ text: String) -> Double? {
    let trimmed = text.trimmingWhitespace()
    for (word, seconds) in words where trimmed.hasSuffix(word) {
      guard let count = Double(trimmed.dropLast(word.count).trimmingSuffix(while: { $0 == " " })), count.isFinite else { continue }
      return count * seconds
    }
    return nil
  }
}

extension StringProtocol {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var part = Substring(self)
    while let last = part.last, predicate(last) { part.removeLast() }
    return part
  }
}

/// An argument as a shell takes it back: in quotes where it has blanks or other characters that shells read.
package func shellQuoted(_ text: String) -> String {
  let plain = text.allSatisfy { $0.isLetter || $0.isNumber || "_@%+=:,./-".contains($0) }
  return plain && !text.isEmpty ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
