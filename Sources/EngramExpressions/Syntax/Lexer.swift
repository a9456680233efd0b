import EngramScalars

/// Cuts a text into tokens. What cannot be read is reported and the rest is read on, so that one slip hides no other.
struct Lexer {
  private let bytes: [UInt8]
  private let end: Int
  private var at: Int
  private var openParentheses = 0
  /// Line breaks end statements; in an expression they are blanks.
  private let breaksMatter: Bool
  private var tokens: [Token] = []
  private(set) var problems = ProblemCollector()

  /// - Parameter span: the part of the source to read; offsets stay those of the whole source.
  init(_ source: SourceText, span: SourceSpan, breaksMatter: Bool) {
    bytes = Array(source.text.utf8)
    end = min(max(0, span.upper), bytes.count)
    at = min(max(0, span.lower), end)
    self.breaksMatter = breaksMatter
  }

  mutating func run() -> [Token] {
    while at < end { readToken() }
    add(.end, from: end, text: "")
    return tokens
  }

  private func peek(_ distance: Int = 0) -> UInt8 { at + distance < end ? bytes[at + distance] : 0 }

  private func text(from start: Int) -> String { String(decoding: bytes[start..<at], as: UTF8.self) }

  private mutating func add(_ kind: Token.Kind, from start: Int, text: String? = nil) {
    tokens.append(Token(kind: kind, span: SourceSpan(start, at), text: text ?? self.text(from: start)))
  }

  private mutating func report(_ message: String, from start: Int, hint: String? = nil) {
    problems.report(Problem(.syntax, message, at: SourceSpan(start, at), hint: hint))
  }

