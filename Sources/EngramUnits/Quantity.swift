/// A number with a unit: its value in SI base units and what it measures.
public struct Quantity: Sendable {
  public let si: Double
  public let dimension: Dimension

  public init(si: Double, dimension: Dimension) {
    self.si = si
    self.dimension = dimension
  }

  public init(_ si: Double, _ dimension: Dimension = .dimensionless) {
    self.init(si: si, dimension: dimension)
  }

  public init(_ value: some QuantityConvertible) { self = value.quantity }
}

/// Everything an API can take where a quantity is meant: quantities of any kind, and plain numbers.
public protocol QuantityConvertible: Sendable {
  var quantity: Quantity { get }
}

extension Quantity: QuantityConvertible {
  public var quantity: Quantity { self }
}

extension Double: QuantityConvertible {
  public var quantity: Quantity { Quantity(si: self, dimension: .dimensionless) }
}

extension Int: QuantityConvertible {
  public var quantity: Quantity { Quantity(si: Double(self), dimension: .dimensionless) }
}

/// A value that carries a dimension: `Quantity` and the typed wrappers. The operators are written once for all of them.
public protocol DimensionedValue: QuantityConvertible, Hashable, Comparable {
  var si: Double { get }
  var dimension: Dimension { get }
  /// The same kind of value with another number.
  func replacing(si: Double) -> Self
}

extension Quantity: DimensionedValue {
  public func replacing(si: Double) -> Quantity { Quantity(si: si, dimension: dimension) }
}

extension DimensionedValue {
  public var isDimensionless: Bool { dimension.isDimensionless }
  public var isFinite: Bool { si.isFinite }
  public var magnitude: Self { replacing(si: si.magnitude) }
}

extension Quantity: Hashable {
  /// Total, as `Equatable` demands: values of different dimensions are merely unequal. Where that would hide a
  /// mistake use `isEqual(to:)`, which throws; debug builds report the first such comparison (see `EqualityAudit`).
  public static func == (lhs: Quantity, rhs: Quantity) -> Bool {
    guard lhs.dimension == rhs.dimension else {
      EqualityAudit.noteComparison(lhs, rhs)
      return false
    }
    return lhs.si == rhs.si
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(si)
    hasher.combine(dimension)
  }
}
