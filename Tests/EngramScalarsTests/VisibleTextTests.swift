import EngramScalars
import Testing

@Suite("Texts of others on a terminal") struct VisibleTextTests {
  @Test(
    "What a terminal would obey is shown as what it is; what can be seen stays",
    arguments: [
      ("plain, Ünïcode, 漢字, 🧠, می‌خواهم", "plain, Ünïcode, 漢字, 🧠, می‌خواهم"),
      ("\u{1B}[2J\u{1B}]0;x\u{7}", "\\u{1B}[2J\\u{1B}]0;x\\u{7}"),
      ("a\rb\nc\td\r\ne", "a\\rb\\nc\\td\\r\\ne"),
      ("\u{9B}31m \u{85} \u{7F} \u{0}", "\\u{9B}31m \\u{85} \\u{7F} \\u{0}"),
      ("\u{202E}evil\u{2066}\u{200F}\u{61C}", "\\u{202E}evil\\u{2066}\\u{200F}\\u{61C}"),
      ("a\u{2028}b\u{2029}c\u{FEFF}d\u{AD}e\u{E0041}", "a\\u{2028}b\\u{2029}c\\u{FEFF}d\\u{AD}e\\u{E0041}"),
      ("", ""),
    ])
  func line(text: String, shown: String) { #expect(text.visibleLine == shown) }

  @Test("No scalar that is a control or a format character of Unicode gets through, but two joiners")
  func all() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), scalar.value != 0x200C, scalar.value != 0x200D else { continue }
      let shown = String(scalar).visibleLine.unicodeScalars
      let isPlain = shown.allSatisfy { ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory) }
      if !isPlain { Issue.record("U+\(String(value, radix: 16)) is shown as it is") }
    }
  }

  @Test("Text that the program laid out keeps its lines; further lines of a message cannot pass for a message of their own")
  func layout() {
    #expect("a\n\tb\u{1B}\n".visibleText == "a\n\tb\\u{1B}\n")
    #expect("first\nerror: forged\n  indented\r\nlast".visibleParagraph == "first\n  error: forged\n  indented\\r\n  last")
  }
}
