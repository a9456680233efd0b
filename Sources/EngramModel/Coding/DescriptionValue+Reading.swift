internal import EngramUnits

extension DescriptionValue {
  package subscript(key: String) -> DescriptionValue? {
    guard case .mapping(let fields) = self else { return nil }
    return fields.first { $0.key == key }?.value
  }

  package var asText: String? {
    switch self {
    case .text(let text), .reference(let text): text
    default: nil
    }
  }
  package var asInteger: Int64? { if case .integer(let value) = self { value } else { nil } }
  package var asReal: Double? { if case .real(let value) = self { value } else { nil } }
  package var asBoolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  package var asList: [DescriptionValue]? { if case .list(let items) = self { items } else { nil } }
  package var asFields: [DescriptionField]? { if case .mapping(let fields) = self { fields } else { nil } }

  /// For messages: one line.
  package var readable: String {
    switch self {
    case .text(let text): "'\(text)'"
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .quantity(let quantity): "\(quantity)"
    case .boolean(let value): "\(value)"
    case .list(let items): "[" + items.map(\.readable).joined(separator: ", ") + "]"
    case .mapping(let fields): "{" + fields.map { "\($0.key): \($0.value.readable)" }.joined(separator: ", ") + "}"
    case .reference(let name): name
    case .numbers(let numbers): numbers.count > 6 ? "\(numbers.count) numbers" : "\(numbers)"
    }
  }

  /// As a model file would write it, on one line where it is short.
  package var modelText: String {
    switch self {
    case .text(let text): text
    case .quantity(let quantity): quantity.exactText
    default: readable
    }
  }
}
