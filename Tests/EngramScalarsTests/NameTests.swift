import EngramScalars
import Testing

@Suite("Names") struct NameTests {
  @Test(
    "NAM-1: a name has letters, digits and underscores of ASCII and does not begin with a digit",
    arguments: [
      ("v", true), ("_x1", true), ("Aa_9", true), ("", false), ("1v", false), ("v-w", false), ("v w", false), ("\u{E9}", false), ("v\u{301}", false),
      ("v\n", false), ("\u{FF56}", false), ("v*", false),
    ])
  func names(text: String, isName: Bool) {
    #expect(text.isName == isName)
    #expect(text[...].isName == isName)
  }

  @Test("White space of every kind is cut at both ends, and nowhere else") func trimming() {
    #expect(" \t\r\n a b\u{A0}\u{2003}".trimmingWhitespace() == "a b" && "".trimmingWhitespace() == "" && " ".trimmingWhitespace() == "")
  }
}
