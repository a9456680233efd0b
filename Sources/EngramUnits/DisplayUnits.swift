import EngramSystem
import Synchronization

/// The units a display may choose from: the standard ones, then those the user registered, then common compounds.
///
/// Unlike in the reference a unit is never added because it was used once: what is printed does not depend on history.
public struct DisplayUnits: Sendable {
  private var registered: [NamedUnit] = []
  /// The standard units and compounds, with no unit registered.
  public init() {}

  /// Adds a unit for quantities no standard unit fits.
  public mutating func register(_ unit: NamedUnit) {
    if !registered.contains(unit) { registered.append(unit) }
  }

  private static let shared = Mutex(DisplayUnits())

  /// What `description` uses.
  public static var current: DisplayUnits { shared.withLock { $0 } }

  /// Registers a unit for everything this process prints from now on.
  public static func register(_ unit: NamedUnit) { shared.withLock { $0.register(unit) } }

  /// The unit in which these numbers, on the whole, are closest to 10.
  func best(for values: [Double], _ dimension: Dimension) -> NamedUnit {
    let shown = values.filter { $0.isFinite && $0 != 0 }
    for candidates in [Self.standard[dimension], registered.filter { $0.quantity.dimension == dimension }, Self.compounds[dimension]] {
      guard let candidates, let first = candidates.first else { continue }
      if shown.isEmpty { return candidates.first { $0.quantity.si == 1 } ?? first }
      var best = (unit: first, penalty: Double.infinity)
      for unit in candidates {
        let penalty = shown.reduce(0) { sum, value in
          let distance = log10((value / unit.quantity.si).magnitude) - 1
          return sum + distance * distance
        }
        if penalty < best.penalty { best = (unit, penalty) }
      }
      return best.unit
    }
    return NamedUnit.base(dimension)
  }

  /// The name of a unit given by value, if it has one.
  func named(_ unit: Quantity) -> NamedUnit {
    let candidates = (Self.standard[unit.dimension] ?? []) + registered + (Self.compounds[unit.dimension] ?? [])
    if let unit = candidates.first(where: { $0.quantity.isSame(as: unit) }) { return unit }
    if let unit = Self.uneven.first(where: { $0.quantity.isSame(as: unit) }) { return unit }
    let base = NamedUnit.base(unit.dimension)
    if unit.si == 1 { return base }
    return NamedUnit(name: "\(plainText(unit.si)) * \(base.name)", symbol: "\(plainText(unit.si)) \(base.symbol)", quantity: unit)
  }

  /// One name per unit; where a unit has several (`amp`, `ampere`) the first in the table of stems.
  private static let standard: [Dimension: [NamedUnit]] = {
    var units: [Dimension: [NamedUnit]] = [:]
    for stem in UnitStem.all where stem.takesPowers && !stem.dimension.isDimensionless {
      for prefix in UnitStem.prefixes where prefix.text.isEmpty || stem.takesPrefixes {
        for unit in stem.units(prefix: prefix) {
          if units[unit.quantity.dimension]?.contains(where: { $0.quantity.si == unit.quantity.si }) != true {
            units[unit.quantity.dimension, default: []].append(unit)
          }
        }
      }
    }
    return units
  }()

  /// Centimetres and the like: used when asked for, never chosen.
  private static let uneven: [NamedUnit] = UnitStem.all.filter { $0.takesPrefixes && $0.takesPowers }.flatMap { stem in
    UnitStem.unevenPrefixes.flatMap { stem.units(prefix: $0) }
  }

  private static let compounds: [Dimension: [NamedUnit]] = Dictionary(
    grouping: [
      compound("pascal * second", "Pa s", .pressure * .time), compound("newton * metre", "N m", .force * .length),
      compound("watt / (metre ** 2)", "W/(m^2)", .power / .area), compound("joule / kelvin", "J/K", .energy / .temperature),
      compound("joule / (kilogram * kelvin)", "J/(kg K)", .energy / (.mass * .temperature)),
      compound("joule / kilogram", "J/kg", .energy / .mass),
      compound("watt / (metre * kelvin)", "W/(m K)", .power / (.length * .temperature)),
      compound("joule / (metre ** 3)", "J/(m^3)", .energy / .volume), compound("volt / (metre ** 3)", "V/(m^3)", .voltage / .volume),
      compound("coulomb / (metre ** 3)", "C/(m^3)", .charge / .volume), compound("coulomb / (metre ** 2)", "C/(m^2)", .charge / .area),
      compound("farad / metre", "F/m", .capacitance / .length), compound("henry / metre", "H/m", .inductance / .length),
      compound("joule / mole", "J/mol", .energy / .substance),
      compound("joule / (mole * kelvin)", "J/(mol K)", .energy / (.substance * .temperature)),
      compound("coulomb / kilogram", "C/kg", .charge / .mass), compound("gray / second", "Gy/s", .absorbedDose / .time),
      compound("katal / (metre ** 3)", "kat/(m^3)", .catalyticActivity / .volume),
    ],
    by: \.quantity.dimension)

  private static func compound(_ name: String, _ symbol: String, _ dimension: Dimension) -> NamedUnit {
    NamedUnit(name: name, symbol: symbol, quantity: Quantity(si: 1, dimension: dimension))
  }
}

extension NamedUnit {
  /// The product of base units, for dimensions no unit is named after.
  static func base(_ dimension: Dimension) -> NamedUnit {
    NamedUnit(
      name: dimension.spacedBaseUnitText, symbol: dimension.baseUnitSymbols, quantity: Quantity(si: 1, dimension: dimension))
  }
}

extension Quantity {
  /// Equality without the report of `==`, for searches among units of several dimensions.
  fileprivate func isSame(as other: Quantity) -> Bool { dimension == other.dimension && si == other.si }
}
