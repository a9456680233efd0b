internal import EngramExpressions
internal import EngramKernels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits
internal import OrderedCollections

/// A text of lists, numbers, constants and functions of both: `linspace(0, 1, 10)*mV`, `where(arange(n) < 5, 1, 0)`, `mean(M.v[0])`.
///
/// It has the grammar, the units and the arithmetic of model code; beside that it has lists, selections from them, and the functions of
/// ``ArrayFunction``.
struct ArrayExpression {
  /// What names mean.
  struct Scope {
    var constants = Namespace()
    var arrays: [String: ArrayValue] = [:]
    /// Names that have a value per element, or in each step: what is calculated now cannot use them.
    var isVariable: (String) -> Bool = { _ in false }
    /// Functions of the file with the names of functions here.
    var hidden: Set<String> = []
    /// The values behind a dotted name such as `M.v`; nil where there can be none.
    var state: ((_ name: String) throws -> ArrayValue)?
    /// Nil: nothing can be drawn.
    var samples: SampleSource?
    /// What the value is for.
    var key = ""
  }

  private let source: SourceText
  private let tree: Expression
  private let scope: Scope
  /// Whether it draws, so that it is worth something else under another seed.
  let draws: Bool

  /// Nil: the text is model language, or plain.
  ///
  /// - Throws: what is wrong with a text that calls functions of lists.
  init?(_ source: SourceText, in scope: Scope) throws(Problems) {
    guard Self.mayBeOne(source.text, scope) else { return nil }
    do throws(Problems) { tree = try ExpressionParser.parseArrays(source) } catch {
      // A text that calls them is one; any other may be something else.
      let isMeant = Self.callsOne(source.text, scope) || source.text.trimmingWhitespace().hasPrefix("[")
      guard isMeant, (try? ExpressionParser.parse(source)) == nil, !source.text.contains(" for ") else { return nil }
      throw error
    }
    (self.source, self.scope) = (source, scope)
    var isOne = false
    var draws = false
    tree.forEach { node in
      switch node.node {
      case .name(let name): isOne = isOne || scope.arrays[name] != nil && !scope.isVariable(name) || name.contains(".") && scope.state != nil
      case .call(let name, let arguments):
        if [ArrayForm.list, ArrayForm.selection].contains(name) { isOne = true }
        guard let function = Self.function(name, arguments.count, scope) else { return }
        isOne = true
        draws = draws || function.draws
      case .float, .integer, .boolean, .unary, .binary: break
      }
    }
    self.draws = draws
    if !isOne { return nil }
  }

  /// Whether it looks at values of the network.
  var looksAtNetwork: Bool { names.contains { $0.contains(".") } }
  /// The constants and variables in it.
  var names: Set<String> { tree.identifiers }

  // ------------------------------------------------------------------------------------------------------ what is one

  private static func mayBeOne(_ text: String, _ scope: Scope) -> Bool {
    text.contains("[") || callsOne(text, scope) || scope.state != nil && text.contains(".")
      || !scope.arrays.isEmpty && words(text).contains { scope.arrays[String($0)] != nil }
  }

  private static func words(_ text: String) -> [Substring] { text.split { !($0.isLetter || $0.isNumber || $0 == "_") } }

  /// Whether the name of a function of lists stands in front of a parenthesis.
  private static func callsOne(_ text: String, _ scope: Scope) -> Bool {
    var word = ""
    for character in text {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else {
        if character == "(", let function = ArrayFunction.byName[word], !function.isOfModelCode || text.contains(","), !scope.hidden.contains(word) {
          return true
        }
        if character == "(", ["rand", "randn"].contains(word), !text.contains("\(word)()") { return true }
        word = ""
      }
    }
    return false
  }

  private static func function(_ name: String, _ count: Int, _ scope: Scope) -> ArrayFunction? {
    guard !scope.hidden.contains(name), scope.constants[name] == nil, let function = ArrayFunction.byName[name] else { return nil }
    return function.isOfModelCode && count < function.arguments.needed ? nil : function
  }

