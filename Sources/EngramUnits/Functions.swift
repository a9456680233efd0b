import EngramSystem

// Functions of quantities. Where only a plain number has a meaning, anything else stops the program with the full
// message; `plainNumber(for:)` throws instead.

extension DimensionedValue {
  /// The number of a dimensionless value.
  ///
  /// - Parameter function: what the error calls the function that wants it.
  /// - Throws: for a value with a unit.
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

/// The exponential function. Stops the program for a value with a unit.
public func exp(_ x: some DimensionedValue) -> Double { EngramSystem.exp(x.plain("exp")) }
/// The natural logarithm. Stops the program for a value with a unit.
public func log(_ x: some DimensionedValue) -> Double { EngramSystem.log(x.plain("log")) }
/// The logarithm to base 10. Stops the program for a value with a unit.
public func log10(_ x: some DimensionedValue) -> Double { EngramSystem.log10(x.plain("log10")) }
/// The sine of an angle in radians. Stops the program for a value with a unit.
public func sin(_ x: some DimensionedValue) -> Double { EngramSystem.sin(x.plain("sin")) }
/// The cosine of an angle in radians. Stops the program for a value with a unit.
public func cos(_ x: some DimensionedValue) -> Double { EngramSystem.cos(x.plain("cos")) }
/// The tangent of an angle in radians. Stops the program for a value with a unit.
public func tan(_ x: some DimensionedValue) -> Double { EngramSystem.tan(x.plain("tan")) }
/// The hyperbolic sine. Stops the program for a value with a unit.
public func sinh(_ x: some DimensionedValue) -> Double { EngramSystem.sinh(x.plain("sinh")) }
/// The hyperbolic cosine. Stops the program for a value with a unit.
public func cosh(_ x: some DimensionedValue) -> Double { EngramSystem.cosh(x.plain("cosh")) }
/// The hyperbolic tangent. Stops the program for a value with a unit.
public func tanh(_ x: some DimensionedValue) -> Double { EngramSystem.tanh(x.plain("tanh")) }
/// The arcsine in radians. Stops the program for a value with a unit.
public func asin(_ x: some DimensionedValue) -> Double { EngramSystem.asin(x.plain("arcsin")) }
/// The arccosine in radians. Stops the program for a value with a unit.
public func acos(_ x: some DimensionedValue) -> Double { EngramSystem.acos(x.plain("arccos")) }
/// The arctangent in radians. Stops the program for a value with a unit.
public func atan(_ x: some DimensionedValue) -> Double { EngramSystem.atan(x.plain("arctan")) }

/// The root; each exponent of the unit is halved.
public func sqrt(_ x: some DimensionedValue) -> Quantity { x.squareRoot }
/// The value without its sign; the unit stays.
public func abs<Value: DimensionedValue>(_ x: Value) -> Value { x.magnitude }
