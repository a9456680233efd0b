internal import EngramExpressions
internal import EngramKernels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// What names in a value may mean beside the constants in force.
struct ValueScope {
  /// Names that have a value of their own for each element, or in each step: a text with one of these is no constant.
  var isVariable: (String) -> Bool = { _ in false }
  /// The object's own constants, which come before those of the file.
  var own = Namespace()
  /// Names with one value for the whole object, such as `N`, for texts of lists, which are calculated once.
  var fixed = Namespace()
  /// Names with such a value that is not known yet: in a rehearsal the number of synapses.
  var unknown: Set<String> = []
  /// Whether texts of constants only are calculated; if not, they stay expressions.
  var calculates = true
  /// Whether the value goes on being looked at in later runs, when steps may have changed constants.
  var lasts = false
}

/// Reads values with the constants in force. Problems go to the collector; a result of nil means one was reported.
struct ValueReader {
  let fileName: String
  let problems: ProblemCollector
  let files: any ArrayFileReader
  var constants = Namespace()
  /// Constants that steps of the file change: what lasts and uses one of them is no constant.
  var changing: Set<String> = []

  /// Constants that are lists.
  var arrays: [String: ArrayValue] = [:]
  /// Functions that the file defines: they come before functions of lists.
  var functionNames: Set<String> = []
  /// Functions that the file defines by formulas.
  var functions = FileFunctions()
  /// What samples are drawn from; nil: nothing can be drawn yet.
  var samples: SampleSource?
  /// The values of the network, for steps that look at them: of a dotted name such as `M.v`.
  var state: ((String) throws -> ArrayValue)?

  /// The repetitions around the step at hand, outermost first.
  var rounds: [(constant: String?, round: Int)] = []

  /// Whether what lasts is calculated from constants; runs that an earlier release began keep their formulas.
  var calculatesWhatLasts = true

  // ---------------------------------------------------------------------------------------------------------------- texts

  /// The text of a node with its place in the file, and with formulas in place of functions of the file.
  func source(_ scalar: ScalarText) -> SourceText {
    var text = SourceText(scalar.text, origin: .file(name: fileName, runs: scalar.runs))
    if state != nil { text = PartTexts.named(in: text) }
    do throws(Problems) { return try functions.inserted(in: text) } catch {
      report(error)
      return text
    }
  }

  func text(_ node: ModelNode, _ key: String) -> SourceText? {
    guard let scalar = node.scalar else {
      problems.report("'\(key)' is a text, found \(node.kindName)", at: node, hint: "a text that begins with [ or { goes into quotes")
      return nil
    }
    return source(scalar)
  }

  func word(_ node: ModelNode, _ key: String) -> String? { text(node, key)?.text }

  // --------------------------------------------------------------------------------------------------------------- values

  /// - Parameter count: as many numbers as can be meant, so that no file is read that has more; nil: as many as memory can hold well.
  func value(_ node: ModelNode, _ key: String, atMost count: Int? = nil, in scope: ValueScope = ValueScope()) -> FileValue? {
    switch node.content {
    case .scalar(let scalar): scalarValue(scalar, at: node, key, scope)
    case .list(let items): arrayValue(items, at: node, key)
    case .mapping: mappingValue(node, key, atMost: count)
    }
  }

  private func scalarValue(_ scalar: ScalarText, at node: ModelNode, _ key: String, _ scope: ValueScope) -> FileValue? {
    let text = scalar.text.trimmingWhitespace()
    if text == "true" || text == "True" { return .boolean(true) }
    if text == "false" || text == "False" { return .boolean(false) }
    if text.isEmpty {
      problems.report("a value is missing", at: node)
      return nil
    }
    if !Self.multipliesNumber(text) {
      do throws(UnitParseError) { return .quantity(try Quantity.parse(text)) } catch {
        // `10 msec` is a quantity, and nothing else.
        if let word = error.unknownUnit, Self.isNumber(text, before: word) {
          report(error, in: scalar, at: node)
          return nil
        }
      }
    }
    let source = source(scalar)
    do throws(Problems) {
      if let array = try arrayExpression(source, key, scope) { return try listValue(array, source, at: node, key, scope) }
    } catch {
      report(error)
      return nil
    }
    return calculated(source, at: node, key, scope)
  }

  /// A text of lists; nil: it is none.
  ///
  /// - Throws: what is wrong with one.
  func arrayExpression(_ source: SourceText, _ key: String, _ scope: ValueScope) throws(Problems) -> ArrayExpression? {
    var known = constants
    known.merge(scope.own)
    known.merge(scope.fixed)
    let isVariable: (String) -> Bool = { scope.isVariable($0) && scope.fixed[$0] == nil && !scope.unknown.contains($0) }
    var arrays = arrays.filter { scope.own[$0.key] == nil && scope.fixed[$0.key] == nil }
    for name in scope.unknown { (arrays[name], known[name]) = (.unknown(.dimensionless, .integer), nil) }
    return try ArrayExpression(
      source,
      in: ArrayExpression.Scope(
        constants: known, arrays: arrays, isVariable: isVariable,
        hidden: functionNames, state: state, samples: samples, key: key))
  }