  // ---------------------------------------------------------------------------------------------------------- evaluation

  /// - Parameter evaluation: what has been counted before.
  /// - Throws: everything that is wrong with it, at its places.
  func value(after evaluation: ArrayEvaluation = ArrayEvaluation()) throws(Problems) -> ArrayValue {
    var evaluation = evaluation
    let value = try evaluate(tree, &evaluation)
    if value.isKnown, let place = value.values.firstIndex(where: { !$0.isFinite }) {
      throw problem(
        value.isScalar
          ? "the value is \(value.values[place]), which is not a finite number"
          : "value \(place) of the list is \(value.values[place]), which is not a finite number", at: tree)
    }
    return value
  }

  func problem(_ message: String, at tree: Expression, expected: [String] = [], found: String? = nil, hint: String? = nil) -> Problems {
    Problems(Problem(.type, message, at: tree.span, expected: expected, found: found, hint: hint), in: source)
  }

  func samples(_ evaluation: inout ArrayEvaluation, at tree: Expression) throws(Problems) -> RandomSamples {
    guard let source = scope.samples else {
      throw problem("nothing can be drawn here", at: tree, hint: "make it a constant of the file, or a value of an object")
    }
    evaluation.drawCount += 1
    return source.samples(for: scope.key, call: evaluation.drawCount)
  }

  func evaluate(_ tree: Expression, _ evaluation: inout ArrayEvaluation) throws(Problems) -> ArrayValue {
    if let value = try leaf(tree, &evaluation) { return try counted(value, at: tree, &evaluation) }
    var leaves: [(name: String, value: ArrayValue)] = []
    let formula = try replacingLeaves(tree, &leaves, &evaluation)
    return try counted(elementwise(formula, leaves, at: tree), at: tree, &evaluation)
  }

  /// Many short texts make a large list, and the memory would be gone before the last of them is looked at.
  private func counted(_ value: ArrayValue, at tree: Expression, _ evaluation: inout ArrayEvaluation) throws(Problems) -> ArrayValue {
    // What has a name is there anyway.
    if case .name = tree.node { return value }
    evaluation.numberCount += value.count
    guard evaluation.numberCount <= ArrayCall.limit else {
      throw problem(
        "the lists of this text have more numbers than are possible", at: tree, found: "at most \(ArrayCall.limit), with those made on the way",
        hint: "a file may hold more")
    }
    return value
  }

  /// The value of what is a list by itself; nil: it is arithmetic.
  private func leaf(_ tree: Expression, _ evaluation: inout ArrayEvaluation) throws(Problems) -> ArrayValue? {
    switch tree.node {
    case .name(let name):
      if name.contains(".") { return try state(name, at: tree) }
      if scope.isVariable(name) {
        throw problem(
          "'\(name)' has a value for each element or step, and a list is calculated before", at: tree,
          hint: "arange(n) gives 0, 1, …, n - 1; a formula without lists may use '\(name)'")
      }
      return scope.arrays[name]
    case .call(ArrayForm.list, let items): return try list(items, at: tree, &evaluation)
    case .call(ArrayForm.selection, let parts): return try selection(parts, at: tree, &evaluation)
    case .call(let name, let arguments):
      guard let function = Self.function(name, arguments.count, scope) else { return nil }
      let (names, needed) = function.arguments
      guard arguments.count >= needed, arguments.count <= names.count || names.last == "…" else {
        throw problem(
          "'\(name)' takes other arguments", at: tree, expected: ["'\(name)(\(names.joined(separator: ", ")))'"],
          found: "\(arguments.count) argument\(arguments.count == 1 ? "" : "s")")
      }
      return try ArrayCall(function: function, tree: tree, arguments: arguments, expression: self).value(&evaluation)
    case .float, .integer, .boolean, .unary, .binary: return nil
    }
  }

