import EngramExpressions
import EngramUnits

/// The names that the checks of this room's tests know.
let sampleSymbols: DictionarySymbols = {
  var symbols: [String: Symbol] = ["tau": .constant(ConstantSymbol(0.02, .time))]
  let unitful: [(String, Dimension)] = [
    ("v", .voltage), ("vr", .voltage), ("w", .voltage), ("dv", .voltage / .time / .time), ("I", .current), ("g", .conductance),
    ("x", .dimensionless), ("y", .dimensionless), ("z", .dimensionless),
  ]
  for (name, dimension) in unitful { symbols[name] = .variable(VariableSymbol(dimension)) }
  symbols["n"] = .variable(VariableSymbol(type: .integer))
  symbols["flag"] = .variable(VariableSymbol(type: .boolean))
  symbols["k"] = .variable(VariableSymbol(isScalar: true, knownValue: 2))
  symbols["s"] = .variable(VariableSymbol(isScalar: true))
  symbols["t"] = .variable(VariableSymbol(.time, isScalar: true, isReadOnly: true))
  symbols["dt"] = .variable(VariableSymbol(.time, isScalar: true, isReadOnly: true))
  symbols["N"] = .variable(VariableSymbol(type: .integer, isScalar: true, isReadOnly: true))
  symbols["i"] = .variable(VariableSymbol(type: .integer, isReadOnly: true))
  let drawing = try? ExpressionParser.parse("v/mV + rand()")
  let doubled = try? ExpressionParser.parse("2*w")
  symbols["sub"] = .variable(VariableSymbol(isReadOnly: true, subexpression: drawing))
  symbols["dsub"] = .variable(VariableSymbol(.voltage, isReadOnly: true, subexpression: doubled))
  symbols["v_post"] = .variable(VariableSymbol(.voltage, sharedIndex: "post"))
  symbols["u_post"] = .variable(VariableSymbol(.voltage, sharedIndex: "post"))
  symbols["v_pre"] = .variable(VariableSymbol(.voltage, sharedIndex: "pre"))
  let functions: [(String, [FunctionArgument], ReturnUnit)] = [
    ("need_flag", [FunctionArgument("yes", .boolean)], .dimensionless),
    ("need_int", [FunctionArgument("count", type: .integer)], .dimensionless),
    ("same", [FunctionArgument("a", .any), FunctionArgument("b", .sameAs("a"))], .sameAsArgument(0)),
  ]
  for (name, arguments, unit) in functions {
    if let signature = try? FunctionSignature(name, arguments: arguments, returns: unit) { symbols[name] = .function(signature) }
  }
  return DictionarySymbols(symbols)
}()
