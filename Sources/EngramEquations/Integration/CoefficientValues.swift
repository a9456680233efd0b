internal import EngramExpressions
internal import EngramUnits

/// Values of coefficients that are known before the run, computed with the arithmetic that also runs the model.
struct CoefficientValues {
  let context: IntegrationContext

  func value(of expression: Expression) -> Double? {
    switch expression.node {
    case .float(let value): return value
    case .integer(let value): return Double(value)
    case .boolean: return nil
    case .name(let name): return value(ofName: name)
    case .unary(.minus, let operand): return value(of: operand).map { -$0 }
    case .unary(.plus, let operand): return value(of: operand)
    case .unary(.not, _): return nil
    case .binary(let op, let left, let right):
      guard let a = value(of: left), let b = value(of: right) else { return nil }
      switch op {
      case .add: return a + b
      case .subtract: return a - b
      case .multiply: return a * b
      case .divide: return a / b
      case .power: return power(a, b)
      case .floorDivide, .modulo, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or: return nil
      }
    case .call("sqrt", let arguments) where arguments.count == 1: return value(of: arguments[0]).map { $0.squareRoot() }
    case .call("abs", let arguments) where arguments.count == 1: return value(of: arguments[0])?.magnitude
    case .call(let function, let arguments):
      var values: [Double] = []
      for argument in arguments {
        guard let value = value(of: argument) else { return nil }
        values.append(value)
      }
      return context.evaluate(function, values)
    }
  }

  /// The names without a known value.
  func unknownNames(in expression: Expression) -> [String] {
    if value(of: expression) != nil { return [] }
    let names = expression.variableNames.filter { value(ofName: $0) == nil }
    return names.isEmpty ? [expression.description] : names
  }

  private func value(ofName name: String) -> Double? {
    if name == "dt" { return context.stepSeconds }
    if let facts = context.identifiers(name) { return facts.value }
    return DefaultConstants.byName[name] ?? UnitCatalogue.standard.lookup(name)?.si
  }

  private func power(_ base: Double, _ exponent: Double) -> Double? {
    guard exponent == exponent.rounded(), exponent.magnitude <= 64 else { return context.evaluate("pow", [base, exponent]) }
    let product = (0..<Int(exponent.magnitude)).reduce(1.0) { product, _ in product * base }
    return exponent < 0 ? 1 / product : product
  }
}
