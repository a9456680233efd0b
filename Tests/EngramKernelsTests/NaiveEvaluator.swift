import CEngramMath
import EngramExpressions
import EngramScalars
@testable import EngramKernels

/// Model code by the letter: one element after the other, one line after the other, one operation at a time.
///
/// Shares nothing with lowering or the register machine but the scalar functions of CEngramMath.
struct NaiveEvaluator {
  typealias Value = ConstantValue

  let bench: Bench
  let step: Int64
  private var temporaries: [String: Value] = [:]
  private var site = 0
  private var element = 0

  init(_ bench: Bench, step: Int64) {
    self.bench = bench
    self.step = step
  }

  /// Statements for the shared variable `shared` run once, first; the others for each element.
  mutating func run(_ statements: [Statement], shared: String, elements: some Sequence<Int>) {
    site = 0
    for statement in statements where statement.target == shared { execute(statement) }
    let firstSite = site
    for element in elements {
      self.element = element
      site = firstSite
      temporaries = [:]
      for statement in statements where statement.target != shared { execute(statement) }
    }
  }

  private mutating func execute(_ statement: Statement) {
    let operators: [Statement.Operator: BinaryOperator] = [
      .add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .modulo: .modulo,
    ]
    let right = value(statement.value)
    let result = operators[statement.operator].map { binary($0, read(statement.target), right) } ?? right
    guard case .column(let column, let access, let condition)? = bench.symbols[statement.target] else {
      temporaries[statement.target] = temporaries[statement.target].map { converted(result, to: $0.type) } ?? result
      return
    }
    let place = place(access)
    if let condition, read(condition, at: place) == .boolean(false) { return }
    write(result, column, at: place)
  }

  private mutating func place(_ access: Access) -> Int {
    switch access {
    case .element: return element
    case .scalar: return 0
    case .gather(let steps):
      return steps.reduce(element) { index, step in
        let found = step.column.map { Int(integer(read($0, at: index))) } ?? index
        return found + Int(step.offset)
      }
    }
  }

  private mutating func read(_ name: String) -> Value {
    switch bench.symbols[name] {
    case .column(let column, let access, _)?: read(column, at: place(access))
    case .constant(let value)?: value
    case .elementIndex(let offset)?: .integer(Int64(element) + offset)
    default: temporaries[name] ?? .float(.nan)
    }
  }

  private func read(_ column: ColumnReference, at index: Int) -> Value {
    let base = bench.memories[column.name]!.base
    return switch column.type {
    case .float64: .float(base.assumingMemoryBound(to: Double.self)[index])
    case .float32: .float(Double(base.assumingMemoryBound(to: Float.self)[index]))
    case .int32: .integer(Int64(base.assumingMemoryBound(to: Int32.self)[index]))
    case .int64: .integer(base.assumingMemoryBound(to: Int64.self)[index])
    case .bool: .boolean(base.assumingMemoryBound(to: UInt8.self)[index] != 0)
    }
  }

  private func write(_ value: Value, _ column: ColumnReference, at index: Int) {
    let base = bench.memories[column.name]!.base
    switch column.type {
    case .float64: base.assumingMemoryBound(to: Double.self)[index] = value.doubleValue
    case .float32: base.assumingMemoryBound(to: Float.self)[index] = Float(value.doubleValue)
    case .int32: base.assumingMemoryBound(to: Int32.self)[index] = Int32(truncatingIfNeeded: integer(value))
    case .int64: base.assumingMemoryBound(to: Int64.self)[index] = integer(value)
    case .bool: base.assumingMemoryBound(to: UInt8.self)[index] = truth(value) ? 1 : 0
    }
  }

  // MARK: Values

  private func integer(_ value: Value) -> Int64 {
    switch value {
    case .float(let number):
      if number.isNaN { return 0 }
      if number >= 0x1p63 { return .max }
      return number <= -0x1p63 ? .min : Int64(number)
    case .integer(let number): return number
    case .boolean(let truth): return truth ? 1 : 0
    }
  }

  private func truth(_ value: Value) -> Bool {
    switch value {
    case .float(let number): number != 0
    case .integer(let number): number != 0
    case .boolean(let truth): truth
    }
  }

  private func converted(_ value: Value, to type: ValueType) -> Value {
    switch type {
    case .float: .float(value.doubleValue)
    case .integer: .integer(integer(value))
    case .boolean: .boolean(truth(value))
    }
  }

  private mutating func value(_ expression: Expression) -> Value {
    switch expression.node {
    case .float(let number): return .float(number)
    case .integer(let number): return .integer(number)
    case .boolean(let truth): return .boolean(truth)
    case .name(let name): return read(name)
    case .unary(.not, let operand): return .boolean(!truth(value(operand)))
    case .unary(.minus, let operand):
      let operand = value(operand)
      if case .float(let number) = operand { return .float(-number) }
      return .integer(0 &- integer(operand))
    case .unary(.plus, let operand): return value(operand)
    case .binary(.power, let base, let exponent):
      return power(value(base), exponent)
    case .binary(let op, let left, let right):
      let left = value(left)
      return binary(op, left, value(right))
    case .call(let function, let arguments):
      var values: [Value] = []
      for argument in arguments { values.append(value(argument)) }
      return call(function, values)
    }
  }

