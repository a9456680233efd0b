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

extension CodeCheck: SymbolTable {
  func symbol(_ name: String) -> Symbol? { table.symbols[name] }
  var suggestions: [String] { names.knownNames }
}
