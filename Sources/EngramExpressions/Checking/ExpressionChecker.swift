public import EngramUnits
import EngramScalars

/// Checks units and types of expressions and statements (UNI-5, COD-5…9, FUN-12) and reports every problem at once.
public struct ExpressionChecker {
  /// What names mean.
  public let symbols: any SymbolTable

  /// A checker for texts in which names have these meanings.
  public init(_ symbols: any SymbolTable) { self.symbols = symbols }

  /// What an expression measures, and which kind of number it is.
  ///
  /// - Parameters:
  ///   - expression: the expression to check.
  ///   - source: the text in which the expression's spans count; without it messages draw no source line.
  /// - Throws: every problem of units, types and names.
  public func check(_ expression: Expression, in source: SourceText? = nil) throws(Problems) -> TypedInfo {
    var checker = Checking(symbols, source)
    let info = checker.info(of: expression)
    try checker.problems.throwIfAny(in: source ?? "")
    return info ?? TypedInfo()
  }

  /// The expression with what each of its parts measures.
  ///
  /// - Throws: every problem of units and names.
  public func explain(_ expression: Expression, in source: SourceText? = nil) throws(Problems) -> ExplainedExpression {
    var checker = Checking(symbols, source)
    checker.keepParts()
    let info = checker.info(of: expression)
    try checker.problems.throwIfAny(in: source ?? "")
    return checker.takeExplained() ?? ExplainedExpression(expression, info ?? TypedInfo(), parts: [])
  }

  /// Checks that an expression measures what its place demands, such as the right side of a differential equation.
  ///
  /// - Throws: every problem of units, types and names.
  public func check(
    _ expression: Expression, expecting dimension: Dimension, for purpose: String, in source: SourceText? = nil
  ) throws(Problems) -> TypedInfo {
    var checker = Checking(symbols, source)
    let info = checker.info(of: expression)
    if let info, info.dimension != dimension {
      checker.report(
        .dimensions, "\(purpose) should have \(dimension.readable)", at: expression.span,
        expected: [dimension.readable], found: "\(checker.quote(expression)) has \(info.dimension.readable)",
        hint: checker.unitHint(expression, dimension))
    }
    try checker.problems.throwIfAny(in: source ?? "")
    return info ?? TypedInfo()
  }

  /// Checks that an expression is true or false, such as a threshold.
  ///
  /// - Throws: every problem of units, types and names.
  public func checkCondition(_ expression: Expression, for purpose: String, in source: SourceText? = nil) throws(Problems) -> TypedInfo {
    var checker = Checking(symbols, source)
    let info = checker.info(of: expression)
    if let info, info.type != .boolean {
      let unit = info.dimension.isDimensionless ? "…" : "…*\(info.dimension.readableUnit)"
      let written = checker.quote(expression).dropFirst().dropLast()
      checker.report(
        .type, "\(purpose) must be true or false", at: expression.span, expected: ["a comparison or a boolean variable"],
        found: "\(checker.quote(expression)) is \(info.type.readable)", hint: "compare it with something, as in '\(written) > \(unit)'")
    }
    try checker.problems.throwIfAny(in: source ?? "")
    return info ?? TypedInfo(.dimensionless, .boolean)
  }
}

/// One check in progress. An expression with a problem has no information (nil), so that nothing is reported twice.
struct Checking {
  let symbols: any SymbolTable
  /// Temporaries of the block so far.
  var temporaries: [String: VariableSymbol] = [:]
  /// Names that become temporaries further down in the block.
  var laterTemporaries: Set<String> = []
  var problems = ProblemCollector()
  /// Temporaries whose value has a problem: nothing more is said about them.
  var unknownTemporaries: Set<String> = []
  private var reportedNames: Set<String> = []
  /// Where a unit is expected rather than a variable.
  private var unitPlaces: Set<SourceSpan> = []
  private let source: SourceText?

  init(_ symbols: any SymbolTable, _ source: SourceText?) {
    self.symbols = symbols
    self.source = source
  }

  /// An expression as its author wrote it, if that is at hand and short; else as it prints.
  func quote(_ expression: Expression) -> String {
    if let source, expression.span != .none, expression.span.upper - expression.span.lower <= 60 {
      let written = source[expression.span]
      if !written.contains(where: \.isNewline) { return "'\(written)'" }
    }
    return expression.quoted
  }

  mutating func report(
    _ kind: Problem.Kind, _ message: String, at span: SourceSpan, expected: [String] = [], found: String? = nil,
    hint: String? = nil, name: String? = nil
  ) {
    problems.report(Problem(kind, message, at: span, expected: expected, found: found, hint: hint, name: name))
  }