  private func state(_ name: String, at tree: Expression) throws(Problems) -> ArrayValue? {
    guard let state = scope.state else { return nil }
    do { return try state(name) } catch let error as Problems { throw error } catch { throw problem("\(error)", at: tree) }
  }

  private func replacingLeaves(
    _ tree: Expression, _ leaves: inout [(name: String, value: ArrayValue)], _ evaluation: inout ArrayEvaluation
  ) throws(Problems) -> Expression {
    if let found = try leaf(tree, &evaluation) {
      let value = try counted(found, at: tree, &evaluation)
      let name = "_list\(leaves.count)"
      leaves.append((name, value))
      return Expression(.name(name), span: tree.span)
    }
    switch tree.node {
    case .float, .integer, .boolean, .name: return tree
    case .unary(let op, let operand): return Expression(.unary(op, try replacingLeaves(operand, &leaves, &evaluation)), span: tree.span)
    case .binary(let op, let left, let right):
      if op == .multiply, Self.isList(left) && Self.isInteger(right) || Self.isInteger(left) && Self.isList(right) {
        throw problem(
          "a list times an integer could mean two things", at: tree, hint: "tile(list, n) repeats it; a factor with a point, as in 5.0, multiplies each value")
      }
      let (first, second) = (try replacingLeaves(left, &leaves, &evaluation), try replacingLeaves(right, &leaves, &evaluation))
      return Expression(.binary(op, first, second), span: tree.span)
    case .call(let name, let arguments):
      if DefaultFunctions.statefulNames.contains(name) {
        throw problem(
          "'\(name)' draws a number for each element in model code", at: tree,
          hint: "a list of n numbers is \(name == "poisson" ? "poisson(mean, n)" : "\(name)(n)")")
      }
      var replaced: [Expression] = []
      for argument in arguments { replaced.append(try replacingLeaves(argument, &leaves, &evaluation)) }
      return Expression(.call(name, replaced), span: tree.span)
    }
  }

  private static func isList(_ tree: Expression) -> Bool { if case .call(ArrayForm.list, _) = tree.node { true } else { false } }
  private static func isInteger(_ tree: Expression) -> Bool { if case .integer = tree.node { true } else { false } }

  /// Arithmetic of lists of one length, through the checks and the machine of model code.
  private func elementwise(
    _ formula: Expression, _ leaves: [(name: String, value: ArrayValue)], at tree: Expression
  ) throws(Problems) -> ArrayValue {
    var symbols: [String: Symbol] = [:]
    var numbers: [String: ConstantValue] = [:]
    for (name, entry) in scope.constants.values {
      switch entry {
      case .quantity(let quantity): (symbols[name], numbers[name]) = (.constant(ConstantSymbol(quantity)), .float(quantity.si))
      case .integer(let integer):
        (symbols[name], numbers[name]) = (.constant(ConstantSymbol(Double(integer), type: .integer)), .integer(Int64(integer)))
      case .boolean(let flag): (symbols[name], numbers[name]) = (.constant(ConstantSymbol(flag ? 1 : 0, type: .boolean)), .boolean(flag))
      case .function, .array: break
      }
    }
    var lists: [ElementwiseEvaluator.List] = []
    var shape = ArrayValue.Shape.scalar
    var isKnown = true
    for (name, value) in leaves {
      isKnown = isKnown && value.isKnown
      if value.isScalar {
        let symbol = ConstantSymbol(value.values[0], value.dimension, type: value.type)
        symbols[name] = value.isKnown ? .constant(symbol) : .variable(VariableSymbol(value.dimension, type: value.type))
        numbers[name] =
          switch value.type {
          case .float: .float(value.values[0])
          case .integer: .integer(Int64(saturating: value.values[0]))
          case .boolean: .boolean(value.values[0] != 0)
          }
        continue
      }
      symbols[name] = .variable(VariableSymbol(value.dimension, type: value.type))
      if value.isKnown, let first = lists.first, first.values.count != value.count || shape != value.shape {
        throw problem(
          "lists of different \(first.values.count == value.count ? "shapes" : "lengths") cannot be combined", at: tree,
          found: "\(first.values.count) and \(value.count) values")
      }
      if value.isKnown || shape == .scalar { shape = value.shape }
      if value.isKnown { lists.append(.init(name, value.values, value.type)) }
    }
    let info = try ExpressionChecker(DictionarySymbols(symbols)).check(formula, in: source)
    if !isKnown { return .unknown(info.dimension, info.type, shape) }
    for name in formula.identifiers where numbers[name] == nil {
      if case .constant(let symbol)? = DefaultSymbols().symbol(name) { numbers[name] = .float(symbol.value) }
    }
    do throws(KernelError) {
      if lists.isEmpty {
        return .scalar(try NumericEvaluator(constants: numbers).evaluate(formula).doubleValue, info.dimension, info.type)
      }
      let values = try ElementwiseEvaluator(lists, constants: numbers).values(of: formula, type: info.type)
      return ArrayValue(values: values, dimension: info.dimension, type: info.type, shape: shape)
    } catch { throw problem("\(error)", at: tree) }
  }

