/// The keys of what is inside the fields of descriptions.
enum PartKey: String {
  case active, array, clock, code, columns, content, dt, explicit, function, index, name, noise, numbers, of, order, signature, times, to, unit,
    version, when

  func field(_ value: DescriptionValue) -> DescriptionField { DescriptionField(rawValue, value) }
}

/// The keys of functions that are made of values.
enum FunctionKey: String {
  case approximate, dt, n, p, values
}

/// The keys of the sections of a neuron with a shape.
enum SectionKey: String {
  case alias, coordinates, diameter, length, name, number, parent, shape, type
  case count = "n"

  func field(_ value: DescriptionValue) -> DescriptionField { DescriptionField(rawValue, value) }
}

/// The keys of every stored description.
enum OuterKey: String {
  case kind, name, fields

  func field(_ value: DescriptionValue) -> DescriptionField { DescriptionField(rawValue, value) }
}

extension DescriptionValue {
  subscript(key: PartKey) -> DescriptionValue? { self[key.rawValue] }
  subscript(key: SectionKey) -> DescriptionValue? { self[key.rawValue] }
  subscript(key: OuterKey) -> DescriptionValue? { self[key.rawValue] }
}
