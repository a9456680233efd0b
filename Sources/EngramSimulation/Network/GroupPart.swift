internal import EngramScalars

/// Parts of groups in texts such as `G[2:5]`, `cell.axon` and `G[2:5].v`.
extension Group {
  /// The elements that `[2:5]` or `[3]` behind the name of a group means; nil: it is no such text.
  ///
  /// What lies beyond the elements is cut, negative numbers count from the end.
  package func rangeOfNumbers(_ path: String) -> Range<Int>? {
    let path = path.trimmingWhitespace()
    guard path.first == "[", path.last == "]" else { return nil }
    let ends = path.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false).map { String($0).trimmingWhitespace() }
    guard (1...2).contains(ends.count), ends.allSatisfy({ Int($0) != nil || $0.isEmpty && ends.count == 2 }) else { return nil }
    if ends.count == 2 { return Range(slice: Int(ends[0]), Int(ends[1]), of: elementCount) }
    return Int(ends[0])?.element(of: elementCount).map { $0..<$0 + 1 }
  }
}

extension String {
  /// `cell.axon[10 um:20 um].v` in front of and behind its last dot, where dots in brackets do not count; nil: there is none.
  package var dividedAtVariable: (owner: String, variable: String)? {
    var (depth, last): (Int, Index?) = (0, nil)
    for place in indices {
      switch self[place] {
      case "[": depth += 1
      case "]": depth -= 1
      case "." where depth == 0: last = place
      default: break
      }
    }
    return last.map { (String(self[..<$0]), String(self[index(after: $0)...])) }
  }

  /// The name that a text begins with.
  package var leadingName: String { String(prefix { $0.isLetter || $0.isNumber || $0 == "_" }) }
}
