import EngramUnits

/// Reads the values of preferences files: literals, units and lists. Nothing is ever evaluated as program code (PRF-7).
struct PreferenceParser {
  private var rest: Substring
  private var depth = 0

  static func parse(_ text: String) throws(PreferenceError) -> PreferenceLiteral {
    var parser = PreferenceParser(rest: Substring(text))
    let literal = try parser.value()
    parser.skipSpace()
    guard parser.rest.isEmpty else { throw .unreadableValue(text) }
    return literal
  }

  private init(rest: Substring) { self.rest = rest }

  private mutating func skipSpace() { rest = rest.drop { $0 == " " || $0 == "\t" } }

  private mutating func value() throws(PreferenceError) -> PreferenceLiteral {
    skipSpace()
    switch rest.first {
    case "[", "(": return try list()
    case "'", "\"": return try text()
    default: return try plain()
    }
  }

  private mutating func list() throws(PreferenceError) -> PreferenceLiteral {
    let whole = String(rest)
    depth += 1
    defer { depth -= 1 }
    guard depth < 50, let opening = rest.popFirst() else { throw .unreadableValue(whole) }
    let closing: Character = opening == "[" ? "]" : ")"
    var items: [PreferenceLiteral] = []
    while true {
      skipSpace()
      if rest.first == closing {
        rest.removeFirst()
        return .list(items)
      }
      items.append(try value())
      skipSpace()
      if rest.first == "," { rest.removeFirst() } else if rest.first != closing { throw .unreadableValue(whole) }
    }
  }

  private mutating func text() throws(PreferenceError) -> PreferenceLiteral {
    let whole = String(rest)
    let quote = rest.removeFirst()
    var result = ""
    while let character = rest.popFirst() {
      if character == quote { return .text(result) }
      if character == "\\" {
        switch rest.popFirst() {
        case "n"?: result.append("\n")
        case "t"?: result.append("\t")
        case let escaped?: result.append(escaped)
        case nil: throw .unreadableValue(whole)
        }
      } else {
        result.append(character)
      }
    }
    throw .unreadableValue(whole)
  }

  /// A number, word or quantity: everything up to the next separator.
  private mutating func plain() throws(PreferenceError) -> PreferenceLiteral {
    let text = depth > 0 ? rest.prefix { $0 != "," && $0 != "]" && $0 != ")" } : rest
    rest = rest[text.endIndex...]
    var trimmed = String(text)
    while let last = trimmed.last, last == " " || last == "\t" { trimmed.removeLast() }
    if let integer = Int(trimmed) { return .integer(integer) }
    switch trimmed {
    case "true", "True": return .boolean(true)
    case "false", "False": return .boolean(false)
    case "": throw .unreadableValue(trimmed)
    default: break
    }
    if let number = Double(trimmed), trimmed.first?.isLetter != true { return .float(number) }
    if trimmed.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }), trimmed.first?.isLetter == true {
      return .word(trimmed)
    }
    if let quantity = try? Quantity.parse(trimmed) { return .quantity(quantity) }
    throw .unreadableValue(trimmed)
  }
}
