import EngramExpressions
import EngramKernels
import EngramScalars
import EngramStorage
import EngramUnits

/// The way from model code to something that runs: resolve names, check, lower, compile, bind.
struct CodePreparation {
  let request: CodeRequest
  let random: RandomState
  private let device: Device
  /// Which implementations of functions are used.
  private let target: ExecutionTarget?
  private var names: NameResolution
  private var table = CodeSymbols()
  /// Names that nothing explains: all of them are told together.
  private var unresolved: [String] = []
  /// Functions, under their names in the code, whose bodies want the units of their arguments in each call.
  private var unitFunctions: [String: Function] = [:]

  init(_ request: CodeRequest, runNamespace: Namespace, random: RandomState) {
    self.request = request
    self.random = random
    device = request.owner.environment.device
    target = device.executionTarget ?? .preferred
    names = NameResolution(owner: request.owner, runNamespace: runNamespace)
    names.additional = request.additional
    names.userWritten = request.userWritten
  }

  mutating func prepare(with compiler: InterpreterCompiler = InterpreterCompiler()) throws -> PreparedKernel {
    try collectNames()
    if !unresolved.isEmpty { throw UnresolvedIdentifierError(unresolved, in: request, known: names.known) }
    let order = try check()
    let code = try codeWithUnits()
    let program = try lower(code)
    let text = request.codeText ?? request.source?.text
    let description = CodeToBuild(object: request.objectName, purpose: request.purpose, text: text, program: program)
    return try device.buildCode(description) { try kernel(for: program, dependsOnOrder: order, text: text, compiler) }
  }

  private func kernel(
    for program: KernelProgram, dependsOnOrder: Bool, text: String?, _ compiler: InterpreterCompiler
  ) throws -> PreparedKernel {
    let purpose = request.clock == nil ? "outside:" + request.purpose : request.purpose
    let object = request.objectName
    let seed = random.seed
    let kind = request.purpose == "code" ? "" : "\(request.purpose) "
    let own = request.isOfElements ? (request.owner as? any DividedOwner)?.ownElements : nil
    return try PreparedKernel(
      program, columns: table.columns, owner: request.owner, label: "the \(kind)code of '\(object)'", clock: request.clock,
      dependsOnOrder: dependsOnOrder, codeText: text, numbers: own?.numbers, compiler: compiler
    ) { site in
      RandomKey.key(seed: seed, object: object, purpose: purpose, site: site)
    }
  }

  // -------------------------------------------------------------------------------------------------------------- names

  private var functionOwner: FunctionOwner {
    // Outside of runs the owner's own clock counts.
    let step = if let clock = request.clock { clock.stepSeconds.map { Time(si: $0) } } else { request.owner.ownStep }
    return FunctionOwner(name: request.owner.name, dt: step)
  }

  /// Finds out what every name means, through the formulas of subexpressions.
  private mutating func collectNames() throws {
    let owner = functionOwner
    var temporaries: Set<String> = []
    switch request.code {
    case .statements(let statements):
      for statement in statements {
        try add(statement.value, except: temporaries, owner: owner)
        let target = statement.target
        if names.additional[target] == nil, !request.owner.variables.contains(target), request.formulas[target] == nil {
          temporaries.insert(target)
        } else {
          try add(name: target, owner: owner)
        }
      }
      table.temporaries = temporaries
    case .condition(let expression), .value(let expression): try add(expression, except: [], owner: owner)
    }
  }

  private mutating func add(_ expression: Expression, except temporaries: Set<String>, owner: FunctionOwner) throws {
    for name in expression.identifiers.sorted() where !temporaries.contains(name) { try add(name: name, owner: owner) }
    for name in expression.calledFunctions.sorted() {
      if request.functions[name] == nil, request.formulas[name] == nil { try names.checkNotHidden(function: name) }
      try add(name: name, owner: owner)
    }
    try checkColumns(in: expression)
  }

