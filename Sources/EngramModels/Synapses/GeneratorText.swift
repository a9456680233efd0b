internal import EngramExpressions
internal import EngramScalars

/// The parts of a generator text (SYN-25): `EXPR for VAR in range(…)`, `EXPR for VAR in sample(…)`, each optionally
/// followed by `if COND`; or `EXPR`, `EXPR if COND` for at most one element. The parts are pieces of the text; ``expression``
/// parses one, with the places of the whole.
struct GeneratorText: Hashable, Sendable {
  enum Iterator: Hashable, Sendable {
    /// No `for`: the expression is the only element.
    case single
    case range(variable: String, low: Substring, high: Substring, step: Substring)
    case sampleWithProbability(variable: String, low: Substring, high: Substring, step: Substring, p: Substring)
    case sampleOfSize(variable: String, low: Substring, high: Substring, step: Substring, size: Substring)
  }

  let source: SourceText
  let element: Substring
  let iterator: Iterator
  let condition: Substring?

  init(_ source: SourceText) throws(SynapseError) {
    self.source = source
    let text = source.text
    let words = GeneratorText.topLevelWords(text)
    guard words.isBalanced else { throw .generator(text: text, why: "its parentheses do not match") }
    let fors = words.list.filter { $0.word == "for" }
    guard fors.count <= 1 else { throw .generator(text: text, why: "only one 'for' is allowed") }
    let ifs = words.list.filter { $0.word == "if" }
    guard ifs.count <= 1 else { throw .generator(text: text, why: "only one 'if' is allowed; combine conditions with 'and'") }
    if words.list.contains(where: { $0.word == "else" }) {
      throw .generator(text: text, why: "conditional expressions with 'else' are not part of the model language")
    }
    let condition = ifs.first.map { GeneratorText.trim(text[$0.range.upperBound...]) }
    if condition == "" { throw .generator(text: text, why: "'if' needs a condition") }
    self.condition = condition
    let end = ifs.first?.range.lowerBound ?? text.endIndex
    guard let keyword = fors.first else {
      if words.list.contains(where: { $0.word == "in" }) { throw .generator(text: text, why: "'in' without 'for'") }
      element = GeneratorText.trim(text[..<end])
      iterator = .single
      if element.isEmpty { throw .generator(text: text, why: "it is empty") }
      return
    }
    guard keyword.range.upperBound <= end else { throw .generator(text: text, why: "'for' must come before 'if'") }
    element = GeneratorText.trim(text[..<keyword.range.lowerBound])
    if element.isEmpty { throw .generator(text: text, why: "an expression is missing before 'for'") }
    guard let inWord = words.list.first(where: { $0.word == "in" && $0.range.lowerBound >= keyword.range.upperBound }),
      inWord.range.upperBound <= end
    else { throw .generator(text: text, why: "'for' must be followed by a variable, 'in', and range(…) or sample(…)") }
    let variable = String(GeneratorText.trim(text[keyword.range.upperBound..<inWord.range.lowerBound]))
    if variable.contains(",") { throw .generator(text: text, why: "only one variable is allowed after 'for'") }
    guard variable.isName else {
      throw .generator(text: text, why: "'\(variable)' cannot be the variable of 'for'")
    }
    iterator = try GeneratorText.iterator(
      GeneratorText.trim(text[inWord.range.upperBound..<end]), variable: variable, in: text)
  }