  // ---------------------------------------------------------------------------------------------------------------- lists

  private func list(_ items: [Expression], at tree: Expression, _ evaluation: inout ArrayEvaluation) throws(Problems) -> ArrayValue {
    var values: [ArrayValue] = []
    for item in items { values.append(try evaluate(item, &evaluation)) }
    if let first = values.first, !first.isScalar {
      guard values.allSatisfy({ $0.shape == .list && $0.count == first.count }) else {
        throw problem("the rows of a list have one length", at: tree, hint: "concatenate(a, b) puts lists behind each other")
      }
      var joined = try joined(values, at: tree)
      joined.shape = .matrix(columns: first.count)
      return joined
    }
    if let place = values.firstIndex(where: { !$0.isScalar }) { throw problem("a list has numbers or rows, not both", at: items[place]) }
    return try joined(values, at: tree)
  }

  /// One behind the other. A bare 0 fits any unit.
  func joined(_ values: [ArrayValue], at tree: Expression) throws(Problems) -> ArrayValue {
    let leader = values.first { !$0.isBareZero } ?? values.first
    let dimension = leader?.dimension ?? .dimensionless
    for value in values where value.dimension != dimension && !value.isBareZero {
      throw problem(
        "the values of a list have one unit", at: tree, found: "values in '\(dimension)' and in '\(value.dimension)'")
    }
    let type = values.map(\.type).max() ?? .float
    if type != .boolean, values.contains(where: { $0.type == .boolean }) { throw problem("a list mixes numbers with true and false", at: tree) }
    return ArrayValue(values: values.flatMap(\.values), dimension: dimension, type: type, isKnown: values.allSatisfy(\.isKnown))
  }

  // ----------------------------------------------------------------------------------------------------------- selections

  private func selection(_ parts: [Expression], at tree: Expression, _ evaluation: inout ArrayEvaluation) throws(Problems) -> ArrayValue {
    let base = try evaluate(parts[0], &evaluation)
    guard base.isKnown else { return try unknownSelection(base, parts, &evaluation) }
    if base.isScalar { throw problem("nothing can be selected from a single value", at: parts[0]) }
    guard let columns = base.columns else {
      guard parts.count == 2 else { throw problem("a list has one position in brackets", at: tree) }
      let (places, isSingle) = try places(parts[1], count: base.count, &evaluation)
      return ArrayValue(values: places.map { base.values[$0] }, dimension: base.dimension, type: base.type, shape: isSingle ? .scalar : .list)
    }
    guard parts.count <= 3 else { throw problem("a table has a row and a column in brackets", at: tree) }
    let (rows, isRow) = try places(parts[1], count: columns == 0 ? 0 : base.count / columns, &evaluation)
    let (chosen, isColumn) = try parts.count == 3 ? places(parts[2], count: columns, &evaluation) : (Array(0..<columns), false)
    let values = rows.flatMap { row in chosen.map { base.values[row * columns + $0] } }
    let shape: ArrayValue.Shape = isRow && isColumn ? .scalar : isRow || isColumn ? .list : .matrix(columns: chosen.count)
    return ArrayValue(values: values, dimension: base.dimension, type: base.type, shape: shape)
  }

