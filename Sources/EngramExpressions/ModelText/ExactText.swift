public import EngramUnits

/// Writes values as model code that gives back the same bits.
///
/// A value appears in the unit a person would choose if number times unit is exactly the value, as in `-70.0*mV`; else as
/// its SI number with all digits that tell it from its neighbours, times base units, whose own value is 1. So exact
/// values are ordinary text: they print, store and parse like anything else.
public enum ExactText {
  /// A quantity in parentheses: `(-70.0*mV)`.
  public static func of(_ quantity: Quantity) -> String {
    if quantity.isDimensionless || quantity.si.isNaN { return of(quantity.si) }
    let best = candidates(quantity).min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    return "(\(best ?? "\(number(quantity.si))*\(baseText(quantity.dimension))"))"
  }

  /// A plain float; `nan`, which nothing defines, if it is not a number.
  public static func of(_ value: Double) -> String { value.sign == .minus && !value.isNaN ? "(\(number(value)))" : number(value) }

  /// An integer, negative ones in parentheses.
  public static func of(_ value: Int) -> String {
    value == .min ? "(-9223372036854775807 - 1)" : value < 0 ? "(\(value))" : "\(value)"
  }

  /// `True` or `False`, as model text writes them.
  public static func of(_ value: Bool) -> String { value ? "True" : "False" }

  private static func number(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

  private static func baseText(_ dimension: Dimension) -> String {
    unitsByDimension[dimension, default: []].first { $0.si == 1 }?.name ?? dimension.baseUnitText
  }

  /// The ways to write the value with one named unit that are exact.
  private static func candidates(_ quantity: Quantity) -> [String] {
    unitsByDimension[quantity.dimension, default: []].compactMap { unit in
      let factor = quantity.si / unit.si
      guard factor.isFinite, (factor * unit.si).bitPattern == quantity.si.bitPattern else { return nil }
      return "\(factor)*\(unit.name)"
    }
  }

  private static let unitsByDimension: [Dimension: [(name: String, si: Double)]] = {
    var table: [Dimension: [(name: String, si: Double)]] = [:]
    for name in UnitCatalogue.standard.names.sorted(by: { ($0.utf8.count, $0) < ($1.utf8.count, $1) }) {
      if let unit = UnitCatalogue.standard.lookup(name) { table[unit.dimension, default: []].append((name, unit.si)) }
    }
    return table
  }()
}