  private static func iterator(_ call: Substring, variable: String, in text: String) throws(SynapseError) -> Iterator {
    guard let open = call.firstIndex(of: "("), call.hasSuffix(")") else {
      throw .generator(text: text, why: "'\(call)' is not a call of range(…) or sample(…)")
    }
    let name = trim(call[..<open])
    guard name == "range" || name == "sample" else {
      let hint = nearest(String(name), in: ["range", "sample"]).map { "; did you mean '\($0)'?" } ?? "; use range or sample"
      throw .generator(text: text, why: "unknown iterator '\(name)'" + hint)
    }
    let inner = call[call.index(after: open)...].dropLast()
    var positions: [Substring] = []
    var options: [(key: String, value: Substring)] = []
    for argument in splitArguments(inner) {
      if let (key, value) = keyword(argument) {
        options.append((key, value))
      } else if options.isEmpty, !argument.isEmpty {
        positions.append(argument)
      } else {
        throw .generator(text: text, why: argument.isEmpty ? "an argument of \(name) is empty" : "positions come before p= and size=")
      }
    }
    let low: Substring, high: Substring, step: Substring
    switch positions.count {
    case 1: (low, high, step) = ("0", positions[0], "1")
    case 2: (low, high, step) = (positions[0], positions[1], "1")
    case 3: (low, high, step) = (positions[0], positions[1], positions[2])
    default: throw .generator(text: text, why: "\(name) takes 1 to 3 positions (high; low, high; low, high, step), found \(positions.count)")
    }
    if name == "range" {
      guard options.isEmpty else {
        throw .generator(text: text, why: "range does not take '\(options[0].key)='; use sample(…) for random choices")
      }
      return .range(variable: variable, low: low, high: high, step: step)
    }
    guard options.count == 1, let option = options.first else {
      throw .generator(text: text, why: options.isEmpty ? "sample needs p= or size=" : "sample takes either p= or size=, not both")
    }
    switch option.key {
    case "p": return .sampleWithProbability(variable: variable, low: low, high: high, step: step, p: option.value)
    case "size": return .sampleOfSize(variable: variable, low: low, high: high, step: step, size: option.value)
    default: throw .generator(text: text, why: "sample has no argument '\(option.key)='; it takes p= or size=")
    }
  }

  // ----------------------------------------------------------------------------------------------------------- parsing

  /// All that is calculated for it, without the variable of the loop.
  var names: Set<String> {
    get throws(Problems) {
      var pieces = [element]
      if let condition { pieces.append(condition) }
      switch iterator {
      case .single: break
      case .range(_, let low, let high, let step): pieces += [low, high, step]
      case .sampleWithProbability(_, let low, let high, let step, let p): pieces += [low, high, step, p]
      case .sampleOfSize(_, let low, let high, let step, let size): pieces += [low, high, step, size]
      }
      var names: Set<String> = []
      for piece in pieces { names.formUnion(try expression(piece).identifiers) }
      if let variable { names.remove(variable) }
      return names
    }
  }

  /// One of the parts as an expression whose places are those of the whole text.
  func expression(_ part: Substring) throws(Problems) -> Expression {
    // What a part stands for when it is left out is no piece of the text.
    let isPiece = part.base == source.text
    let before = isPiece ? part.base.utf8.distance(from: part.base.startIndex, to: part.startIndex) : 0
    do throws(Problems) {
      return try ExpressionParser.parse(SourceText(String(repeating: " ", count: before) + part))
    } catch {
      throw Problems(error.problems, in: source, omitted: error.omitted)
    }
  }

  // ---------------------------------------------------------------------------------------------------------- scanning

  private struct Word {
    let word: Substring
    let range: Range<String.Index>
  }

  /// The words outside of parentheses.
  private static func topLevelWords(_ text: String) -> (list: [Word], isBalanced: Bool) {
    var words: [Word] = []
    var depth = 0
    var isBalanced = true
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      if isWordCharacter(character) {
        let start = index
        while index < text.endIndex, isWordCharacter(text[index]) { index = text.index(after: index) }
        if depth == 0 { words.append(Word(word: text[start..<index], range: start..<index)) }
        continue
      }
      if character == "(" { depth += 1 }
      if character == ")" {
        depth -= 1
        isBalanced = isBalanced && depth >= 0
      }
      index = text.index(after: index)
    }
    return (words, isBalanced && depth == 0)
  }

  private static func splitArguments(_ text: Substring) -> [Substring] {
    var parts: [Substring] = []
    var depth = 0
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case "," where depth == 0:
        parts.append(trim(text[start..<index]))
        start = text.index(after: index)
      default: break
      }
    }
    parts.append(trim(text[start...]))
    return parts
  }

  /// `name=value`, but not `a == b`.
  private static func keyword(_ argument: Substring) -> (String, Substring)? {
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    let key = String(trim(argument[..<equals]))
    let rest = argument[argument.index(after: equals)...]
    guard key.isName, !rest.hasPrefix("=") else { return nil }
    return (key, trim(rest))
  }

  private static func isWordCharacter(_ character: Character) -> Bool { character.asciiValue?.isNamePart == true }

  private static func trim(_ text: Substring) -> Substring {
    var part = text
    while part.first?.isWhitespace == true { part = part.dropFirst() }
    while part.last?.isWhitespace == true { part = part.dropLast() }
    return part
  }
}
