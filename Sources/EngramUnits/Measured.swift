/// Names a dimension at compile time.
public protocol DimensionTag: Sendable {
  /// The dimension that the tag stands for.
  static var dimension: Dimension { get }
}

/// A quantity whose dimension the compiler knows, so that `run(10*mV)` does not compile where a time is expected.
public struct Measured<Tag: DimensionTag>: DimensionedValue {
  /// The value in SI base units.
  public let si: Double

  /// A value in SI base units: `Time(si: 0.01)` is 10 ms.
  public init(si: Double) { self.si = si }

  /// A quantity of this dimension, or a bare 0.
  ///
  /// - Throws: for a quantity that measures something else.
  public init(_ value: some QuantityConvertible) throws(DimensionMismatchError) {
    let quantity = value.quantity
    guard quantity.dimension == Tag.dimension || quantity.isDimensionless && quantity.si == 0 else {
      throw DimensionMismatchError("The value", expected: Tag.dimension, found: quantity)
    }
    si = quantity.si
  }

  /// No amount.
  public static var zero: Self { Self(si: 0) }
  /// What it measures.
  public var dimension: Dimension { Tag.dimension }
  /// The same as a quantity whose dimension the compiler does not know.
  public var quantity: Quantity { Quantity(si: si, dimension: Tag.dimension) }
  public func replacing(si: Double) -> Self { Self(si: si) }
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.si < rhs.si }
}

extension Measured: CustomStringConvertible {
  public var description: String { quantity.description }
}

/// A time; SI unit second.
public typealias Time = Measured<Dimensions.Time>
/// A frequency; SI unit hertz.
public typealias Frequency = Measured<Dimensions.Frequency>
/// A length; SI unit metre.
public typealias Length = Measured<Dimensions.Length>
/// An area; SI unit square metre.
public typealias Area = Measured<Dimensions.Area>
/// A volume; SI unit cubic metre.
public typealias Volume = Measured<Dimensions.Volume>
/// A mass; SI unit kilogram.
public typealias Mass = Measured<Dimensions.Mass>
/// A current; SI unit amp.
public typealias Current = Measured<Dimensions.Current>
/// A temperature; SI unit kelvin.
public typealias Temperature = Measured<Dimensions.Temperature>
/// An amount of substance; SI unit mole.
public typealias Substance = Measured<Dimensions.Substance>
/// A luminous intensity; SI unit candle.
public typealias LuminousIntensity = Measured<Dimensions.LuminousIntensity>
/// A force; SI unit newton.
public typealias Force = Measured<Dimensions.Force>
/// A pressure; SI unit pascal.
public typealias Pressure = Measured<Dimensions.Pressure>
/// An energy; SI unit joule.
public typealias Energy = Measured<Dimensions.Energy>
/// A power; SI unit watt.
public typealias Power = Measured<Dimensions.Power>
/// A charge; SI unit coulomb.
public typealias Charge = Measured<Dimensions.Charge>
/// A voltage; SI unit volt.
public typealias Voltage = Measured<Dimensions.Voltage>
/// A capacitance; SI unit farad.
public typealias Capacitance = Measured<Dimensions.Capacitance>
/// A resistance; SI unit ohm.
public typealias Resistance = Measured<Dimensions.Resistance>
/// A conductance; SI unit siemens.
public typealias Conductance = Measured<Dimensions.Conductance>
/// A magnetic flux; SI unit weber.
public typealias MagneticFlux = Measured<Dimensions.MagneticFlux>
/// A magnetic flux density; SI unit tesla.
public typealias MagneticFluxDensity = Measured<Dimensions.MagneticFluxDensity>
/// An inductance; SI unit henry.
public typealias Inductance = Measured<Dimensions.Inductance>
/// An illuminance; SI unit lux.
public typealias Illuminance = Measured<Dimensions.Illuminance>
/// An absorbed dose; SI unit gray.
public typealias AbsorbedDose = Measured<Dimensions.AbsorbedDose>
/// A catalytic activity; SI unit katal.
public typealias CatalyticActivity = Measured<Dimensions.CatalyticActivity>
/// A concentration; SI unit mole per cubic metre.
public typealias Concentration = Measured<Dimensions.Concentration>
/// A plain number, such as an angle; SI unit radian, which is 1.
public typealias Angle = Measured<Dimensions.None>