  private func listValue(_ array: ArrayExpression, _ source: SourceText, at node: ModelNode, _ key: String, _ scope: ValueScope) throws(Problems) -> FileValue?
  {
    if scope.lasts, let name = array.names.intersection(changing).min() {
      problems.report(
        "'\(key)' is calculated once, from lists, and steps change the constant '\(name)'", at: node,
        hint: "set it in a step as well, behind the one that changes '\(name)'")
      return nil
    }
    // What is drawn needs a seed, which may itself be calculated from the constants.
    if array.draws, samples == nil { return .expression(source) }
    let value = try array.value()
    if value.isKnown { return value.fileValue }
    // Only what it measures counts where a run will decide how many values there are.
    return ArrayValue.scalar(1, value.dimension, value.type).fileValue
  }

  /// The value of a text of constants only; any other text is an expression (MDL-20).
  private func calculated(_ source: SourceText, at node: ModelNode, _ key: String, _ scope: ValueScope) -> FileValue? {
    guard scope.calculates, calculatesWhatLasts || !scope.lasts, let expression = try? ExpressionParser.parse(source), isConstant(expression, scope) else {
      return .expression(source)
    }
    var names = constants
    names.merge(scope.own)
    guard let result = constant(source, at: node, key, constants: names) else { return nil }
    switch result {
    case .quantity(let quantity): return .quantity(quantity)
    case .boolean(let flag): return .boolean(flag)
    // Beyond this, numbers of 64 bits are no integers any more.
    case .integer(let integer): return integer.magnitude < 1 << 53 ? .quantity(Quantity(Double(integer), .dimensionless)) : .expression(source)
    case .array, .function: return .expression(source)
    }
  }

  /// Whether a value is known without elements, time and chance.
  private func isConstant(_ expression: Expression, _ scope: ValueScope) -> Bool {
    let defaults = DefaultSymbols()
    let names = expression.identifiers.allSatisfy { name in
      if scope.isVariable(name) { return false }
      switch scope.own[name] ?? constants[name] {
      case .quantity?, .integer?, .boolean?: return !(scope.lasts && scope.own[name] == nil && changing.contains(name))
      case .array?, .function?: return false
      case nil: break
      }
      if case .constant? = defaults.symbol(name) { return true }
      return false
    }
    let calls = expression.calledFunctions.allSatisfy { name in
      guard scope.own[name] == nil, constants[name] == nil, !DefaultFunctions.statefulNames.contains(name) else { return false }
      if case .function? = defaults.symbol(name) { return true }
      return false
    }
    return names && calls
  }

  /// `2*N`, `1/N`: calculations in which a name need not be a unit; `2 N` is a force.
  private static func multipliesNumber(_ text: String) -> Bool { ["*", "/"].contains(behindNumber(text)?.first) }

  /// Whether a text begins with a number and the word, which is none of the language's own.
  private static func isNumber(_ text: String, before word: String) -> Bool {
    guard let rest = behindNumber(text), let first = rest.first, first.isLetter, first != "_" else { return false }
    let found = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    guard rest.dropFirst(found.count).first != "(" else { return false }
    return !["if", "for", "and", "or", "in", "not", "is", "else"].contains(found)
  }

  /// What follows the number that a text begins with; nil: it begins with none.
  private static func behindNumber(_ text: String) -> Substring? {
    func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
    var rest = Substring(text)
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    let number = rest.prefix { isDigit($0) || $0 == "." }
    guard number.contains(where: isDigit) else { return nil }
    rest = rest.dropFirst(number.count)
    if rest.first == "e" || rest.first == "E" {
      let exponent = rest.dropFirst()
      let digits = exponent.first == "-" || exponent.first == "+" ? exponent.dropFirst() : exponent
      if digits.first.map(isDigit) == true { rest = digits.drop(while: isDigit) }
    }
    return rest.drop { $0 == " " }
  }

  private func report(_ error: UnitParseError, in scalar: ScalarText, at node: ModelNode) {
    let blanks = scalar.text.prefix { $0.isWhitespace }.count
    let start = scalar.text.index(scalar.text.startIndex, offsetBy: min(blanks + error.position, scalar.text.count))
    let word = scalar.text[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    problems.report(
      error.message, at: scalar.place(ofOffset: scalar.text.utf8.distance(from: scalar.text.startIndex, to: start)) ?? node.place,
      length: max(1, word.count), hint: error.suggestion.map { "did you mean '\($0)'?" })
  }
}
