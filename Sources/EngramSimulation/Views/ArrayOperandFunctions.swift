import EngramSystem
public import EngramUnits

// Functions of variables, element by element: `try exp(-G.v/(10*mV))`. The argument has no unit where only a plain number means
// something; the root halves the unit, the magnitude keeps it.

/// The exponential function of each value. Throws for values with a unit.
public func exp(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "exp", EngramSystem.exp) }
/// The natural logarithm of each value. Throws for values with a unit.
public func log(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "log", EngramSystem.log) }
/// The logarithm to base 10 of each value. Throws for values with a unit.
public func log10(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "log10", EngramSystem.log10) }
/// The sine of each value in radians. Throws for values with a unit.
public func sin(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "sin", EngramSystem.sin) }
/// The cosine of each value in radians. Throws for values with a unit.
public func cos(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "cos", EngramSystem.cos) }
/// The tangent of each value in radians. Throws for values with a unit.
public func tan(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "tan", EngramSystem.tan) }
/// The hyperbolic sine of each value. Throws for values with a unit.
public func sinh(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "sinh", EngramSystem.sinh) }
/// The hyperbolic cosine of each value. Throws for values with a unit.
public func cosh(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "cosh", EngramSystem.cosh) }
/// The hyperbolic tangent of each value. Throws for values with a unit.
public func tanh(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "tanh", EngramSystem.tanh) }
/// The arcsine of each value in radians. Throws for values with a unit.
public func asin(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "arcsin", EngramSystem.asin) }
/// The arccosine of each value in radians. Throws for values with a unit.
public func acos(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "arccos", EngramSystem.acos) }
/// The arctangent of each value in radians. Throws for values with a unit.
public func atan(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "arctan", EngramSystem.atan) }

/// The root of each value and of the unit.
public func sqrt(_ x: some ArrayOperand) throws -> QuantityArray { try x.quantities.squareRoots }
/// Each value without its sign; the unit stays.
public func abs(_ x: some ArrayOperand) throws -> QuantityArray { try x.quantities.magnitudes }

private func mapped(_ x: some ArrayOperand, _ function: String, _ body: (Double) -> Double) throws -> QuantityArray {
  let values = try x.quantities
  guard values.dimension.isDimensionless else {
    throw DimensionMismatchError(
      "The argument of '\(function)', '\(x.operandName)',", expected: .dimensionless, found: Quantity(si: values.si.first ?? 1, dimension: values.dimension))
  }
  return QuantityArray(si: values.si.map(body), dimension: .dimensionless)
}