  /// Columns of tables that are known before the run must exist (INP-23).
  private func checkColumns(in expression: Expression) throws {
    for case (let name, let column?) in expression.lastArguments {
      guard let function = try? request.functions[name] ?? names.function(name), let count = function.columnCount else { continue }
      switch column.node {
      case .integer(let number) where number >= count:
        throw FunctionCallError.columnOutOfRange(function: name, column: Int(number), count: count)
      case .unary(.minus, let operand):
        if case .integer(let number) = operand.node, number > 0 {
          throw FunctionCallError.columnOutOfRange(function: name, column: -Int(number), count: count)
        }
      case .name(let index):
        guard let entry = names.owner.variables.entry(index), case .element = entry.access, case .elementIndex = entry.variable.kind,
          names.owner.elementCount > count
        else { continue }
        throw FunctionCallError.columnOutOfRange(function: name, column: names.owner.elementCount - 1, count: count)
      default: continue
      }
    }
  }

  private mutating func add(name: String, owner: FunctionOwner) throws {
    guard !table.contains(name) else { return }
    if let formula = request.formulas[name] {
      try add(formula, except: [], owner: owner)
      let check = CodeCheck(request: request, table: table, names: names)
      return table.add(formula: formula, info: try ExpressionChecker(check).check(formula), as: name)
    }
    if let function = request.functions[name] {
      return try add(function, as: name, owner: owner)
    }
    switch try names.resolve(name) {
    case nil: if !unresolved.contains(name) { unresolved.append(name) }
    case .constant(let value, let dimension)?: table.add(constant: value, dimension, as: name)
    case .defaultFunction(let signature)?: add(defaultFunction: signature)
    case .function(let function)?: try add(function, as: name, owner: owner)
    case .variable(let entry)?: try add(entry, as: name, in: request.owner, depth: 0, owner: owner)
    }
  }

  private mutating func add(_ function: Function, as name: String, owner: FunctionOwner) throws {
    table.add(function: function, as: name, kernel: try function.kernelFunction(for: owner, on: target))
    if try function.wantsUnits(on: target, for: owner) { unitFunctions[name] = function }
  }

  /// Known to the machine, unless the device has random numbers of its own.
  private mutating func add(defaultFunction signature: FunctionSignature) {
    let fill = RandomDistribution(rawValue: signature.name).flatMap { distribution in
      device.randomNumbers(distribution, object: request.objectName, purpose: request.purpose).map { (distribution, $0) }
    }
    table.add(defaultFunction: signature, kernel: fill.map { KernelFunction.drawing($0, with: $1) })
  }

  /// - Parameter group: the group whose variable it is under this name.
  private mutating func add(
    _ entry: Variables.Entry, as name: String, in group: any VariableOwner, depth: Int, owner: FunctionOwner
  ) throws {
    guard depth < 200 else { throw ModelDepthError(name: name) }
    switch entry.variable.kind {
    case .constant(let constant): table.add(constant: constant.value, constant.dimension, as: name)
    case .elementIndex(let index):
      let offset = index.offset - (index.owner?.elementOffset ?? 0)
      table.add(elementIndex: index, offset: offset, access: entry.access, as: name)
    case .array(let array):
      if array.flags.contains(.linked) { throw VariableError.notLinked(name: array.path) }
      let writable = request.writableReadOnly.contains(name)
      table.add(array, access: entry.access, as: name, isWritable: writable, respectsConditionalWrite: request.respectsConditionalWrite)
    case .subexpression(let formula):
      try add(formula, entry: entry, as: name, depth: depth, owner: owner)
    case .auxiliary: throw VariableError.noValue(name: entry.variable.path)
    }
  }

