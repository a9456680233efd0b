extension Dimension {
  /// A unit of this dimension for people: `volt`, `volt/second`, `siemens/metre**2`, `1/volt`, `1` if dimensionless.
  ///
  /// At most two named units; a product of base units where these do not do. The text is model text: it reads back as a
  /// unit of this dimension.
  public var readableUnit: String {
    let name = unitName
    if name != baseUnitText || exponents.filter({ $0 != 0 }).count <= 1 { return name }
    for unit in Self.above {
      if Dimension.dimensionless / unit.dimension == self { return "1/\(unit.text)" }
      for power in [2, 3, 0.5] where unit.dimension.raised(to: power) == self { return "\(unit.text)**\(plainText(power))" }
    }
    for unit in Self.above where unit.dimension.raised(to: 2) / .time == self { return "\(unit.text)**2/second" }
    for above in Self.above {
      for below in Self.below where above.dimension / below.dimension == self { return "\(above.text)/\(below.text)" }
    }
    for first in Self.above {
      for second in Self.below where first.dimension * second.dimension == self { return "\(first.text)*\(second.text)" }
    }
    return name
  }

  private typealias Named = (text: String, dimension: Dimension)

  /// In the order of preference: what a cell is described with comes first.
  private static let above: [Named] =
    named([
      "volt", "amp", "siemens", "farad", "ohm", "coulomb", "mole", "metre", "joule", "watt", "newton", "pascal", "kilogram", "kelvin", "second",
      "tesla", "weber", "henry",
    ]) + [("metre**2", Dimension.length.raised(to: 2)), ("metre**3", Dimension.length.raised(to: 3))]

  private static let below: [Named] =
    [
      ("second", .time), ("metre**2", Dimension.length.raised(to: 2)), ("metre", .length), ("metre**3", Dimension.length.raised(to: 3)),
      ("second**0.5", Dimension.time.raised(to: 0.5)),
    ] + named(["volt", "amp", "siemens", "farad", "mole", "kilogram", "kelvin"]) + [("second**2", Dimension.time.raised(to: 2))]

  private static func named(_ names: [String]) -> [Named] {
    names.compactMap { name in UnitStem.all.first { $0.name == name }.map { (name, $0.dimension) } }
  }
}
