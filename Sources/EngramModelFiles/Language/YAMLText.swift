internal import EngramScalars

/// Texts as YAML: plain where that is safe, else in quotes, several lines as a block.
package enum YAMLText {
  static func key(_ text: String) -> String { scalar(text, inFlow: true) }

  static func scalar(_ text: String, inFlow: Bool = false) -> String { isPlain(text, inFlow: inFlow) ? text : quoted(text) }

  /// A block after `|`, for texts of several lines that it can hold.
  static func literal(_ text: String) -> (mark: String, lines: [String])? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isTerminated = lines.last == ""
    if isTerminated { lines.removeLast() }
    guard lines.count > 1 || isTerminated, let first = lines.first, let last = lines.last, !first.isEmpty, !last.isEmpty, first.first != " ",
      text.unicodeScalars.allSatisfy({ $0.isVisible || $0 == "\n" })
    else { return nil }
    return (isTerminated ? "|" : "|-", lines)
  }

  private static func isPlain(_ text: String, inFlow: Bool) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, last != UInt8(ascii: " "), last != UInt8(ascii: ":") else { return false }
    let isWord = first.isNamePart
    let isSigned =
      (first == UInt8(ascii: "-") || first == UInt8(ascii: ".") || first == UInt8(ascii: "("))
      && text.utf8.dropFirst().first.map { $0.isLetter || $0.isDigit } == true
    guard isWord || isSigned else { return false }
    let allowed: Set<UInt8> = Set((inFlow ? " _.+-*/()<>=^;%" : " _.+-*/()<>=^;%,[]'&|!~").utf8)
    return text.utf8.allSatisfy { $0.isNamePart || allowed.contains($0) }
  }

  /// In double quotes. Whatever does not show as itself is escaped, so that no terminal obeys it.
  package static func quoted(_ text: String, _ language: Language = .yaml) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\r": out += "\\r"
      case _ where scalar.isVisible: out.unicodeScalars.append(scalar)
      case _ where scalar.value <= 0xFFFF: out += "\\u" + hexadecimal(scalar.value, digits: 4)
      default:
        switch language {
        case .yaml: out += "\\U" + hexadecimal(scalar.value, digits: 8)
        case .json: for unit in String(scalar).utf16 { out += "\\u" + hexadecimal(UInt32(unit), digits: 4) }
        }
      }
    }
    return out + "\""
  }

  /// They differ in the escape of what is beyond 16 bits.
  package enum Language { case yaml, json }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