  /// Whole exponents from 0 to 4 and -1, -2 are what the random programs use.
  private func power(_ base: Value, _ exponent: Expression) -> Value {
    var exponent = exponent
    var isNegative = false
    if case .unary(.minus, let inner) = exponent.node { (exponent, isNegative) = (inner, true) }
    if case .float(let number) = exponent.node { return .float(engram_pow(base.doubleValue, isNegative ? -number : number)) }
    guard case .integer(let number) = exponent.node else { return .float(.nan) }
    if case .float = base {
    } else if !isNegative {
      let factor = integer(base)
      return .integer((0..<number).reduce(1) { product, _ in product &* factor })
    }
    let x = base.doubleValue
    let products = [1, x, x * x, x * x * x, (x * x) * (x * x)]
    return .float(isNegative ? 1 / products[Int(number)] : products[Int(number)])
  }

  private func binary(_ op: BinaryOperator, _ left: Value, _ right: Value) -> Value {
    let (x, y) = (left.doubleValue, right.doubleValue)
    let (i, k) = (integer(left), integer(right))
    let isFloat = left.type == .float || right.type == .float
    switch op {
    case .add: return isFloat ? .float(x + y) : .integer(i &+ k)
    case .subtract: return isFloat ? .float(x - y) : .integer(i &- k)
    case .multiply: return isFloat ? .float(x * y) : .integer(i &* k)
    case .divide: return .float(x / y)
    case .floorDivide: return isFloat ? .float(engram_floor_div(x, y)) : .integer(engram_ifloor_div(i, k))
    case .modulo: return isFloat ? .float(engram_floor_mod(x, y)) : .integer(engram_ifloor_mod(i, k))
    case .less: return .boolean(isFloat ? x < y : i < k)
    case .lessOrEqual: return .boolean(isFloat ? x <= y : i <= k)
    case .greater: return .boolean(isFloat ? x > y : i > k)
    case .greaterOrEqual: return .boolean(isFloat ? x >= y : i >= k)
    case .equal: return .boolean(isFloat ? x == y : i == k)
    case .notEqual: return .boolean(isFloat ? x != y : i != k)
    case .and: return .boolean(truth(left) && truth(right))
    case .or: return .boolean(truth(left) || truth(right))
    case .power: return .float(.nan)
    }
  }

  private mutating func draw() -> RandomStream {
    defer { site += 1 }
    return RandomStream(seed: bench.seed, object: "group", purpose: "test", site: site)
  }

  private mutating func call(_ function: String, _ arguments: [Value]) -> Value {
    let x = arguments.first?.doubleValue ?? 0
    let (element, step) = (UInt64(element), UInt64(step))
    switch function {
    case "rand": return .float(draw().uniform(element: element, step: step))
    case "randn": return .float(draw().normal(element: element, step: step))
    case "poisson": return .integer(draw().poisson(mean: x, element: element, step: step))
    case "exp": return .float(engram_exp(x))
    case "tanh": return .float(engram_tanh(x))
    case "sin": return .float(engram_sin(x))
    case "log1p": return .float(engram_log1p(x))
    case "exprel": return .float(engram_exprel(x))
    case "sqrt": return .float(x.squareRoot())
    case "floor": return .float(x.rounded(.down))
    case "ceil": return .float(x.rounded(.up))
    case "int": return .integer(integer(arguments[0]))
    case "timestep": return .integer(engram_timestep(x, arguments[1].doubleValue))
    case "abs":
      switch arguments[0] {
      case .float(let number): return .float(number.magnitude)
      case .integer(let number): return .integer(number < 0 ? 0 &- number : number)
      case .boolean: return arguments[0]
      }
    case "sign":
      switch arguments[0] {
      case .float(let number): return .float(number > 0 ? 1 : number < 0 ? -1 : number == 0 ? 0 : number)
      case .integer(let number): return .integer(number.signum())
      case .boolean: return arguments[0]
      }
    case "clip":
      let type = arguments.map(\.type).max()!
      let values = arguments.map { converted($0, to: type) }
      guard case .float(let a) = values[0] else {
        let clipped = min(max(integer(values[0]), integer(values[1])), integer(values[2]))
        return converted(.integer(clipped), to: type)
      }
      let (low, high) = (values[1].doubleValue, values[2].doubleValue)
      let raised = a < low ? low : a
      return .float(raised > high ? high : raised)
    default: return .float(.nan)
    }
  }
}
