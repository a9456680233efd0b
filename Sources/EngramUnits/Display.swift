extension Dimension {
  /// The one word for this dimension that files store: `volt`; a product of base units where there is none, `1` if dimensionless.
  public var unitName: String {
    if isDimensionless { return "1" }
    return UnitStem.all.first { $0.dimension == self && $0.scale == 0 }?.name ?? baseUnitText
  }

  /// The symbol of the unit itself: `V`, `m^2`, `1` if dimensionless.
  public var unitSymbol: String {
    if isDimensionless { return "1" }
    return UnitStem.all.first { $0.dimension == self && $0.scale == 0 }?.symbol ?? baseUnitSymbols
  }
}

extension Quantity: CustomStringConvertible {
  /// In the unit that brings the number closest to 10: `12.345 ks`.
  public var description: String { inBestUnit() }
}

extension Quantity {
  /// For messages: in the unit that suits the number, or with the readable unit of what has no unit of its own.
  public var inWords: String {
    let isNamed = isDimensionless || UnitStem.all.contains { $0.dimension == dimension }
    return isNamed ? description : "\(exactNumber(si)) \(dimension.readableUnit)"
  }
}

extension DimensionedValue {
  /// The named unit in which the number is closest to 10.
  public var bestUnit: NamedUnit { DisplayUnits.current.best(for: [si], dimension) }

  /// As in `12.346 mV`, in the unit that brings the number closest to 10.
  public func inBestUnit(precision: Int = 8) -> String {
    text(in: bestUnit, decimals: precision) { "\($0) \($1.symbol)" }
  }

  /// As in `12.346 mV`, in the unit given. Precision is the greatest number of digits behind the point.
  ///
  /// - Throws: where the unit measures something else.
  public func inUnit(_ unit: some QuantityConvertible, precision: Int = 8) throws(DimensionMismatchError) -> String {
    let unit = unit.quantity
    guard unit.dimension == dimension else {
      throw DimensionMismatchError("The unit for showing \(self.quantity)", expected: dimension, found: unit)
    }
    return text(in: DisplayUnits.current.named(unit), decimals: precision) { "\($0) \($1.symbol)" }
  }

  /// As in `1. * mvolt`: text that `Quantity.parse`, model text and Python read. Exact only if enough digits are asked for.
  public func parsableText(precision: Int = 8) -> String {
    text(in: bestUnit, decimals: precision) { "\($0) * \($1.name)" }
  }

  /// Text that reads back as exactly this value: shortest digits in the SI unit, as in `-0.06 volt`.
  public var exactText: String { isDimensionless ? exactNumber(si) : exactNumber(si) + " " + dimension.unitName }

  /// How often `unit` fits: the explicit way to a plain number.
  ///
  /// - Throws: where the unit measures something else.
  public func value(in unit: some QuantityConvertible) throws(DimensionMismatchError) -> Double {
    let unit = unit.quantity
    guard unit.dimension == dimension else {
      throw DimensionMismatchError("The unit for \(self.quantity)", expected: dimension, found: unit)
    }
    return si / unit.si
  }

  private func text(in unit: NamedUnit, decimals: Int, _ joined: (String, NamedUnit) -> String) -> String {
    let number = numberText(si / unit.quantity.si, decimals: decimals)
    return isDimensionless && unit.quantity.si == 1 ? number : joined(number, unit)
  }
}

extension QuantityArray: CustomStringConvertible {
  /// As in `[1. 2.] mV`; beyond 1000 elements only the first and last three are shown, and only these choose the unit.
  public var description: String { inBestUnit() }

  /// Two elements at each end, for messages.
  public var abbreviated: String { text(in: nil, decimals: 3, threshold: 4, ends: 2) { "[\($0)] \($1.symbol)" } }

  /// The named unit in which the numbers that are shown are, on the whole, closest to 10.
  public var bestUnit: NamedUnit { DisplayUnits.current.best(for: shown(threshold: 1000, ends: 3).numbers, dimension) }

  /// As in `[1. 2.] mV`, in the best unit. Precision is the greatest number of digits behind the point.
  public func inBestUnit(precision: Int = 8) -> String { text(in: nil, decimals: precision) { "[\($0)] \($1.symbol)" } }

  /// As in `[1. 2.] mV`, in the unit given. Precision is the greatest number of digits behind the point.
  ///
  /// - Throws: where the unit measures something else.
  public func inUnit(_ unit: some QuantityConvertible, precision: Int = 8) throws(DimensionMismatchError) -> String {
    let unit = unit.quantity
    guard unit.dimension == dimension else {
      throw DimensionMismatchError("The unit for showing \(abbreviated)", expected: dimension, found: unit)
    }
    return text(in: DisplayUnits.current.named(unit), decimals: precision) { "[\($0)] \($1.symbol)" }
  }

  /// As in `array([1., 2.]) * mvolt`. Never abbreviated, because it is meant to be read back.
  public func parsableText(precision: Int = 8) -> String {
    text(in: DisplayUnits.current.best(for: si, dimension), decimals: precision, threshold: .max, separator: ", ") {
      "array([\($0)]) * \($1.name)"
    }
  }

  /// Text that reads back as exactly these values, as in `[0.001, 0.002] volt`.
  public var exactText: String {
    let list = "[" + si.map(exactNumber).joined(separator: ", ") + "]"
    return dimension.isDimensionless ? list : list + " " + dimension.unitName
  }

  /// How often `unit` fits into each element.
  ///
  /// - Throws: where the unit measures something else.
  public func values(in unit: some QuantityConvertible) throws(DimensionMismatchError) -> [Double] {
    let unit = unit.quantity
    guard unit.dimension == dimension else {
      throw DimensionMismatchError("The unit for \(abbreviated)", expected: dimension, found: unit)
    }
    return si.map { $0 / unit.si }
  }

  private func shown(threshold: Int, ends: Int) -> (numbers: [Double], isCut: Bool) {
    guard count > threshold else { return (si, false) }
    return (si.prefix(ends) + si.suffix(ends), true)
  }

  private func text(
    in unit: NamedUnit?, decimals: Int, threshold: Int = 1000, ends: Int = 3, separator: String = " ",
    _ joined: (String, NamedUnit) -> String
  ) -> String {
    let (numbers, isCut) = shown(threshold: threshold, ends: ends)
    let unit = unit ?? DisplayUnits.current.best(for: numbers, dimension)
    var texts = alignedTexts(numbers.map { $0 / unit.quantity.si }, decimals: decimals)
    if isCut { texts.insert("...", at: ends) }
    let text = joined(texts.joined(separator: separator), unit)
    guard dimension.isDimensionless, unit.quantity.si == 1 else { return text }
    // Plain numbers have no unit to show.
    return String(text[...(text.lastIndex { $0 == "]" || $0 == ")" } ?? text.index(before: text.endIndex))])
  }
}

/// Shortest digits that identify the number; the bits of a NaN that is not the usual one.
func exactNumber(_ number: Double) -> String {
  guard number.isNaN, number.bitPattern != Double.nan.bitPattern else { return plainText(number) }
  return "nan(0x" + String(number.bitPattern, radix: 16) + ")"
}
