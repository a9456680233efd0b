package import EngramExpressions
import EngramKernels
package import EngramUnits

extension Expression {
  /// The value of an expression of numbers, units, default constants and functions that draw nothing: `10*Hz` means what 10 Hz
  /// means. `nil` where another name occurs, or where it has no value.
  ///
  /// - Parameter variables: names that mean something else here, such as `N` and `t`.
  package func closedValue(besides variables: [String]) -> Quantity? {
    var numbers: [String: ConstantValue] = [:]
    for name in identifiers {
      guard !variables.contains(name), case .constant(let value, _)? = NameResolution.defaultMeaning(name) else { return nil }
      numbers[name] = .float(value.asDouble)
    }
    for name in calledFunctions {
      guard !variables.contains(name), let function = DefaultFunctions.byName[name], function.isStateless else { return nil }
    }
    guard let info = try? ExpressionChecker(DefaultSymbols()).check(self), info.type != .boolean,
      let value = try? NumericEvaluator(constants: numbers).evaluate(self)
    else { return nil }
    return Quantity(value.doubleValue, info.dimension)
  }
}
