/// The units that text can name.
public struct UnitCatalogue: Sendable {
  /// What model text knows: exactly the default unit names of the reference.
  public static let standard = UnitCatalogue(entries: standardUnits())
  /// What quantities in files and on the command line may use beside those: every prefix with every name and symbol.
  public static let complete = UnitCatalogue(entries: standardUnits().merging(furtherUnits()) { first, _ in first })

  private let entries: [String: NamedUnit]
  private init(entries: [String: NamedUnit]) { self.entries = entries }

  /// The size of a unit, such as 0.001 V of `mV`; nil for a name that is no unit.
  public func lookup(_ name: String) -> Quantity? { entries[name]?.quantity }
  /// The unit with its name and symbol; nil for a name that is no unit.
  public func unit(named name: String) -> NamedUnit? { entries[name] }
  /// The names of all units, in no order.
  public var names: some Collection<String> & Sendable { entries.keys }
  /// Number of names.
  public var count: Int { entries.count }

  /// Whether a model may use this name as a unit of a variable (EQN-3): no prefix, no power.
  public func isUnprefixedBase(_ name: String) -> Bool { UnitStem.all.contains { $0.name == name } || name == "Hz" }

  /// The names `isUnprefixedBase` accepts, for messages.
  public static let unprefixedBaseNames: [String] = (UnitStem.all.map(\.name) + ["Hz"]).sorted()
}

/// A unit with its name in text and its symbol for display.
public struct NamedUnit: Hashable, Sendable {
  /// What text calls it: `mvolt`.
  public let name: String
  /// What a display shows: `mV`.
  public let symbol: String
  /// Its size.
  public let quantity: Quantity

  /// A unit of one's own, for `DisplayUnits.register`.
  public init(name: String, symbol: String, quantity: Quantity) {
    self.name = name
    self.symbol = symbol
    self.quantity = quantity
  }
}

/// An unprefixed unit from which prefixed names and powers are made.
struct UnitStem: Sendable {
  let name, symbol: String
  let dimension: Dimension
  /// The value in SI base units is ten to this power.
  var scale = 0
  var takesPrefixes = true
  var takesPowers = true

  static let all: [UnitStem] = [
    UnitStem(name: "metre", symbol: "m", dimension: .length),
    UnitStem(name: "meter", symbol: "m", dimension: .length),
    UnitStem(name: "kilogram", symbol: "kg", dimension: .mass, takesPrefixes: false),
    UnitStem(name: "kilogramme", symbol: "kg", dimension: .mass, takesPrefixes: false),
    UnitStem(name: "gram", symbol: "g", dimension: .mass, scale: -3),
    UnitStem(name: "gramme", symbol: "g", dimension: .mass, scale: -3),
    UnitStem(name: "second", symbol: "s", dimension: .time),
    UnitStem(name: "amp", symbol: "A", dimension: .current),
    UnitStem(name: "ampere", symbol: "A", dimension: .current),
    UnitStem(name: "kelvin", symbol: "K", dimension: .temperature, takesPrefixes: false),
    UnitStem(name: "mole", symbol: "mol", dimension: .substance),
    UnitStem(name: "mol", symbol: "mol", dimension: .substance),
    UnitStem(name: "candle", symbol: "cd", dimension: .luminosity),
    UnitStem(name: "molar", symbol: "M", dimension: .concentration, scale: 3),
    UnitStem(name: "radian", symbol: "rad", dimension: .dimensionless),
    UnitStem(name: "steradian", symbol: "sr", dimension: .dimensionless),
    UnitStem(name: "hertz", symbol: "Hz", dimension: .frequency),
    UnitStem(name: "newton", symbol: "N", dimension: .force),
    UnitStem(name: "pascal", symbol: "Pa", dimension: .pressure),
    UnitStem(name: "joule", symbol: "J", dimension: .energy),
    UnitStem(name: "watt", symbol: "W", dimension: .power),
    UnitStem(name: "coulomb", symbol: "C", dimension: .charge),
    UnitStem(name: "volt", symbol: "V", dimension: .voltage),
    UnitStem(name: "farad", symbol: "F", dimension: .capacitance),
    UnitStem(name: "ohm", symbol: "ohm", dimension: .resistance),
    UnitStem(name: "siemens", symbol: "S", dimension: .conductance),
    UnitStem(name: "weber", symbol: "Wb", dimension: .magneticFlux),
    UnitStem(name: "tesla", symbol: "T", dimension: .magneticFluxDensity),
    UnitStem(name: "henry", symbol: "H", dimension: .inductance),
    UnitStem(name: "lumen", symbol: "lm", dimension: .luminosity),
    UnitStem(name: "lux", symbol: "lx", dimension: .illuminance),
    UnitStem(name: "becquerel", symbol: "Bq", dimension: .frequency),
    UnitStem(name: "gray", symbol: "Gy", dimension: .absorbedDose),
    UnitStem(name: "sievert", symbol: "Sv", dimension: .absorbedDose),
    UnitStem(name: "katal", symbol: "kat", dimension: .catalyticActivity),
    UnitStem(name: "litre", symbol: "l", dimension: .volume, scale: -3, takesPowers: false),
    UnitStem(name: "liter", symbol: "l", dimension: .volume, scale: -3, takesPowers: false),
  ]

