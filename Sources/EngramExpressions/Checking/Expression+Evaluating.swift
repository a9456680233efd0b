extension Expression {
  /// The value of a formula of plain numbers, or nil if it depends on a name without a value, on a function, or on a
  /// comparison.
  ///
  /// For decisions made while a model is prepared (exponents, whether a coefficient is zero). Numbers that reach the state
  /// of a model are computed by kernels only.
  package func evaluate(_ value: (String) -> Double?) -> Double? {
    switch node {
    case .float(let number): return number
    case .integer(let number): return Double(number)
    case .boolean(let flag): return flag ? 1 : 0
    case .name(let name): return value(name)
    case .unary(.minus, let operand): return operand.evaluate(value).map { -$0 }
    case .unary(.plus, let operand): return operand.evaluate(value)
    case .unary(.not, _), .call: return nil
    case .binary(let op, let lhs, let rhs):
      guard let a = lhs.evaluate(value), let b = rhs.evaluate(value) else { return nil }
      switch op {
      case .add: return a + b
      case .subtract: return a - b
      case .multiply: return a * b
      case .divide: return b == 0 ? nil : a / b
      case .floorDivide: return b == 0 ? nil : (a / b).rounded(.down)
      case .modulo: return b == 0 ? nil : a - b * (a / b).rounded(.down)
      case .power: return Self.wholePower(a, b)
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or: return nil
      }
    }
  }

  /// Powers by repeated multiplication, and square roots; other exponents have no value here.
  private static func wholePower(_ base: Double, _ exponent: Double) -> Double? {
    if base == 1 { return 1 }
    if exponent == 0.5 { return base.squareRoot() }
    guard exponent == exponent.rounded(), exponent.magnitude <= 1024 else { return nil }
    var result = 1.0
    for _ in 0..<Int(exponent.magnitude) { result *= base }
    return exponent < 0 ? 1 / result : result
  }
}