  private mutating func readToken() {
    let start = at
    let byte = bytes[at]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0C:
      at += 1
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      at += 1
      // A parenthesis that was forgotten must not swallow the statements below it.
      if breaksMatter, openParentheses == 0 || isAssignmentAhead() {
        openParentheses = 0
        add(.separator, from: start, text: "\n")
      }
    case UInt8(ascii: ";"):
      at += 1
      add(.separator, from: start)
    case UInt8(ascii: "#"):
      while at < end, bytes[at] != UInt8(ascii: "\n"), bytes[at] != UInt8(ascii: "\r") { at += 1 }
    case UInt8(ascii: "\\"): readBackslash()
    case UInt8(ascii: "\""), UInt8(ascii: "'"): readString(quote: byte)
    case _ where byte.isDigit || byte == UInt8(ascii: ".") && peek(1).isDigit: readNumber()
    case _ where byte.isNameStart:
      while peek().isNamePart { at += 1 }
      let word = text(from: start)
      let kind: Token.Kind =
        ReservedWords.keywords.contains(word) ? .keyword : ReservedWords.python.contains(word) ? .reserved : .name
      add(kind, from: start)
    case _ where byte < 0x80: readSymbol()
    default: readForeign()
    }
  }

  /// Whether the text goes on with `name =`, `name +=` and the like.
  private func isAssignmentAhead() -> Bool {
    var ahead = at
    func byte(_ distance: Int = 0) -> UInt8 { ahead + distance < end ? bytes[ahead + distance] : 0 }
    while byte() == UInt8(ascii: " ") || byte() == UInt8(ascii: "\t") { ahead += 1 }
    guard byte().isNameStart else { return false }
    while byte().isNamePart { ahead += 1 }
    while byte() == UInt8(ascii: " ") || byte() == UInt8(ascii: "\t") { ahead += 1 }
    if byte() == UInt8(ascii: "=") { return byte(1) != UInt8(ascii: "=") }
    return "+-*/%".utf8.contains(byte()) && byte(1) == UInt8(ascii: "=")
  }

  // MARK: - Numbers

  private mutating func readNumber() {
    let start = at
    readDigits()
    var isFloat = false
    if peek() == UInt8(ascii: ".") {
      isFloat = true
      at += 1
      readDigits()
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
      if peek(signed ? 2 : 1).isDigit {
        isFloat = true
        at += signed ? 2 : 1
        readDigits()
      }
    }
    let written = text(from: start)
    let digits = written.filter { $0 != "_" }
    if peek().isNameStart {
      readNumberWithLetters(written, from: start)
    } else if isFloat {
      if let value = Double(digits), value.isFinite {
        add(.float(value), from: start)
      } else {
        report("the number '\(written)' is too large", from: start, hint: "the largest float is 1.7976931348623157e308; infinity is written 'inf'")
        add(.unreadable, from: start)
      }
    } else if digits.count > 1, digits.first == "0", digits.contains(where: { $0 != "0" }) {
      report("an integer may not begin with 0", from: start, hint: "write '\(digits.drop { $0 == "0" })'")
      add(.unreadable, from: start)
    } else if let value = Int64(digits) {
      add(.integer(value), from: start)
    } else {
      report(
        "the integer '\(written)' is too large", from: start,
        hint: "integers go up to 9223372036854775807; write '\(digits).0' for a float")
      add(.unreadable, from: start)
    }
  }

  private mutating func readDigits() {
    while peek().isDigit || peek() == UInt8(ascii: "_") && peek(1).isDigit { at += 1 }
  }

  /// `10mV`, `0xFF`, `3j`: letters directly behind a number.
  private mutating func readNumberWithLetters(_ number: String, from start: Int) {
    let letters = at
    while peek().isNamePart { at += 1 }
    let word = text(from: letters)
    let first = word.lowercased().first
    if number == "0", first == "x" || first == "o" || first == "b", word.count > 1 {
      report("only decimal numbers are allowed", from: start, hint: "write the value in decimal digits")
    } else if word == "j" || word == "J" {
      report("complex numbers are not supported", from: start)
    } else {
      report("an operator is missing between '\(number)' and '\(word)'", from: start, hint: "write '\(number)*\(word)'")
    }
    add(.unreadable, from: start)
  }

  // MARK: - Symbols

  /// Longest first.
  private static let symbols: [String] = [
    "**=", "//=", ">>=", "<<=", "...", "===", "!==",
    "**", "//", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "&&", "||", "<<", ">>", "<>",
    ":=", "->",
    "+", "-", "*", "/", "%", "<", ">", "=", "(", ")", ",", "[", "]", "{", "}", ".", "^", "&", "|", "~", "!", ":", "@", "?",
  ]
  /// The symbols that begin with a byte.
  private static let symbolsByFirst: [[(text: String, bytes: [UInt8])]] = (0..<128).map { first in
    symbols.map { ($0, Array($0.utf8)) }.filter { $0.1.first == UInt8(first) }
  }

  private mutating func readSymbol() {
    let start = at
    for (text, symbol) in Self.symbolsByFirst[Int(bytes[at])]
    where at + symbol.count <= end && bytes[at..<at + symbol.count].elementsEqual(symbol) {
      at += symbol.count
      if text == "(" || text == "[" || text == "{" { openParentheses += 1 }
      if text == ")" || text == "]" || text == "}" { openParentheses = max(0, openParentheses - 1) }
      add(.symbol, from: start)
      return
    }
    let byte = bytes[at]
    at += 1
    if byte < 0x20 || byte == 0x7F {
      report("the text holds the control character U+00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))", from: start)
    } else {
      report("the character '\(text(from: start))' has no meaning here", from: start)
    }
    add(.unreadable, from: start)
  }

  private mutating func readBackslash() {
    let start = at
    at += 1
    var ahead = at
    while ahead < end, bytes[ahead] == UInt8(ascii: " ") || bytes[ahead] == UInt8(ascii: "\t") { ahead += 1 }
    if ahead < end, bytes[ahead] == UInt8(ascii: "\n") || bytes[ahead] == UInt8(ascii: "\r") {
      let isPair = bytes[ahead] == UInt8(ascii: "\r") && ahead + 1 < end && bytes[ahead + 1] == UInt8(ascii: "\n")
      at = ahead + (isPair ? 2 : 1)
    } else {
      report("'\\' joins two lines only as the last character of a line", from: start)
      add(.unreadable, from: start)
    }
  }

  private mutating func readString(quote: UInt8) {
    let start = at
    at += 1
    while at < end, bytes[at] != quote, bytes[at] != UInt8(ascii: "\n"), bytes[at] != UInt8(ascii: "\r") { at += 1 }
    if at < end, bytes[at] == quote { at += 1 }
    report("strings are not part of model code", from: start)
    add(.string, from: start)
  }

  // MARK: - Characters beyond ASCII

  /// Characters that look like, or mean, something the language writes in ASCII.
  private static let replacements: [Unicode.Scalar: String] = [
    "−": "-", "–": "-", "—": "-", "×": "*", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "∕": "/", "≤": "<=", "≥": ">=", "≠": "!=",
    "²": "**2", "³": "**3", "µ": "u", "μ": "u", "Ω": "ohm", "π": "pi", "∞": "inf", "√": "sqrt(…)", "¬": "not",
    "∧": "and", "∨": "or", "（": "(", "）": ")", "，": ",", "“": "\"", "”": "\"", "‘": "'", "’": "'", "＝": "=", "τ": "tau",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "Delta", "ξ": "xi", "θ": "theta", "σ": "sigma", "ω": "omega",
    "λ": "lambda_", "ρ": "rho", "φ": "phi", "η": "eta", "ε": "epsilon", "κ": "kappa", "ν": "nu", "χ": "chi", "ψ": "psi",
  ]

  private mutating func readForeign() {
    let start = at
    at += 1
    while at < end, bytes[at] & 0xC0 == 0x80 { at += 1 }
    let character = text(from: start)
    guard let scalar = character.unicodeScalars.first else { return }
    let code =
      "U+" + String(repeating: "0", count: max(0, 4 - String(scalar.value, radix: 16).count))
      + String(scalar.value, radix: 16, uppercase: true)
    if scalar.properties.isWhitespace || scalar.properties.generalCategory == .format {
      report("the text holds the invisible character \(code)", from: start, hint: "put a plain space, or nothing, in its place")
      if !scalar.properties.isWhitespace { add(.unreadable, from: start) }
      return
    }
    let name = scalar.properties.isAlphabetic ? "names consist of ASCII letters, digits and '_'" : nil
    let instead = Self.replacements[scalar].map { "write '\($0)'" }
    report("the character '\(character)' (\(code)) is not part of the language", from: start, hint: instead ?? name)
    while at < end, bytes[at] >= 0x80 || bytes[at].isNamePart { at += 1 }
    add(.unreadable, from: start)
  }
}
