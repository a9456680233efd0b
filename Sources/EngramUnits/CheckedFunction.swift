public import EngramScalars

/// What a checked function demands of one argument.
public enum UnitRule: Hashable, Sendable {
  /// A quantity of this dimension; a bare 0 fits, too.
  case unit(Dimension)
  /// A plain number.
  case dimensionless
  /// True or false.
  case boolean
  /// The same unit as the argument of that name.
  case sameAs(String)
  /// Anything.
  case any
}

/// The unit of a result.
public enum ResultRule: Sendable {
  /// A quantity of this dimension; a bare 0 fits, too.
  case unit(Dimension)
  /// A plain number.
  case dimensionless
  /// True or false.
  case boolean
  /// Computed from the units of the arguments.
  case computed(@Sendable ([Dimension]) -> Dimension)
  /// Anything.
  case any
}

/// What goes in and out of a checked function.
public enum CheckedValue: Hashable, Sendable {
  /// A quantity or a plain number.
  case quantity(Quantity)
  /// True or false.
  case boolean(Bool)

  /// A quantity or a number.
  public init(_ value: some QuantityConvertible) { self = .quantity(value.quantity) }
}

/// A function that declares the units of its arguments and its result, and is called only with these (UNI-13), Brian 2's `check_units`.
public struct CheckedFunction: Sendable {
  /// What error messages call it.
  public let name: String
  /// Names of the arguments and what each must measure, in order.
  public let arguments: [(name: String, rule: UnitRule)]
  /// What the result must measure.
  public let result: ResultRule
  private let body: @Sendable ([CheckedValue]) throws -> CheckedValue

  /// A function with rules for what goes in and out.
  ///
  /// - Parameters:
  ///   - name: what error messages call it.
  ///   - arguments: names of the arguments and what each must measure, in order.
  ///   - result: what the result must measure.
  ///   - body: computes the result from as many values as there are arguments.
  public init(
    _ name: String, arguments: [(name: String, rule: UnitRule)], result: ResultRule = .any,
    body: @escaping @Sendable ([CheckedValue]) throws -> CheckedValue
  ) {
    self.name = name
    self.arguments = arguments
    self.result = result
    self.body = body
  }

  /// Calls it.
  ///
  /// - Throws: ``ArgumentCountError``, ``DimensionMismatchError`` for an argument or for the result, and what the body throws.
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
  /// The function that was called.
  public let function: String
  /// The names of its arguments.
  public let expected: [String]
  /// How many it was called with.
  public let found: Int

  public var description: String {
    "'\(function)' takes \(expected.count) arguments (\(expected.joined(separator: ", "))), not \(found)"
  }
}
