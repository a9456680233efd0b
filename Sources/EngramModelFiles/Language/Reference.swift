internal import EngramScalars

/// A reference to an object, a part of it or elements of it, as model files write them (modelfile.md §4):
/// `P`, `P[3]`, `P[0:3200]`, `P[[3, 4]]`, `S['i == j']`, `S.pre.delay`, `S.w[i, :]`.
package struct Reference: Hashable, Sendable {
  /// The dotted names: `["S", "pre", "delay"]`.
  package var names: [String]
  /// What stood in brackets, one entry per comma; empty without brackets.
  package var selection: [Selector]

  package enum Selector: Hashable, Sendable {
    case index(Int)
    case slice(Int?, Int?)
    case list([Int])
    case condition(String)
  }

  package struct SyntaxProblem: Error, Hashable, Sendable {
    package var message: String
    /// UTF-8 offset in the text.
    package var offset: Int
  }

  package init(names: [String], selection: [Selector] = []) {
    self.names = names
    self.selection = selection
  }

  /// What a calculation in a selection is.
  package enum Place {
    case one(Int)
    /// Only where nothing else stands in the brackets, or between two commas.
    case several([Int])
  }

  /// - Parameter evaluate: what a calculation in a selection is, such as the `2*n` of `P[:2*n]` or the `chosen` of `P.v[chosen]`, with the UTF-8
  ///   offset at which it stands in the text. Without one only integers are allowed.
  package init(
    _ text: String, evaluate: @escaping (_ text: String, _ offset: Int) throws(SyntaxProblem) -> Place = Reference.onlyIntegers
  ) throws(SyntaxProblem) {
    var reader = ReferenceReader(bytes: Array(text.utf8), evaluate: evaluate)
    self = try reader.reference()
  }

  package static func onlyIntegers(_ text: String, _ offset: Int) throws(SyntaxProblem) -> Place {
    throw SyntaxProblem(message: "expected an integer", offset: offset)
  }

  package var object: String { names[0] }

  /// Whether a dotted name in a text begins with one of the names.
  static func mentions(_ text: String, oneOf names: Set<String>) -> Bool {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
    return words.contains { word in
      // Behind a name in brackets, `G[2:5].v`, the dot comes later.
      let isPart = word.endIndex < text.endIndex && text[word.endIndex] == "["
      return (word.firstIndex(of: ".") ?? (isPart ? word.endIndex : nil)).map { names.contains(String(word[..<$0])) } ?? false
    }
  }
}

extension Reference: CustomStringConvertible {
  package var description: String {
    names.joined(separator: ".") + (selection.isEmpty ? "" : "[" + selection.map(\.description).joined(separator: ", ") + "]")
  }
}

extension Reference.Selector: CustomStringConvertible {
  package var description: String {
    switch self {
    case .index(let index): "\(index)"
    case .slice(let low, let high): "\(low.map(String.init) ?? ""):\(high.map(String.init) ?? "")"
    case .list(let list): "[" + list.map(String.init).joined(separator: ", ") + "]"
    case .condition(let text): "'\(text)'"
    }
  }
}

private struct ReferenceReader {
  let bytes: [UInt8]
  let evaluate: (String, Int) throws(Reference.SyntaxProblem) -> Reference.Place
  var position = 0

  init(bytes: [UInt8], evaluate: @escaping (String, Int) throws(Reference.SyntaxProblem) -> Reference.Place) {
    self.bytes = bytes
    self.evaluate = evaluate
  }

  mutating func reference() throws(Reference.SyntaxProblem) -> Reference {
    var names = [try name()]
    while take(".") { names.append(try name()) }
    var selection: [Reference.Selector] = []
    skipBlanks()
    if take("[") {
      repeat { selection.append(try selector()) } while take(",")
      guard take("]") else { throw problem("expected ']' or ','") }
    }
    skipBlanks()
    guard position == bytes.count else { throw problem("unexpected text after the reference") }
    return Reference(names: names, selection: selection)
  }

  private mutating func selector() throws(Reference.SyntaxProblem) -> Reference.Selector {
    skipBlanks()
    if let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      position += 1
      let start = position
      while let next = peek(), next != quote { position += 1; _ = next }
      guard peek() != nil else { throw problem("the condition has no closing quote") }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      position += 1
      skipBlanks()
      return .condition(text)
    }
    if take("[") {
      var list: [Int] = []
      repeat {
        skipBlanks()
        guard let value = try bound() else { throw problem("expected an integer") }
        list.append(value)
      } while take(",")
      guard take("]") else { throw problem("expected ']' or ','") }
      skipBlanks()
      return .list(list)
    }
    let place = try place()
    if case .several(let list)? = place, peek() != UInt8(ascii: ":") { return .list(list) }
    let low = try place.map(single)
    if take(":") {
      let high = try bound()
      if take(":") { throw problem("slices have no step; elements of a selection are contiguous") }
      return .slice(low, high)
    }
    guard let low else { throw problem("expected a number, a range like 0:10, a list like [1, 4], or a condition in quotes") }
    return .index(low)
  }

  private mutating func bound() throws(Reference.SyntaxProblem) -> Int? { try place().map(single) }

  private func single(_ place: Reference.Place) throws(Reference.SyntaxProblem) -> Int {
    guard case .one(let number) = place else { throw problem("a list of numbers cannot be one end of a range, nor one of several") }
    return number
  }

  /// A number, or a calculation that is one or several, up to the next `:`, `,` or `]`; nil: there is none.
  private mutating func place() throws(Reference.SyntaxProblem) -> Reference.Place? {
    skipBlanks()
    let start = position
    var depth = 0
    while let byte = peek() {
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") { depth -= 1 }
      if depth <= 0, [UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "["), UInt8(ascii: "'")].contains(byte) { break }
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self).trimmingWhitespace()
    if text.isEmpty { return nil }
    if let value = Int(text) { return .one(value) }
    guard !text.utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: "-") }) else {
      throw Reference.SyntaxProblem(message: "expected an integer", offset: start)
    }
    return try evaluate(text, start)
  }

  private mutating func name() throws(Reference.SyntaxProblem) -> String {
    skipBlanks()
    let start = position
    while let byte = peek(), position > start ? byte.isNamePart : byte.isNameStart { position += 1 }
    guard position > start else { throw problem("expected a name") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }
  private mutating func skipBlanks() { while peek() == UInt8(ascii: " ") { position += 1 } }
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }
  private func problem(_ message: String) -> Reference.SyntaxProblem { .init(message: message, offset: position) }
}
