/// Many numbers of one dimension: what monitors give, and what groups and timed arrays take.
///
/// ```swift
/// let weights = [0.1, 0.2, 0.3] * mV
/// let times = try QuantityArray(from: 0 * ms, to: 1 * second, by: 10 * ms)
/// let mean = weights.mean                        // 0.2 mV
/// let plain = try weights.values(in: mV)         // [0.1, 0.2, 0.3]
/// let third: Quantity = weights[2]
/// ```
public struct QuantityArray: Hashable, Sendable {
  /// The values in SI base units.
  public var si: [Double]
  /// What all of them measure.
  public let dimension: Dimension

  /// Values in SI base units.
  public init(si: [Double], dimension: Dimension) {
    self.si = si
    self.dimension = dimension
  }

  /// Quantities of one dimension; a bare 0 fits any.
  ///
  /// - Throws: where two of them measure different things.
  public init(_ values: [any QuantityConvertible]) throws(DimensionMismatchError) {
    let quantities = values.map(\.quantity)
    let leader = quantities.first { !$0.isDimensionless } ?? quantities.first ?? Quantity(0)
    for value in quantities { try checkMatch(leader, value, operation: ",") }
    self.init(si: quantities.map(\.si), dimension: leader.dimension)
  }

  /// Number of elements.
  public var count: Int { si.count }
  /// The same as ``si``, by the name that variables and monitors have for their plain numbers.
  public var values: [Double] { si }
}

extension QuantityArray: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { si.count }
  /// One element with its unit.
  public subscript(index: Int) -> Quantity { Quantity(si: si[index], dimension: dimension) }
}

/// Numbers with a unit: `[1, 2, 3] * mV`.
public func * <Value: DimensionedValue>(lhs: [Double], rhs: Value) -> QuantityArray {
  QuantityArray(si: lhs.map { $0 * rhs.si }, dimension: rhs.dimension)
}