  /// A subexpression: of our own, its names mean what ours mean; of another group, they mean that group's (VAR-15).
  private mutating func add(_ formula: Subexpression, entry: Variables.Entry, as name: String, depth: Int, owner: FunctionOwner) throws {
    guard let home = entry.context, home !== request.owner else {
      table.add(subexpression: formula, expression: formula.expression, access: entry.access, as: name)
      return try add(formula.expression, except: [], owner: owner)
    }
    var renamed: [String: String] = [:]
    let inner = NameResolution(owner: home, runNamespace: names.runNamespace, userWritten: [])
    for identifier in formula.expression.identifiers.union(formula.expression.calledFunctions).sorted() {
      // A dot cannot occur in a name that a user writes.
      let alias = "\(name).\(identifier)"
      switch try inner.resolve(identifier) {
      case nil:
        throw UnresolvedIdentifierError(identifier: identifier, owner: home.name, nearest: nearest(identifier, in: inner.knownNames))
      case .defaultFunction(let signature)?: add(defaultFunction: signature)
      case .constant(let value, let dimension)?:
        renamed[identifier] = alias
        table.add(constant: value, dimension, as: alias)
      case .function(let function)?:
        renamed[identifier] = alias
        try add(function, as: alias, owner: owner)
      case .variable(let innerEntry)?:
        renamed[identifier] = alias
        let reached = Variables.Entry(
          variable: innerEntry.variable, access: innerEntry.access.behind(entry.access),
          context: innerEntry.variable.isFormula ? innerEntry.context ?? home : nil)
        if !table.contains(alias) { try add(reached, as: alias, in: home, depth: depth + 1, owner: owner) }
      }
    }
    table.add(subexpression: formula, expression: formula.expression.renaming(renamed), access: entry.access, as: name)
  }

  // ----------------------------------------------------------------------------------------------------------- checking

  /// Units, types and what may be written where. Returns whether the result depends on the order of elements (COD-12).
  private func check() throws -> Bool { try CodeCheck(request: request, table: table, names: names).run() }

  /// What the code means, once it has been prepared.
  func explanation() throws -> CodeExplanation {
    try CodeExplanation(request, symbols: CodeCheck(request: request, table: table, names: names))
  }

  /// The code, where bodies that compute with quantities are called with the units that their arguments have in each call.
  private mutating func codeWithUnits() throws -> CodeRequest.Code {
    if unitFunctions.isEmpty { return request.code }
    let checker = ExpressionChecker(CodeCheck(request: request, table: table, names: names))
    var calls = CallsWithUnits(functions: unitFunctions, owner: functionOwner, target: target)
    var code = request.code
    switch request.code {
    case .statements(let statements):
      let context: CodeContext = request.context == .allElements ? .perElement : .partial
      let explained = try checker.explainStatements(statements, context: context, in: request.source)
      code = .statements(
        try zip(statements, explained).map { statement, value in
          Statement(statement.target, statement.operator, try calls.rewritten(value), targetSpan: statement.targetSpan)
        })
    case .condition(let expression): code = .condition(try calls.rewritten(checker.explain(expression, in: request.source)))
    case .value(let expression): code = .value(try calls.rewritten(checker.explain(expression, in: request.source)))
    }
    for (name, formula, type) in table.formulas where formula.calls(anyOf: Set(unitFunctions.keys)) {
      table.replace(formula: name, by: try calls.rewritten(checker.explain(formula)), as: type)
    }
    for (name, kernel) in calls.found { table.add(kernel: kernel, as: name) }
    return code
  }

  private func lower(_ code: CodeRequest.Code) throws -> KernelProgram {
    switch code {
    case .statements(let statements):
      try Lowering.lower(statements: statements, symbols: table.kernelSymbols, purpose: request.purpose)
    case .condition(let expression):
      try Lowering.lower(condition: expression, symbols: table.kernelSymbols, purpose: request.purpose)
    case .value(let expression):
      try Lowering.lower(value: expression, as: request.resultType, symbols: table.kernelSymbols, purpose: request.purpose)
    }
  }
}

struct ModelDepthError: ExplainedError, Hashable {
  let name: String
  var description: String { "subexpressions around '\(name)' are nested more than 200 deep" }
}
