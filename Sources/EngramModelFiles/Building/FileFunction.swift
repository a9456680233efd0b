internal import EngramExpressions
internal import EngramScalars
internal import EngramUnits

/// A function that a model file defines by a formula: `f: {arguments: [x], expression: x**2}`.
///
/// Its formula stands in place of each call, with the arguments in place of their names, before anything else is done with a text. So
/// equations keep their exact solutions, and checkpoints hold all that there is to know.
struct FileFunction {
  let name: String
  let arguments: [String]
  /// What arguments and value measure; empty: it follows from each call.
  var units: [String: Dimension] = [:]
  /// The unit of the value.
  var resultUnit: Dimension?
  let body: Expression
  let source: SourceText

  /// Names in the formula that are no arguments.
  var freeNames: Set<String> { body.identifiers.subtracting(arguments) }

  /// Names that mean the same in every formula of an object.
  private static let common: Set<String> = ["t", "dt", "i", "j", "N", "xi"]

  /// Names of constants and functions that the formula needs.
  var neededNames: Set<String> { freeNames.subtracting(Self.common).filter { DefaultSymbols().symbol($0) == nil } }

  /// - Throws: what is wrong with the formula by itself.
  func check(constants: [String: Symbol]) throws(Problems) {
    var symbols = constants
    for argument in arguments { symbols[argument] = .variable(VariableSymbol(units[argument] ?? .dimensionless)) }
    for name in Self.common where symbols[name] == nil {
      symbols[name] = .variable(VariableSymbol(["t", "dt"].contains(name) ? .time : .dimensionless))
    }
    let unknown = neededNames.filter { symbols[$0] == nil }.sorted()
    if let name = unknown.first {
      throw Problems(
        Problem(
          .unresolvedName, "'\(name)' is neither an argument of '\(self.name)' nor a constant of the file", at: body.span,
          hint: nearest(name, in: arguments + constants.keys).map { "did you mean '\($0)'?" } ?? "a variable of an object is handed over as an argument",
          name: name), in: source)
    }
    // Without units any may be meant, and what fits follows from each call.
    guard !units.isEmpty || resultUnit != nil || arguments.isEmpty else { return }
    let checker = ExpressionChecker(DictionarySymbols(symbols))
    if let resultUnit {
      _ = try checker.check(body, expecting: resultUnit, for: "the value of '\(name)'", in: source)
    } else {
      _ = try checker.check(body, in: source)
    }
  }
}

/// The functions of a file, and their formulas in place of calls.
struct FileFunctions {
  private(set) var all: [String: FileFunction] = [:]

  var isEmpty: Bool { all.isEmpty }
  mutating func add(_ function: FileFunction) { all[function.name] = function }

  /// The functions that a text calls.
  func called(in text: String) -> [FileFunction] {
    if all.isEmpty { return [] }
    return Scanner(text, all).calls.map(\.function)
  }

  /// The text with formulas in place of calls; what is left keeps its place.
  ///
  /// - Throws: what is wrong with a call.
  func inserted(in source: SourceText) throws(Problems) -> SourceText {
    if all.isEmpty { return source }
    var edits: [(range: Range<Int>, text: String)] = []
    for call in Scanner(source.text, all).calls { edits.append((call.range, try formula(call, in: source))) }
    return edits.isEmpty ? source : source.replacing(edits)
  }

  private func formula(_ call: Scanner.Call, in source: SourceText) throws(Problems) -> String {
    let function = call.function
    let span = SourceSpan(call.range.lowerBound, call.range.upperBound)
    guard call.isClosed else { throw Problems(Problem(.syntax, "the '(' behind '\(function.name)' is never closed", at: span), in: source) }
    guard call.arguments.count == function.arguments.count else {
      throw Problems(
        Problem(
          .type, "'\(function.name)' takes \(function.arguments.count) argument\(function.arguments.count == 1 ? "" : "s")", at: span,
          expected: ["'\(function.name)(\(function.arguments.joined(separator: ", ")))'"], found: "\(call.arguments.count)"), in: source)
    }
    var replacements: [String: Expression] = [:]
    for (name, range) in zip(function.arguments, call.arguments) {
      var argument = try ExpressionParser.parse(source, in: SourceSpan(range.lowerBound, range.upperBound))
      let inner = String(source[SourceSpan(range.lowerBound, range.upperBound)])
      if !called(in: inner).isEmpty { argument = try ExpressionParser.parse(try inserted(in: SourceText(inner))) }
      if argument.calls(anyOf: DefaultFunctions.statefulNames), function.body.count(of: name) > 1 {
        throw Problems(
          Problem(
            .type, "'\(function.name)' uses its argument '\(name)' several times, which would draw several numbers", at: span,
            hint: "give the drawn number a name first: a temporary variable or a subexpression"), in: source)
      }
      replacements[name] = argument
    }
    do throws(FormulaTooLarge) { return "(\(try function.body.substituting(replacements)))" } catch {
      throw Problems(Problem(.limit, "\(error)", at: span), in: source)
    }
  }

  /// Finds calls in a text: statements, equations, generators of synapses alike.
  private struct Scanner {
    struct Call {
      var function: FileFunction
      var range: Range<Int>
      var arguments: [Range<Int>]
      var isClosed: Bool
    }

    private(set) var calls: [Call] = []

    init(_ text: String, _ functions: [String: FileFunction]) {
      let bytes = Array(text.utf8)
      var place = 0
      while place < bytes.count {
        if bytes[place] == UInt8(ascii: "#") {
          while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        } else if bytes[place].isNamePart {
          let start = place
          while place < bytes.count, bytes[place].isNamePart { place += 1 }
          guard let function = functions[String(decoding: bytes[start..<place], as: UTF8.self)] else { continue }
          var open = place
          while open < bytes.count, bytes[open] == UInt8(ascii: " ") { open += 1 }
          guard open < bytes.count, bytes[open] == UInt8(ascii: "(") else { continue }
          let (arguments, end, isClosed) = Self.arguments(bytes, from: open)
          calls.append(Call(function: function, range: start..<end, arguments: arguments, isClosed: isClosed))
          place = end
        } else {
          place += 1
        }
      }
    }

    private static func arguments(_ bytes: [UInt8], from open: Int) -> ([Range<Int>], end: Int, isClosed: Bool) {
      var arguments: [Range<Int>] = []
      var depth = 0
      var start = open + 1
      for place in open..<bytes.count {
        switch bytes[place] {
        case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
          depth -= 1
          if depth == 0 {
            let isEmpty = bytes[start..<place].allSatisfy { $0 == UInt8(ascii: " ") }
            if !(arguments.isEmpty && isEmpty) { arguments.append(start..<place) }
            return (arguments, place + 1, true)
          }
        case UInt8(ascii: ",") where depth == 1:
          arguments.append(start..<place)
          start = place + 1
        default: break
        }
      }
      return (arguments, bytes.count, false)
    }
  }
}

extension Expression {
  /// How often a name is read.
  fileprivate func count(of name: String) -> Int {
    var count = 0
    forEach { if $0.node == .name(name) { count += 1 } }
    return count
  }
}
