public import EngramUnits

/// Builds model text from a string literal with values in it. Values go in exactly: their bits and their unit survive.
///
///     let reset: ModelCode = "v = \(restingPotential)"      // v = (-70.0*mV)
public struct ModelTextInterpolation: StringInterpolationProtocol, Sendable {
  public private(set) var text = ""

  public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + 12 * interpolationCount) }

  public mutating func appendLiteral(_ literal: String) { text += literal }
  public mutating func appendInterpolation(_ value: some QuantityConvertible) { text += ExactText.of(value.quantity) }
  public mutating func appendInterpolation(_ value: Double) { text += ExactText.of(value) }
  public mutating func appendInterpolation(_ value: Int) { text += ExactText.of(value) }
  public mutating func appendInterpolation(_ value: Bool) { text += ExactText.of(value) }
  public mutating func appendInterpolation(_ expression: ModelExpression) { text += "(\(expression.text))" }
  public mutating func appendInterpolation(_ expression: Expression) { text += "(\(expression))" }
  /// Text that becomes part of the code as it is, such as the name of a variable.
  public mutating func appendInterpolation(_ text: String) { self.text += text }
}
