public import EngramUnits

/// Builds model text from a string literal with values in it. Values go in exactly: their bits and their unit survive.
///
///     let reset: ModelCode = "v = \(restingPotential)"      // v = (-70.0*mV)
public struct ModelTextInterpolation: StringInterpolationProtocol, Sendable {
  /// The text so far.
  public private(set) var text = ""

  /// An empty text with room for what comes.
  public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + 12 * interpolationCount) }

  /// Text as it stands.
  public mutating func appendLiteral(_ literal: String) { text += literal }
  /// A value with all its digits and its unit.
  public mutating func appendInterpolation(_ value: some QuantityConvertible) { text += ExactText.of(value.quantity) }
  /// A number with all its digits.
  public mutating func appendInterpolation(_ value: Double) { text += ExactText.of(value) }
  /// An integer.
  public mutating func appendInterpolation(_ value: Int) { text += ExactText.of(value) }
  /// `True` or `False`.
  public mutating func appendInterpolation(_ value: Bool) { text += ExactText.of(value) }
  /// Another expression, in parentheses.
  public mutating func appendInterpolation(_ expression: ModelExpression) { text += "(\(expression.text))" }
  /// A tree as text, in parentheses.
  public mutating func appendInterpolation(_ expression: Expression) { text += "(\(expression))" }
  /// Text that becomes part of the code as it is, such as the name of a variable.
  public mutating func appendInterpolation(_ text: String) { self.text += text }
}
