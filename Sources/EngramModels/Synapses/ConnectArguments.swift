public import EngramExpressions
internal import EngramSimulation

/// The probability of a synapse: a number, or an expression of the pair (SYN-27).
public enum Probability: Sendable, Hashable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation {
  case number(Double)
  case expression(ModelExpression)

  public init(_ value: Double) { self = .number(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

/// How many synapses a pair gets: a number, or an expression of the pair (SYN-28).
public enum Count: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation {
  case number(Int)
  case expression(ModelExpression)

  public init(_ value: Int) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(value) }
  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

/// Elements at the other end, one after the other: `k for k in range(i) if k % 2 == 0`, `k for k in sample(N_post, p=0.1)`,
/// or a single one, `(i + 1) % N_post` (SYN-25).
public struct SynapseGenerator: Sendable, Hashable, ExpressibleByStringInterpolation {
  public let text: String

  public init(_ text: String) { self.text = text }
  public init(stringLiteral text: String) { self.text = text }
  public init(stringInterpolation: ModelTextInterpolation) { text = stringInterpolation.text }
}
