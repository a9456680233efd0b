public import EngramExpressions
internal import EngramSimulation

/// The probability of a synapse: a number, or an expression of the pair (SYN-27).
public enum Probability: Sendable, Hashable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation {
  /// The same for all pairs, 0 … 1.
  case number(Double)
  /// A text with `i`, `j`, variables with their suffixes and external names, evaluated for each pair.
  case expression(ModelExpression)

  /// A number from elsewhere, `Probability(degree / Double(count))`.
  public init(_ value: Double) { self = .number(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  /// A text with values from Swift in it, which keep all their digits.
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

extension Probability {
  /// A number that is meant as a probability. What rounding adds at the ends is not held against it.
  static func checked(_ value: Double, _ text: @autoclosure () -> String) throws(SynapseError) -> Double {
    guard value >= -1e-12, value <= 1 + 1e-12 else { throw .probability(text: text(), value: value) }
    return min(max(value, 0), 1)
  }
}

extension Probability: LocatedText {
  package func located(fileID: String, line: Int) -> Probability {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
  }
}

/// How many synapses a pair gets: a number, or an expression of the pair (SYN-28).
public enum Count: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation {
  /// The same for all pairs, not negative.
  case number(Int)
  /// A text with `i`, `j`, variables with their suffixes and external names, evaluated for each pair.
  case expression(ModelExpression)

  /// A number from elsewhere.
  public init(_ value: Int) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(value) }
  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  /// A text with values from Swift in it, which keep all their digits.
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

extension Count: LocatedText {
  package func located(fileID: String, line: Int) -> Count {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
  }
}

/// Elements at the other end, one after the other: `k for k in range(i) if k % 2 == 0`, `k for k in sample(N_post, p=0.1)`,
/// or a single one, `(i + 1) % N_post` (SYN-25).
public struct SynapseGenerator: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// The text with where it stands.
  public let source: SourceText
  /// The text alone.
  public var text: String { source.text }

  /// A generator that is checked when it is used.
  public init(_ text: String) { source = SourceText(text) }
  /// The same, of a text with a known place.
  public init(_ source: SourceText) { self.source = source }
  public init(stringLiteral text: String) { self.init(text) }
  /// A text with values from Swift in it, which keep all their digits.
  public init(stringInterpolation: ModelTextInterpolation) { self.init(stringInterpolation.text) }
}

extension SynapseGenerator: LocatedText {
  package func located(fileID: String, line: Int) -> SynapseGenerator { SynapseGenerator(source.located(fileID: fileID, line: line)) }
}
