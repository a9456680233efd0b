/// Texts of others on a terminal or in a log: comments, tags, names of files, pieces of a model file.
///
/// A terminal obeys control characters, turns text around at bidirectional marks, and takes a line end inside a name for the end of a
/// row. Here each such character is shown as what it is: `\n`, `\r`, `\t`, else `\u{1B}`. Everything that can be seen stays.
extension String {
  /// On one line: line ends are shown, too. For a name, a comment, a cell of a table.
  package var visibleLine: String { VisibleText.shown(self, keepsLines: false) }

  /// Line ends and tabs keep their meaning. For what the program itself laid out.
  package var visibleText: String { VisibleText.shown(self, keepsLines: true) }

  /// For a message of one paragraph: further lines are indented, so that none of them passes for a message of its own.
  package var visibleParagraph: String {
    let lines = visibleText.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { $0 == 0 || $1.hasPrefix("  ") ? String($1) : "  \($1)" }.joined(separator: "\n")
  }
}

extension Unicode.Scalar {
  /// Whether it shows as itself and moves nothing else: no control, no format character (bidirectional marks are among these), no
  /// line or paragraph separator. Joiners, which some scripts need, count as visible.
  package var isVisible: Bool {
    if isASCII { return value >= 0x20 && value < 0x7F }
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
    case .format: return value == 0x200C || value == 0x200D
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark,
      .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
      .spaceSeparator:
      return true
    @unknown default: return false
    }
  }
}

private enum VisibleText {
  static func shown(_ text: String, keepsLines: Bool) -> String {
    func stays(_ scalar: Unicode.Scalar) -> Bool { scalar.isVisible || keepsLines && (scalar == "\n" || scalar == "\t") }
    if text.unicodeScalars.allSatisfy(stays) { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if stays(scalar) { shown.unicodeScalars.append(scalar) } else { shown += escape(scalar) }
    }
    return shown
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }
}
