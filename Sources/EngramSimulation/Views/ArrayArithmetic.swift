public import EngramUnits

// Arithmetic of variables with units, element by element (VAR-20): `try 2*G.v + 1*mV`, `try -G.v`, `try G.v % (5*mV)`, `try G.v .> x`.
// A number, a quantity, an array or a variable on either side; lengths must agree or be 1. What does not fit together is an error.

/// Many values of one dimension: a variable, some elements of one, or a quantity array.
public protocol ArrayOperand: VariableValue {
  /// Copies of the values (SI), with their dimension.
  var quantities: QuantityArray { get throws }
  /// What messages call it.
  var operandName: String { get }
}

/// A variable of a group, or some elements of one.
public protocol VariableOperand: ArrayOperand {}

/// A number, a quantity or an array of plain numbers: what can stand to the left of a variable.
public protocol NumberOperand: VariableValue {}

extension QuantityArray: ArrayOperand {
  /// Itself.
  public var quantities: QuantityArray { self }
  /// For messages.
  public var operandName: String { "an array" }
}
extension VariableView: VariableOperand { public var operandName: String { path } }
extension VariableSelection: VariableOperand { public var operandName: String { view.path } }

extension Quantity: NumberOperand {}
extension Measured: NumberOperand {}
extension Double: NumberOperand {}
extension Float: NumberOperand {}
extension Int: NumberOperand {}
extension Int32: NumberOperand {}
extension Bool: NumberOperand {}
extension Array: NumberOperand where Element: AssignableElement {}

infix operator ** : BitwiseShiftPrecedence

extension VariableOperand {
  /// The sum, element by element; the units must agree.
  public static func + (left: Self, right: some VariableValue) throws -> QuantityArray { try combine(left, right, "+", .same, +) }
  /// The difference, element by element; the units must agree.
  public static func - (left: Self, right: some VariableValue) throws -> QuantityArray { try combine(left, right, "-", .same, -) }
  /// The product, element by element, with the product of the units.
  public static func * (left: Self, right: some VariableValue) throws -> QuantityArray { try combine(left, right, "*", .product, *) }
  /// The quotient, element by element, with the quotient of the units.
  public static func / (left: Self, right: some VariableValue) throws -> QuantityArray { try combine(left, right, "/", .quotient, /) }
  /// The remainder has the sign of the divisor, as in model text.
  public static func % (left: Self, right: some VariableValue) throws -> QuantityArray { try combine(left, right, "%", .same, floorModulo) }

  /// The sum, element by element; the units must agree.
  public static func + (left: some NumberOperand, right: Self) throws -> QuantityArray { try combine(left, right, "+", .same, +) }
  /// The difference, element by element; the units must agree.
  public static func - (left: some NumberOperand, right: Self) throws -> QuantityArray { try combine(left, right, "-", .same, -) }
  /// The product, element by element, with the product of the units.
  public static func * (left: some NumberOperand, right: Self) throws -> QuantityArray { try combine(left, right, "*", .product, *) }
  /// The quotient, element by element, with the quotient of the units.
  public static func / (left: some NumberOperand, right: Self) throws -> QuantityArray { try combine(left, right, "/", .quotient, /) }
  /// The remainder, element by element, with the sign of the divisor; the units must agree.
  public static func % (left: some NumberOperand, right: Self) throws -> QuantityArray { try combine(left, right, "%", .same, floorModulo) }

  public static prefix func - (value: Self) throws -> QuantityArray {
    let quantities = try value.quantities
    return QuantityArray(si: quantities.si.map { -$0 }, dimension: quantities.dimension)
  }
  public static prefix func + (value: Self) throws -> QuantityArray { try value.quantities }

  /// The unit is raised as well. Binds more tightly than `*`, and less than a minus in front: `-G.v**2` is `(-G.v)**2`.
  public static func ** (base: Self, power: Double) throws -> QuantityArray { try base.quantities.raised(to: power) }

  /// `//` of the reference: the quotient, rounded down.
  public func floorDivided(by divisor: some VariableValue) throws -> QuantityArray {
    try combine(self, divisor, "//", .quotient) { ($0 / $1).rounded(.down) }
  }

  /// Sum of products with another array of the same length (the matrix product of two vectors).
  public func dot(_ other: some VariableValue) throws -> Quantity { try (self * other).sum }

  /// Whether each element is less; the units must agree.
  public static func .< (left: Self, right: some VariableValue) throws -> [Bool] { try compare(left, right, "<", <) }
  /// Whether each element is at most the other; the units must agree.
  public static func .<= (left: Self, right: some VariableValue) throws -> [Bool] { try compare(left, right, "<=", <=) }
  /// Whether each element is greater; the units must agree.
  public static func .> (left: Self, right: some VariableValue) throws -> [Bool] { try compare(left, right, ">", >) }
  /// Whether each element is at least the other; the units must agree.
  public static func .>= (left: Self, right: some VariableValue) throws -> [Bool] { try compare(left, right, ">=", >=) }
  /// Whether the elements are equal, one by one; the units must agree.
  public static func .== (left: Self, right: some VariableValue) throws -> [Bool] { try compare(left, right, "==", ==) }
  /// Whether the elements differ, one by one; the units must agree.
  public static func .!= (left: Self, right: some VariableValue) throws -> [Bool] { try compare(left, right, "!=", !=) }

