internal import EngramExpressions
internal import EngramScalars
internal import EngramUnits

/// What stands after the colon of an equation (EQN-3).
struct UnitSpecification {
  var dimension: Dimension
  var type: ValueType

  static func parse(_ source: SourceText, in span: SourceSpan) throws(Problems) -> UnitSpecification {
    let text = String(source[span]).trimmed
    switch text {
    case "1": return UnitSpecification(dimension: .dimensionless, type: .float)
    case "integer": return UnitSpecification(dimension: .dimensionless, type: .integer)
    case "boolean": return UnitSpecification(dimension: .dimensionless, type: .boolean)
    case "bool": throw Problems(Problem(.syntax, "'bool' is not a unit", at: span, hint: "did you mean 'boolean'?"), in: source)
    case "int": throw Problems(Problem(.syntax, "'int' is not a unit", at: span, hint: "did you mean 'integer'?"), in: source)
    case "float", "double", "real":
      throw Problems(Problem(.syntax, "'\(text)' is not a unit", at: span, hint: "write 1 for a number without unit"), in: source)
    default: break
    }
    let tree: Expression
    do throws(Problems) { tree = try ExpressionParser.parse(source, in: span) } catch {
      throw Problems(
        Problem(
          .syntax, "'\(text)' is not a unit", at: span, expected: ["1", "integer", "boolean", "base units with *, / and **"],
          hint: error.problems.first?.message), in: source)
    }
    do throws(Problem) { return UnitSpecification(dimension: try dimension(of: tree), type: .float) } catch { throw Problems(error, in: source) }
  }

  private static func dimension(of tree: Expression) throws(Problem) -> Dimension {
    switch tree.node {
    case .name(let name): return try dimension(named: name, at: tree.span)
    case .integer(1): return .dimensionless
    case .binary(.multiply, let left, let right): return try dimension(of: left) * dimension(of: right)
    case .binary(.divide, let left, let right): return try dimension(of: left) / dimension(of: right)
    case .binary(.power, let base, let exponent):
      guard let power = number(exponent), power.isFinite else {
        throw Problem(.syntax, "the exponent of a unit must be a number", at: exponent.span, found: "'\(exponent)'")
      }
      return try dimension(of: base).raised(to: power)
    case .integer, .float:
      throw Problem(.syntax, "'\(tree)' is a number, not a unit", at: tree.span, hint: "1 means a number without unit; values belong into constants")
    case .boolean, .unary, .binary, .call:
      throw Problem(.syntax, "'\(tree)' is not a unit", at: tree.span, expected: ["base units with *, / and **"])
    }
  }

  private static func number(_ tree: Expression) -> Double? {
    switch tree.node {
    case .unary, .float, .integer: tree.literal
    case .binary(.divide, let left, let right):
      if let a = number(left), let b = number(right), b != 0 { a / b } else { nil }
    case .binary, .name, .boolean, .call: nil
    }
  }

  private static func dimension(named name: String, at span: SourceSpan) throws(Problem) -> Dimension {
    let catalogue = UnitCatalogue.standard
    let found = catalogue.lookup(name)
    let isPower = name.utf8.last.map { $0 == UInt8(ascii: "2") || $0 == UInt8(ascii: "3") } ?? false
    // Also with a prefix, where the value is that of SI: mmolar, klitre, kgram.
    if let found, found.si == 1, !isPower { return found.dimension }
    if isPower, let base = catalogue.lookup(String(name.dropLast())) {
      let stem = base.si == 1 ? String(name.dropLast()) : baseUnit(of: base.dimension)
      throw Problem(.syntax, "'\(name)' cannot be the unit of a variable", at: span, hint: "write \(stem) ** \(name.suffix(1))")
    }
    if let found {
      throw Problem(
        .syntax, "'\(name)' is a scaled unit; variables have base units", at: span, expected: [baseUnit(of: found.dimension)],
        hint: "a unit states only what is measured: the values may still be given as 3*\(name)")
    }
    if name == "integer" || name == "boolean" {
      throw Problem(.syntax, "'\(name)' is a type and cannot be combined with units", at: span)
    }
    let permitted = UnitCatalogue.unprefixedBaseNames.filter { catalogue.lookup($0)?.si == 1 }
    let hint = (UnitCatalogue.foreignUnit(name).map { baseUnit(of: $0.dimension) } ?? nearest(name, in: permitted + ["integer", "boolean"]))
      .map { "did you mean '\($0)'?" }
    throw Problem(.syntax, "there is no unit '\(name)'", at: span, expected: ["one of " + permitted.joined(separator: ", ")], hint: hint)
  }

  /// The unprefixed unit of a dimension: its name if there is one, else the product of base units.
  private static func baseUnit(of dimension: Dimension) -> String {
    let catalogue = UnitCatalogue.standard
    let preferred = [
      "metre", "kilogram", "second", "amp", "kelvin", "mole", "candle", "volt", "siemens", "farad", "ohm", "hertz", "coulomb", "watt", "joule", "newton",
      "pascal",
    ]
    let names = preferred + UnitCatalogue.unprefixedBaseNames
    return names.first { name in
      guard let unit = catalogue.lookup(name) else { return false }
      return unit.si == 1 && unit.dimension == dimension
    } ?? dimension.baseUnitText
  }
}
