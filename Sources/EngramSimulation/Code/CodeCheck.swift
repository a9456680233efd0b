import EngramExpressions

/// Checks model code against the meaning of its names.
struct CodeCheck {
  let request: CodeRequest
  let table: CodeSymbols
  let names: NameResolution

  /// Throws every problem; returns whether the result depends on the order of elements (COD-12).
  func run() throws -> Bool {
    if request.isGenerated { return false }
    let checker = ExpressionChecker(self)
    switch request.code {
    case .statements(let statements):
      let context: CodeContext = request.context == .allElements ? .perElement : .partial
      let checked = try checker.checkStatements(statements, context: context, in: request.source)
      if let problem = checked.orderDependence {
        Messages.emit(
          .warning, "codegen.order_dependence",
          "the result of code '\(request.purpose)' of '\(request.objectName)' depends on the order in which elements are handled: "
            + "\(problem.message)\(request.source.map { "\n\($0.text)" } ?? "")", once: true)
      }
      warn(of: checked.unreadTemporaries)
      return checked.isOrderDependent
    case .condition(let expression):
      _ = try checker.checkCondition(expression, for: "the condition of '\(request.objectName)'", in: request.source)
    case .value(let expression):
      if let expected = request.expectedDimension {
        _ = try checker.check(expression, expecting: expected, for: "the value", in: request.source)
      } else {
        _ = try checker.check(expression, in: request.source)
      }
    }
    return false
  }
}

extension CodeCheck {
  private func warn(of temporaries: [Problem]) {
    guard let source = request.source else { return }
    // Code that the simulator adds has no place in the text.
    for problem in temporaries where problem.span != .none && source[problem.span] == problem.name ?? "" {
      Messages.emit(
        .warning, "codegen.unread_temporary", "\(source.describePlace(of: problem.span.lower)): in the code of '\(request.objectName)', \(problem)",
        once: true)
    }
  }
}

extension CodeCheck: SymbolTable {
  func symbol(_ name: String) -> Symbol? { table.symbols[name] ?? unused(name) }

  /// A variable that the code does not contain: it may be what a misspelt name means.
  private func unused(_ name: String) -> Symbol? {
    guard let variable = names.additional[name]?.variable ?? names.owner.variables[name] else { return nil }
    if case .auxiliary = variable.kind { return nil }
    return .variable(
      VariableSymbol(
        variable.dimension, type: ValueType(variable.scalarType), isScalar: variable.isScalar,
        isReadOnly: variable.isReadOnly || variable.isConstant || !variable.isArray))
  }

  func explainUnresolved(_ name: String) -> String? { symbol(name) == nil ? request.owner.explainMissing(name) : nil }
  var suggestions: [String] { names.knownNames }
}
