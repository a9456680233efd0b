/// The lines of a preferences file.
enum PreferenceFile {
  static func parse(_ text: String, file: String) throws(PreferenceError) -> [(name: String, value: String)] {
    var section = ""
    var entries: [(String, String)] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = trimmed(withoutComment(raw.last == "\r" ? raw.dropLast() : raw))
      if line.isEmpty { continue }
      if line.first == "[", line.last == "]" {
        section = trimmed(line.dropFirst().dropLast())
        continue
      }
      guard let sign = line.firstIndex(of: "=") else { throw .unreadableLine(file: file, line: index + 1, text: line) }
      let key = trimmed(line[..<sign])
      let name = section.isEmpty ? key : "\(section).\(key)"
      guard (try? PreferenceName(validating: name)) != nil else { throw .unreadableLine(file: file, line: index + 1, text: line) }
      entries.append((name, trimmed(line[line.index(after: sign)...])))
    }
    return entries
  }

  /// A `#` inside quotes is part of the text.
  private static func withoutComment(_ line: Substring) -> Substring {
    var quote: Character?
    var isEscaped = false
    for index in line.indices {
      let character = line[index]
      if isEscaped { isEscaped = false } else if let open = quote {
        if character == "\\" { isEscaped = true } else if character == open { quote = nil }
      } else if character == "'" || character == "\"" { quote = character } else if character == "#" { return line[..<index] }
    }
    return line
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
