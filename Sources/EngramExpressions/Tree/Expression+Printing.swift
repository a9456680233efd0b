extension Expression: CustomStringConvertible {
  /// Model text that parses to the same tree, with no more parentheses than that takes.
  public var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch node {
    case .float(let value): text += Self.literal(value)
    case .integer(let value): text += Self.literal(value)
    case .boolean(let value): text += value ? "True" : "False"
    case .name(let name): text += name
    case .unary(let op, let operand):
      text += op == .not ? "not " : op.rawValue
      operand.write(to: &text, inside: operand.precedence < precedence)
    case .binary(let op, let lhs, let rhs):
      // `-2**2` is -(2**2), and `2**-1` needs no parentheses.
      let isPower = op == .power
      // Chained comparisons are not part of the language: a comparison inside a comparison keeps its parentheses.
      let leftNeeds = op.isComparison || isPower ? lhs.precedence <= precedence : lhs.precedence < precedence
      let rightNeeds = isPower ? rhs.precedence < .sign : rhs.precedence <= precedence
      lhs.write(to: &text, inside: leftNeeds)
      text += isPower ? "**" : " \(op.rawValue) "
      rhs.write(to: &text, inside: rightNeeds)
    case .call(let function, let arguments):
      text += function + "("
      for (place, argument) in arguments.enumerated() {
        if place > 0 { text += ", " }
        argument.write(to: &text)
      }
      text += ")"
    }
  }

  private func write(to text: inout String, inside parentheses: Bool) {
    if parentheses { text += "(" }
    write(to: &text)
    if parentheses { text += ")" }
  }

  /// Derived trees may hold numbers that no literal can express; those print as a formula of the same value.
  private static func literal(_ value: Double) -> String {
    if value.isNaN { return "(inf - inf)" }
    if value.isInfinite { return value < 0 ? "(-inf)" : "inf" }
    return value.sign == .minus ? "(\(value))" : "\(value)"
  }

  private static func literal(_ value: Int64) -> String {
    if value == .min { return "(-9223372036854775807 - 1)" }
    return value < 0 ? "(\(value))" : "\(value)"
  }

  var precedence: Precedence {
    switch node {
    case .float, .integer, .boolean, .name, .call: .atom
    case .unary(.not, _): .not
    case .unary: .sign
    case .binary(let op, _, _): op.precedence
    }
  }
}

/// How tightly an operator binds; Python's order.
enum Precedence: Int, Comparable {
  case or = 1, and, not, comparison, sum, product, sign, power, atom

  static func < (lhs: Precedence, rhs: Precedence) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension BinaryOperator {
  var precedence: Precedence {
    switch self {
    case .or: .or
    case .and: .and
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: .comparison
    case .add, .subtract: .sum
    case .multiply, .divide, .floorDivide, .modulo: .product
    case .power: .power
    }
  }
}
