// Ranges of quantities. `Quantity` and the typed wrappers are `Comparable`, so `0*ms ... 10*ms` is a range as usual.

/// Start, start + step, … up to but without the end: `stride(from: 0*ms, to: 1*ms, by: 0.1*ms)`.
public func stride<Tag>(
  from start: Measured<Tag>, to end: Measured<Tag>, by step: Measured<Tag>
) -> [Measured<Tag>] {
  Array(Swift.stride(from: start.si, to: end.si, by: step.si)).map(Measured<Tag>.init(si:))
}

/// Start, start + step, … up to and with the end.
public func stride<Tag>(
  from start: Measured<Tag>, through end: Measured<Tag>, by step: Measured<Tag>
) -> [Measured<Tag>] {
  Array(Swift.stride(from: start.si, through: end.si, by: step.si)).map(Measured<Tag>.init(si:))
}

extension QuantityArray {
  /// Start, start + step, … without the end. No values where the step is zero.
  ///
  /// - Throws: where the three measure different things.
  public init(
    from start: some QuantityConvertible, to end: some QuantityConvertible, by step: some QuantityConvertible
  ) throws(DimensionMismatchError) {
    let ends = try QuantityArray([start.quantity, end.quantity, step.quantity])
    let values = ends.si[2] == 0 ? [] : Array(Swift.stride(from: ends.si[0], to: ends.si[1], by: ends.si[2]))
    self.init(si: values, dimension: ends.dimension)
  }

  /// So many values at equal distances, both ends included, as NumPy's `linspace`.
  ///
  /// - Throws: where the two ends measure different things.
  public init(
    from start: some QuantityConvertible, through end: some QuantityConvertible, count: Int
  ) throws(DimensionMismatchError) {
    let ends = try QuantityArray([start.quantity, end.quantity])
    let width = ends.si[1] - ends.si[0]
    let steps = Double(Swift.max(count - 1, 1))
    let values = (0..<Swift.max(count, 0)).map { index in
      index == count - 1 && count > 1 ? ends.si[1] : ends.si[0] + width * (Double(index) / steps)
    }
    self.init(si: values, dimension: ends.dimension)
  }

  /// Values of one kind, such as times.
  public init<Tag>(_ values: [Measured<Tag>]) { self.init(si: values.map(\.si), dimension: Tag.dimension) }
}

extension ClosedRange where Bound: DimensionedValue {
  /// Whether the value lies in the range; throws where the units differ.
  public func contains(checking value: some QuantityConvertible) throws(DimensionMismatchError) -> Bool {
    guard let low = try lowerBound.compare(to: value), let high = try upperBound.compare(to: value) else { return false }
    return low <= 0 && high >= 0
  }
}
