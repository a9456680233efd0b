/// Many numbers of one dimension.
public struct QuantityArray: Hashable, Sendable {
  public var si: [Double]
  public let dimension: Dimension

  public init(si: [Double], dimension: Dimension) {
    self.si = si
    self.dimension = dimension
  }

  /// All elements must have the same dimension; a bare 0 fits any.
  public init(_ values: [any QuantityConvertible]) throws(DimensionMismatchError) {
    let quantities = values.map(\.quantity)
    let leader = quantities.first { !$0.isDimensionless } ?? quantities.first ?? Quantity(0)
    for value in quantities { try checkMatch(leader, value, operation: ",") }
    self.init(si: quantities.map(\.si), dimension: leader.dimension)
  }

  public var count: Int { si.count }
  /// The same as ``si``, by the name that variables and monitors have for their plain numbers.
  public var values: [Double] { si }
}

extension QuantityArray: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { si.count }
  public subscript(index: Int) -> Quantity { Quantity(si: si[index], dimension: dimension) }
}

public func * <Value: DimensionedValue>(lhs: [Double], rhs: Value) -> QuantityArray {
  QuantityArray(si: lhs.map { $0 * rhs.si }, dimension: rhs.dimension)
}
