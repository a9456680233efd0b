internal import EngramExpressions

/// One equation as it stands in the text: where its parts are, before anything is understood.
struct RawEquation {
  var head: Range<Int>
  /// The right-hand side; nil for a parameter.
  var expression: Range<Int>?
  var unit: Range<Int>
  var flags: [Range<Int>]
  var whole: SourceSpan { SourceSpan(head.lowerBound, flags.last?.upperBound ?? unit.upperBound) }
}

/// Cuts a model text into equations (EQN-1). Offsets are UTF-8 offsets in the text; comments count as blanks.
///
/// An equation runs from its name to the end of the line that holds its `:`. Everything that does not fit is reported
/// and skipped to the next line, so that one mistake does not hide the others.
struct EquationScanner {
  let bytes: [UInt8]
  private(set) var equations: [RawEquation] = []
  private(set) var problems: [Problem] = []

  init(_ text: String) {
    bytes = Self.withoutComments(Array(text.utf8))
    scan()
  }

  /// The same text, of the same length, with comments as spaces.
  static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    var inComment = false
    for index in result.indices {
      if result[index].isNewline { inComment = false } else if result[index] == UInt8(ascii: "#") { inComment = true }
      if inComment { result[index] = UInt8(ascii: " ") }
    }
    return result
  }

  // MARK: Walking

  private mutating func scan() {
    var position = skipBlanks(from: 0)
    while position < bytes.count { position = skipBlanks(from: scanEquation(at: position)) }
  }

  /// Reads the equation that begins at `start`; returns where to go on.
  private mutating func scanEquation(at start: Int) -> Int {
    guard let colon = bytes[start...].firstIndex(of: UInt8(ascii: ":")) else {
      let last = endOfStatement(from: start, before: bytes.count)
      problems.append(.missingUnit(trimmed(start..<last), head: text(trimmed(start..<last)), hasRightSide: !assignments(in: start..<last).isEmpty))
      return last
    }
    let equals = assignments(in: start..<colon)
    if equals.count > 1 || (equals.count == 1 && text(start..<equals[0]).contains(where: \.isNewline))
      || (equals.isEmpty && text(start..<colon).contains(where: \.isNewline))
    {
      return reportMissingColon(start: start, equals: equals, colon: colon)
    }
    let lineEnd = endOfLine(from: colon)
    let head = trimmed(start..<(equals.first ?? colon))
    if let semicolon = bytes[start..<lineEnd].firstIndex(of: UInt8(ascii: ";")) {
      problems.append(.semicolon(at: semicolon))
      return lineEnd
    }
    if let second = bytes[(colon + 1)..<lineEnd].firstIndex(of: UInt8(ascii: ":")) {
      problems.append(.secondColon(at: second))
      return lineEnd
    }
    var expression: Range<Int>?
    if let equal = equals.first {
      if equal > start, isOperator(bytes[equal - 1]) {
        problems.append(.augmentedAssignment(SourceSpan(equal - 1, equal + 1), text: text((equal - 1)..<(equal + 1))))
        return lineEnd
      }
      let range = trimmed((equal + 1)..<colon)
      if range.isEmpty {
        problems.append(.emptyRightSide(SourceSpan(head.lowerBound, equal + 1), head: text(head)))
        return lineEnd
      }
      expression = range
    }
    guard let (unit, flags) = splitUnit(colon: colon, lineEnd: lineEnd) else { return lineEnd }
    equations.append(RawEquation(head: head, expression: expression, unit: unit, flags: flags))
    return lineEnd
  }

  /// Between `start` and the next colon there is more than one equation: the first ones lack their units.
  private mutating func reportMissingColon(start: Int, equals: [Int], colon: Int) -> Int {
    let lineEnd = endOfLine(from: start)
    if equals.count > 1, equals[1] < lineEnd {
      problems.append(.secondEqualSign(at: equals[1]))
      return endOfLine(from: colon)
    }
    let end = endOfStatement(from: start, before: colon)
    let range = trimmed(start..<end)
    problems.append(.missingUnit(range, head: text(range), hasRightSide: !assignments(in: range).isEmpty))
    return end
  }

  /// The end of the equation at `start` judging by what follows: the line before the next one that assigns or declares.
  private func endOfStatement(from start: Int, before limit: Int) -> Int {
    var end = endOfLine(from: start)
    while end < limit {
      let next = skipBlanks(from: end)
      let nextEnd = endOfLine(from: next)
      if next >= limit || !assignments(in: next..<nextEnd).isEmpty || bytes[next..<nextEnd].contains(UInt8(ascii: ":")) { break }
      if assignments(in: start..<end).isEmpty { break }
      end = nextEnd
    }
    return end
  }

  /// Unit and flags after the colon; nil after a problem.
  private mutating func splitUnit(colon: Int, lineEnd: Int) -> (unit: Range<Int>, flags: [Range<Int>])? {
    let rest = trimmed((colon + 1)..<lineEnd)
    if rest.isEmpty {
      problems.append(.emptyUnit(at: colon))
      return nil
    }
    let opens = rest.filter { bytes[$0] == UInt8(ascii: "(") }.count
    let closes = rest.filter { bytes[$0] == UInt8(ascii: ")") }.count
    if opens != closes {
      problems.append(.unbalancedFlags(SourceSpan(rest.lowerBound, rest.upperBound)))
      return nil
    }
    guard bytes[rest.upperBound - 1] == UInt8(ascii: ")"), let open = openingParenthesis(of: rest) else { return (rest, []) }
    let unit = trimmed(rest.lowerBound..<open)
    if unit.isEmpty {
      // `x : (constant)`, unless the parentheses hold a unit.
      let inside = text(trimmed((open + 1)..<(rest.upperBound - 1)))
      let first = inside.split(separator: ",").first.map { $0.trimmed } ?? ""
      guard EquationFlag(rawValue: first) != nil else { return (rest, []) }
      problems.append(.emptyUnit(at: colon))
      return nil
    }
    if isOperator(bytes[unit.upperBound - 1]) { return (rest, []) }
    return (unit, pieces(of: (open + 1)..<(rest.upperBound - 1)))
  }

  /// The parenthesis that the last character of `range` closes.
  private func openingParenthesis(of range: Range<Int>) -> Int? {
    var depth = 0
    for index in range.reversed() {
      if bytes[index] == UInt8(ascii: ")") { depth += 1 }
      if bytes[index] == UInt8(ascii: "(") { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  private func pieces(of range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = range.lowerBound
    for index in range where bytes[index] == UInt8(ascii: ",") {
      result.append(trimmed(start..<index))
      start = index + 1
    }
    result.append(trimmed(start..<range.upperBound))
    return result
  }

  // MARK: Small steps

  /// The positions of every `=` that is neither part of a comparison nor inside parentheses (which every line begins anew).
  private func assignments(in range: Range<Int>) -> [Int] {
    var depth = 0
    var found: [Int] = []
    for index in range {
      switch bytes[index] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case let byte where byte.isNewline: depth = 0
      case UInt8(ascii: "=") where depth <= 0:
        let before = index > 0 ? bytes[index - 1] : 0
        let after = index + 1 < bytes.count ? bytes[index + 1] : 0
        if after != UInt8(ascii: "="), !"=<>!".utf8.contains(before) { found.append(index) }
      default: break
      }
    }
    return found
  }

  private func isOperator(_ byte: UInt8) -> Bool { "+-*/%^&|".utf8.contains(byte) }

  private func skipBlanks(from start: Int) -> Int {
    var position = start
    while position < bytes.count, bytes[position].isBlank { position += 1 }
    return position
  }

  private func endOfLine(from start: Int) -> Int {
    guard start < bytes.count else { return bytes.count }
    return bytes[start...].firstIndex(where: \.isNewline) ?? bytes.count
  }

  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, bytes[lower].isBlank { lower += 1 }
    while upper > lower, bytes[upper - 1].isBlank { upper -= 1 }
    return lower..<upper
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension UInt8 {
  var isNewline: Bool { self == 10 || self == 13 }
  var isBlank: Bool { self == 32 || self == 9 || self == 11 || self == 12 || isNewline }
}

extension StringProtocol {
  /// Without blanks at both ends.
  var trimmed: String {
    let bytes = Array(utf8)
    guard let lower = bytes.firstIndex(where: { !$0.isBlank }), let upper = bytes.lastIndex(where: { !$0.isBlank }) else { return "" }
    return String(decoding: bytes[lower...upper], as: UTF8.self)
  }
}