  func lookup(_ name: String) -> Symbol? { temporaries[name].map(Symbol.variable) ?? symbols.symbol(name) }

  /// The parts of expressions as they were understood, if they are wanted: those still without a parent, in order.
  private(set) var explained: [ExplainedExpression]?
  mutating func keepParts() { explained = [] }
  /// What was kept of the last expression.
  mutating func takeExplained() -> ExplainedExpression? { explained?.popLast() }

  mutating func info(of expression: Expression) -> TypedInfo? {
    guard let first = explained?.count else { return deduced(expression) }
    let info = deduced(expression)
    let parts = explained.map { Array($0[first...]) } ?? []
    let whole = ExplainedExpression(expression, info ?? TypedInfo(), parts: parts, value: namedConstant(expression))
    explained?.removeSubrange(first...)
    explained?.append(whole)
    return info
  }

  /// The value behind a name that stands for one; units explain themselves.
  private func namedConstant(_ expression: Expression) -> Quantity? {
    guard case .name(let name) = expression.node, case .constant(let constant)? = lookup(name),
      UnitCatalogue.standard.lookup(name) == nil
    else { return nil }
    return Quantity(si: constant.value, dimension: constant.dimension)
  }

  private mutating func deduced(_ expression: Expression) -> TypedInfo? {
    switch expression.node {
    case .float: return TypedInfo(.dimensionless, .float)
    case .integer: return TypedInfo(.dimensionless, .integer)
    case .boolean: return TypedInfo(.dimensionless, .boolean)
    case .name(let name): return info(ofName: name, at: expression.span)
    case .unary(let op, let operand): return info(op, operand)
    case .binary(let op, let lhs, let rhs):
      // What stands beside a number in a product is a unit, most probably.
      if op == .multiply || op == .divide, lhs.isLiteralNumber, case .name = rhs.node { unitPlaces.insert(rhs.span) }
      let left = info(of: lhs)
      let right = info(of: rhs)
      if op == .and || op == .or {
        requireBoolean(lhs, left, op.rawValue)
        requireBoolean(rhs, right, op.rawValue)
        return TypedInfo(.dimensionless, .boolean, isScalar: (left?.isScalar ?? true) && (right?.isScalar ?? true))
      }
      guard let left, let right else { return op.isComparison ? TypedInfo(.dimensionless, .boolean) : nil }
      return combine(expression, op, (lhs, left), (rhs, right))
    case .call(let name, let arguments): return info(ofCall: name, arguments, expression.span)
    }
  }

  // MARK: - Names

  private mutating func info(ofName name: String, at span: SourceSpan) -> TypedInfo? {
    if unknownTemporaries.contains(name) { return nil }
    switch lookup(name) {
    case .variable(let variable): return TypedInfo(variable.dimension, variable.type, isScalar: variable.isScalar)
    case .constant(let constant): return TypedInfo(constant.dimension, constant.type)
    case .function(let function):
      report(
        .type, "'\(name)' is a function and has no value of its own", at: span,
        hint: "call it: '\(name)(\(function.arguments.map(\.name).joined(separator: ", ")))'", name: name)
      return nil
    case nil:
      reportUnresolved(name, at: span, isCall: false)
      return nil
    }
  }

  /// - Parameter otherwise: what to say where no name resembles it.
  mutating func reportUnresolved(_ name: String, at span: SourceSpan, isCall: Bool, otherwise: String? = nil) {
    // One message per name: the same slip repeated teaches nothing new.
    guard reportedNames.insert(name).inserted else { return }
    if !isCall, let explanation = symbols.explainUnresolved(name) ?? UnresolvedNames.explanation(of: name) {
      report(.unresolvedName, explanation, at: span, name: name)
      return
    }
    if laterTemporaries.contains(name) {
      report(.unresolvedName, "'\(name)' is used before it gets a value", at: span, hint: "assign '\(name)' further up", name: name)
      return
    }
    // Looking for the nearest name is dear; what is not shown needs no hint.
    guard problems.count < Problems.limit else {
      report(.unresolvedName, "'\(name)' is not defined here", at: span, name: name)
      return
    }
    let candidates = (symbols.suggestions + temporaries.keys).filter { candidate in
      guard let symbol = lookup(candidate) else { return false }
      if case .function = symbol { return isCall }
      return !isCall && UnitCatalogue.standard.lookup(candidate) == nil
    }
    let hint = UnresolvedNames.hint(name, isCall: isCall, isUnit: unitPlaces.contains(span), candidates: candidates)
    report(.unresolvedName, "\(isCall ? "the function " : "")'\(name)' is not defined here", at: span, hint: hint ?? otherwise, name: name)
  }

