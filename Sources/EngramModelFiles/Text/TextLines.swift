/// The lines of a text as bytes, without their ends: "\n", and with it a "\r" stays at the end of its line. No character is made of
/// them, which costs more than everything else that is done with a long file.
struct TextLines: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>?

  init(_ text: String) { rest = Array(text.utf8)[...] }

  mutating func next() -> ArraySlice<UInt8>? {
    guard let here = rest else { return nil }
    guard let end = here.firstIndex(of: .lineFeed) else {
      rest = nil
      return here
    }
    rest = here[(end + 1)...]
    return here[..<end]
  }
}

extension UInt8 {
  static var space: UInt8 { 0x20 }
  static var tab: UInt8 { 0x09 }
  static var lineFeed: UInt8 { 0x0A }
  static var carriageReturn: UInt8 { 0x0D }
}
