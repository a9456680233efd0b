internal import EngramSystem

/// What a word means for whoever reads it; terminals show it as a colour.
enum Tone: String {
  case error = "31", warning = "33", fine = "32", quiet = "2"
}

extension Output {
  /// Whether words may have colours: on a terminal that knows them, unless `NO_COLOR` says otherwise (no-color.org).
  var hasColours: Bool { obeysSequences && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true }

  /// Whether there is somebody that sequences which move the cursor are meant for.
  var obeysSequences: Bool { isTerminal && getenv("TERM").map { String(cString: $0) } ?? "dumb" != "dumb" }

  /// A word of the program's own in the colour of what it means.
  func coloured(_ word: String, _ tone: Tone) -> String { hasColours ? "\u{1B}[\(tone == .error ? "1;" : "")\(tone.rawValue)m\(word)\u{1B}[0m" : word }
}
