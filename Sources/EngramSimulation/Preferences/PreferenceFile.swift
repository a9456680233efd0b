import EngramScalars

/// The lines of a preferences file.
enum PreferenceFile {
  static func parse(_ text: String, file: String) throws(PreferenceError) -> [(name: String, value: String)] {
    var section = ""
    var entries: [(String, String)] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = withoutComment(raw).trimmingWhitespace()
      if line.isEmpty { continue }
      if line.first == "[", line.last == "]" {
        section = line.dropFirst().dropLast().trimmingWhitespace()
        continue
      }
      guard let sign = line.firstIndex(of: "=") else { throw .unreadableLine(file: file, line: index + 1, text: line) }
      let key = line[..<sign].trimmingWhitespace()
      let name = section.isEmpty ? key : "\(section).\(key)"
      guard (try? PreferenceName(validating: name)) != nil else { throw .unreadableLine(file: file, line: index + 1, text: line) }
      entries.append((name, line[line.index(after: sign)...].trimmingWhitespace()))
    }
    return entries
  }

  /// A `#` inside quotes is part of the text.
  private static func withoutComment(_ line: Substring) -> Substring {
    var quote: Character?
    var isEscaped = false
    for index in line.indices {
      let character = line[index]
      if isEscaped {
        isEscaped = false
      } else if let open = quote {
        if character == "\\" { isEscaped = true } else if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "#" {
        return line[..<index]
      }
    }
    return line
  }
}
