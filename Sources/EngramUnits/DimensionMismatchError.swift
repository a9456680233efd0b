public import EngramScalars

/// Two values, or a value and what was expected, measure different things.
public struct DimensionMismatchError: ExplainedError, Hashable, Sendable {
  /// What was attempted, with the values: `1. mV + 2. nA`, or a description such as `the argument 'tau' of 'f'`.
  public let operation: String
  /// The dimensions involved, in the order of `operation`.
  public let dimensions: [Dimension]
  /// One sentence: what, the values and units, what was expected.
  public let description: String

  /// An error with a sentence of its own.
  public init(operation: String, dimensions: [Dimension], description: String) {
    self.operation = operation
    self.dimensions = dimensions
    self.description = description
  }

  /// An operation whose operands should have had the same unit.
  public init(operands operation: String, _ dimensions: [Dimension]) {
    let units = dimensions.map { "'" + $0.readableUnit + "'" }.joined(separator: " and ")
    self.init(
      operation: operation, dimensions: dimensions,
      description: "Cannot calculate \(operation): the units do not match (\(units))")
  }

  /// A value that should have had another unit.
  public init(_ subject: String, expected: Dimension, found: Quantity) {
    self.init(
      operation: subject, dimensions: [expected, found.dimension],
      description: "\(subject) should have the unit '\(expected.readableUnit)' but is \(found.inWords) (unit '\(found.dimension.readableUnit)')")
  }
}

/// The rule for operands that must measure the same: a bare 0 matches any dimension; where `infinityMatches`, so does a bare ∞.
func checkMatch(
  _ lhs: Quantity, _ rhs: Quantity, operation: String, infinityMatches: Bool = false
) throws(DimensionMismatchError) {
  func isWild(_ value: Quantity) -> Bool {
    value.isDimensionless && (value.si == 0 || infinityMatches && value.si.isInfinite)
  }
  guard lhs.dimension != rhs.dimension, !isWild(lhs), !isWild(rhs) else { return }
  throw DimensionMismatchError(operands: "\(lhs) \(operation) \(rhs)", [lhs.dimension, rhs.dimension])
}

/// Runs what may throw and stops the program with the full message if it does.
func trapping<Value>(_ body: () throws(DimensionMismatchError) -> Value) -> Value {
  do { return try body() } catch { fatalError(error.description) }
}