  private func unknownSelection(_ base: ArrayValue, _ parts: [Expression], _ evaluation: inout ArrayEvaluation) throws(Problems) -> ArrayValue {
    var isSingle = true
    for part in parts.dropFirst() {
      if case .call(ArrayForm.range, let ends) = part.node {
        isSingle = false
        for end in ends where end.node != .name(ArrayForm.open) { _ = try evaluate(end, &evaluation) }
      } else if try !evaluate(part, &evaluation).isScalar {
        isSingle = false
      }
    }
    return .unknown(base.dimension, base.type, isSingle ? .scalar : .list)
  }

  /// Positions from 0 on, and whether it is one alone. Negative ones count from the end.
  private func places(_ selector: Expression, count: Int, _ evaluation: inout ArrayEvaluation) throws(Problems) -> ([Int], Bool) {
    if case .call(ArrayForm.range, let ends) = selector.node { return (try range(ends, count: count, at: selector, &evaluation), false) }
    let chosen = try evaluate(selector, &evaluation)
    guard chosen.isKnown else { return ([], chosen.isScalar) }
    if chosen.type == .boolean, !chosen.isScalar {
      guard chosen.count == count else {
        throw problem("a list of true and false chooses from a list of its length", at: selector, found: "\(chosen.count) and \(count) values")
      }
      return (chosen.values.indices.filter { chosen.values[$0] != 0 }, false)
    }
    var places: [Int] = []
    for value in chosen.values {
      guard chosen.dimension.isDimensionless, let place = Int(exactly: value) else { throw problem("a position is an integer", at: selector) }
      let real = place < 0 ? place + count : place
      guard (0..<count).contains(real) else {
        throw problem("there is no value \(place)", at: selector, found: "\(count) value\(count == 1 ? "" : "s"), counted from 0")
      }
      places.append(real)
    }
    return (places, chosen.isScalar)
  }

  private func range(_ ends: [Expression], count: Int, at selector: Expression, _ evaluation: inout ArrayEvaluation) throws(Problems) -> [Int] {
    func integer(_ place: Int) throws(Problems) -> Int? {
      guard place < ends.count, ends[place].node != .name(ArrayForm.open) else { return nil }
      return try self.integer(ends[place], "an end of a range", &evaluation)
    }
    let step = try integer(2) ?? 1
    guard step != 0 else { throw problem("the step of a range is not 0", at: selector) }
    func end(_ value: Int?, _ standard: Int) -> Int {
      guard let value else { return standard }
      let real = value < 0 ? value + count : value
      return step > 0 ? min(max(real, 0), count) : min(max(real, -1), count - 1)
    }
    let (first, last) = (end(try integer(0), step > 0 ? 0 : count - 1), end(try integer(1), step > 0 ? count : -1))
    return Array(stride(from: first, to: last, by: step))
  }

  func integer(_ tree: Expression, _ what: String, _ evaluation: inout ArrayEvaluation) throws(Problems) -> Int {
    let value = try evaluate(tree, &evaluation)
    guard value.isKnown else { return 1 }
    guard value.isScalar, value.dimension.isDimensionless, let integer = Int(exactly: value.values[0]) else {
      throw problem("\(what) is an integer", at: tree, found: value.isScalar ? Quantity(value.values[0], value.dimension).inWords : "a list")
    }
    return integer
  }
}

/// What is counted while a text is evaluated.
struct ArrayEvaluation {
  /// Calls that draw, each of which has numbers of its own.
  var drawCount = 0
  /// Numbers of all lists that were made.
  var numberCount = 0
}
