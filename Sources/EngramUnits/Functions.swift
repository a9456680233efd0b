import EngramSystem

// Functions of quantities. Where only a plain number has a meaning, anything else stops the program with the full
// message; `plainNumber(for:)` throws instead.

extension DimensionedValue {
  /// The number of a dimensionless value.
  public func plainNumber(for function: String) throws(DimensionMismatchError) -> Double {
    guard isDimensionless else {
      throw DimensionMismatchError("The argument of '\(function)'", expected: .dimensionless, found: quantity)
    }
    return si
  }

  fileprivate func plain(_ function: String) -> Double {
    trapping { () throws(DimensionMismatchError) in try plainNumber(for: function) }
  }
}

public func exp(_ x: some DimensionedValue) -> Double { EngramSystem.exp(x.plain("exp")) }
public func log(_ x: some DimensionedValue) -> Double { EngramSystem.log(x.plain("log")) }
public func log10(_ x: some DimensionedValue) -> Double { EngramSystem.log10(x.plain("log10")) }
public func sin(_ x: some DimensionedValue) -> Double { EngramSystem.sin(x.plain("sin")) }
public func cos(_ x: some DimensionedValue) -> Double { EngramSystem.cos(x.plain("cos")) }
public func tan(_ x: some DimensionedValue) -> Double { EngramSystem.tan(x.plain("tan")) }
public func sinh(_ x: some DimensionedValue) -> Double { EngramSystem.sinh(x.plain("sinh")) }
public func cosh(_ x: some DimensionedValue) -> Double { EngramSystem.cosh(x.plain("cosh")) }
public func tanh(_ x: some DimensionedValue) -> Double { EngramSystem.tanh(x.plain("tanh")) }
public func asin(_ x: some DimensionedValue) -> Double { EngramSystem.asin(x.plain("arcsin")) }
public func acos(_ x: some DimensionedValue) -> Double { EngramSystem.acos(x.plain("arccos")) }
public func atan(_ x: some DimensionedValue) -> Double { EngramSystem.atan(x.plain("arctan")) }

/// The unit is halved in every exponent.
public func sqrt(_ x: some DimensionedValue) -> Quantity { x.squareRoot }
public func abs<Value: DimensionedValue>(_ x: Value) -> Value { x.magnitude }
