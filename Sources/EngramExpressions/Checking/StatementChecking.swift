import EngramScalars
import EngramUnits

extension ExpressionChecker {
  /// Checks a block of statements: units and types of every value, what may be written, temporaries, order dependence.
  public func checkStatements(
    _ statements: [Statement], context: CodeContext, in source: SourceText? = nil
  ) throws(Problems) -> CheckedCode {
    var block = BlockChecking(Checking(symbols, source), context)
    block.run(statements)
    try block.checking.problems.throwIfAny(in: source ?? "")
    return block.result(statements)
  }

  /// The value of each statement with what its parts measure.
  ///
  /// - Throws: every problem of the block.
  public func explainStatements(
    _ statements: [Statement], context: CodeContext, in source: SourceText? = nil
  ) throws(Problems) -> [ExplainedExpression] {
    var block = BlockChecking(Checking(symbols, source), context)
    block.checking.keepParts()
    block.run(statements)
    try block.checking.problems.throwIfAny(in: source ?? "")
    return block.checking.explained ?? []
  }
}

/// The check of one block in progress.
private struct BlockChecking {
  var checking: Checking
  let context: CodeContext
  private var values: [TypedInfo] = []
  private var reads: Set<String> = []
  private var writes: Set<String> = []
  private var stateful: Set<String> = []
  private var scalarStatements = 0
  /// Where each temporary gets its first value, and whether anything reads it.
  private var temporaryReads: [String: (span: SourceSpan, isRead: Bool)] = [:]
  /// Whether a statement with a value per element has come; shared variables must be written before (COD-8).
  private var hasVectorStatement = false

  init(_ checking: Checking, _ context: CodeContext) {
    self.checking = checking
    self.context = context
  }

  mutating func run(_ statements: [Statement]) {
    // A temporary begins with a plain assignment; what is only added to is nothing.
    for statement in statements where statement.operator == .assign && checking.symbols.symbol(statement.target) == nil {
      checking.laterTemporaries.insert(statement.target)
    }
    for statement in statements { check(statement) }
  }

  func result(_ statements: [Statement]) -> CheckedCode {
    let order = OrderAnalysis(statements, checking.symbols)
    return CheckedCode(
      statements: statements, values: values, temporaries: checking.temporaries, reads: reads, writes: writes,
      accumulates: order.accumulates, scalarStatements: scalarStatements, statefulFunctions: stateful,
      orderDependence: order.problem, unreadTemporaries: unread)
  }

  /// Values that nobody reads: most probably the name of a variable is misspelt (COD-8).
  private var unread: [Problem] {
    temporaryReads.filter { !$0.value.isRead }.sorted { $0.value.span.lower < $1.value.span.lower }.map { name, value in
      let writable = checking.symbols.suggestions.filter { candidate in
        if case .variable(let variable)? = checking.symbols.symbol(candidate) { !variable.isReadOnly } else { false }
      }
      return Problem(
        .unresolvedName, "'\(name)' is a temporary variable that nothing reads: the assignment has no effect", at: value.span,
        hint: nearest(name, in: writable).map { "did you mean '\($0)'?" }, name: name, severity: .warning)
    }
  }

  private mutating func check(_ statement: Statement) {
    let info = checking.info(of: statement.value)
    noteReads(statement.value)
    switch checking.lookup(statement.target) {
    case nil: define(statement, info)
    case .variable(let variable) where checking.temporaries[statement.target] != nil: redefine(statement, variable, info)
    case .variable(let variable): write(statement, variable, info)
    case .constant:
      refuse(statement, "'\(statement.target)' is a constant and cannot be assigned", hint: "use another name for the temporary variable")
    case .function:
      refuse(statement, "'\(statement.target)' is a function and cannot be assigned", hint: "use another name for the temporary variable")
    }
    values.append(info ?? TypedInfo())
  }

  private mutating func refuse(_ statement: Statement, _ message: String, hint: String? = nil) {
    checking.report(.readOnly, message, at: statement.targetSpan, hint: hint, name: statement.target)
  }

  private mutating func noteReads(_ expression: Expression) {
    for name in expression.identifiers {
      temporaryReads[name]?.isRead = true
      noteRead(name)
    }
    noteCalls(expression)
  }

  private mutating func noteCalls(_ expression: Expression) {
    for name in expression.calledFunctions {
      if case .function(let function) = checking.lookup(name), !function.isStateless { stateful.insert(name) }
    }
  }

  private mutating func noteRead(_ name: String) {
    guard checking.temporaries[name] == nil, case .variable(let variable) = checking.symbols.symbol(name),
      reads.insert(name).inserted, let formula = variable.subexpression
    else { return }
    noteReads(formula)
  }

  // MARK: - Temporaries

