// What a name is, in model text, of objects, of columns: ASCII letters, digits and underscores, not beginning with a digit.

extension UInt8 {
  @inlinable package var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  /// Of ASCII.
  @inlinable package var isLetter: Bool { self >= 0x41 && self <= 0x5A || self >= 0x61 && self <= 0x7A }
  @inlinable package var isNameStart: Bool { isLetter || self == 0x5F }
  @inlinable package var isNamePart: Bool { isNameStart || isDigit }
}

extension StringProtocol {
  package var isName: Bool {
    guard let first = utf8.first, first.isNameStart else { return false }
    return utf8.allSatisfy(\.isNamePart)
  }

  /// Without white space at both ends.
  package func trimmingWhitespace() -> String {
    var part = Substring(self)
    while let first = part.first, first.isWhitespace { part.removeFirst() }
    while let last = part.last, last.isWhitespace { part.removeLast() }
    return String(part)
  }
}
