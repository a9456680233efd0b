package import EngramExpressions

/// Evaluates expressions of constants through the arithmetic of kernels, so that a number computed before a run has the
/// bits it would have inside one.
package struct NumericEvaluator: Sendable {
  package let constants: [String: ConstantValue]

  package init(constants: [String: ConstantValue] = [:]) { self.constants = constants }

  /// - Throws: ``KernelError/notConstant(_:)`` when the expression depends on anything but constants.
  package func evaluate(_ expression: Expression) throws(KernelError) -> ConstantValue {
    var lowering = Lowering(symbols: constants.mapValues { .constant($0) })
    let value = try lowering.value(of: expression)
    guard let constant = lowering.constantValue(value) else { throw .notConstant("the expression") }
    return constant
  }
}
