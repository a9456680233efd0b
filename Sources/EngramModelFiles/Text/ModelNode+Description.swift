package import EngramSimulation
internal import EngramUnits

extension ModelNode {
  /// A stored description as the tree that a model file of the same meaning would have. Numbers keep all their bits.
  package init(_ value: DescriptionValue) {
    self.init(Self.content(value), at: FilePlace(line: 1, column: 1))
  }

  private static func content(_ value: DescriptionValue) -> Content {
    switch value {
    case .text(let text), .reference(let text): return scalar(text, .stored)
    case .integer(let integer): return scalar("\(integer)", .plain)
    case .boolean(let boolean): return scalar("\(boolean)", .plain)
    case .real(let number): return .quantity(Quantity(number, .dimensionless))
    case .quantity(let quantity): return .quantity(quantity)
    case .numbers(let numbers): return .numbers(QuantityArray(si: numbers, dimension: .dimensionless))
    case .list(let items):
      // Long lists of element numbers are not worth a node each.
      let integers = items.compactMap(\.asInteger)
      if !items.isEmpty, integers.count == items.count {
        return .numbers(QuantityArray(si: integers.map { Double($0) }, dimension: .dimensionless))
      }
      return .list(items.map { ModelNode($0) })
    case .mapping(let fields):
      if case .numbers(let numbers)? = value["numbers"] { return .numbers(QuantityArray(si: numbers, dimension: unit(value["unit"]))) }
      return .mapping(fields.map { Entry(key: $0.key, keyPlace: FilePlace(line: 1, column: 1), value: ModelNode($0.value)) })
    }
  }

  private static func scalar(_ text: String, _ style: ScalarText.Style) -> Content {
    .scalar(ScalarText(text, style: style))
  }

  /// Numbers are stored in SI units; the unit says only which.
  private static func unit(_ value: DescriptionValue?) -> Dimension {
    switch value {
    case .quantity(let quantity)?: quantity.dimension
    case .text(let text)?: (try? parseUnit(text))?.dimension ?? .dimensionless
    default: .dimensionless
    }
  }
}
