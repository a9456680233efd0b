import EngramExpressions
import EngramSystem
import EngramUnits

/// Runs model code on one element with plain doubles. Knows nothing of integrators, so that it can judge them.
struct Evaluator {
  var values: [String: Double]
  /// Standard normal numbers in the order in which `randn()` is called.
  var normals: () -> Double = { 0 }
  var functions: [String: ([Double]) -> Double] = [:]

  struct Unknown: Error { let name: String }

  mutating func run(_ statements: [Statement]) throws {
    for statement in statements { values[statement.target] = try value(of: statement.expandedValue) }
  }

  func value(of expression: Expression) throws -> Double {
    switch expression.node {
    case .float(let value): return value
    case .integer(let value): return Double(value)
    case .boolean(let value): return value ? 1 : 0
    case .name(let name):
      guard let value = values[name] ?? DefaultConstants.byName[name] ?? UnitCatalogue.standard.lookup(name)?.si else { throw Unknown(name: name) }
      return value
    case .unary(let op, let operand):
      let value = try value(of: operand)
      return op == .minus ? -value : op == .plus ? value : (value == 0 ? 1 : 0)
    case .binary(let op, let left, let right): return binary(op, try value(of: left), try value(of: right))
    case .call(let function, let arguments): return try call(function, arguments.map(value))
    }
  }

  private func binary(_ op: BinaryOperator, _ a: Double, _ b: Double) -> Double {
    switch op {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .floorDivide: floor(a / b)
    case .modulo: a - floor(a / b) * b
    case .power: pow(a, b)
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .and: a != 0 && b != 0 ? 1 : 0
    case .or: a != 0 || b != 0 ? 1 : 0
    }
  }

  private func call(_ function: String, _ arguments: [Double]) throws -> Double {
    if let own = functions[function] { return own(arguments) }
    if function == "randn" { return normals() }
    guard let x = arguments.first else { throw Unknown(name: function) }
    switch function {
    case "exp": return exp(x)
    case "exprel": return x.magnitude < 1e-16 ? 1 : x > 717 ? .infinity : expm1(x) / x
    case "expm1": return expm1(x)
    case "log": return log(x)
    case "sin": return sin(x)
    case "cos": return cos(x)
    case "tanh": return tanh(x)
    case "sqrt": return sqrt(x)
    case "abs": return x.magnitude
    case "int": return x.rounded(.towardZero)
    case "floor": return floor(x)
    case "clip": return min(max(x, arguments[1]), arguments[2])
    default: throw Unknown(name: function)
    }
  }
}
