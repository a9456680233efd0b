public import EngramScalars

/// What a checked function demands of one argument.
public enum UnitRule: Hashable, Sendable {
  case unit(Dimension)
  case dimensionless
  case boolean
  /// The same unit as the argument of that name.
  case sameAs(String)
  case any
}

/// The unit of a result.
public enum ResultRule: Sendable {
  case unit(Dimension)
  case dimensionless
  case boolean
  /// Computed from the units of the arguments.
  case computed(@Sendable ([Dimension]) -> Dimension)
  case any
}

/// What goes in and out of a checked function.
public enum CheckedValue: Hashable, Sendable {
  case quantity(Quantity)
  case boolean(Bool)

  public init(_ value: some QuantityConvertible) { self = .quantity(value.quantity) }
}

/// A function that declares the units of its arguments and its result, and is called only with these.
public struct CheckedFunction: Sendable {
  public let name: String
  public let arguments: [(name: String, rule: UnitRule)]
  public let result: ResultRule
  private let body: @Sendable ([CheckedValue]) throws -> CheckedValue

  public init(
    _ name: String, arguments: [(name: String, rule: UnitRule)], result: ResultRule = .any,
    body: @escaping @Sendable ([CheckedValue]) throws -> CheckedValue
  ) {
    self.name = name
    self.arguments = arguments
    self.result = result
    self.body = body
  }

  public func callAsFunction(_ values: CheckedValue...) throws -> CheckedValue {
    guard values.count == arguments.count else {
      throw ArgumentCountError(function: name, expected: arguments.map(\.name), found: values.count)
    }
    for index in values.indices { try check(values, at: index) }
    let answer = try body(values)
    try checkResult(answer, of: values)
    return answer
  }

  private func check(_ values: [CheckedValue], at index: Int) throws(DimensionMismatchError) {
    let (argument, rule) = arguments[index]
    let subject = "The argument '\(argument)' of '\(name)'"
    switch rule {
    case .any: return
    case .boolean: try expectBoolean(values[index], subject)
    case .dimensionless: try expect(.dimensionless, values[index], subject)
    case .unit(let dimension): try expect(dimension, values[index], subject)
    case .sameAs(let other):
      guard let place = arguments.firstIndex(where: { $0.name == other }) else { return }
      guard case .quantity(let model) = values[place] else {
        return try expectBoolean(values[index], subject)
      }
      try expect(model.dimension, values[index], "\(subject), which goes with '\(other)',")
    }
  }

  private func checkResult(_ answer: CheckedValue, of values: [CheckedValue]) throws(DimensionMismatchError) {
    let subject = "The result of '\(name)'"
    switch result {
    case .any: return
    case .boolean: try expectBoolean(answer, subject)
    case .dimensionless: try expect(.dimensionless, answer, subject)
    case .unit(let dimension): try expect(dimension, answer, subject)
    case .computed(let unit): try expect(unit(values.map(\.dimension)), answer, subject)
    }
  }

  private func expect(_ dimension: Dimension, _ value: CheckedValue, _ subject: String) throws(DimensionMismatchError) {
    guard case .quantity(let quantity) = value else {
      throw DimensionMismatchError(
        operation: subject, dimensions: [dimension],
        description: "\(subject) should have the unit '\(dimension.readableUnit)' but is a boolean")
    }
    if quantity.dimension == dimension || quantity.isDimensionless && quantity.si == 0 { return }
    throw DimensionMismatchError(subject, expected: dimension, found: quantity)
  }

  private func expectBoolean(_ value: CheckedValue, _ subject: String) throws(DimensionMismatchError) {
    guard case .quantity(let quantity) = value else { return }
    throw DimensionMismatchError(
      operation: subject, dimensions: [quantity.dimension],
      description: "\(subject) should be a boolean but is \(quantity.inWords) (unit '\(quantity.dimension.readableUnit)')")
  }
}

extension CheckedValue {
  fileprivate var dimension: Dimension {
    if case .quantity(let quantity) = self { quantity.dimension } else { .dimensionless }
  }
}

/// Too many or too few arguments.
public struct ArgumentCountError: ExplainedError, Hashable, Sendable {
  public let function: String
  public let expected: [String]
  public let found: Int

  public var description: String {
    "'\(function)' takes \(expected.count) arguments (\(expected.joined(separator: ", "))), not \(found)"
  }
}