  // MARK: - Operators

  private mutating func info(_ op: UnaryOperator, _ operand: Expression) -> TypedInfo? {
    guard let inner = info(of: operand) else { return op == .not ? TypedInfo(.dimensionless, .boolean) : nil }
    switch op {
    case .not:
      requireBoolean(operand, inner, "not")
      return TypedInfo(.dimensionless, .boolean, isScalar: inner.isScalar)
    case .minus, .plus:
      // In arithmetic what is true or false counts as 1 or 0, whatever the operator (COD-9).
      return inner.type == .boolean ? TypedInfo(.dimensionless, .integer, isScalar: inner.isScalar) : inner
    }
  }

  private mutating func requireBoolean(_ operand: Expression, _ info: TypedInfo?, _ op: String) {
    guard let info, info.type != .boolean else { return }
    let zero = info.dimension.isDimensionless ? "0" : "0*\(info.dimension.readableUnit)"
    report(
      .type, "'\(op)' joins only what is true or false", at: operand.span, expected: ["a comparison or a boolean variable"],
      found: "\(quote(operand)) is \(info.type.readable)", hint: operand.size < 20 ? "write '\(operand) != \(zero)'" : nil)
  }

  private mutating func combine(
    _ whole: Expression, _ op: BinaryOperator, _ left: (tree: Expression, info: TypedInfo), _ right: (tree: Expression, info: TypedInfo)
  ) -> TypedInfo? {
    let isScalar = left.info.isScalar && right.info.isScalar
    // Booleans count as the integers 0 and 1.
    let type = max(left.info.type, right.info.type, .integer)
    switch op {
    case .add, .subtract, .modulo:
      guard requireSame(whole, op, left, right) else { return nil }
      return TypedInfo(left.info.dimension, type, isScalar: isScalar)
    case .multiply: return TypedInfo(left.info.dimension * right.info.dimension, type, isScalar: isScalar)
    case .divide: return TypedInfo(left.info.dimension / right.info.dimension, .float, isScalar: isScalar)
    case .floorDivide:
      for side in [left, right] where !side.info.dimension.isDimensionless {
        report(
          .dimensions, "'//' divides only values without unit", at: side.tree.span, expected: ["no unit"],
          found: "\(quote(side.tree)) has \(side.info.dimension.readable)", hint: "divide by a unit first, or write 'floor(a/b)'")
      }
      return TypedInfo(.dimensionless, type, isScalar: isScalar)
    case .power: return power(whole, left, right, type, isScalar)
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
      _ = requireSame(whole, op, left, right)
      return TypedInfo(.dimensionless, .boolean, isScalar: isScalar)
    case .and, .or: return nil
    }
  }

  private mutating func requireSame(
    _ whole: Expression, _ op: BinaryOperator, _ left: (tree: Expression, info: TypedInfo), _ right: (tree: Expression, info: TypedInfo)
  ) -> Bool {
    guard left.info.dimension != right.info.dimension else { return true }
    let verb =
      switch op {
      case .add: "cannot add values with different units"
      case .subtract: "cannot subtract values with different units"
      case .modulo: "the remainder of values with different units has no meaning"
      default: "cannot compare values with different units"
      }
    report(
      .dimensions, verb, at: whole.span,
      found: "\(quote(left.tree)) has \(left.info.dimension.readable), \(quote(right.tree)) has \(right.info.dimension.readable)",
      hint: unitHint(left.tree, right.info.dimension) ?? unitHint(right.tree, left.info.dimension))
    return false
  }

  /// For bare numbers that lack a unit: how to give them one (COD-5).
  func unitHint(_ tree: Expression, _ wanted: Dimension) -> String? {
    guard tree.isLiteralNumber, !wanted.isDimensionless else { return nil }
    return "a bare number has no unit: write '\(tree)*\(wanted.readableUnit)'"
  }

  private mutating func power(
    _ whole: Expression, _ base: (tree: Expression, info: TypedInfo), _ exponent: (tree: Expression, info: TypedInfo),
    _ type: ValueType, _ isScalar: Bool
  ) -> TypedInfo? {
    guard exponent.info.dimension.isDimensionless else {
      report(
        .dimensions, "an exponent has no unit", at: exponent.tree.span, expected: ["no unit"],
        found: "\(quote(exponent.tree)) has \(exponent.info.dimension.readable)")
      return nil
    }
    let known = knownValue(exponent.tree)
    // An integer to a negative or unknown power is not an integer.
    let resultType: ValueType = type == .integer && (known ?? -1) >= 0 ? .integer : .float
    if base.info.dimension.isDimensionless { return TypedInfo(.dimensionless, resultType, isScalar: isScalar) }
    guard let known, known.isFinite else {
      report(
        .dimensions, "the exponent of a value with a unit must be known before the run", at: exponent.tree.span,
        expected: ["a number or a constant"], found: quote(exponent.tree),
        hint: "\(quote(base.tree)) has \(base.info.dimension.readable); divide it by its unit first")
      return nil
    }
    return TypedInfo(base.info.dimension.raised(to: known), resultType, isScalar: isScalar)
  }