  private mutating func define(_ statement: Statement, _ info: TypedInfo?) {
    let name = statement.target
    // A name that is explained means nothing here, and a temporary of that name would mean something else to its reader.
    guard statement.operator == .assign, checking.symbols.explainUnresolved(name) == nil else {
      checking.reportUnresolved(name, at: statement.targetSpan, isCall: false, otherwise: "a temporary variable begins with '=': \(name) = …")
      return
    }
    temporaryReads[name] = (statement.targetSpan, false)
    checking.laterTemporaries.remove(name)
    guard let info else {
      // Known by name, so that its uses are not reported as undefined; what it measures is not known.
      checking.temporaries[name] = VariableSymbol()
      checking.unknownTemporaries.insert(name)
      return
    }
    let isScalar = info.isScalar && !draws(statement.value)
    checking.temporaries[name] = VariableSymbol(info.dimension, type: info.type, isScalar: isScalar)
    noteTemporary(isScalar: isScalar)
  }

  private mutating func redefine(_ statement: Statement, _ variable: VariableSymbol, _ info: TypedInfo?) {
    guard let info, !checking.unknownTemporaries.contains(statement.target) else { return }
    checkUnit(statement, variable, info)
    let type = statement.operator == .assign ? info.type : resultType(statement, variable, info)
    let isScalar = info.isScalar && !draws(statement.value) && (statement.operator == .assign || variable.isScalar)
    checking.temporaries[statement.target] = VariableSymbol(variable.dimension, type: type, isScalar: isScalar)
    noteTemporary(isScalar: isScalar)
  }

  /// Whether a value differs between elements although it reads shared values only.
  private func draws(_ expression: Expression) -> Bool {
    expression.calledFunctions.contains { name in
      if case .function(let function) = checking.lookup(name) { !function.isStateless } else { false }
    }
  }

  private func resultType(_ statement: Statement, _ variable: VariableSymbol, _ info: TypedInfo) -> ValueType {
    statement.operator == .divide ? .float : max(variable.type, info.type, .integer)
  }

  private mutating func noteTemporary(isScalar: Bool) {
    if isScalar, !hasVectorStatement { scalarStatements += 1 } else { hasVectorStatement = true }
  }

  // MARK: - Variables

  private mutating func write(_ statement: Statement, _ variable: VariableSymbol, _ info: TypedInfo?) {
    let name = statement.target
    if variable.subexpression != nil {
      refuse(statement, "'\(name)' is a subexpression and cannot be assigned", hint: "assign the variables it is made of")
    } else if variable.isReadOnly {
      refuse(statement, "'\(name)' is read-only and cannot be assigned")
    } else if variable.isScalar {
      checkSharedWrite(statement, info)
    } else {
      hasVectorStatement = true
    }
    writes.insert(name)
    if statement.operator != .assign { reads.insert(name) }
    if let info { checkUnit(statement, variable, info) }
  }

  private mutating func checkSharedWrite(_ statement: Statement, _ info: TypedInfo?) {
    let name = statement.target
    if context == .partial {
      refuse(
        statement, "'\(name)' is shared and cannot be assigned in code that runs for some elements only",
        hint: "assign it in code that runs for all elements, such as run_regularly")
      return
    }
    if hasVectorStatement {
      refuse(
        statement, "the shared variable '\(name)' is assigned after something that has a value per element",
        hint: "move the assignments of shared variables to the beginning")
      return
    }
    if let info, !info.isScalar {
      let culprits = statement.value.identifiers.filter { checking.symbolIsVector($0) }.sorted()
      refuse(
        statement, "the shared variable '\(name)' has one value, but what is assigned differs between elements",
        hint: culprits.first.map { "'\($0)' has a value per element" })
      return
    }
    scalarStatements += 1
  }

  private mutating func checkUnit(_ statement: Statement, _ variable: VariableSymbol, _ info: TypedInfo) {
    switch statement.operator {
    case .assign, .add, .subtract, .modulo:
      guard info.dimension != variable.dimension else { return }
      checking.report(
        .dimensions, "'\(statement.target)' has \(variable.dimension.readable), but the value has \(info.dimension.readable)",
        at: statement.value.span, expected: [variable.dimension.readable],
        found: "\(checking.quote(statement.value)) has \(info.dimension.readable)", hint: checking.unitHint(statement.value, variable.dimension))
    case .multiply, .divide:
      guard !info.dimension.isDimensionless else { return }
      checking.report(
        .dimensions, "'\(statement.operator.rawValue)' with \(info.dimension.readable) would change what '\(statement.target)' measures",
        at: statement.value.span, expected: ["no unit"], found: "\(checking.quote(statement.value)) has \(info.dimension.readable)")
    }
  }
}

extension Checking {
  func symbolIsVector(_ name: String) -> Bool {
    if case .variable(let variable) = lookup(name) { !variable.isScalar } else { false }
  }
}
