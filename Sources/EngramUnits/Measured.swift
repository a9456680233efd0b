/// Names a dimension at compile time.
public protocol DimensionTag: Sendable {
  static var dimension: Dimension { get }
}

/// A quantity whose dimension the compiler knows, so that `run(10*mV)` does not compile where a time is expected.
public struct Measured<Tag: DimensionTag>: DimensionedValue {
  public let si: Double

  public init(si: Double) { self.si = si }

  /// Accepts any quantity of this dimension, and a bare 0.
  public init(_ value: some QuantityConvertible) throws(DimensionMismatchError) {
    let quantity = value.quantity
    guard quantity.dimension == Tag.dimension || quantity.isDimensionless && quantity.si == 0 else {
      throw DimensionMismatchError("The value", expected: Tag.dimension, found: quantity)
    }
    si = quantity.si
  }

  public static var zero: Self { Self(si: 0) }
  public var dimension: Dimension { Tag.dimension }
  public var quantity: Quantity { Quantity(si: si, dimension: Tag.dimension) }
  public func replacing(si: Double) -> Self { Self(si: si) }
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.si < rhs.si }
}

extension Measured: CustomStringConvertible {
  public var description: String { quantity.description }
}

public typealias Time = Measured<Dimensions.Time>
public typealias Frequency = Measured<Dimensions.Frequency>
public typealias Length = Measured<Dimensions.Length>
public typealias Area = Measured<Dimensions.Area>
public typealias Volume = Measured<Dimensions.Volume>
public typealias Mass = Measured<Dimensions.Mass>
public typealias Current = Measured<Dimensions.Current>
public typealias Temperature = Measured<Dimensions.Temperature>
public typealias Substance = Measured<Dimensions.Substance>
public typealias LuminousIntensity = Measured<Dimensions.LuminousIntensity>
public typealias Force = Measured<Dimensions.Force>
public typealias Pressure = Measured<Dimensions.Pressure>
public typealias Energy = Measured<Dimensions.Energy>
public typealias Power = Measured<Dimensions.Power>
public typealias Charge = Measured<Dimensions.Charge>
public typealias Voltage = Measured<Dimensions.Voltage>
public typealias Capacitance = Measured<Dimensions.Capacitance>
public typealias Resistance = Measured<Dimensions.Resistance>
public typealias Conductance = Measured<Dimensions.Conductance>
public typealias MagneticFlux = Measured<Dimensions.MagneticFlux>
public typealias MagneticFluxDensity = Measured<Dimensions.MagneticFluxDensity>
public typealias Inductance = Measured<Dimensions.Inductance>
public typealias Illuminance = Measured<Dimensions.Illuminance>
public typealias AbsorbedDose = Measured<Dimensions.AbsorbedDose>
public typealias CatalyticActivity = Measured<Dimensions.CatalyticActivity>
public typealias Concentration = Measured<Dimensions.Concentration>
public typealias Angle = Measured<Dimensions.None>

/// The tags of the typed wrappers.
public enum Dimensions {
  public enum None: DimensionTag { public static var dimension: Dimension { .dimensionless } }
  public enum Time: DimensionTag { public static var dimension: Dimension { .time } }
  public enum Frequency: DimensionTag { public static var dimension: Dimension { .frequency } }
  public enum Length: DimensionTag { public static var dimension: Dimension { .length } }
  public enum Area: DimensionTag { public static var dimension: Dimension { .area } }
  public enum Volume: DimensionTag { public static var dimension: Dimension { .volume } }
  public enum Mass: DimensionTag { public static var dimension: Dimension { .mass } }
  public enum Current: DimensionTag { public static var dimension: Dimension { .current } }
  public enum Temperature: DimensionTag { public static var dimension: Dimension { .temperature } }
  public enum Substance: DimensionTag { public static var dimension: Dimension { .substance } }
  public enum LuminousIntensity: DimensionTag { public static var dimension: Dimension { .luminosity } }
  public enum Force: DimensionTag { public static var dimension: Dimension { .force } }
  public enum Pressure: DimensionTag { public static var dimension: Dimension { .pressure } }
  public enum Energy: DimensionTag { public static var dimension: Dimension { .energy } }
  public enum Power: DimensionTag { public static var dimension: Dimension { .power } }
  public enum Charge: DimensionTag { public static var dimension: Dimension { .charge } }
  public enum Voltage: DimensionTag { public static var dimension: Dimension { .voltage } }
  public enum Capacitance: DimensionTag { public static var dimension: Dimension { .capacitance } }
  public enum Resistance: DimensionTag { public static var dimension: Dimension { .resistance } }
  public enum Conductance: DimensionTag { public static var dimension: Dimension { .conductance } }
  public enum MagneticFlux: DimensionTag { public static var dimension: Dimension { .magneticFlux } }
  public enum MagneticFluxDensity: DimensionTag { public static var dimension: Dimension { .magneticFluxDensity } }
  public enum Inductance: DimensionTag { public static var dimension: Dimension { .inductance } }
  public enum Illuminance: DimensionTag { public static var dimension: Dimension { .illuminance } }
  public enum AbsorbedDose: DimensionTag { public static var dimension: Dimension { .absorbedDose } }
  public enum CatalyticActivity: DimensionTag { public static var dimension: Dimension { .catalyticActivity } }
  public enum Concentration: DimensionTag { public static var dimension: Dimension { .concentration } }
}
