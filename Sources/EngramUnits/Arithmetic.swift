import EngramSystem

// Operators on values with units. Each is written once for `Quantity` and all typed wrappers, because long overload sets
// make the type checker slow: same kind in → same kind out; mixed kinds → `Quantity`. Mismatched units stop the program
// with the full message; the throwing twins are the methods below.

extension DimensionedValue {
  /// The sum; a bare 0 fits every unit.
  ///
  /// - Throws: where the units differ. The operator `+` stops the program there.
  public func adding(_ other: some QuantityConvertible) throws(DimensionMismatchError) -> Quantity {
    try combined(with: other.quantity, "+") { $0 + $1 }
  }

  /// The difference; a bare 0 fits every unit.
  ///
  /// - Throws: where the units differ. The operator `-` stops the program there.
  public func subtracting(_ other: some QuantityConvertible) throws(DimensionMismatchError) -> Quantity {
    try combined(with: other.quantity, "-") { $0 - $1 }
  }

  /// The remainder of floor division: it has the sign of the divisor.
  public func remainder(dividingBy other: some QuantityConvertible) throws(DimensionMismatchError) -> Quantity {
    try combined(with: other.quantity, "%", floorRemainder)
  }

  /// The product, with the product of the units.
  public func multiplied(by other: some QuantityConvertible) -> Quantity {
    let other = other.quantity
    return Quantity(si: si * other.si, dimension: dimension * other.dimension)
  }

  /// The quotient, with the quotient of the units.
  public func divided(by other: some QuantityConvertible) -> Quantity {
    let other = other.quantity
    return Quantity(si: si / other.si, dimension: dimension / other.dimension)
  }

  /// The reference's `//`: the whole number of times `other` fits, with the combined unit.
  public func floorDivided(by other: some QuantityConvertible) -> Quantity {
    let other = other.quantity
    let quotient = (si - floorRemainder(si, other.si)) / other.si
    return Quantity(si: other.si == 0 ? si / other.si : quotient.rounded(), dimension: dimension / other.dimension)
  }

  /// A power; each exponent of the unit is multiplied by `power`.
  public func raised(to power: Double) -> Quantity {
    Quantity(si: pow(si, power), dimension: dimension.raised(to: power))
  }

  /// The exponent must be a plain number.
  public func raised(to power: Quantity) throws(DimensionMismatchError) -> Quantity {
    guard power.isDimensionless else {
      throw DimensionMismatchError("The exponent of \(quantity)", expected: .dimensionless, found: power)
    }
    return raised(to: power.si)
  }

  /// The root; each exponent of the unit is halved.
  public var squareRoot: Quantity { Quantity(si: si.squareRoot(), dimension: dimension.raised(to: 0.5)) }

  /// −1, 0 or 1 as `self` is less than, equal to or greater than `other`; nil if one of them is not a number.
  public func compare(to other: some QuantityConvertible) throws(DimensionMismatchError) -> Int? {
    let other = other.quantity
    try checkMatch(quantity, other, operation: "<=>", infinityMatches: true)
    if si < other.si { return -1 }
    if si > other.si { return 1 }
    return si == other.si ? 0 : nil
  }

  /// Equality that refuses to compare different dimensions.
  public func isEqual(to other: some QuantityConvertible) throws(DimensionMismatchError) -> Bool {
    let other = other.quantity
    try checkMatch(quantity, other, operation: "==", infinityMatches: true)
    return si == other.si
  }

  private func combined(
    with other: Quantity, _ operation: String, _ body: (Double, Double) -> Double
  ) throws(DimensionMismatchError) -> Quantity {
    try checkMatch(quantity, other, operation: operation)
    // Where a bare 0 met a unit, the unit wins.
    return Quantity(si: body(si, other.si), dimension: isDimensionless ? other.dimension : dimension)
  }
}

/// Remainder with the sign of the divisor, as in the reference.
func floorRemainder(_ a: Double, _ b: Double) -> Double {
  let remainder = fmod(a, b)
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
}

// MARK: Same kind in, same kind out

/// The sum of two values of one kind.
///
/// - Precondition: the same unit, which the compiler cannot see of two quantities; ``DimensionedValue/adding(_:)`` throws instead.
public func + <Value: DimensionedValue>(lhs: Value, rhs: Value) -> Value {
  let sum = trapping { () throws(DimensionMismatchError) in try lhs.adding(rhs) }
  return (lhs.dimension == sum.dimension ? lhs : rhs).replacing(si: sum.si)
}

/// The difference of two values of one kind.
///
/// - Precondition: the same unit, which the compiler cannot see of two quantities; ``DimensionedValue/subtracting(_:)`` throws instead.
public func - <Value: DimensionedValue>(lhs: Value, rhs: Value) -> Value {
  let difference = trapping { () throws(DimensionMismatchError) in try lhs.subtracting(rhs) }
  return (lhs.dimension == difference.dimension ? lhs : rhs).replacing(si: difference.si)
}

/// The remainder of floor division, with the sign of the divisor.
///
/// - Precondition: the same unit; ``DimensionedValue/remainder(dividingBy:)`` throws instead.
public func % <Value: DimensionedValue>(lhs: Value, rhs: Value) -> Value {
  let rest = trapping { () throws(DimensionMismatchError) in try lhs.remainder(dividingBy: rhs) }
  return (lhs.dimension == rest.dimension ? lhs : rhs).replacing(si: rest.si)
}

/// Adds a value of the same kind.
public func += <Value: DimensionedValue>(lhs: inout Value, rhs: Value) { lhs = lhs + rhs }
/// Subtracts a value of the same kind.
public func -= <Value: DimensionedValue>(lhs: inout Value, rhs: Value) { lhs = lhs - rhs }
/// The same amount the other way.
public prefix func - <Value: DimensionedValue>(operand: Value) -> Value { operand.replacing(si: -operand.si) }
/// The value itself.
public prefix func + <Value: DimensionedValue>(operand: Value) -> Value { operand }