  /// Prefixes of all standard units, which display may choose from; among equally good ones the first, hence the order.
  static let prefixes: [(text: String, scale: Int)] = [
    ("y", -24), ("z", -21), ("a", -18), ("f", -15), ("p", -12), ("n", -9), ("u", -6), ("m", -3), ("k", 3), ("M", 6),
    ("G", 9), ("T", 12), ("P", 15), ("E", 18), ("Z", 21), ("Y", 24), ("", 0),
  ]
  /// Prefixes that model text knows for litres only, and display never uses.
  static let unevenPrefixes: [(text: String, scale: Int)] = [("c", -2), ("d", -1), ("da", 1), ("h", 2)]

  /// All powers of the unit with one prefix, under its name and its symbol.
  func units(prefix: (text: String, scale: Int)) -> [NamedUnit] {
    (1...(takesPowers ? 3 : 1)).map { power in
      let suffix = power == 1 ? "" : "\(power)"
      return NamedUnit(
        name: prefix.text + name + suffix, symbol: prefix.text + symbol + (power == 1 ? "" : "^\(power)"),
        quantity: Quantity(si: powerOfTen((scale + prefix.scale) * power), dimension: dimension.raised(to: Double(power))))
    }
  }
}

/// Correctly rounded, unlike repeated multiplication.
func powerOfTen(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .nan }

private func standardUnits() -> [String: NamedUnit] {
  var units: [String: NamedUnit] = [:]
  for stem in UnitStem.all {
    let isLitre = !stem.takesPowers
    for prefix in UnitStem.prefixes + (isLitre ? UnitStem.unevenPrefixes : []) where prefix.text.isEmpty || stem.takesPrefixes {
      for unit in stem.units(prefix: prefix) { units[unit.name] = unit }
    }
  }
  for unit in symbolUnits() where shortNames.contains(unit.key) { units[unit.key] = unit.value }
  return units
}

/// The symbols that model text knows.
private let shortNames: Set<String> = [
  "mV", "mA", "uA", "nA", "pA", "pF", "uF", "nF", "nS", "uS", "mS", "ms", "us", "Hz", "kHz", "MHz",
  "cm", "cm2", "cm3", "mm", "mm2", "mm3", "um", "um2", "um3", "mM", "uM", "nM",
]

/// Every symbol with every prefix, keyed as text writes it: `um2` for µm².
private func symbolUnits() -> [String: NamedUnit] {
  var units: [String: NamedUnit] = [:]
  for stem in UnitStem.all {
    for prefix in UnitStem.prefixes + UnitStem.unevenPrefixes where prefix.text.isEmpty || stem.takesPrefixes {
      for unit in stem.units(prefix: prefix) {
        let key = String(unit.symbol.filter { $0 != "^" })
        if units[key] == nil { units[key] = unit }
      }
    }
  }
  return units
}

private func furtherUnits() -> [String: NamedUnit] {
  var units = symbolUnits()
  for stem in UnitStem.all where stem.takesPrefixes {
    for prefix in UnitStem.unevenPrefixes {
      for unit in stem.units(prefix: prefix) { units[unit.name] = unit }
    }
  }
  return units
}