/// The tags of the typed wrappers.
public enum Dimensions {
  /// The tag of plain numbers.
  public enum None: DimensionTag { public static var dimension: Dimension { .dimensionless } }
  /// The tag of ``EngramUnits/Time``.
  public enum Time: DimensionTag { public static var dimension: Dimension { .time } }
  /// The tag of ``EngramUnits/Frequency``.
  public enum Frequency: DimensionTag { public static var dimension: Dimension { .frequency } }
  /// The tag of ``EngramUnits/Length``.
  public enum Length: DimensionTag { public static var dimension: Dimension { .length } }
  /// The tag of ``EngramUnits/Area``.
  public enum Area: DimensionTag { public static var dimension: Dimension { .area } }
  /// The tag of ``EngramUnits/Volume``.
  public enum Volume: DimensionTag { public static var dimension: Dimension { .volume } }
  /// The tag of ``EngramUnits/Mass``.
  public enum Mass: DimensionTag { public static var dimension: Dimension { .mass } }
  /// The tag of ``EngramUnits/Current``.
  public enum Current: DimensionTag { public static var dimension: Dimension { .current } }
  /// The tag of ``EngramUnits/Temperature``.
  public enum Temperature: DimensionTag { public static var dimension: Dimension { .temperature } }
  /// The tag of ``EngramUnits/Substance``.
  public enum Substance: DimensionTag { public static var dimension: Dimension { .substance } }
  /// The tag of ``EngramUnits/LuminousIntensity``.
  public enum LuminousIntensity: DimensionTag { public static var dimension: Dimension { .luminosity } }
  /// The tag of ``EngramUnits/Force``.
  public enum Force: DimensionTag { public static var dimension: Dimension { .force } }
  /// The tag of ``EngramUnits/Pressure``.
  public enum Pressure: DimensionTag { public static var dimension: Dimension { .pressure } }
  /// The tag of ``EngramUnits/Energy``.
  public enum Energy: DimensionTag { public static var dimension: Dimension { .energy } }
  /// The tag of ``EngramUnits/Power``.
  public enum Power: DimensionTag { public static var dimension: Dimension { .power } }
  /// The tag of ``EngramUnits/Charge``.
  public enum Charge: DimensionTag { public static var dimension: Dimension { .charge } }
  /// The tag of ``EngramUnits/Voltage``.
  public enum Voltage: DimensionTag { public static var dimension: Dimension { .voltage } }
  /// The tag of ``EngramUnits/Capacitance``.
  public enum Capacitance: DimensionTag { public static var dimension: Dimension { .capacitance } }
  /// The tag of ``EngramUnits/Resistance``.
  public enum Resistance: DimensionTag { public static var dimension: Dimension { .resistance } }
  /// The tag of ``EngramUnits/Conductance``.
  public enum Conductance: DimensionTag { public static var dimension: Dimension { .conductance } }
  /// The tag of ``EngramUnits/MagneticFlux``.
  public enum MagneticFlux: DimensionTag { public static var dimension: Dimension { .magneticFlux } }
  /// The tag of ``EngramUnits/MagneticFluxDensity``.
  public enum MagneticFluxDensity: DimensionTag { public static var dimension: Dimension { .magneticFluxDensity } }
  /// The tag of ``EngramUnits/Inductance``.
  public enum Inductance: DimensionTag { public static var dimension: Dimension { .inductance } }
  /// The tag of ``EngramUnits/Illuminance``.
  public enum Illuminance: DimensionTag { public static var dimension: Dimension { .illuminance } }
  /// The tag of ``EngramUnits/AbsorbedDose``.
  public enum AbsorbedDose: DimensionTag { public static var dimension: Dimension { .absorbedDose } }
  /// The tag of ``EngramUnits/CatalyticActivity``.
  public enum CatalyticActivity: DimensionTag { public static var dimension: Dimension { .catalyticActivity } }
  /// The tag of ``EngramUnits/Concentration``.
  public enum Concentration: DimensionTag { public static var dimension: Dimension { .concentration } }
}
