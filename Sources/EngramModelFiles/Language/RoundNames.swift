/// Names of checkpoints and files with the numbers of rounds in them (MDL, `repeat`).
///
/// `{x}` is the 0-based number of the round of the repetition whose constant is `x`; `{k}` that of the innermost repetition, unless
/// one has a constant of that name.
struct RoundNames {
  /// The repetitions around a step, outermost first: the constant and the number of the round.
  let rounds: [(constant: String?, round: Int)]

  /// - Returns: the name, and what stands in braces without a meaning.
  func fill(_ pattern: String) -> (text: String, unknown: [String]) {
    var text = ""
    var unknown: [String] = []
    var rest = Substring(pattern)
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else { break }
      text += rest[..<open]
      let word = String(rest[rest.index(after: open)..<close])
      if let round = number(word) {
        text += "\(round)"
      } else {
        unknown.append(word)
        text += rest[open...close]
      }
      rest = rest[rest.index(after: close)...]
    }
    return (text + rest, unknown)
  }

  private func number(_ word: String) -> Int? {
    rounds.last { $0.constant == word }?.round ?? (word == "k" ? rounds.last?.round : nil)
  }

  /// What may stand in braces.
  var words: [String] { rounds.isEmpty ? [] : Set(rounds.compactMap(\.constant) + ["k"]).sorted() }

  /// Whether a name is what a pattern becomes in some round.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    var parts: [Substring] = []
    var rest = Substring(pattern)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      parts.append(rest[..<open])
      rest = rest[rest.index(after: close)...]
    }
    parts.append(rest)
    var left = Substring(name)
    for (place, part) in parts.enumerated() {
      if place > 0 {
        let digits = left.prefix { $0.isNumber }
        guard !digits.isEmpty else { return false }
        left = left.dropFirst(digits.count)
      }
      guard left.hasPrefix(part) else { return false }
      left = left.dropFirst(part.count)
    }
    return left.isEmpty
  }
}
