public import EngramExpressions
public import EngramUnits

infix operator <- : AssignmentPrecedence

/// `try G.v <- -70*mV`
public func <- (view: VariableView, value: some VariableValue) throws { try view.set(value) }
/// `try G.v <- "Vr + rand()*(Vt - Vr)"`
public func <- (view: VariableView, expression: ModelExpression) throws { try view.whole.assign(.expression(expression), namespace: [:]) }
/// `try G.v[0..<3] <- [1, 2, 3]*mV`
public func <- (selection: VariableSelection, value: some VariableValue) throws { try selection.set(value) }
/// `try G.v[where: "i > 5"] <- "rand()*mV"`
public func <- (selection: VariableSelection, expression: ModelExpression) throws { try selection.assign(.expression(expression), namespace: [:]) }

// In place (VAR-30): the right side is a number, quantity or array; formulas go through `<-`.
public func += (view: VariableView, value: some VariableValue) throws { try view.whole.update("+=", value, +) }
public func -= (view: VariableView, value: some VariableValue) throws { try view.whole.update("-=", value, -) }
public func *= (view: VariableView, value: some VariableValue) throws { try view.whole.update("*=", value, *) }
public func /= (view: VariableView, value: some VariableValue) throws { try view.whole.update("/=", value, /) }
public func %= (view: VariableView, value: some VariableValue) throws { try view.whole.update("%=", value, floorModulo) }
public func += (selection: VariableSelection, value: some VariableValue) throws { try selection.update("+=", value, +) }
public func -= (selection: VariableSelection, value: some VariableValue) throws { try selection.update("-=", value, -) }
public func *= (selection: VariableSelection, value: some VariableValue) throws { try selection.update("*=", value, *) }
public func /= (selection: VariableSelection, value: some VariableValue) throws { try selection.update("/=", value, /) }
public func %= (selection: VariableSelection, value: some VariableValue) throws { try selection.update("%=", value, floorModulo) }

extension VariableView {
  /// `//=` of the reference.
  public func floorDivide(by value: some VariableValue) throws { try whole.update("//=", value) { ($0 / $1).rounded(.down) } }
  /// `**=` of the reference; dimensionless variables only. Computed like `**` in model text.
  public func raise(to power: Double) throws {
    guard dimension.isDimensionless else {
      throw DimensionMismatchError("variable '\(path)', which is raised to a power in place,", expected: .dimensionless, found: unit)
    }
    guard try check().variable is ArrayVariable else { throw ReadOnlyVariableError(variable: path) }
    let formula = Expression(.binary(.power, Expression(.name(name)), Expression(.float(power))))
    let elements = try whole.elements()
    try setValues(try evaluate(formula, elements: elements, namespace: [:], purpose: "set:\(name)"))
  }
}

private func floorModulo(_ a: Double, _ b: Double) -> Double {
  let remainder = a.truncatingRemainder(dividingBy: b)
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
}

extension VariableSelection {
  func update(_ name: String, _ value: some VariableValue, _ combine: (Double, Double) -> Double) throws {
    guard try view.check().variable is ArrayVariable else { throw ReadOnlyVariableError(variable: view.path) }
    let operands: QuantityArray
    switch value.assignment {
    case .quantity(let quantity): operands = QuantityArray(si: [quantity.si], dimension: quantity.dimension)
    case .quantities(let quantities): operands = quantities
    case .failure(let error): throw error
    case .expression(let expression):
      throw IndexError(
        variable: view.path, reason: "'\(name)' takes no expression; write  <- \"\(view.name) \(name.dropLast()) (\(expression))\"")
    }
    let keepsUnit = name == "+=" || name == "-=" || name == "%="
    let expected = keepsUnit ? view.dimension : .dimensionless
    if operands.dimension != expected, !(keepsUnit && operands.dimension.isDimensionless && operands.si.allSatisfy { $0 == 0 }) {
      throw DimensionMismatchError(
        "operand of '\(name)' for variable '\(view.path)'", expected: expected,
        found: Quantity(si: operands.si.first ?? 0, dimension: operands.dimension))
    }
    let old = try values
    guard operands.count == 1 || operands.count == old.count else {
      throw SizeMismatchError(variable: view.path, expected: old.count, found: operands.count)
    }
    try setValues(old.enumerated().map { combine($1, operands.si[operands.count == 1 ? 0 : $0]) })
  }
}

// ------------------------------------------------------------------------------------------------ arithmetic and comparison

extension VariableView {
  public static func + (view: VariableView, other: some VariableValue) throws -> QuantityArray { try view.combine("+", other, same: true, +) }
  public static func - (view: VariableView, other: some VariableValue) throws -> QuantityArray { try view.combine("-", other, same: true, -) }
  public static func * (view: VariableView, other: some VariableValue) throws -> QuantityArray {
    try view.combine("*", other, dimension: { $0 * $1 }, *)
  }
  public static func / (view: VariableView, other: some VariableValue) throws -> QuantityArray {
    try view.combine("/", other, dimension: { $0 / $1 }, /)
  }
  public static func .< (view: VariableView, other: some VariableValue) throws -> [Bool] { try view.compare("<", other, <) }
  public static func .<= (view: VariableView, other: some VariableValue) throws -> [Bool] { try view.compare("<=", other, <=) }
  public static func .> (view: VariableView, other: some VariableValue) throws -> [Bool] { try view.compare(">", other, >) }
  public static func .>= (view: VariableView, other: some VariableValue) throws -> [Bool] { try view.compare(">=", other, >=) }
  public static func .== (view: VariableView, other: some VariableValue) throws -> [Bool] { try view.compare("==", other, ==) }
  public static func .!= (view: VariableView, other: some VariableValue) throws -> [Bool] { try view.compare("!=", other, !=) }

  /// Sum of products with another array of the same length (the matrix product of two vectors).
  public func dot(_ other: some VariableValue) throws -> Quantity {
    let products = try self * other
    return Quantity(si: products.si.reduce(0, +), dimension: products.dimension)
  }

  private func operand(_ value: some VariableValue) throws -> QuantityArray {
    switch value.assignment {
    case .quantity(let quantity): return QuantityArray(si: [quantity.si], dimension: quantity.dimension)
    case .quantities(let quantities): return quantities
    case .failure(let error): throw error
    case .expression: throw IndexError(variable: path, reason: "arithmetic with an expression text is not possible; use [where:] or <-")
    }
  }

  private func combine(
    _ name: String, _ other: some VariableValue, same: Bool = false, dimension: (Dimension, Dimension) -> Dimension = { a, _ in a },
    _ operation: (Double, Double) -> Double
  ) throws -> QuantityArray {
    let left = try quantities
    let right = try operand(other)
    if same, right.dimension != left.dimension, !(right.dimension.isDimensionless && right.si.allSatisfy { $0 == 0 }) {
      throw DimensionMismatchError(operands: "\(path) \(name) …", [left.dimension, right.dimension])
    }
    guard right.count == 1 || right.count == left.count || left.count == 1 else {
      throw SizeMismatchError(variable: path, expected: left.count, found: right.count)
    }
    let size = Swift.max(left.count, right.count)
    let si = (0..<size).map { operation(left.si[left.count == 1 ? 0 : $0], right.si[right.count == 1 ? 0 : $0]) }
    return QuantityArray(si: si, dimension: same ? left.dimension : dimension(left.dimension, right.dimension))
  }

  private func compare(_ name: String, _ other: some VariableValue, _ operation: (Double, Double) -> Bool) throws -> [Bool] {
    try combine(name, other, same: true) { operation($0, $1) ? 1 : 0 }.si.map { $0 != 0 }
  }
}
