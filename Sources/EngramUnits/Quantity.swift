/// A number with a unit: its value in SI base units and what it measures. Brian 2's `Quantity`.
///
/// ```swift
/// let tau = 10 * ms                              // a Time: its unit is part of its type
/// let leak: Quantity = 30 * nS * (20 * mV)       // any unit: 600 pA
/// let amps = try leak.value(in: pA)              // 600, a plain number
/// let read = try Quantity.parse("1.5 nA/mm**2")
/// print(leak, try leak.adding(0.1 * nA))
/// ```
///
/// A product or quotient of units is a quantity; ``Measured`` is one whose dimension the compiler knows.
public struct Quantity: Sendable {
  /// The value in SI base units: 0.01 for 10 ms.
  public let si: Double
  /// What it measures.
  public let dimension: Dimension

  /// A value in SI base units.
  public init(si: Double, dimension: Dimension) {
    self.si = si
    self.dimension = dimension
  }

  /// The same; by default a plain number.
  public init(_ si: Double, _ dimension: Dimension = .dimensionless) {
    self.init(si: si, dimension: dimension)
  }

  /// The quantity that another kind of value stands for.
  public init(_ value: some QuantityConvertible) { self = value.quantity }
}

/// Everything an API can take where a quantity is meant: quantities of any kind, and plain numbers.
public protocol QuantityConvertible: Sendable {
  /// The value with its unit; a plain number is one of dimension 1.
  var quantity: Quantity { get }
}

extension Quantity: QuantityConvertible {
  /// Itself.
  public var quantity: Quantity { self }
}

extension Double: QuantityConvertible {
  /// A plain number.
  public var quantity: Quantity { Quantity(si: self, dimension: .dimensionless) }
}

extension Int: QuantityConvertible {
  /// A plain number.
  public var quantity: Quantity { Quantity(si: Double(self), dimension: .dimensionless) }
}

/// A value that carries a dimension: `Quantity` and the typed wrappers. The operators are written once for all of them.
public protocol DimensionedValue: QuantityConvertible, Hashable, Comparable {
  /// The value in SI base units.
  var si: Double { get }
  /// What it measures.
  var dimension: Dimension { get }
  /// The same kind of value with another number.
  func replacing(si: Double) -> Self
}

extension Quantity: DimensionedValue {
  public func replacing(si: Double) -> Quantity { Quantity(si: si, dimension: dimension) }
}

extension DimensionedValue {
  /// Whether it is a plain number.
  public var isDimensionless: Bool { dimension.isDimensionless }
  /// Neither infinite nor not a number.
  public var isFinite: Bool { si.isFinite }
  /// The value without its sign.
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
