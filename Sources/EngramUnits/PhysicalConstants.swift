/// Constants of nature (UNI-4). Their names would clash with variables, so they live in here: `PhysicalConstants.gas`.
public enum PhysicalConstants {
  /// Avogadro's constant, 6.022e23 1/mol.
  public static let avogadro = Quantity(6.022140857e23, Dimension.dimensionless / .substance)
  /// Boltzmann's constant, 1.381e-23 J/K.
  public static let boltzmann = Quantity(1.38064852e-23, .energy / .temperature)
  /// The permittivity of vacuum, 8.854e-12 F/m.
  public static let electric = Quantity(8.854187817e-12, .capacitance / .length)
  /// The mass of an electron, 9.109e-31 kg.
  public static let electronMass = Mass(si: 9.10938356e-31)
  /// The charge of a proton, 1.602e-19 C.
  public static let elementaryCharge = Charge(si: 1.6021766208e-19)
  /// Faraday's constant, 96485 C/mol.
  public static let faraday = Quantity(96485.33289, .charge / .substance)
  /// The gas constant, 8.314 J/(mol K).
  public static let gas = Quantity(8.3144598, .energy / (.substance * .temperature))
  /// The permeability of vacuum, 4π·1e-7 N/A².
  public static let magnetic = Quantity(4e-7 * Double.pi, .force / (.current * .current))
  /// The molar mass constant, 1 g/mol.
  public static let molarMass = Quantity(1e-3, .mass / .substance)
  /// 0 °C. There is no unit for degrees Celsius, because adding two temperatures in it would be wrong.
  public static let zeroCelsius = Temperature(si: 273.15)

  /// By the names text uses for them.
  public static let byName: [String: Quantity] = [
    "avogadro_constant": avogadro, "boltzmann_constant": boltzmann, "electric_constant": electric,
    "electron_mass": electronMass.quantity, "elementary_charge": elementaryCharge.quantity, "faraday_constant": faraday,
    "gas_constant": gas, "magnetic_constant": magnetic, "molar_mass_constant": molarMass, "zero_celsius": zeroCelsius.quantity,
  ]
}
