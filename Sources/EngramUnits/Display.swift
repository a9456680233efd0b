extension Dimension {
  /// What messages call this dimension: `volt`, `metre**2`, `1` if dimensionless.
  public var unitName: String {
    if isDimensionless { return "1" }
    return UnitStem.all.first { $0.dimension == self && $0.scale == 0 }?.name ?? baseUnitText
  }
}

extension Quantity: CustomStringConvertible {
  public var description: String { isDimensionless ? "\(si)" : "\(si) \(dimension)" }
}
