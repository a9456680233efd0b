import EngramUnits

/// Several values under one name of a namespace.
public struct NamespaceArray: Sendable, Hashable {
  enum Values: Sendable, Hashable {
    /// In SI units.
    case floats([Double])
    case integers([Int64])
    /// Something else, or values that are not known any more; only their number.
    case other(count: Int)
  }

  let values: Values

  init(_ values: Values) { self.values = values }

  /// Numbers, quantities and booleans with their values; of everything else only the number of elements.
  init<Element>(_ elements: [Element]) {
    switch elements as Any {
    case let numbers as [Double]: values = .floats(numbers)
    case let numbers as [Int]: values = .integers(numbers.map(Int64.init))
    case let flags as [Bool]: values = .integers(flags.map { $0 ? 1 : 0 })
    case let quantities as [any QuantityConvertible]: values = .floats(quantities.map(\.quantity.si))
    default: values = .other(count: elements.count)
    }
  }

  /// Number of elements.
  public var count: Int {
    switch values {
    case .floats(let numbers): numbers.count
    case .integers(let numbers): numbers.count
    case .other(let count): count
    }
  }
}
