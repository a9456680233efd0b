public import EngramExpressions
import EngramUnits

infix operator <- : AssignmentPrecedence

/// Sets all values: `try G.v <- -70*mV`, `try G.w <- [1, 2, 3]*nS` (VAR-24).
///
/// ```swift
/// try neurons.v <- -70 * mV
/// try neurons.v <- "-60*mV + 5*mV*rand()"
/// try neurons.v[..<10] <- -50 * mV
/// try neurons.v[where: "i > 90"] <- "i*mV"
/// ```
///
/// - Throws: for an unknown or read-only variable, a wrong unit, and another number of values than 1 or that of the elements.
public func <- (view: VariableView, value: some VariableValue) throws { try view.set(value) }
/// Sets all values by a formula: `try G.v <- "Vr + rand()*(Vt - Vr)"`.
///
/// - Throws: as for values, and for what is wrong with the text.
public func <- (view: VariableView, expression: ModelExpression) throws { try view.whole.assign(.expression(expression), namespace: [:]) }
/// Sets some values: `try G.v[0..<3] <- [1, 2, 3]*mV`.
public func <- (selection: VariableSelection, value: some VariableValue) throws { try selection.set(value) }
/// Sets some values by a formula: `try G.v[where: "i > 5"] <- "rand()*mV"`.
public func <- (selection: VariableSelection, expression: ModelExpression) throws { try selection.assign(.expression(expression), namespace: [:]) }

// In place (VAR-30): the right side is a number, quantity or array; formulas go through `<-`.
/// Adds a number, quantity or array to all values (VAR-30); formulas go through `<-`.
public func += (view: VariableView, value: some VariableValue) throws { try view.whole.update("+=", value, +) }
/// Subtracts a number, quantity or array from all values (VAR-30).
public func -= (view: VariableView, value: some VariableValue) throws { try view.whole.update("-=", value, -) }
/// Multiplies all values by plain numbers (VAR-30).
public func *= (view: VariableView, value: some VariableValue) throws { try view.whole.update("*=", value, *) }
/// Divides all values by plain numbers (VAR-30).
public func /= (view: VariableView, value: some VariableValue) throws { try view.whole.update("/=", value, /) }
/// Replaces all values by their remainders, with the sign of the divisor (VAR-30).
public func %= (view: VariableView, value: some VariableValue) throws { try view.whole.update("%=", value, floorModulo) }
/// Adds a number, quantity or array to some values (VAR-30).
public func += (selection: VariableSelection, value: some VariableValue) throws { try selection.update("+=", value, +) }
/// Subtracts a number, quantity or array from some values (VAR-30).
public func -= (selection: VariableSelection, value: some VariableValue) throws { try selection.update("-=", value, -) }
/// Multiplies some values by plain numbers (VAR-30).
public func *= (selection: VariableSelection, value: some VariableValue) throws { try selection.update("*=", value, *) }
/// Divides some values by plain numbers (VAR-30).
public func /= (selection: VariableSelection, value: some VariableValue) throws { try selection.update("/=", value, /) }
/// Replaces some values by their remainders, with the sign of the divisor (VAR-30).
public func %= (selection: VariableSelection, value: some VariableValue) throws { try selection.update("%=", value, floorModulo) }

extension VariableView {
  /// `//=` of the reference.
  public func floorDivide(by value: some VariableValue) throws { try whole.update("//=", value) { ($0 / $1).rounded(.down) } }
  /// `**=` of the reference; dimensionless variables only. Computed like `**` in model text.
  public func raise(to power: Double) throws {
    guard dimension.isDimensionless else {
      throw DimensionMismatchError("variable '\(path)', which is raised to a power in place,", expected: .dimensionless, found: unit)
    }
    guard try check().variable.array != nil else { throw ReadOnlyVariableError(variable: path) }
    let formula = Expression(.binary(.power, Expression(.name(name)), Expression(.float(power))))
    let elements = try whole.selected()
    try setValues(try evaluate(formula, elements: elements, namespace: [:], purpose: "set:\(name)"))
  }
}

/// The remainder that has the sign of the divisor.
func floorModulo(_ a: Double, _ b: Double) -> Double {
  let remainder = a.truncatingRemainder(dividingBy: b)
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
}

extension VariableSelection {
  func update(_ name: String, _ value: some VariableValue, _ combine: (Double, Double) -> Double) throws {
    guard try view.check().variable.array != nil else { throw ReadOnlyVariableError(variable: view.path) }
    if case .expression(let expression) = value.assignment {
      throw IndexError(
        variable: view.path, reason: "'\(name)' takes no expression; write  <- \"\(view.name) \(name.dropLast()) (\(expression))\"")
    }
    let operands = try value.operand(for: view.path)
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