/// A multiple of a value: `10 * mV`.
public func * <Value: DimensionedValue>(lhs: Double, rhs: Value) -> Value { rhs.replacing(si: lhs * rhs.si) }
/// A multiple of a value.
public func * <Value: DimensionedValue>(lhs: Value, rhs: Double) -> Value { lhs.replacing(si: lhs.si * rhs) }
/// A part of a value.
public func / <Value: DimensionedValue>(lhs: Value, rhs: Double) -> Value { lhs.replacing(si: lhs.si / rhs) }

// MARK: Mixed kinds (disfavoured: the compiler must not choose these where both sides are of one kind)

/// The sum of values of different kinds, such as a ``Time`` and a ``Quantity``.
///
/// - Precondition: the same unit; ``DimensionedValue/adding(_:)`` throws instead.
@_disfavoredOverload public func + <A: DimensionedValue, B: DimensionedValue>(lhs: A, rhs: B) -> Quantity {
  trapping { () throws(DimensionMismatchError) in try lhs.adding(rhs) }
}
/// The difference of values of different kinds.
///
/// - Precondition: the same unit; ``DimensionedValue/subtracting(_:)`` throws instead.
@_disfavoredOverload public func - <A: DimensionedValue, B: DimensionedValue>(lhs: A, rhs: B) -> Quantity {
  trapping { () throws(DimensionMismatchError) in try lhs.subtracting(rhs) }
}
/// The product, with the product of the units: `30 * nS * (20 * mV)` is a current.
@_disfavoredOverload public func * <A: DimensionedValue, B: DimensionedValue>(lhs: A, rhs: B) -> Quantity { lhs.multiplied(by: rhs) }
/// The quotient, with the quotient of the units: `20 * mV / (10 * ms)`.
@_disfavoredOverload public func / <A: DimensionedValue, B: DimensionedValue>(lhs: A, rhs: B) -> Quantity { lhs.divided(by: rhs) }
/// A number by a value: `1 / (10 * ms)` is a rate.
public func / <B: DimensionedValue>(lhs: Double, rhs: B) -> Quantity { lhs.quantity.divided(by: rhs) }

/// Dividing by a unit of the same kind is how a typed quantity becomes a plain number: `v / mV`.
public func / <Tag>(lhs: Measured<Tag>, rhs: Measured<Tag>) -> Double { lhs.si / rhs.si }

// MARK: A bare number beside a quantity: 0 matches every unit, other numbers only plain ones

/// The sum with a bare number.
///
/// - Precondition: the number is 0, or the value is a plain number, too.
public func + <Value: DimensionedValue>(lhs: Value, rhs: Double) -> Value {
  lhs.replacing(si: trapping { () throws(DimensionMismatchError) in try lhs.adding(rhs) }.si)
}

/// The difference to a bare number.
///
/// - Precondition: the number is 0, or the value is a plain number, too.
public func - <Value: DimensionedValue>(lhs: Value, rhs: Double) -> Value {
  lhs.replacing(si: trapping { () throws(DimensionMismatchError) in try lhs.subtracting(rhs) }.si)
}

// MARK: Order

extension Quantity: Comparable {
  /// Whether it is less; false where one of them is not a number.
  ///
  /// - Precondition: the same unit; ``DimensionedValue/compare(to:)`` throws instead.
  public static func < (lhs: Quantity, rhs: Quantity) -> Bool {
    trapping { () throws(DimensionMismatchError) in try lhs.compare(to: rhs) } == -1
  }
  // Spelt out because "not less" is not "greater or equal" for values that are not numbers.
  /// Whether it is greater; false where one of them is not a number. Stops the program where the units differ.
  public static func > (lhs: Quantity, rhs: Quantity) -> Bool { rhs < lhs }
  /// Whether it is not greater; false where one of them is not a number. Stops the program where the units differ.
  public static func <= (lhs: Quantity, rhs: Quantity) -> Bool {
    trapping { () throws(DimensionMismatchError) in try lhs.compare(to: rhs) }.map { $0 <= 0 } ?? false
  }
  /// Whether it is not less; false where one of them is not a number. Stops the program where the units differ.
  public static func >= (lhs: Quantity, rhs: Quantity) -> Bool { rhs <= lhs }
}

/// Whether a value of another kind is greater. Stops the program where the units differ.
@_disfavoredOverload public func < <A: DimensionedValue, B: DimensionedValue>(lhs: A, rhs: B) -> Bool { lhs.quantity < rhs.quantity }
/// Whether a value of another kind is less. Stops the program where the units differ.
@_disfavoredOverload public func > <A: DimensionedValue, B: DimensionedValue>(lhs: A, rhs: B) -> Bool { rhs.quantity < lhs.quantity }
/// Whether a value is less than a bare number: 0, or any where the value is a plain number, too.
public func < <A: DimensionedValue>(lhs: A, rhs: Double) -> Bool { lhs.quantity < rhs.quantity }
/// Whether a value is greater than a bare number: 0, or any where the value is a plain number, too.
public func > <A: DimensionedValue>(lhs: A, rhs: Double) -> Bool { rhs.quantity < lhs.quantity }
/// Whether a value is at most a bare number: 0, or any where the value is a plain number, too.
public func <= <A: DimensionedValue>(lhs: A, rhs: Double) -> Bool { lhs.quantity <= rhs.quantity }
/// Whether a value is at least a bare number: 0, or any where the value is a plain number, too.
public func >= <A: DimensionedValue>(lhs: A, rhs: Double) -> Bool { rhs.quantity <= lhs.quantity }
