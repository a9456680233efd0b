import EngramSystem

// What functions on arrays do to units (UNI-8): some preserve them, some change them, some discard them.

// MARK: Unit preserved

extension QuantityArray {
  /// The sum of all elements, 0 if there are none.
  public var sum: Quantity { element(si.reduce(0, +)) }
  /// Not a number if there are no elements.
  public var mean: Quantity { element(si.reduce(0, +) / Double(count)) }
  /// The root of `variance`.
  public var standardDeviation: Quantity { element(variance.si.squareRoot()) }
  /// The largest element; not a number if there are none or one of them is not a number.
  public var maximum: Quantity { element(extreme { $0 > $1 }) }
  /// The smallest element; not a number if there are none or one of them is not a number.
  public var minimum: Quantity { element(extreme { $0 < $1 }) }
  /// Each element without its sign.
  public var magnitudes: QuantityArray { mapped { $0.magnitude } }
  /// Each element rounded down to a whole number of SI units.
  public var roundedDown: QuantityArray { mapped { $0.rounded(.down) } }
  /// Each element rounded up to a whole number of SI units.
  public var roundedUp: QuantityArray { mapped { $0.rounded(.up) } }
  /// To the nearest whole number of SI units, halves to even.
  public var rounded: QuantityArray { mapped { $0.rounded(.toNearestOrEven) } }

  /// The sum of the elements up to each one.
  public var cumulativeSum: QuantityArray {
    var total = 0.0
    return mapped {
      total += $0
      return total
    }
  }

  /// Each element moved into the range; the limits must have the unit of the array.
  public func clipped(
    from lower: some QuantityConvertible, to upper: some QuantityConvertible
  ) throws(DimensionMismatchError) -> QuantityArray {
    let (lower, upper) = (lower.quantity, upper.quantity)
    for limit in [lower, upper] { try checkMatch(limit, element(.nan), operation: "as a limit of", infinityMatches: true) }
    return mapped { $0.isNaN ? $0 : Swift.min(Swift.max($0, lower.si), upper.si) }
  }
}

// MARK: Unit changed

extension QuantityArray {
  /// Mean squared distance from the mean: the unit is squared.
  public var variance: Quantity {
    let center = mean.si
    let squares = si.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    return Quantity(si: squares / Double(count), dimension: dimension.raised(to: 2))
  }

  /// The unit is raised to the number of elements.
  public var product: Quantity { Quantity(si: si.reduce(1, *), dimension: dimension.raised(to: Double(count))) }
  /// The root of each element and of the unit.
  public var squareRoots: QuantityArray { mapped(dimension.raised(to: 0.5)) { $0.squareRoot() } }
  /// The square of each element and of the unit.
  public var squares: QuantityArray { mapped(dimension.raised(to: 2)) { $0 * $0 } }
  /// 1 divided by each element.
  public var reciprocals: QuantityArray { mapped(dimension.raised(to: -1)) { 1 / $0 } }
  /// A power of each element and of the unit.
  public func raised(to power: Double) -> QuantityArray { mapped(dimension.raised(to: power)) { pow($0, power) } }

  /// Nil if the arrays differ in length.
  public func dot(_ other: QuantityArray) -> Quantity? {
    guard count == other.count else { return nil }
    return Quantity(si: zip(si, other.si).reduce(0) { $0 + $1.0 * $1.1 }, dimension: dimension * other.dimension)
  }
}

// MARK: Unit discarded

extension QuantityArray {
  /// −1, 0 or 1 for each element.
  public var signs: [Double] { si.map { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 } }
  /// Whether each element is not a number.
  public var areNotNumbers: [Bool] { si.map(\.isNaN) }
  /// Position of the first largest element.
  public var indexOfMaximum: Int? { si.indices.max { si[$0] < si[$1] || si[$0] == si[$1] && $0 > $1 } }
  /// Position of the first smallest element.
  public var indexOfMinimum: Int? { si.indices.min { si[$0] < si[$1] || si[$0] == si[$1] && $0 < $1 } }
}

// MARK: Arithmetic element by element

extension QuantityArray {
  /// A quantity added to each element; a bare 0 fits every unit.
  ///
  /// - Throws: where the units differ. The operator `+` stops the program there.
  public func adding(_ other: some QuantityConvertible) throws(DimensionMismatchError) -> QuantityArray {
    try combined(with: other.quantity, "+") { $0 + $1 }
  }

  /// A quantity subtracted from each element; a bare 0 fits every unit.
  ///
  /// - Throws: where the units differ. The operator `-` stops the program there.
  public func subtracting(_ other: some QuantityConvertible) throws(DimensionMismatchError) -> QuantityArray {
    try combined(with: other.quantity, "-") { $0 - $1 }
  }

  private func combined(
    with other: Quantity, _ operation: String, _ body: (Double, Double) -> Double
  ) throws(DimensionMismatchError) -> QuantityArray {
    if other.dimension != dimension, !(other.isDimensionless && other.si == 0) {
      throw DimensionMismatchError(operands: "\(abbreviated) \(operation) \(other)", [dimension, other.dimension])
    }
    return mapped { body($0, other.si) }
  }

  private func element(_ value: Double) -> Quantity { Quantity(si: value, dimension: dimension) }

  private func mapped(_ dimension: Dimension? = nil, _ body: (Double) -> Double) -> QuantityArray {
    QuantityArray(si: si.map(body), dimension: dimension ?? self.dimension)
  }

  private func extreme(_ isBetter: (Double, Double) -> Bool) -> Double {
    guard let first = si.first, !si.contains(where: \.isNaN) else { return .nan }
    return si.reduce(first) { isBetter($1, $0) ? $1 : $0 }
  }
}

/// A quantity added to each element.
///
/// - Precondition: the same unit; ``QuantityArray/adding(_:)`` throws instead.
public func + (lhs: QuantityArray, rhs: some DimensionedValue) -> QuantityArray {
  trapping { () throws(DimensionMismatchError) in try lhs.adding(rhs) }
}
/// A quantity subtracted from each element.
///
/// - Precondition: the same unit; ``QuantityArray/subtracting(_:)`` throws instead.
public func - (lhs: QuantityArray, rhs: some DimensionedValue) -> QuantityArray {
  trapping { () throws(DimensionMismatchError) in try lhs.subtracting(rhs) }
}
/// Each element times a quantity or number.
public func * (lhs: QuantityArray, rhs: some QuantityConvertible) -> QuantityArray {
  let factor = rhs.quantity
  return QuantityArray(si: lhs.si.map { $0 * factor.si }, dimension: lhs.dimension * factor.dimension)
}
/// Each element divided by a quantity or number.
public func / (lhs: QuantityArray, rhs: some QuantityConvertible) -> QuantityArray {
  let divisor = rhs.quantity
  return QuantityArray(si: lhs.si.map { $0 / divisor.si }, dimension: lhs.dimension / divisor.dimension)
}