  /// The value of a formula of numbers and constants; nil if it depends on anything else.
  func knownValue(_ expression: Expression) -> Double? {
    expression.evaluate { name in
      switch lookup(name) {
      case .constant(let constant): constant.value
      case .variable(let variable): variable.knownValue
      case .function, nil: nil
      }
    }
  }

  // MARK: - Calls

  private mutating func info(ofCall name: String, _ arguments: [Expression], _ span: SourceSpan) -> TypedInfo? {
    let infos = arguments.map { info(of: $0) }
    let function: FunctionSignature
    switch lookup(name) {
    case .function(let found): function = found
    case .variable, .constant:
      report(
        .type, "'\(name)' is not a function", at: span, found: "a \(isVariable(name) ? "variable" : "constant") that is called",
        hint: "for a product write '\(name)*(…)'", name: name)
      return nil
    case nil:
      reportUnresolved(name, at: SourceSpan(span.lower, min(span.upper, span.lower + name.utf8.count)), isCall: true)
      return nil
    }
    guard arguments.count == function.arguments.count else {
      let count = function.arguments.count
      let list = function.arguments.map(\.name).joined(separator: ", ")
      report(
        .type, "'\(name)' takes \(count == 0 ? "no arguments" : count == 1 ? "1 argument" : "\(count) arguments")", at: span,
        expected: ["'\(name)(\(list))'"], found: "\(arguments.count) argument\(arguments.count == 1 ? "" : "s")", name: name)
      return nil
    }
    var isFine = true
    for place in arguments.indices {
      guard let info = infos[place] else {
        isFine = false
        continue
      }
      isFine = checkArgument(place, arguments[place], info, function, infos, arguments) && isFine
    }
    guard isFine else { return nil }
    let known = infos.compactMap { $0 }
    let result = function.result(dimensions: known.map(\.dimension), types: known.map(\.type))
    return TypedInfo(result.dimension, result.type, isScalar: known.allSatisfy(\.isScalar))
  }

  private func isVariable(_ name: String) -> Bool {
    if case .variable = lookup(name) { true } else { false }
  }

  private mutating func checkArgument(
    _ place: Int, _ tree: Expression, _ info: TypedInfo, _ function: FunctionSignature, _ infos: [TypedInfo?], _ trees: [Expression]
  ) -> Bool {
    let argument = function.arguments[place]
    let subject = "argument \(place + 1) ('\(argument.name)') of '\(function.name)'"
    var wanted: Dimension?
    var reason = ""
    switch argument.unit {
    case .any: break
    case .dimensionless: wanted = .dimensionless
    case .unit(let dimension): wanted = dimension
    case .boolean: return requireType(.boolean, subject, tree, info)
    case .sameAs(let other):
      guard let reference = function.arguments.firstIndex(where: { $0.name == other }), let found = infos[reference] else { break }
      wanted = found.dimension
      reason = ", like \(quote(trees[reference]))"
    }
    if let wanted, wanted != info.dimension {
      report(
        .dimensions, "\(subject) must have \(wanted.readable)\(reason)", at: tree.span, expected: [wanted.readable],
        found: "\(quote(tree)) has \(info.dimension.readable)",
        hint: unitHint(tree, wanted) ?? (wanted.isDimensionless ? "divide it by a value \(info.dimension.inUnit)" : nil))
      return false
    }
    switch argument.type {
    case .any, .float: return true
    case .integer: return info.type <= .integer || requireType(.integer, subject, tree, info)
    case .boolean: return requireType(.boolean, subject, tree, info)
    }
  }

  private mutating func requireType(_ wanted: ValueType, _ subject: String, _ tree: Expression, _ info: TypedInfo) -> Bool {
    guard info.type != wanted else { return true }
    report(
      .type, "\(subject) must be \(wanted.readable)", at: tree.span, expected: [wanted.readable],
      found: "\(quote(tree)) is \(info.type.readable)",
      hint: wanted == .integer ? "convert it with 'int(…)'" : "compare it with something")
    return false
  }
}
