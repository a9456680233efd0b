import EngramSystem
public import EngramUnits

// Functions of variables, element by element: `try exp(-G.v/(10*mV))`. The argument has no unit where only a plain number means
// something; the root halves the unit, the magnitude keeps it.

public func exp(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "exp", EngramSystem.exp) }
public func log(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "log", EngramSystem.log) }
public func log10(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "log10", EngramSystem.log10) }
public func sin(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "sin", EngramSystem.sin) }
public func cos(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "cos", EngramSystem.cos) }
public func tan(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "tan", EngramSystem.tan) }
public func sinh(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "sinh", EngramSystem.sinh) }
public func cosh(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "cosh", EngramSystem.cosh) }
public func tanh(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "tanh", EngramSystem.tanh) }
public func asin(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "arcsin", EngramSystem.asin) }
public func acos(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "arccos", EngramSystem.acos) }
public func atan(_ x: some ArrayOperand) throws -> QuantityArray { try mapped(x, "arctan", EngramSystem.atan) }

public func sqrt(_ x: some ArrayOperand) throws -> QuantityArray { try x.quantities.squareRoots }
public func abs(_ x: some ArrayOperand) throws -> QuantityArray { try x.quantities.magnitudes }

private func mapped(_ x: some ArrayOperand, _ function: String, _ body: (Double) -> Double) throws -> QuantityArray {
  let values = try x.quantities
  guard values.dimension.isDimensionless else {
    throw DimensionMismatchError(
      "The argument of '\(function)', '\(x.operandName)',", expected: .dimensionless, found: Quantity(si: values.si.first ?? 1, dimension: values.dimension))
  }
  return QuantityArray(si: values.si.map(body), dimension: .dimensionless)
}
