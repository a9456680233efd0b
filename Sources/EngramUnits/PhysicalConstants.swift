/// Constants of nature (UNI-4). Their names would clash with variables, so they live in here: `PhysicalConstants.gas`.
public enum PhysicalConstants {
  public static let avogadro = Quantity(6.022140857e23, Dimension.dimensionless / .substance)
  public static let boltzmann = Quantity(1.38064852e-23, .energy / .temperature)
  public static let electric = Quantity(8.854187817e-12, .capacitance / .length)
  public static let electronMass = Mass(si: 9.10938356e-31)
  public static let elementaryCharge = Charge(si: 1.6021766208e-19)
  public static let faraday = Quantity(96485.33289, .charge / .substance)
  public static let gas = Quantity(8.3144598, .energy / (.substance * .temperature))
  public static let magnetic = Quantity(4e-7 * Double.pi, .force / (.current * .current))
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
