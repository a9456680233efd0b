/// What kind of thing a number measures: the exponents of the seven SI base dimensions.
///
/// Exponents are real numbers, because noise is measured in 1/√second. Two dimensions are equal only if all
/// exponents are exactly equal.
public struct Dimension: Hashable, Sendable {
  /// Exponents of metre, kilogram, second, amp, kelvin, mole and candle.
  public var length, mass, time, current, temperature, substance, luminosity: Double

  /// A dimension by the exponents that are not 0: `Dimension(length: 1, time: -1)` is a speed.
  public init(
    length: Double = 0, mass: Double = 0, time: Double = 0, current: Double = 0, temperature: Double = 0,
    substance: Double = 0, luminosity: Double = 0
  ) {
    self.length = length
    self.mass = mass
    self.time = time
    self.current = current
    self.temperature = temperature
    self.substance = substance
    self.luminosity = luminosity
  }

  /// A dimension by all exponents.
  ///
  /// - Parameter exponents: length, mass, time, current, temperature, substance, luminosity. Nil unless there are seven.
  public init?(exponents: [Double]) {
    guard exponents.count == 7 else { return nil }
    self.init(
      length: exponents[0], mass: exponents[1], time: exponents[2], current: exponents[3], temperature: exponents[4],
      substance: exponents[5], luminosity: exponents[6])
  }

  /// In the order length, mass, time, current, temperature, substance, luminosity.
  public var exponents: [Double] { [length, mass, time, current, temperature, substance, luminosity] }

  /// Whether all exponents are 0, as of plain numbers and angles.
  public var isDimensionless: Bool { self == .dimensionless }

  /// Each exponent multiplied by `power`.
  public func raised(to power: Double) -> Dimension {
    // A zero exponent stays zero even for an infinite power, and never becomes −0.
    func scaled(_ exponent: Double) -> Double { exponent == 0 || power == 0 ? 0 : exponent * power }
    return Dimension(
      length: scaled(length), mass: scaled(mass), time: scaled(time), current: scaled(current),
      temperature: scaled(temperature), substance: scaled(substance), luminosity: scaled(luminosity))
  }

  /// The dimension of a product.
  public static func * (lhs: Dimension, rhs: Dimension) -> Dimension {
    Dimension(
      length: lhs.length + rhs.length, mass: lhs.mass + rhs.mass, time: lhs.time + rhs.time,
      current: lhs.current + rhs.current, temperature: lhs.temperature + rhs.temperature,
      substance: lhs.substance + rhs.substance, luminosity: lhs.luminosity + rhs.luminosity)
  }

  /// The dimension of a quotient.
  public static func / (lhs: Dimension, rhs: Dimension) -> Dimension {
    Dimension(
      length: lhs.length - rhs.length, mass: lhs.mass - rhs.mass, time: lhs.time - rhs.time,
      current: lhs.current - rhs.current, temperature: lhs.temperature - rhs.temperature,
      substance: lhs.substance - rhs.substance, luminosity: lhs.luminosity - rhs.luminosity)
  }
}

extension Dimension {
  /// Plain numbers: all exponents 0.
  public static let dimensionless = Dimension()
  /// Metre.
  public static let length = Dimension(length: 1)
  /// Kilogram.
  public static let mass = Dimension(mass: 1)
  /// Second.
  public static let time = Dimension(time: 1)
  /// Amp.
  public static let current = Dimension(current: 1)
  /// Kelvin.
  public static let temperature = Dimension(temperature: 1)
  /// Mole.
  public static let substance = Dimension(substance: 1)
  /// Candle.
  public static let luminosity = Dimension(luminosity: 1)

  /// Square metre.
  public static let area = Dimension(length: 2)
  /// Cubic metre.
  public static let volume = Dimension(length: 3)
  /// Hertz, 1/second.
  public static let frequency = Dimension(time: -1)
  /// Newton.
  public static let force = Dimension(length: 1, mass: 1, time: -2)
  /// Pascal.
  public static let pressure = Dimension(length: -1, mass: 1, time: -2)
  /// Joule.
  public static let energy = Dimension(length: 2, mass: 1, time: -2)
  /// Watt.
  public static let power = Dimension(length: 2, mass: 1, time: -3)
  /// Coulomb.
  public static let charge = Dimension(time: 1, current: 1)
  /// Volt.
  public static let voltage = Dimension(length: 2, mass: 1, time: -3, current: -1)
  /// Farad.
  public static let capacitance = Dimension(length: -2, mass: -1, time: 4, current: 2)
  /// Ohm.
  public static let resistance = Dimension(length: 2, mass: 1, time: -3, current: -2)
  /// Siemens.
  public static let conductance = Dimension(length: -2, mass: -1, time: 3, current: 2)
  /// Weber.
  public static let magneticFlux = Dimension(length: 2, mass: 1, time: -2, current: -1)
  /// Tesla.
  public static let magneticFluxDensity = Dimension(mass: 1, time: -2, current: -1)
  /// Henry.
  public static let inductance = Dimension(length: 2, mass: 1, time: -2, current: -2)
  /// Lux.
  public static let illuminance = Dimension(length: -2, luminosity: 1)
  /// Gray.
  public static let absorbedDose = Dimension(length: 2, time: -2)
  /// Katal.
  public static let catalyticActivity = Dimension(time: -1, substance: 1)
  /// Mole per cubic metre; molar is 1000 of it.
  public static let concentration = Dimension(length: -3, substance: 1)
}

extension Dimension: CustomStringConvertible {
  private static let symbols = ["m", "kg", "s", "A", "K", "mol", "cd"]
  private static let names = ["metre", "kilogram", "second", "amp", "kelvin", "mole", "candle"]

  /// What all messages call this dimension: ``readableUnit``.
  public var description: String { readableUnit }

  /// The product of the symbols of base units: `m^2 kg s^-3 A^-1`; `1` if dimensionless.
  public var baseUnitSymbols: String { product(of: Self.symbols, power: "^", separator: " ") }

  /// The product of base units as a model or a file would write it: `metre**2*kilogram*second**-3*amp**-1`.
  public var baseUnitText: String { product(of: Self.names, power: "**", separator: "*") }

  /// The same with the reference's spacing: `metre ** 2 * kilogram * second ** -3 * amp ** -1`.
  var spacedBaseUnitText: String { product(of: Self.names, power: " ** ", separator: " * ") }

  private func product(of words: [String], power: String, separator: String) -> String {
    let factors = zip(words, exponents).filter { $0.1 != 0 }.map { word, exponent in
      exponent == 1 ? word : word + power + plainText(exponent)
    }
    return factors.isEmpty ? "1" : factors.joined(separator: separator)
  }
}

/// Shortest text of a number, without `.0` behind whole numbers.
func plainText(_ number: Double) -> String {
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

extension Dimension: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let dimension = Dimension(exponents: try container.decode([Double].self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a dimension has seven exponents")
    }
    self = dimension
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(exponents)
  }
}
