internal import EngramExpressions
internal import EngramKernels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// An expression of constants, units and default functions, evaluated with units through the arithmetic of kernels (MDL-11).
struct ConstantExpression {
  let value: Namespace.Entry

  init(_ source: SourceText, constants: Namespace) throws {
    let expression = try ExpressionParser.parse(source)
    let table = DictionarySymbols(
      Dictionary(
        uniqueKeysWithValues: constants.values.compactMap { name, value in
          Self.symbol(value).map { (name, Symbol.constant($0)) }
        }))
    let info = try ExpressionChecker(table).check(expression, in: source)
    if let call = expression.calledFunctions.intersection(DefaultFunctions.statefulNames).min() {
      throw Problems(
        Problem(.type, "'\(call)' draws random numbers; a constant has one value", at: source.wholeSpan), in: source)
    }
    var numbers: [String: ConstantValue] = [:]
    for name in expression.identifiers {
      // A symbol has its value as a Double, which is not exact for every integer.
      if case .integer(let integer)? = constants[name] {
        numbers[name] = .integer(Int64(integer))
      } else if case .constant(let symbol)? = table.symbol(name) {
        numbers[name] = Self.number(symbol)
      }
    }
    switch try NumericEvaluator(constants: numbers).evaluate(expression) {
    case .float(let number): value = .quantity(Quantity(number, info.dimension))
    case .integer(let number): value = .integer(Int(number))
    case .boolean(let flag): value = .boolean(flag)
    }
  }

  private static func symbol(_ value: Namespace.Entry) -> ConstantSymbol? {
    switch value {
    case .quantity(let quantity): ConstantSymbol(quantity)
    case .integer(let integer): ConstantSymbol(Double(integer), type: .integer)
    case .boolean(let boolean): ConstantSymbol(boolean ? 1 : 0, type: .boolean)
    case .function, .array: nil
    }
  }

  private static func number(_ symbol: ConstantSymbol) -> ConstantValue {
    switch symbol.type {
    case .float: .float(symbol.value)
    case .integer: .integer(Int64(saturating: symbol.value))
    case .boolean: .boolean(symbol.value != 0)
    }
  }
}