  /// Whether each element is less; the units must agree.
  public static func .< (left: some NumberOperand, right: Self) throws -> [Bool] { try compare(left, right, "<", <) }
  /// Whether each element is at most the other; the units must agree.
  public static func .<= (left: some NumberOperand, right: Self) throws -> [Bool] { try compare(left, right, "<=", <=) }
  /// Whether each element is greater; the units must agree.
  public static func .> (left: some NumberOperand, right: Self) throws -> [Bool] { try compare(left, right, ">", >) }
  /// Whether each element is at least the other; the units must agree.
  public static func .>= (left: some NumberOperand, right: Self) throws -> [Bool] { try compare(left, right, ">=", >=) }
  /// Whether the elements are equal, one by one; the units must agree.
  public static func .== (left: some NumberOperand, right: Self) throws -> [Bool] { try compare(left, right, "==", ==) }
  /// Whether the elements differ, one by one; the units must agree.
  public static func .!= (left: some NumberOperand, right: Self) throws -> [Bool] { try compare(left, right, "!=", !=) }
}

extension QuantityArray {
  /// The sum, element by element; the units must agree.
  public static func + (left: QuantityArray, right: some ArrayOperand) throws -> QuantityArray { try combine(left, right, "+", .same, +) }
  /// The difference, element by element; the units must agree.
  public static func - (left: QuantityArray, right: some ArrayOperand) throws -> QuantityArray { try combine(left, right, "-", .same, -) }
  /// The product, element by element, with the product of the units.
  public static func * (left: QuantityArray, right: some ArrayOperand) throws -> QuantityArray { try combine(left, right, "*", .product, *) }
  /// The quotient, element by element, with the quotient of the units.
  public static func / (left: QuantityArray, right: some ArrayOperand) throws -> QuantityArray { try combine(left, right, "/", .quotient, /) }
  /// The remainder, element by element, with the sign of the divisor; the units must agree.
  public static func % (left: QuantityArray, right: some VariableValue) throws -> QuantityArray { try combine(left, right, "%", .same, floorModulo) }
  /// A power of each element and of the unit.
  public static func ** (base: QuantityArray, power: Double) -> QuantityArray { base.raised(to: power) }
  public static prefix func - (value: QuantityArray) -> QuantityArray { value * -1.0 }
}

/// What an operation does to units.
private enum UnitRule {
  /// Both must have the same one; zeros fit any.
  case same
  case product
  case quotient
}

private func combine(
  _ left: some VariableValue, _ right: some VariableValue, _ operation: String, _ rule: UnitRule, _ body: (Double, Double) -> Double
) throws -> QuantityArray {
  let name = (left as? any ArrayOperand ?? right as? any ArrayOperand)?.operandName ?? ""
  let (a, b) = (try left.operand(for: name), try right.operand(for: name))
  let dimension: Dimension
  switch rule {
  case .product: dimension = a.dimension * b.dimension
  case .quotient: dimension = a.dimension / b.dimension
  case .same:
    func fitsAny(_ array: QuantityArray) -> Bool { array.dimension.isDimensionless && array.si.allSatisfy { $0 == 0 } }
    guard a.dimension == b.dimension || fitsAny(a) || fitsAny(b) else {
      func text(_ value: some VariableValue) -> String { (value as? any ArrayOperand)?.operandName ?? "…" }
      throw DimensionMismatchError(operands: "\(text(left)) \(operation) \(text(right))", [a.dimension, b.dimension])
    }
    dimension = a.dimension.isDimensionless ? b.dimension : a.dimension
  }
  guard a.count == b.count || a.count == 1 || b.count == 1 else { throw SizeMismatchError(variable: name, expected: a.count, found: b.count) }
  let count = a.count == 1 ? b.count : a.count
  return QuantityArray(si: (0..<count).map { body(a.si[a.count == 1 ? 0 : $0], b.si[b.count == 1 ? 0 : $0]) }, dimension: dimension)
}

private func compare(
  _ left: some VariableValue, _ right: some VariableValue, _ operation: String, _ body: (Double, Double) -> Bool
) throws -> [Bool] {
  try combine(left, right, operation, .same) { body($0, $1) ? 1 : 0 }.si.map { $0 != 0 }
}

extension VariableValue {
  /// The values, for arithmetic.
  func operand(for variable: String) throws -> QuantityArray {
    switch assignment {
    case .quantity(let quantity): return QuantityArray(si: [quantity.si], dimension: quantity.dimension)
    case .quantities(let quantities): return quantities
    case .failure(let error): throw error
    case .expression: throw IndexError(variable: variable, reason: "arithmetic with an expression text is not possible; use [where:] or <-")
    }
  }
}
